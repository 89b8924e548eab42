"""Parquet files, where pyarrow is installed; their limits are read from the footer first."""

from __future__ import annotations

import importlib.util
import io

import numpy as np
import pandas as pd

from wfplan.errors import MissingExtraError
from wfplan.intake.files import BadFileError
from wfplan.intake.grid import COLUMNS_MAX, ROWS_MAX, Cells, Grid

UNPACKED_MAX = 500 * 1024**2


def is_parquet(content: bytes) -> bool:
    """Whether the bytes begin like a Parquet file."""
    return content.startswith(b"PAR1")


def read_parquet(content: bytes, file: str) -> Grid:
    """
    The grid of a Parquet file; rows count from 2, as if a header stood above them.

    Raises
    ------
    MissingExtraError
        When pyarrow is not installed.
    BadFileError
        When the file is damaged or too large.
    """
    if importlib.util.find_spec("pyarrow") is None:
        raise MissingExtraError(
            f"{file} is a Parquet file, and pyarrow, which reads those, is not installed. "
            "Run: pip install 'wfplan[parquet]'  or save the table as CSV."
        )
    import pyarrow.parquet

    try:
        source = pyarrow.parquet.ParquetFile(io.BytesIO(content))
        _check_size(source.metadata)
        return _grid(source.read().to_pandas(), file)
    except BadFileError:
        raise
    except Exception:  # pyarrow and pandas raise errors of many kinds for damaged files
        raise BadFileError(
            "is a damaged Parquet file, or one whose columns are no plain values",
            "export it again",
        ) from None


def _grid(frame: pd.DataFrame, file: str) -> Grid:
    """The grid of a frame; an index that has a name is a column."""
    frame = frame.reset_index(drop=frame.index.names == [None])
    return Grid(
        file,
        tuple(str(name) for name in frame.columns),
        tuple(_cells(frame.iloc[:, i]) for i in range(frame.shape[1])),
        np.arange(2, len(frame) + 2, dtype=np.int64),
        has_free_comma=True,
    )


def _check_size(footer: object) -> None:
    """Refuse what the footer says would not fit."""
    rows, columns = int(footer.num_rows), int(footer.num_columns)  # type: ignore[attr-defined]
    if rows > ROWS_MAX or columns > COLUMNS_MAX:
        raise BadFileError(
            f"has {rows:,} rows and {columns:,} columns, the most are {ROWS_MAX:,} and "
            f"{COLUMNS_MAX}",
            "leave out the years that are not needed",
        )
    size = sum(
        footer.row_group(i).total_byte_size  # type: ignore[attr-defined]
        for i in range(footer.num_row_groups)  # type: ignore[attr-defined]
    )
    if size > UNPACKED_MAX:
        raise BadFileError(f"unpacks to more than {UNPACKED_MAX // 1024**2} MB")


def _cells(column: pd.Series) -> Cells:
    """A typed column as texts, each distinct value turned into text once."""
    codes, values = pd.factorize(column, use_na_sentinel=True)
    texts = [_text(value) for value in values]
    known = np.where(codes < 0, len(texts), codes).astype(np.int64)
    return Cells.coded(known, [*texts, ""])


def _text(value: object) -> str:
    """A value as the text that a CSV would have."""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    if isinstance(value, pd.Timestamp):
        return value.floor("s").isoformat()
    return str(value)

"""Simulated contacts as a file of their own: one flat record per contact.

The name decides the kind: ``.csv``, ``.csv.gz`` or ``.parquet``. The file is
written under a hidden name beside its own and renamed, so that it is there
whole or not at all; the same contacts give the same bytes.
"""

from __future__ import annotations

import gzip
import io
import os
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pandas as pd
from pandas.api.types import is_float_dtype

from wfplan.domain.cells import csv_text
from wfplan.errors import MissingExtraError, OutputError, UsageError

KINDS = (".csv", ".csv.gz", ".parquet")


def check_contacts_file(path: Path) -> None:
    """
    Raise an error, before any work, when contacts cannot be written there.

    Raises
    ------
    UsageError
        When the name has no known ending.
    MissingExtraError
        When it is a Parquet file and pyarrow is not installed.
    OutputError
        When a folder stands there, or the folder it is to lie in is none.
    """
    if not path.name.endswith(KINDS):
        raise UsageError(
            f"{path} has no known ending: name it {', '.join(KINDS[:-1])} or .parquet."
        )
    if path.name.endswith(".parquet") and find_spec("pyarrow") is None:
        raise MissingExtraError(
            f"{path} is to be a Parquet file, and pyarrow, which writes those, is not installed. "
            "Run: pip install 'wfplan[parquet]'  or name it .csv.gz."
        )
    if path.is_dir():
        raise OutputError(f"{path} is a folder: give the name of a file in it.")
    if not path.absolute().parent.is_dir():
        raise OutputError(f"{path.parent} is no folder: make it first, or give another path.")


def write_contacts(contacts: pd.DataFrame, path: Path) -> Path:
    """
    Write contacts to a file, whole or not at all; instants are UTC.

    Raises
    ------
    OutputError
        When the disk refuses; a file that stood there is then unchanged.
    """
    check_contacts_file(path)
    content = _content(contacts, path.name)
    temporary: Path | None = None
    try:
        with NamedTemporaryFile(
            dir=path.absolute().parent, prefix=f".{path.name}.partial-", delete=False
        ) as file:
            temporary = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise OutputError(
            f"{path} could not be written: {error.strerror or error}. What stood there before is "
            "unchanged. Make room or ask for the right to write there, or give another path."
        ) from error
    return path


def _content(contacts: pd.DataFrame, name: str) -> bytes:
    """The bytes of the file."""
    if name.endswith(".parquet"):
        buffer = io.BytesIO()
        contacts.to_parquet(buffer, index=False)
        return buffer.getvalue()
    columns = [_cells(contacts[column]) for column in contacts.columns]
    header = [str(column) for column in contacts.columns]
    text = csv_text(header, zip(*columns, strict=True)).encode()
    return gzip.compress(text, mtime=0) if name.endswith(".gz") else text


def _cells(column: pd.Series[Any]) -> list[object]:
    """Values of a column to the millisecond, ``None`` for what is missing."""
    values = column.round(3) if is_float_dtype(column) else column
    missing = column.isna().tolist()
    return [None if gone else v for v, gone in zip(values.tolist(), missing, strict=True)]

"""A table as texts: a header, columns of cells, and the line of every row.

A column keeps its distinct texts and, per row, which of them stands there. So
each text is read once, however many rows repeat it, and a fault still knows
every line it came from. CSV, workbooks and Parquet all become this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

ROWS_MAX = 5_000_000
COLUMNS_MAX = 200


@dataclass(frozen=True)
class Cells:
    """A column: ``texts[codes[row]]`` is the stripped text of a row."""

    codes: NDArray[np.int64]  # (row,)
    texts: tuple[str, ...]

    @classmethod
    def of(cls, texts: Sequence[str] | NDArray[np.object_]) -> Cells:
        """The column of one text per row."""
        codes, distinct = pd.factorize(np.asarray(texts, dtype=object))
        return cls.coded(codes.astype(np.int64), distinct.tolist())

    @classmethod
    def coded(cls, codes: NDArray[np.int64], texts: Sequence[str]) -> Cells:
        """The column whose distinct texts are known; blanks around them are taken away."""
        stripped = [text.strip() for text in texts]
        again, distinct = pd.factorize(np.array(stripped, dtype=object))
        if len(distinct) == len(stripped):
            return cls(codes, tuple(stripped))
        return cls(again.astype(np.int64)[codes], tuple(distinct.tolist()))

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in the column."""
        return not any(self.texts)


@dataclass(frozen=True)
class Grid:
    """
    A table before its texts are read.

    ``has_free_comma`` says that a comma inside a number can only be a decimal
    comma, because columns are not separated by commas.
    """

    file: str
    header: tuple[str, ...]
    columns: tuple[Cells, ...]
    lines: NDArray[np.int64]  # (row,), line of the file, the header's is 1
    header_line: int = 1
    has_free_comma: bool = False

    @property
    def row_count(self) -> int:
        """Number of rows below the header."""
        return len(self.lines)

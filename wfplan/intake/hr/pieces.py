"""A piece of a table: what one file gave, and what it says of the rows that it does not have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from wfplan.intake.hr.rows import Row


class Reach(StrEnum):
    """What of a table a file stands for."""

    WHOLE = "whole"  # all rows
    PEOPLE = "people"  # all rows of the people that it has
    CELLS = "cells"  # some columns of the people that it has


@dataclass(frozen=True)
class Piece:
    """
    Rows of one table from one file.

    ``missing`` are required columns that the file lacks; ``about`` is how it was read, for people
    and programs.
    """

    table: str
    file: str
    sha256: str
    rows: Sequence[Row]
    reach: Reach = Reach.WHOLE
    missing: frozenset[str] = frozenset()
    about: Mapping[str, Any] = field(default_factory=dict)
    said: tuple[str, ...] = ()

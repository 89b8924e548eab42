"""HR's files as rows of tables: exports of HR systems, calendars, directories."""

from wfplan.intake.hr.alone import check_alone
from wfplan.intake.hr.asked import Asked, asked_of, hr_tables
from wfplan.intake.hr.pieces import Piece, Reach
from wfplan.intake.hr.reading import read_pieces
from wfplan.intake.hr.rows import Row, Told, grid_of, told_of

__all__ = [
    "Asked",
    "Piece",
    "Reach",
    "Row",
    "Told",
    "asked_of",
    "check_alone",
    "grid_of",
    "hr_tables",
    "read_pieces",
    "told_of",
]

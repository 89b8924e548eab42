"""The sheets and headers that the Shifts app of Microsoft Teams expects, in the tenant's language.

They are English here, as two independent public exporters write them. A tenant in another
language downloads its own template from Shifts (*Import schedule*, *Download a sample*) and names
it in ``[teams-xlsx] template``: sheets are taken by their English name, else in their order by
the number of their columns, and a template that does not fit is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from pydantic import Field, field_validator

from wfplan.domain.base import Model

SHEETS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Shifts",
        (
            "Member", "Work Email", "Group", "Start Date", "Start Time", "End Date", "End Time",
            "Theme Color", "Custom Label", "Unpaid Break (minutes)", "Notes", "Shared",
        ),
    ),
    (
        "Time Off",
        (
            "Member", "Work Email", "Start Date", "Start Time", "End Date", "End Time",
            "Time Off Reason", "Theme Color", "Notes", "Shared",
        ),
    ),
    ("Day Notes", ("Date", "Note")),
    ("Members", ("Member", "Work Email")),
)  # fmt: skip
"""The sheets with their columns, in order."""
_BYTES_MAX = 20 * 2**20


class TeamsXlsxSettings(Model):
    """The table ``[teams-xlsx]`` of ``export.toml``."""

    template: Path | None = Field(
        None,
        description="A template that was downloaded from Shifts, whose sheets and headers are "
        "taken. Default: the English ones. A path beside export.toml.",
    )
    time_off_reason: str = Field(
        "Time off",
        min_length=1,
        description="The reason of all time off, one that Shifts knows: never why somebody is off.",
    )

    @field_validator("template")
    @classmethod
    def _template(cls, value: Path | None) -> Path | None:
        if value:
            sheets_of(value)
        return value

    @cached_property
    def sheets(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Names and headers of the four sheets."""
        return sheets_of(self.template) if self.template else SHEETS


def sheets_of(path: Path) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """
    The sheets of a template that stand for ours, in our order.

    Raises
    ------
    ValueError
        When the file cannot be read, or has no such sheets.
    """
    found = _headers(path)
    taken: list[tuple[str, tuple[str, ...]]] = []
    for name, header in SHEETS:
        one = _sheet_for(name, header, [sheet for sheet in found if sheet not in taken])
        if one is None:
            shown = ", ".join(f"'{sheet}' with {len(columns)} columns" for sheet, columns in found)
            raise ValueError(
                f"the template has no sheet for '{name}', which has {len(header)} columns (it has "
                f"{shown or 'no sheet with a header'}): download it again from Shifts"
            )
        taken.append(one)
    return tuple(taken)


def _sheet_for(
    name: str, header: tuple[str, ...], found: Sequence[tuple[str, tuple[str, ...]]]
) -> tuple[str, tuple[str, ...]] | None:
    """The sheet of a template for one of ours: of its name, else the first as wide."""
    named = [one for one in found if one[0].casefold() == name.casefold()]
    fits = [one for one in (named or found) if len(one[1]) == len(header)]
    for one in fits:
        columns = [column.casefold() for column in one[1]]
        ours = [column.casefold() for column in header]
        if all(c == o or (c not in ours and o not in columns)
               for c, o in zip(columns, ours, strict=True)):  # fmt: skip
            return one
    return None


def _headers(path: Path) -> list[tuple[str, tuple[str, ...]]]:
    """The sheets of a workbook that begin with a header, which ends at the first empty cell."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        if path.stat().st_size > _BYTES_MAX:
            raise ValueError(f"{path} is larger than a template is")
        book = CalamineWorkbook.from_path(path)
        sheets = [(name, book.get_sheet_by_name(name).to_python(nrows=1))
                  for name in book.sheet_names]  # fmt: skip
    except (OSError, CalamineError) as error:
        reason = getattr(error, "strerror", None) or "it is no workbook of Excel"
        raise ValueError(f"{path} cannot be read ({reason}): check the path") from None
    found = []
    for name, rows in sheets:
        cells = [str(cell).strip() for cell in (rows[0] if rows else ())]
        header = cells[: cells.index("")] if "" in cells else cells
        if header:
            found.append((name, tuple(header)))
    return found

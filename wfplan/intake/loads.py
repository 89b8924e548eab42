"""The overload ledger of earlier weeks: what people carry into the planned one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from wfplan.domain.people import PastLoad
from wfplan.intake.book import FaultBook
from wfplan.intake.past import FUTURE, say_gone
from wfplan.intake.reading import Sheet


def read_loads(
    sheet: Sheet | None, agents: Collection[str], last_day: date | None, book: FaultBook
) -> list[PastLoad]:
    """Entries of the people of the plan; those of leavers are left out, each said once."""
    if sheet is None:
        return []
    found: dict[tuple[str, date], tuple[int, PastLoad]] = {}
    gone: dict[str, int] = {}
    for line, row in sheet.rows():
        agent_id, day = row["agent_id"], row["date"]
        if agents and agent_id not in agents:
            gone.setdefault(agent_id, line)
        elif (agent_id, day) in found:
            before = found[agent_id, day][0]
            reason = f"{agent_id} has two entries on {day} (see line {before})"
            sheet.blame(book, line, "date", reason, hint="keep one of the rows", code="HR110")
        elif last_day is not None and day > last_day + FUTURE:
            reason = f"{day} is in the future: the contacts end on {last_day}"
            sheet.blame(book, line, "date", reason, hint="check the year", code="HR109")
        else:
            found[agent_id, day] = (
                line,
                PastLoad(
                    agent_id=agent_id,
                    day=day,
                    overload_min=row["overload_min"] or 0.0,
                    acute_min=row["acute_min"],
                    chronic_min=row["chronic_min"],
                    hard_min=row["high_intensity_min"] or 0.0,
                    table=row["strain_table"] or "",
                ),
            )
    say_gone(sheet, "entries", gone, agents, book)
    return [load for _, load in found.values()]

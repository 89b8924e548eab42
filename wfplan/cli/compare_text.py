"""Runs side by side on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from wfplan.cli.scenario_end import headings, legend

if TYPE_CHECKING:
    from wfplan.domain.results import Run
    from wfplan.evaluation import ComparedRow, Comparison, PeopleCompared

_PEOPLE_MAX = 20
_DETAILS = ("over_occupancy_min", "escalations", "lost_customers", "service_level_day")

_FOOT = (
    "Averages (worst tenth, worst). Differences from the first with the half-width of their 95 % "
    "interval; ~ may be chance."
)


def comparison_text(
    runs: Sequence[Run], found: Comparison, names: Sequence[str], *, people_max: int = _PEOPLE_MAX
) -> str:
    """Notes, who changes, and every figure of runs."""
    from wfplan.cli.summary import plain, table

    heads = headings(names)
    lines = [*found.notes, *legend(heads, names)]
    for name, people in zip(names[1:], found.people, strict=True):
        lines += ["", *_people_lines(runs, people, f"{names[0]} -> {name}", people_max)]
    rows = list(_rows(runs, found, heads))
    hidden = sum(map(_is_hidden, found.rows))
    same = [f"{hidden} more figures are the same in all: --json has them."] if hidden else []
    return plain("\n".join([*lines, "", *table(rows, range(1, len(rows[0]))), "", *same, _FOOT]))


def _is_hidden(row: ComparedRow) -> bool:
    """Whether a row says nothing: a detail that all runs have alike."""
    from wfplan.report.sides import EVENNESS

    is_detail = row.side == "fairness" or row.name in (*EVENNESS, *_DETAILS)
    return is_detail and row.is_same


def _rows(runs: Sequence[Run], found: Comparison, heads: Sequence[str]) -> Iterator[list[str]]:
    """The table: with two runs a column for the difference."""
    from wfplan.report.comparison import SIDES, cell_of, difference_of, label_of, mark_of

    is_pair = len(runs) == 2
    width = len(runs) + is_pair
    yield ["", *heads, *(["difference"] if is_pair else [])]
    side = ""
    for row in found.rows:
        if _is_hidden(row):
            continue
        if row.side != side:
            side = row.side
            yield [SIDES[side], *[""] * width]
        cells = [cell_of(row, one).text for one in row.readings]
        if is_pair:
            cells.append(f"{difference_of(row, 1)}{mark_of(row, 1)}")
        else:
            cells = [cells[0], *(f"{cell}{mark_of(row, i)}" for i, cell in enumerate(cells[1:], 1))]
        yield [f"  {label_of(runs, row)}", *cells]


def _people_lines(runs: Sequence[Run], people: PeopleCompared, title: str, most: int) -> list[str]:
    """How many weeks stay, and what changes for whom."""
    from wfplan.report.comparison import change_lines, counts_of, hours_of

    zones = {agent.agent_id: agent.timezone for agent in runs[0].problem.agents}
    lines = [f"{title}: {counts_of(people)}"]
    for person in people.changed[:most]:
        parts = change_lines(person, zones[person.agent_id])
        more = hours_of(person)
        lines.append(f"  {person.agent_id}  {'; '.join(parts)}{f' ({more})' if more else ''}")
    hidden = len(people.changed) - most
    if hidden > 0 and most:
        lines.append(f"  and {hidden} more people: --html FILE shows them, --json has them all")
    return lines

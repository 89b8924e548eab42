"""What changes of a kept plan: a sentence about it, and who, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wfplan.domain.published import Published
from wfplan.domain.results import Run
from wfplan.evaluation import DateChange, kept_changes
from wfplan.report.numbers import counted, decimal, long_day

_SHOWN = 400  # rows of the table


def changes_panel(run: Run) -> dict[str, Any]:
    """What the page shows of the changes; ``is_kept`` says whether there is such a section."""
    published = run.problem.published
    if published is None or not published.is_kept:
        return {"is_kept": False, "changes": (), "change_words": "", "more_changes": 0}
    rows = kept_changes(run.problem, run.solution.schedule)
    names = {agent.agent_id: agent.name for agent in run.problem.agents}
    return {
        "is_kept": True,
        "change_words": changes_in_words(rows, published),
        "changes": [_row(row, names) for row in rows[:_SHOWN]],
        "more_changes": max(len(rows) - _SHOWN, 0),
    }


def changes_in_words(rows: Sequence[DateChange], published: Published) -> str:
    """How many people change on how many dates, why, and at what price."""
    begun = f"Kept: {published.source or 'what was published'}"
    if published.as_of is not None:
        begun += f", as of {published.as_of:%Y-%m-%d %H:%M} UTC"
    if not rows:
        return f"{begun}. Nothing changes."
    people = len({row.agent_id for row in rows})
    why: dict[str, int] = {}
    for row in rows:
        why[row.because] = why.get(row.because, 0) + 1
    reasons = ", ".join(
        f"{count} {because.replace('_', ' ')}" for because, count in sorted(why.items())
    )
    price = sum(row.price for row in rows)
    return (
        f"{begun}. {counted(people, 'person', 'people')} {_change(people)} on "
        f"{counted(len(rows), 'date')} ({reasons}), at a price of {decimal(price)} points."
    )


def _change(people: int) -> str:
    return "changes" if people == 1 else "change"


def _row(row: DateChange, names: dict[str, str]) -> dict[str, Any]:
    """A change as the table shows it."""
    free = "agreed" if row.consent else "free"
    return {
        "agent_id": row.agent_id,
        "name": names.get(row.agent_id, ""),
        "is_here": row.agent_id in names,
        "day": long_day(row.day),
        "what": str(row.what),
        "before": row.before or "off",
        "after": row.after or "off",
        "notice": "not known" if row.notice_days is None else counted(row.notice_days, "day"),
        "price": decimal(row.price) if row.price else free,
        "because": row.because.replace("_", " "),
    }

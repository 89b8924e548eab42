"""``wfplan staff``: one stage, from run folder to run folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wfplan.cli.options import Debug, Json, Quiet, RunFolder
from wfplan.cli.talk import talking

if TYPE_CHECKING:
    from wfplan.store import RunParts

EXAMPLE = "wfplan staff runs/harbour-bank/2026-10-19"


def staff(run: RunFolder, json: Json = False, quiet: Quiet = False, debug: Debug = False) -> None:
    """
    Work out what every extra person is worth, from a run's forecast.

    Shows the requirement beside what Erlang C with the usual habits would have asked for: in
    people, in money, and in what customers would get. Edit requirement.csv afterwards to ask for
    more or fewer people in an interval, then go on with 'wfplan schedule'.
    """
    with talking("staff", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import finish, line
        from wfplan.cli.overriding import layer_lines

        parts, folder = line.take(run, "staff", line.stop_after(None, None), talk.watch)
        result, lines = _compared(parts)
        laid = layer_lines(parts.demand.layers) if parts.demand else []
        lines = [*laid, "", *lines] if laid else lines
        lines += [f"Wrote {folder / 'requirement.csv'}", f"Next: wfplan schedule {folder}"]
        talk.finish(finish.figures(talk, folder) | result, "\n".join(lines))


def _compared(parts: RunParts) -> tuple[dict[str, Any], list[str]]:
    """The requirement beside habits, people and first contacts: as an object and as lines."""
    from wfplan import staffing
    from wfplan.cli import staff_text

    assert parts.demand is not None
    assert parts.need is not None
    stage = parts.problem, parts.demand, parts.need
    habits = staffing.compare_habits(*stage)
    short = staffing.pool_shortfalls(parts.problem, parts.need, parts.demand)
    fresh = staffing.fresh_demand(*stage)
    sections = (
        staff_text.comparison_text(habits, parts.problem, parts.horizon),
        staff_text.fresh_text(fresh),
        staff_text.shortfall_text(short, parts.horizon),
    )
    result = {
        "habits": habits.as_dict(),
        "fresh_demand": fresh.as_dict() if fresh else None,
        "shortfalls": [one.as_dict() for one in short],
    }
    return result, [line for section in sections if section for line in (*section, "")]

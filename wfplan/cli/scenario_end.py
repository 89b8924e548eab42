"""How scenarios on one schedule are told: beside the run as it is, and with how sure one can be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from wfplan.cli.talk import Talk

if TYPE_CHECKING:
    from wfplan.evaluation import Difference, Meeting, ScenarioColumn
    from wfplan.store import RunParts

LONG_S = 600.0
HEADING_MAX = 20  # letters of a scenario that fit above a column

SAID = {
    "service_level": "service level",
    "abandon_rate": "abandoned",
    "wait_mean_s": "mean wait",
    "occupancy": "occupancy",
    "harm": "harm points",
}

_FOOT = "Differences with the half-width of their 95 % interval; ~ may be chance. Nothing written."


def scenarios(
    talk: Talk, run: RunParts, columns: Sequence[ScenarioColumn], meeting: Meeting | None
) -> None:
    """What scenarios would do has been looked at; no run was written."""
    from wfplan.cli.summary import plain

    last = columns[-1]
    lines = _one(run, last) if len(columns) == 1 else _several(run, columns, meeting)
    result: dict[str, Any] = {
        "scenario": list(last.changes),
        "replications": run.problem.simulation.replications,
        "differences": [one.as_dict() for one in last.found],
        "scenarios": [column.as_dict() for column in columns],
        "meeting": None if meeting is None else meeting.as_dict(),
    }
    talk.finish(result, plain("\n".join(lines)))


def _one(run: RunParts, column: ScenarioColumn) -> list[str]:
    """One scenario, with a column for its differences."""
    from wfplan.cli.summary import table

    count = run.problem.simulation.replications
    rows: list[tuple[str, ...]] = [("", "as planned", "changed", "difference", "")]
    for one, is_new in _by_channel(column.found):
        if is_new:
            rows.append((one.channel or "all channels", "", "", "", ""))
        rows.append(_difference_row(one))
    changes = ", ".join(column.changes)
    return [
        f"{changes}: the same schedule, {count} weeks with the same random numbers.",
        "",
        *table(rows),
        "",
        _FOOT,
    ]


def _several(
    run: RunParts, columns: Sequence[ScenarioColumn], meeting: Meeting | None
) -> list[str]:
    """A column per scenario, with its differences in brackets."""
    from wfplan.cli.summary import table

    heads = headings([column.name for column in columns])
    count = run.problem.simulation.replications
    rows: list[tuple[str, ...]] = [("", "as it is", *heads)]
    for i, (one, is_new) in enumerate(_by_channel(columns[0].found)):
        if is_new:
            rows.append((one.channel or "all channels", *[""] * (len(columns) + 1)))
        cells = [_changed(column.found[i]) for column in columns]
        rows.append((f"  {SAID[one.measure]}", _first(one), *cells))
    lines = [f"The same schedule, {count} weeks with the same random numbers in every column."]
    lines += legend(heads, [column.name for column in columns])
    named = [column for column in columns if "=" not in column.name]
    lines += [f"  {column.name}: {', '.join(column.changes)}" for column in named]
    lines += ["", *table(rows, numbers=range(1, len(columns) + 2)), ""]
    if meeting is not None:
        lines.append(_met(meeting))
    elif len(columns) > 1:
        lines.append("They contradict each other, so that there is no column of all together.")
    return [*lines, _FOOT]


def headings(names: Sequence[str]) -> list[str]:
    """Names as they fit above columns: long ones by number, as a legend explains them."""
    return [name if len(name) <= HEADING_MAX else f"({i})" for i, name in enumerate(names, start=1)]


def legend(heads: Sequence[str], names: Sequence[str]) -> list[str]:
    """What the numbers above columns stand for."""
    return [f"  {head} {name}" for head, name in zip(heads, names, strict=True) if head != name]


def _by_channel(found: Sequence[Difference]) -> list[tuple[Difference, bool]]:
    """Each difference, and whether it is the first of its channel."""
    channels: list[str | None] = [None, *(one.channel for one in found)]
    return [(one, one.channel != channels[i]) for i, one in enumerate(found)]


def _met(meeting: Meeting) -> str:
    """What scenarios cost together beyond the sum of each alone."""
    from wfplan.report.numbers import decimal, signed

    doubt = "" if meeting.is_sure else ", which may be chance"
    return (
        f"Harm points: {signed(meeting.together)} all together, {signed(meeting.sum_alone)} as the "
        f"sum of each alone; their meeting {signed(meeting.beyond)} "
        f"+- {decimal(meeting.half_width)}{doubt}."
    )


def _scale(one: Difference) -> tuple[float, str]:
    """Shares in percentage points, long waits in minutes."""
    if one.unit == "s" and max(one.first, one.second) >= LONG_S:
        return 1 / 60, " min"
    return {"share": (100.0, " %"), "s": (1.0, " s")}.get(one.unit, (1.0, ""))


def _first(one: Difference) -> str:
    """A measure as it is."""
    from wfplan.report.numbers import decimal

    scale, unit = _scale(one)
    return f"{decimal(scale * one.first)}{unit}"


def _changed(one: Difference) -> str:
    """``80.0 % (-5.0 +- 1.0)``, with ``~`` where it may be chance."""
    from wfplan.report.numbers import decimal, signed

    scale, unit = _scale(one)
    doubt = "" if one.is_sure else "~"
    spread = f"{signed(scale * one.difference)} +- {decimal(scale * one.half_width)}{doubt}"
    return f"{decimal(scale * one.second)}{unit} ({spread})"


def _difference_row(one: Difference) -> tuple[str, ...]:
    """A measure before and after."""
    from wfplan.report.numbers import decimal, signed

    scale, unit = _scale(one)
    doubt = "" if one.is_sure else "~"
    return (
        f"  {SAID[one.measure]}",
        f"{decimal(scale * one.first)}{unit}",
        f"{decimal(scale * one.second)}{unit}",
        f"{signed(scale * one.difference)}",
        f"+- {decimal(scale * one.half_width)} {doubt}".rstrip(),
    )

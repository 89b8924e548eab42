"""What ``wfplan staff`` prints: the requirement beside the usual habits, in people and money."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from wfplan.cli.summary import plain

if TYPE_CHECKING:
    from wfplan.domain.problem import PlanningProblem
    from wfplan.horizon import Horizon
    from wfplan.staffing import Beside, FreshDemand, HabitComparison, PoolShortfall
    from wfplan.staffing.habits import Figure, Lived, Staffing

_UNKNOWN = "-"
_GROUPS = ("usual habits", "requirement", "difference")
_ALIKE_H = 0.5  # hours a week: less of a difference is none

HABITS = (
    "Usual habits: the mean forecast taken as certain; Erlang C for the service level alone, so",
    "nobody hangs up and no cap on occupancy or abandonment is kept; whole people in every",
    "interval, each interval for itself; no work of escalations; one shrinkage for all hours.",
    "Requirement: the fewest people who keep every promise with the chance that the plan asks",
    "for, where customers hang up, the rate is not certain and work is carried over.",
    "Enough staff: the share of contacts that come while at least the requirement is there.",
    "Both add up the channels as if nobody served two; the schedule shares people. Hours are on",
    "queue, with what shrinkage takes; breaks come on top.",
)


def comparison_text(
    comparison: HabitComparison, problem: PlanningProblem, horizon: Horizon
) -> list[str]:
    """Both staffings in hours, people and money, and what customers would get of each."""
    lines = [*_grouped(list(_staffing_rows(comparison))), ""]
    lines += [*_table(_lived_rows(comparison, problem, horizon)), ""]
    lines += [_verdict(row) for row in comparison.channels]
    lines += [_in_all(comparison), "", *HABITS]
    lines += _unpriced(comparison)
    return [plain(line) for line in lines]


def shortfall_text(shortfalls: Sequence[PoolShortfall], horizon: Horizon) -> list[str]:
    """Where the people of the plan cannot reach the requirement, however they are scheduled."""
    if not shortfalls:
        return []
    return ["People who are not there:", *(f"  {s.in_words(horizon)}" for s in shortfalls)]


def fresh_text(fresh: FreshDemand | None) -> list[str]:
    """First contacts and those who come back, past and planned; nothing where nobody does."""
    if fresh is None:
        return []
    if fresh.why_not:
        return [fresh.why_not]
    head = ("Contacts of the week", "first contacts", "redials", "came again", "all", "failures")
    rows = [
        (
            f"  {row.channel}, {said}",
            *(f"{value:,.0f}" for value in (of.fresh, of.redials, of.recontacts, of.total)),
            _percent(of.failure_share),
        )
        for row in fresh.channels
        for said, of in (("as in the past", row.before), ("at the requirement", row.planned))
    ]
    text = (
        "The forecast is of first contacts; the requirement is for them and for who comes back",
        "when it is kept. As in the past: what they would become if as many hung up as before.",
    )
    if not fresh.is_forecast:
        text = (
            "The forecast holds customers who came back, after hanging up or with the same matter;",
            "the requirement is for all of them. Where it is kept for weeks, the second row comes.",
        )
    return [*_table([head, *rows]), *text]


def _staffing_rows(comparison: HabitComparison) -> Iterator[tuple[str, ...]]:
    """A line per channel, and one for all."""
    units = ("hours", "people", comparison.currency)
    yield ("A week of staff", *units, *units, *units)
    for row in (*comparison.channels, comparison.total):
        yield (
            f"  {row.channel or 'all'}",
            *_cells(row.habit),
            *_cells(row.requirement),
            _signed(row.hours_more, "+,.0f"),
            _signed(_less(row.requirement.people, row.habit.people), "+,.1f"),
            _signed(_less(row.requirement.money, row.habit.money), "+,.0f"),
        )


def _cells(staffing: Staffing) -> tuple[str, str, str]:
    return (
        f"{staffing.hours:,.0f}",
        _number(staffing.people, ",.1f"),
        _number(staffing.money, ",.0f"),
    )


def _grouped(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """The staffing table: a bar before each group of three, its name over it, no empty column."""
    known = [i for i in range(10) if i % 3 or any(row[i] != _UNKNOWN for row in rows[1:])]
    table = [[row[i] for i in known] for row in rows]
    wide = [max(len(row[i]) for row in table) for i in range(len(known))]
    groups: dict[str, list[int]] = {}
    for place, i in enumerate(known[1:], start=1):
        groups.setdefault(_GROUPS[(i - 1) // 3], []).append(place)
    spans = {
        name: max(len(name), sum(wide[i] for i in places) + 2 * (len(places) - 1))
        for name, places in groups.items()
    }
    head = [" " * wide[0], *(name.rjust(spans[name]) for name in groups)]
    lines = [" | ".join(head)]
    for row in table:
        parts = ["  ".join(row[i].rjust(wide[i]) for i in places) for places in groups.values()]
        cells = [part.rjust(spans[name]) for name, part in zip(groups, parts, strict=True)]
        lines.append(" | ".join([row[0].ljust(wide[0]), *cells]))
    return lines


def _lived_rows(
    comparison: HabitComparison, problem: PlanningProblem, horizon: Horizon
) -> Iterator[tuple[str, ...]]:
    """Two lines per channel: what each staffing gives, the week and its worst interval."""
    when = _moments(horizon)
    yield ("What they give", "in time", "worst", "hung up", "worst", "occupancy", "worst",
           "enough staff")  # fmt: skip
    for row in comparison.channels:
        channel = problem.channel(row.channel)
        goal = f"{channel.answer_share:.0%} in {channel.answer_within_s:g} s"
        due = f"{channel.due_share:.0%} within {channel.due_h:g} h"
        yield (f"  {row.channel} ({goal if channel.is_realtime else due})", *[""] * 7)
        for name, staffing in (("usual habits", row.habit), ("requirement", row.requirement)):
            if staffing.lived:
                yield (f"    {name}", *_measures(staffing.lived, when))


def _measures(lived: Lived, when: Callable[[int], str]) -> Iterator[str]:
    for figure in (lived.in_time, lived.abandoned, lived.occupancy):
        yield _percent(figure.mean)
        yield _at(figure, when)
    yield _percent(lived.kept)


def _at(figure: Figure, when: Callable[[int], str]) -> str:
    """``61 % Mon 09:00``."""
    if figure.worst is None or figure.worst_at is None:
        return _UNKNOWN
    return f"{_percent(figure.worst)} {when(figure.worst_at)}"


def _moments(horizon: Horizon) -> Callable[[int], str]:
    """The local day and time of an interval."""
    return lambda interval: f"{horizon.local(horizon.interval_instant(interval)):%a %H:%M}"


def _verdict(row: Beside) -> str:
    """One channel in a sentence."""
    over, under = row.hours_over, row.hours_under
    parts = []
    if over > _ALIKE_H:
        parts.append(f"are {over:,.0f} hours above what the promises need at some times")
    if under > _ALIKE_H:
        of = "at others" if parts else "of what the promises need"
        parts.append(f"are {under:,.0f} hours short {of}")
    return f"{row.channel}: the usual habits {' and '.join(parts) or 'ask for about the same'}."


def _in_all(comparison: HabitComparison) -> str:
    """All channels in a sentence."""
    total = comparison.total
    more = _less(total.requirement.people, total.habit.people)
    if more is None:
        amount = f"{abs(total.hours_more):,.0f} hours"
    else:
        amount = f"{abs(more):,.1f} people ({abs(total.hours_more):,.0f} hours)"
    money = _less(total.requirement.money, total.habit.money)
    price = "" if money is None else f", {abs(money):,.0f} {comparison.currency} a week"
    if abs(total.hours_more) <= _ALIKE_H:
        return "In all: as many hours either way."
    word = "fewer" if total.hours_more < 0 else "more"
    return f"In all: the requirement is {amount} {word} than the usual habits{price}."


def _unpriced(comparison: HabitComparison) -> list[str]:
    """What is not known of costs."""
    if not comparison.people:
        return ["There are no people in the plan yet: hours stand for people and money."]
    if not comparison.unpriced:
        return []
    if comparison.unpriced == comparison.people:
        return ["Costs are not known: fill in cost_per_hour of the agents to see money."]
    of = f"{comparison.unpriced} of {comparison.people} people"
    return [f"cost_per_hour of {of} is not known; money is at the mean of the others."]


def _less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def _number(value: float | None, form: str) -> str:
    return _UNKNOWN if value is None else format(value, form)


def _signed(value: float | None, form: str) -> str:
    """With its sign; a zero has none."""
    text = _number(value, form)
    return text[1:] if text.strip("+-0.") == "" and text != _UNKNOWN else text


def _percent(share: float | None) -> str:
    """``94.3 %``."""
    return _UNKNOWN if share is None else f"{100 * share:.1f} %"


def _table(rows: Iterator[tuple[str, ...]] | Sequence[tuple[str, ...]]) -> list[str]:
    """Lines of a table: the first column to the left, numbers to the right."""
    cells = list(rows)
    widths = [
        max(len(row[i]) for row in cells if i == 0 or any(row[2:])) for i in range(len(cells[0]))
    ]
    return [
        "  ".join(
            cell.rjust(width) if i else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]

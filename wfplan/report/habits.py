"""What staff the week needs, beside what the usual habits would have asked for.

The numbers are those of :func:`wfplan.staffing.compare_habits`: hours on
queue to schedule, people of the mean contract, money, and what customers would
have lived through with either.
"""

from __future__ import annotations

from dataclasses import dataclass

from wfplan.domain.results import Run
from wfplan.report.numbers import NOT_KNOWN, clock, decimal, percent, signed, whole
from wfplan.staffing import HabitComparison, compare_habits
from wfplan.staffing.habits import Beside, Figure, Staffing


@dataclass(frozen=True)
class StaffingLine:
    """Hours, people and money of both ways to staff, and the difference."""

    channel: str
    habit: tuple[str, ...]
    requirement: tuple[str, ...]
    difference: tuple[str, ...]


@dataclass(frozen=True)
class LivedLine:
    """What customers and staff would get from one way to staff a channel."""

    channel: str
    way: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Habits:
    """The panel: its sentence, both tables; ``units`` leaves out what nobody knows."""

    sentence: str
    units: tuple[str, ...]
    lines: tuple[StaffingLine, ...]
    lived: tuple[LivedLine, ...]
    note: str


LIVED = ("In time", "Worst", "Abandoned", "Worst", "Occupancy", "Enough staff")


def habits_panel(run: Run) -> Habits | None:
    """The comparison as it is read; None of a week without contacts and requirement."""
    found = compare_habits(run.problem, run.demand, run.need)
    if not (found.total.requirement.hours > 0 or run.need.volume.sum() > 0):
        return None
    has = (True, found.contract_hours is not None, _has_money(found))
    names = ("hours", "people", found.currency)
    return Habits(
        sentence=_sentence(found),
        units=tuple(name for name, is_known in zip(names, has, strict=True) if is_known),
        lines=tuple(_line(row, has) for row in (*found.channels, found.total)),
        lived=tuple(line for row in found.channels for line in _lived(run, row)),
        note=_note(found),
    )


def _has_money(found: HabitComparison) -> bool:
    return any(row.requirement.money is not None for row in found.channels)


def _sentence(found: HabitComparison) -> str:
    """All channels in a sentence."""
    total = found.total
    more = total.hours_more
    if abs(more) < 0.5:
        text = "In all, the week needs as many hours as the usual habits would have asked for"
    else:
        word = "more" if more > 0 else "fewer"
        text = f"In all, the week needs {whole(abs(more))} {word} hours than the usual habits"
        people = _less(total.requirement.people, total.habit.people)
        text += f", {decimal(abs(people))} {word} people" if people is not None else ""
        money = _less(total.requirement.money, total.habit.money)
        price = f", {whole(abs(money))} {found.currency}" if money is not None else ""
        text += price
    return (
        f"{text}. The habits lie {whole(total.hours_under)} hours under the requirement at some "
        f"times and {whole(total.hours_over)} over it at others."
    )


def _line(row: Beside, has: tuple[bool, ...]) -> StaffingLine:
    def kept(cells: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(cell for cell, is_known in zip(cells, has, strict=True) if is_known)

    people = _less(row.requirement.people, row.habit.people)
    money = _less(row.requirement.money, row.habit.money)
    return StaffingLine(
        channel=row.channel or "all",
        habit=kept(_cells(row.habit)),
        requirement=kept(_cells(row.requirement)),
        difference=kept(
            (
                signed(row.hours_more, 0),
                NOT_KNOWN if people is None else signed(people),
                NOT_KNOWN if money is None else signed(money, 0),
            )
        ),
    )


def _cells(staffing: Staffing) -> tuple[str, str, str]:
    people, money = staffing.people, staffing.money
    return (
        whole(staffing.hours),
        NOT_KNOWN if people is None else decimal(people),
        NOT_KNOWN if money is None else whole(money),
    )


def _lived(run: Run, row: Beside) -> list[LivedLine]:
    """Two lines: what either way gives."""
    ways = (("usual habits", row.habit), ("requirement", row.requirement))
    return [
        LivedLine(
            row.channel,
            way,
            (
                _percent(lived.in_time.mean),
                _worst(run, lived.in_time),
                _percent(lived.abandoned.mean),
                _worst(run, lived.abandoned),
                _percent(lived.occupancy.mean),
                _percent(lived.kept),
            ),
        )
        for way, staffing in ways
        if (lived := staffing.lived) is not None
    ]


def _worst(run: Run, figure: Figure) -> str:
    """``61 % Mon 09:00``."""
    if figure.worst is None or figure.worst_at is None:
        return NOT_KNOWN
    moment = run.horizon.local(run.horizon.interval_instant(figure.worst_at))
    return f"{percent(figure.worst)} {moment:%a} {clock(moment)}"


def _note(found: HabitComparison) -> str:
    """What is not known of people and money."""
    if not found.people:
        return "There are no people in the plan yet: hours stand for people and money."
    if found.unpriced == found.people:
        return "Costs are not known: cost_per_hour of the agents would show money."
    if found.unpriced:
        of = f"{found.unpriced} of {found.people} people"
        return f"cost_per_hour of {of} is not known: money is at the mean of the others."
    return ""


def _less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def _percent(share: float | None) -> str:
    return NOT_KNOWN if share is None else percent(share)

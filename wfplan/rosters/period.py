"""The weeks that a roster is for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.schedule import Shift
from wfplan.errors import Fault, InputFaultsError


def roster_days(problem: PlanningProblem) -> int:
    """Days that a roster is for: those of the plan, but a week at least."""
    return max(problem.days, 7)


def in_its_period(
    shifts: Sequence[Shift],
    problem: PlanningProblem,
    week: date | None,
    file: str,
    left: Mapping[str, int] | None = None,
) -> tuple[date, tuple[Shift, ...], tuple[Fault, ...]]:
    """
    First day of the weeks that a roster is for, its shifts, and how many lie elsewhere.

    They are as many as the plan has, from ``week`` on or from the first one with a
    shift. A shift belongs to the week in which it begins, on the clock of the site.
    ``left`` is what of the file was left out before.

    Raises
    ------
    InputFaultsError
        When no shift begins in them, or no week is asked for and there are more.
    """
    if not shifts:
        out = ", ".join(f"{count} {what}" for what, count in (left or {}).items() if count)
        reason = f"has no shift{f' (left out were {out})' if out else ''}"
        raise InputFaultsError([Fault(reason, file=file, hint="give a roster with shifts")])
    zone = ZoneInfo(problem.timezone)
    days = [shift.start.astimezone(zone).date() for shift in shifts]
    counts = Counter(problem.week_of(day) for day in days)
    listed = ", ".join(f"{day} ({counts[day]})" for day in sorted(counts)[:8])
    first_day = problem.week_of(week) if week else min(counts)
    inside = [0 <= (day - first_day).days < roster_days(problem) for day in days]
    if week is None and not all(inside):
        reason = f"has shifts in {len(counts)} weeks: {listed}"
        raise InputFaultsError([Fault(reason, file=file, hint="say which with --week")])
    if not any(inside):
        reason = f"has no shift in the week of {first_day}; its weeks (and shifts) are {listed}"
        raise InputFaultsError([Fault(reason, file=file, hint="say another --week")])
    kept = tuple(shift for shift, is_in in zip(shifts, inside, strict=True) if is_in)
    others = len(days) - len(kept)
    note = f"shifts that begin in other weeks than that of {first_day} were left out: {others}"
    return first_day, kept, (Fault(note, file=file),) if others else ()

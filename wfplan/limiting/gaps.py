"""Weeks before the planned one of which nobody told what a person worked, counted over people.

A week is asked of somebody who was employed on all of its dates, and answered by a shift or by
approved absence on as many dates as the contract has working days. Nobody is named: a history
that has gaps is mended at its source.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from wfplan.domain.people import Agent, TimeOffStatus
from wfplan.horizon import wall_instant

if TYPE_CHECKING:
    from wfplan.domain.problem import PlanningProblem
    from wfplan.horizon import Horizon

WEEK_DAYS = 7
_USUAL_DAYS = 5


@dataclass(frozen=True)
class Gaps:
    """How many people have which gap in some weeks before the planned one."""

    weeks: int
    asked: int = 0
    none: int = 0
    late: int = 0
    early: int = 0
    within: int = 0

    @property
    def said(self) -> str:
        """The gaps in words; empty where there are none."""
        parts = [
            f"{count} {_verb(count)} {what}"
            for count, what in (
                (self.none, "no shifts at all"),
                (self.late, "shifts that begin later than those of others"),
                (self.early, "shifts that stop before the planned week"),
                (self.within, "whole weeks without a shift in between"),
            )
            if count
        ]
        if not parts:
            return ""
        weeks = f"{self.weeks} week{'s' if self.weeks != 1 else ''}"
        return f"of {self.asked} people employed in the {weeks} before, {', '.join(parts)}"


def gaps_of(problem: PlanningProblem, horizon: Horizon, weeks: int) -> Gaps:
    """The gaps in the last weeks before a horizon; somebody may have several."""
    counts = {"asked": 0, "none": 0, "late": 0, "early": 0, "within": 0}
    for agent in problem.agents:
        asked = _asked(agent, horizon.first_day, weeks)
        worked = _worked(problem, agent, horizon.first_day, weeks)
        missing = asked - worked - _away(problem, agent, horizon.first_day, asked - worked)
        counts["asked"] += bool(asked)
        if not worked:
            counts["none"] += bool(missing)
            continue
        counts["late"] += any(week > max(worked) for week in missing)
        counts["early"] += any(week < min(worked) for week in missing)
        counts["within"] += any(min(worked) < week < max(worked) for week in missing)
    return Gaps(weeks, **counts)


def dates_of(first_day: date, week: int) -> list[date]:
    """The seven dates so many weeks before a date; week 1 ends on its eve."""
    first = first_day - timedelta(weeks=week)
    return [first + timedelta(days=day) for day in range(WEEK_DAYS)]


def _verb(count: int) -> str:
    return "has" if count == 1 else "have"


def _asked(agent: Agent, first_day: date, weeks: int) -> set[int]:
    """The weeks on all of whose dates somebody was employed."""
    return {
        week
        for week in range(1, weeks + 1)
        if all(agent.is_employed(day) for day in dates_of(first_day, week))
    }


def _worked(problem: PlanningProblem, agent: Agent, first_day: date, weeks: int) -> set[int]:
    """The weeks in which somebody began a shift."""
    zone = ZoneInfo(agent.timezone)
    days = (
        (first_day - shift.start.astimezone(zone).date()).days
        for shift in problem.past_shifts_of.get(agent.agent_id, ())
    )
    return {-(-n // WEEK_DAYS) for n in days if 0 < n <= WEEK_DAYS * weeks}


def _away(problem: PlanningProblem, agent: Agent, first_day: date, weeks: set[int]) -> set[int]:
    """Those of some weeks in which absence explains that there is no shift."""
    off = [one for one in agent.time_off if one.status is TimeOffStatus.APPROVED]
    if not off:
        return set()
    least = min(problem.contract_of(agent).work_days_max, _USUAL_DAYS)

    def is_off(day: date) -> bool:
        begin, end = (wall_instant(day, minute, agent.timezone) for minute in (0, 1440))
        return any(one.start <= begin and end <= one.end for one in off)

    return {w for w in weeks if sum(map(is_off, dates_of(first_day, w))) >= least}

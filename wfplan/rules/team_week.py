"""What the auditor's face of the team rules sees: heads on queue per interval.

Heads are people on an activity of category work, by the minute, averaged over
an interval: somebody at lunch for half of it is half a head. Skills are those
that are valid on the local date on which the shift starts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import Breach
from wfplan.domain.schedule import ActivityCategory, Shift
from wfplan.horizon import Horizon
from wfplan.rules.wording import say_moment

FloatArray = NDArray[np.float64]
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class TeamWeek:
    """
    Everybody's finished week, seen from the queues.

    ``serves[g, c]`` says whether people of skill set g may serve channel c.
    """

    horizon: Horizon
    channels: tuple[str, ...]
    serves: NDArray[np.bool_]  # (group, channel)
    heads: FloatArray  # (group, interval)
    empowered: FloatArray  # (interval,), empowered heads
    staff_min: FloatArray  # (channel, interval), heads asked for
    empowered_min: FloatArray  # (interval,), empowered heads asked for

    @classmethod
    def of(
        cls,
        problem: PlanningProblem,
        horizon: Horizon,
        shifts: Sequence[Shift],
        staff_min: FloatArray,
        empowered_min: FloatArray,
    ) -> TeamWeek:
        """The heads of a schedule beside the heads that were asked for."""
        channels = tuple(channel.name for channel in problem.channels)
        skill_sets = _SkillSets({agent.agent_id: agent for agent in problem.agents})
        changes: dict[frozenset[str], FloatArray] = {}
        for shift in shifts:
            skills = skill_sets.of(shift)
            if skills is None:
                continue
            change = changes.setdefault(skills, np.zeros(_minutes(horizon) + 1))
            for activity in shift.activities:
                if activity.category is ActivityCategory.WORK:
                    change[_minute(horizon, activity.start)] += 1
                    change[_minute(horizon, activity.end)] -= 1
        sets = list(changes)
        heads = np.array([_per_interval(horizon, changes[skills]) for skills in sets])
        heads = heads.reshape(len(sets), horizon.interval_count)
        is_empowered = np.array([problem.empowered.skill in skills for skills in sets], dtype=bool)
        return cls(
            horizon=horizon,
            channels=channels,
            serves=np.array(
                [[c in skills for c in channels] for skills in sets], dtype=bool
            ).reshape(len(sets), len(channels)),
            heads=heads,
            empowered=heads[is_empowered].sum(axis=0),
            staff_min=staff_min,
            empowered_min=empowered_min,
        )


@dataclass(frozen=True)
class Shortfall:
    """Heads that are missing in one interval, and what from (``""`` where nothing is)."""

    missing: float
    what: str


def breaches_of_runs(
    week: TeamWeek, rule: str, source: str, shortfalls: Sequence[Shortfall]
) -> list[Breach]:
    """One soft breach for each run of intervals that lack heads for the same thing."""
    found = []
    first = 0
    hours = week.horizon.interval_min / 60
    for t in range(1, len(shortfalls) + 1):
        if t < len(shortfalls) and shortfalls[t].what == shortfalls[first].what:
            continue
        run = shortfalls[first:t]
        if run[0].what:
            begin, end = (week.horizon.interval_instant(i) for i in (first, t))
            missing = sum(s.missing for s in run) * hours
            why = (
                f"{rule}: from {say_moment(begin, week.horizon.timezone)} to "
                f"{say_moment(end, week.horizon.timezone)} {run[0].what}, at worst "
                f"{max(s.missing for s in run):.3g} too few, {missing:.3g} staff-hours missing "
                f"({source})."
            )
            found.append(Breach(rule, "soft", "", begin, float(missing), "staff_h", why))
        first = t
    return found


class _SkillSets:
    """The valid skills of the agent of a shift, remembered where they never change."""

    def __init__(self, agents: Mapping[str, Agent]) -> None:
        self._agents = agents
        self._steady: dict[str, frozenset[str]] = {}

    def of(self, shift: Shift) -> frozenset[str] | None:
        """Names of the skills that are valid on the date of a shift; None for a stranger."""
        known = self._steady.get(shift.agent_id)
        if known is not None:
            return known
        agent = self._agents.get(shift.agent_id)
        if agent is None:
            return None
        day = shift.start.astimezone(ZoneInfo(agent.timezone)).date()
        skills = frozenset(skill.skill for skill in agent.skills if skill.is_valid(day))
        if all(s.valid_from is None and s.valid_to is None for s in agent.skills):
            self._steady[shift.agent_id] = skills
        return skills


def _minutes(horizon: Horizon) -> int:
    """Minutes of the horizon."""
    return horizon.interval_count * horizon.interval_min


def _minute(horizon: Horizon, moment: datetime) -> int:
    """The minute of an instant, cut off at both ends of the horizon."""
    return min(max(int((moment - horizon.start) // MINUTE), 0), _minutes(horizon))


def _per_interval(horizon: Horizon, change: FloatArray) -> FloatArray:
    """Mean heads of each interval, from the changes at each minute."""
    present = np.cumsum(change[:-1])
    return np.asarray(present.reshape(-1, horizon.interval_min).mean(axis=1))

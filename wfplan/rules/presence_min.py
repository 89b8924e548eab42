"""Least presence: heads on queue who can serve a channel, per interval.

Source: the plan (``staff_min`` of a channel), in its opening hours. Soft, with
a price: a person who serves several channels counts once, wherever she helps
most. Whether everybody's least can be met at once is a flow from people to
channels; where it cannot, Hall's theorem names channels that together ask for
more heads than can serve them.

As a rule of the plan (:class:`PresenceFloor`) it is hard or soft and may speak of
a site, a team, a contract or a skill, of channels and of hours of the day: there
everybody counts who is on queue and in the scope, whatever she serves
meanwhile, while one of the channels is open. The planner's face is a price on
each moment with too few of them, kept by the search.

References
----------
.. [1] Hall, P. (1935). On representatives of subsets. *Journal of the London
       Mathematical Society*, s1-10(1): 26-30. https://doi.org/10.1112/jlms/s1-10.37.26
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.results import Breach
from wfplan.domain.schedule import ActivityCategory
from wfplan.rules.base import SOFT, common, count_of
from wfplan.rules.coupling import NO_LIMIT, WORK, HeadCount, signs
from wfplan.rules.team_roster import TeamRule, moments, skills_on
from wfplan.rules.team_week import Shortfall, TeamWeek, breaches_of_runs

if TYPE_CHECKING:
    from datetime import date

    from wfplan.domain.people import Agent
    from wfplan.domain.problem import PlanningProblem, RuleSetting
    from wfplan.horizon import Horizon, Window
    from wfplan.rules.team_roster import TeamRoster

FloatArray = NDArray[np.float64]
_EPS = 1e-9
_ENOUGH = Shortfall(0.0, "")


@dataclass(frozen=True)
class PresenceMin:
    """Every channel has its least heads in every interval."""

    name: ClassVar[str] = "presence_min"
    hardness: str = SOFT
    source: str = "staff_min of the channels"

    def breaches(self, week: TeamWeek) -> list[Breach]:
        """Runs of intervals with too few heads, and the staff-hours missing."""
        known: dict[bytes, Shortfall] = {}
        shortfalls = []
        for t in range(week.horizon.interval_count):
            need, heads = week.staff_min[:, t], week.heads[:, t]
            key = need.tobytes() + heads.tobytes()
            if key not in known:
                known[key] = self._shortfall(week, need, heads) if need.any() else _ENOUGH
            shortfalls.append(known[key])
        return breaches_of_runs(week, self.name, self.source, shortfalls)

    @staticmethod
    def _shortfall(week: TeamWeek, need: FloatArray, heads: FloatArray) -> Shortfall:
        """What one interval lacks."""
        missing, together = unmet(need, heads, week.serves)
        if missing <= _EPS:
            return _ENOUGH
        names = " and ".join(week.channels[c] for c in np.flatnonzero(together))
        able = float(heads[week.serves[:, together].any(axis=1)].sum())
        asked = float(need[together].sum())
        return Shortfall(
            missing, f"{names} asked for {asked:g} heads and {able:.3g} could serve there"
        )


@dataclass(frozen=True, kw_only=True)
class PresenceFloor(TeamRule):
    """At least ``least`` people of a scope on queue at every moment that counts."""

    name: ClassVar[str] = "presence_min"
    planner_face: ClassVar[str] = "price of a moment with too few heads, of the scope; CP-SAT"
    least: int
    channels: tuple[str, ...] = ()
    scope: str = "all"
    scope_value: str = ""
    window: Window | None = None

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> PresenceFloor:
        """The rule from a setting in people or heads."""
        unit = "heads" if setting.unit.strip().lower().startswith("head") else "people"
        return cls(
            least=count_of(setting, unit),
            channels=setting.of,
            scope=setting.scope,
            scope_value=setting.scope_value,
            window=setting.window,
            **common(setting),
        )

    @property
    def strictness(self) -> float:
        """More people are stricter."""
        return self.least

    @property
    def family(self) -> tuple[object, ...]:
        """Each scope, channel and window has its own floor."""
        return self.name, self.scope, self.scope_value, frozenset(self.channels), self.window

    def head_counts(self, problem: PlanningProblem, horizon: Horizon) -> tuple[HeadCount, ...]:
        """Everybody of the scope takes one from a sum of which the least is wanted."""
        table = signs(
            problem, horizon.dates, lambda agent, day: -int(self._counts(problem, agent, day))
        )
        held = moments(problem, horizon, self.channels, self.window)
        most = np.where(held, -self.least, NO_LIMIT)
        return (HeadCount(self._who(problem), table, frozenset([WORK]), most),)

    def team_breaches(self, roster: TeamRoster) -> list[Breach]:
        """Runs of minutes with too few people, in people times hours."""
        problem = roster.problem
        heads = roster.at_once(
            (activity.start, activity.end)
            for agent in roster.agents
            for shift in roster.shifts[agent.agent_id]
            if self._counts(problem, agent, shift.shift_date)
            for activity in shift.activities
            if activity.category is ActivityCategory.WORK
        )
        held = moments(problem, roster.horizon, self.channels, self.window)
        missing = np.where(
            np.repeat(held, roster.horizon.interval_min), np.maximum(self.least - heads, 0), 0
        )
        who = self._who(problem)
        return self.runs(
            roster,
            missing,
            "staff_h",
            lambda worst: (
                f"only {self.least - worst} of the {self.least} people wanted are on queue ({who})"
            ),
        )

    def _who(self, problem: PlanningProblem) -> str:
        """Who counts, in words."""
        scope = "" if self.scope == "all" else f" of {self.scope} {self.scope_value}"
        served = f" for {' or '.join(self.channels)}" if self.channels else ""
        return f"people on queue{scope}{served}"

    def _counts(self, problem: PlanningProblem, agent: Agent, day: date) -> bool:
        """Whether an agent's shift of a date counts."""
        able = skills_on(agent, day)
        known = self.channels or tuple(channel.name for channel in problem.channels)
        of_agent = {"site": agent.site, "team": agent.team, "contract": agent.contract_type,
                    "agent": agent.agent_id}  # fmt: skip
        is_meant = {"all": True, "skill": self.scope_value in able}.get(
            self.scope, of_agent.get(self.scope) == self.scope_value
        )
        return is_meant and not able.isdisjoint(known)


def unmet(
    need: FloatArray, heads: FloatArray, serves: NDArray[np.bool_]
) -> tuple[float, NDArray[np.bool_]]:
    """
    Heads that are missing when people are spread as well as can be.

    Parameters
    ----------
    need
        Heads that each channel asks for, (channel,).
    heads
        People of each group, (group,).
    serves
        Which group serves which channel, (group, channel).

    Returns
    -------
    missing
        Heads asked for that nobody is left to give.
    together
        The channels that ask for more than can serve them, (channel,).
    """
    flow = np.zeros(serves.shape)
    spare, owed = heads.astype(np.float64), need.astype(np.float64)
    together = np.zeros(len(need), dtype=np.bool_)
    for channel in np.flatnonzero(owed > _EPS).tolist():
        while owed[channel] > _EPS:
            path, reached = _path(channel, flow, spare, serves)
            if not path:
                together |= reached
                break
            giver = path[-1][0]
            left = [flow[g, leaves] for (g, _), (_, leaves) in pairwise(path)]
            moved = min(owed[channel], spare[giver], *left)
            for g, joins in path:
                flow[g, joins] += moved
            for (g, _), (_, leaves) in pairwise(path):
                flow[g, leaves] -= moved
            spare[giver] -= moved
            owed[channel] -= moved
    return float(owed.sum()), together


def _path(
    channel: int, flow: FloatArray, spare: FloatArray, serves: NDArray[np.bool_]
) -> tuple[list[tuple[int, int]], NDArray[np.bool_]]:
    """
    Shortest chain of groups by which a channel gets more, as (group, channel) steps.

    The first step's group serves the channel and leaves the next step's
    channel, and so on; the last group has people to spare. Also the channels
    that were reached, which are in want together when there is no chain.
    """
    came: dict[int, tuple[int, int] | None] = {channel: None}
    queue = [channel]
    for c in queue:
        for g in np.flatnonzero(serves[:, c]):
            if spare[g] > _EPS:
                steps, at = [(int(g), c)], c
                while (before := came[at]) is not None:
                    steps.insert(0, before)
                    at = before[1]
                return steps, _mask(came, len(flow[0]))
            for other in np.flatnonzero(flow[g] > _EPS):
                if int(other) not in came:
                    came[int(other)] = (int(g), c)
                    queue.append(int(other))
    return [], _mask(came, serves.shape[1])


def _mask(channels: dict[int, tuple[int, int] | None], count: int) -> NDArray[np.bool_]:
    """The channels as a mask."""
    mask = np.zeros(count, dtype=np.bool_)
    mask[list(channels)] = True
    return mask

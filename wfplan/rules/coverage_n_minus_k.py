"""N minus k: the channels stay staffed when the k people go who would be missed most.

Source: the plan (a promise that must survive a sick call or a power cut at home).

At every moment at which channels are open, each has its ``staff_min``, one at
least, whoever k of those on queue are lost. Who serves several channels counts
once, as in :mod:`wfplan.rules.presence_min`. By Hall's theorem [1]_ that is so
when of every set of open channels at least k more people can serve one of them
than all of them ask for: the planner's face is a price on each moment with fewer
of those; the auditor takes people out and asks for a flow.

References
----------
.. [1] Hall, P. (1935). On representatives of subsets. *Journal of the London
       Mathematical Society*, s1-10(1): 26-30. https://doi.org/10.1112/jlms/s1-10.37.26
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations, combinations_with_replacement
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.schedule import ActivityCategory
from wfplan.errors import InputError
from wfplan.rules.base import common, count_of
from wfplan.rules.coupling import NO_LIMIT, WORK, HeadCount, signs
from wfplan.rules.presence_min import unmet
from wfplan.rules.team_roster import TeamRule, moments, skills_on

if TYPE_CHECKING:
    from datetime import date

    from wfplan.domain.people import Agent
    from wfplan.domain.problem import PlanningProblem, RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.horizon import Horizon
    from wfplan.rules.team_roster import TeamRoster

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

CHANNELS_MAX = 8
LOST_MAX = 4


@dataclass(frozen=True, kw_only=True)
class CoverageNMinusK(TeamRule):
    """Every open channel of ``channels`` (all without any) keeps its heads when ``lost`` go."""

    name: ClassVar[str] = "coverage_n_minus_k"
    planner_face: ClassVar[str] = "price of a moment with too few who can serve; CP-SAT"
    lost: int
    channels: tuple[str, ...] = ()

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> CoverageNMinusK:
        """The rule from a setting in people, with the channels it speaks of."""
        lost = count_of(setting, "people")
        if lost > LOST_MAX:
            raise InputError(
                f"rule {setting.rule}: value = {lost} people lost at once is more than can be "
                f"looked through. Ask for {LOST_MAX} at most."
            )
        if len(setting.of) > CHANNELS_MAX:
            raise InputError(
                f"rule {setting.rule}: of names {len(setting.of)} channels, more than can be "
                f"looked through. Name {CHANNELS_MAX} at most."
            )
        return cls(lost=lost, channels=setting.of, **common(setting))

    @property
    def strictness(self) -> float:
        """More people lost are stricter."""
        return self.lost

    @property
    def family(self) -> tuple[object, ...]:
        """Other channels are another rule."""
        return self.name, frozenset(self.channels)

    def head_counts(self, problem: PlanningProblem, horizon: Horizon) -> tuple[HeadCount, ...]:
        """For every set of channels those who can serve one of them, as a least number."""
        asked = self._asked(problem, horizon)
        names = self._names(problem)
        sets = [s for n in range(1, len(names) + 1) for s in combinations(range(len(names)), n)]
        found = []
        for some in sets:
            together = {names[c] for c in some}
            table = signs(
                problem,
                horizon.dates,
                partial(_serves_one, together),
            )
            need = asked[list(some)]
            held = (need > 0).all(axis=0)
            most = np.where(held, -(need.sum(axis=0) + self.lost), NO_LIMIT)
            if held.any():
                what = f"people who can serve {' or '.join(sorted(together))}"
                found.append(HeadCount(what, table, frozenset([WORK]), most))
        return tuple(found)

    def team_breaches(self, roster: TeamRoster) -> list[Breach]:
        """Runs of minutes at which the loss of some people leaves a channel short."""
        problem, horizon = roster.problem, roster.horizon
        names = self._names(problem)
        groups: dict[frozenset[str], list[tuple[object, object]]] = {}
        for agent in roster.agents:
            for shift in roster.shifts[agent.agent_id]:
                able = skills_on(agent, shift.shift_date) & set(names)
                groups.setdefault(able, []).extend(
                    (a.start, a.end)
                    for a in shift.activities
                    if able and a.category is ActivityCategory.WORK
                )
        serves = np.array([[n in able for n in names] for able in groups], dtype=np.bool_)
        heads = np.array([roster.at_once(spans) for spans in groups.values()])  # type: ignore[arg-type]
        asked = np.repeat(self._asked(problem, horizon), horizon.interval_min, axis=1)
        heads = heads.reshape(len(groups), asked.shape[1])
        cases, case_of = np.unique(np.vstack([heads, asked]), axis=1, return_inverse=True)
        missing = np.array(
            [self._missing(case[len(groups) :], case[: len(groups)], serves) for case in cases.T]
        )
        return self.runs(
            roster,
            missing[case_of.ravel()],
            "staff_h",
            lambda worst: f"{worst} people too few would be left if {self.lost} more were lost",
        )

    def _missing(self, need: IntArray, heads: IntArray, serves: NDArray[np.bool_]) -> int:
        """Heads that are missing after the loss that hurts most."""
        if not need.any():
            return 0
        there = heads.astype(np.float64)
        table = serves.reshape(len(heads), len(need))
        return max(
            round(unmet(need.astype(np.float64), np.maximum(there - lost, 0), table)[0])
            for lost in _losses(len(heads), self.lost)
        )

    def _names(self, problem: PlanningProblem) -> tuple[str, ...]:
        """
        The channels that the rule speaks of.

        Raises
        ------
        InputError
            When it names none and the plan has too many.
        """
        names = self.channels or tuple(channel.name for channel in problem.channels)
        if len(names) > CHANNELS_MAX:
            raise InputError(
                f"rule {self.name}: the plan has {len(names)} channels, more than can be looked "
                f"through. Name {CHANNELS_MAX} at most with of."
            )
        return names

    def _asked(self, problem: PlanningProblem, horizon: Horizon) -> IntArray:
        """Heads that each channel must keep while it is open, (channel, interval)."""
        rows = [
            moments(problem, horizon, (name,)) * max(int(problem.channel(name).staff_min), 1)
            for name in self._names(problem)
        ]
        return np.array(rows, dtype=np.int64)


def _losses(groups: int, lost: int) -> Iterator[IntArray]:
    """The ways to lose people of some groups, (group,) each."""
    for chosen in combinations_with_replacement(range(groups), lost):
        yield np.bincount(np.array(chosen, dtype=np.int64), minlength=groups)


def _serves_one(channels: set[str], agent: Agent, day: date) -> int:
    """Minus one where an agent can serve one of the channels."""
    return -int(not channels.isdisjoint(skills_on(agent, day)))

"""What the auditor's face of the settable team rules sees: everybody's shifts, and who they are.

Time is counted in minutes of the horizon; changes at each minute make the
number of people at once exact, whatever the interval.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.results import Breach
from wfplan.domain.schedule import ActivityCategory
from wfplan.rules.base import SettableRule
from wfplan.rules.wording import say_moment

if TYPE_CHECKING:
    from datetime import date

    from wfplan.domain.people import Agent
    from wfplan.domain.problem import PlanningProblem
    from wfplan.domain.schedule import Shift
    from wfplan.horizon import Horizon, Window
    from wfplan.rules.coupling import HeadCount, Spending
    from wfplan.rules.week import AgentWeek

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
MINUTE = timedelta(minutes=1)
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class TeamRoster:
    """Everybody's shifts of a horizon, by agent and in order of start."""

    problem: PlanningProblem
    horizon: Horizon
    shifts: dict[str, list[Shift]]

    @classmethod
    def of(cls, problem: PlanningProblem, horizon: Horizon, shifts: Sequence[Shift]) -> TeamRoster:
        """The roster of a schedule; shifts of strangers are left out."""
        by_agent: dict[str, list[Shift]] = {agent.agent_id: [] for agent in problem.agents}
        for shift in sorted(shifts, key=lambda s: s.start):
            if shift.agent_id in by_agent:
                by_agent[shift.agent_id].append(shift)
        return cls(problem, horizon, by_agent)

    @property
    def agents(self) -> tuple[Agent, ...]:
        """Everybody who can be planned."""
        return self.problem.agents

    def at_once(self, spans: Iterable[Span]) -> IntArray:
        """How many spans cover each minute of the horizon, (minute,)."""
        minutes = self.horizon.interval_count * self.horizon.interval_min
        change = np.zeros(minutes + 1, dtype=np.int64)
        for begin, end in spans:
            first, last = (
                min(max(int((moment - self.horizon.start) // MINUTE), 0), minutes)
                for moment in (begin, end)
            )
            change[first] += 1
            change[last] -= 1
        return np.cumsum(change[:-1])


@dataclass(frozen=True, kw_only=True)
class TeamRule(SettableRule, ABC):
    """
    A settable rule that couples people.

    Its planner's face is no limit of one person's week but what is counted over
    all of them: heads at once (:meth:`head_counts`), which the search prices
    where there are too many, and money (:meth:`spending`).
    """

    planner_face: ClassVar[str]

    def head_counts(self, problem: PlanningProblem, horizon: Horizon) -> tuple[HeadCount, ...]:
        """The heads that are counted, and the most at once."""
        return ()

    def spending(self, problem: PlanningProblem) -> Spending | None:
        """The money that is counted; None where the rule speaks of none."""
        return None

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Nothing is to be seen in one person's week."""
        return []

    @abstractmethod
    def team_breaches(self, roster: TeamRoster) -> list[Breach]:
        """What a finished schedule breaks, by how much, and why."""

    def told(
        self, at: datetime, amount: float, unit: str, why: str, *, agent_id: str = ""
    ) -> Breach:
        """A breach of the team."""
        text = f"{self.name}: {why} ({self.source})."
        return Breach(self.name, self.hardness, agent_id, at, float(amount), unit, text)

    def runs(
        self, roster: TeamRoster, wrong: IntArray, unit: str, said: Callable[[int], str]
    ) -> list[Breach]:
        """
        One breach for each run of minutes on which something is wrong.

        ``wrong`` is by how many people, (minute,); the amount is in people
        times hours. ``said`` tells what is wrong, by the worst of the run.
        """
        is_wrong = np.concatenate([[False], wrong > 0, [False]])
        edges = np.flatnonzero(np.diff(is_wrong.astype(np.int64)))
        found = []
        for first, last in edges.reshape(-1, 2).tolist():
            begin, end = (roster.horizon.start + m * MINUTE for m in (first, last))
            zone = roster.horizon.timezone
            worst = int(wrong[first:last].max())
            why = f"from {say_moment(begin, zone)} to {say_moment(end, zone)} {said(worst)}"
            found.append(self.told(begin, float(wrong[first:last].sum()) / 60, unit, why))
        return found


def spans_there(shifts: Iterable[Shift]) -> list[Span]:
    """When a person is there: her shifts from start to end, without the gaps of split ones."""
    spans = []
    for shift in shifts:
        begin = shift.start
        for activity in shift.activities:
            if activity.category is ActivityCategory.TIME_OFF:
                spans.append((begin, activity.start))
                begin = activity.end
        spans.append((begin, shift.end))
    return [(begin, end) for begin, end in spans if begin < end]


def skills_on(agent: Agent, day: date) -> frozenset[str]:
    """The skills of an agent that are valid on a date."""
    return frozenset(skill.skill for skill in agent.skills if skill.is_valid(day))


def moments(
    problem: PlanningProblem,
    horizon: Horizon,
    channels: tuple[str, ...] = (),
    window: Window | None = None,
) -> BoolArray:
    """The intervals in which one of the channels is open, inside a window of wall time."""
    opened = [
        horizon.open_intervals(channel.open, problem.opening_by_date(channel))
        for channel in problem.channels
        if not channels or channel.name in channels
    ]
    held: BoolArray = np.logical_or.reduce(opened, axis=0)
    if window is not None:
        held = held & horizon.open_intervals(dict.fromkeys(range(7), (window,)))
    return held

"""Concurrency: the most people in an activity at once (training, coaching, meetings).

Source: the plan (rooms, trainers, what service can bear).

The planner places breaks, meals and work on queue: the planner's face is a
price on each moment that is full of those. What else somebody adds to a shift later is
only judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wfplan.errors import InputError
from wfplan.rules.base import common, count_of
from wfplan.rules.coupling import MEAL, REST, WORK, HeadCount, constant, signs
from wfplan.rules.team_roster import TeamRule

if TYPE_CHECKING:
    from wfplan.domain.problem import PlanningProblem, RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.horizon import Horizon
    from wfplan.rules.team_roster import TeamRoster


_NAMES = {WORK: {"ON_QUEUE", "work"}, REST: {"REST", "break"}, MEAL: {"MEAL", "meal"}}


@dataclass(frozen=True, kw_only=True)
class ActivityConcurrency(TeamRule):
    """At most ``most`` people at once in activities of ``codes`` or of those categories."""

    name: ClassVar[str] = "activity_concurrency"
    planner_face: ClassVar[str] = "price of a moment that is full, where breaks are placed; CP-SAT"
    most: int
    codes: tuple[str, ...]

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> ActivityConcurrency:
        """The rule from a setting in people, with the activities it speaks of."""
        if not setting.of:
            raise InputError(
                f"rule {setting.rule}: of names no activity. Name codes or categories, such as "
                "of = ['training']."
            )
        return cls(most=count_of(setting, "people"), codes=setting.of, **common(setting))

    @property
    def strictness(self) -> float:
        """Fewer people are stricter."""
        return -self.most

    @property
    def family(self) -> tuple[object, ...]:
        """Other activities are another rule."""
        return self.name, frozenset(self.codes)

    def head_counts(self, problem: PlanningProblem, horizon: Horizon) -> tuple[HeadCount, ...]:
        """Everybody who is in one of the activities that the planner places."""
        parts = frozenset(part for part, names in _NAMES.items() if names & set(self.codes))
        if not parts:
            return ()
        everybody = signs(problem, horizon.dates, lambda agent, _: 1)
        what = f"people in {' or '.join(self.codes)}"
        return (HeadCount(what, everybody, parts, constant(self.most, horizon)),)

    def team_breaches(self, roster: TeamRoster) -> list[Breach]:
        """Runs of minutes with too many people, in people times hours."""
        heads = roster.at_once(
            (activity.start, activity.end)
            for shifts in roster.shifts.values()
            for shift in shifts
            for activity in shift.activities
            if activity.code in self.codes or str(activity.category) in self.codes
        )
        what = " or ".join(self.codes)
        return self.runs(
            roster,
            np.maximum(heads - self.most, 0),
            "staff_h",
            lambda worst: f"{self.most + worst} people are in {what}, {worst} too many at once",
        )

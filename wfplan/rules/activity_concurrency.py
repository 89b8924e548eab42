"""Concurrency: the most people in an activity at once (training, coaching, meetings).

Source: the plan (rooms, trainers, what service can bear).

The planner's face is a price on each interval that is full, kept where
activities are placed; CP-SAT places sessions that people share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wfplan.errors import InputError
from wfplan.rules.base import common, count_of
from wfplan.rules.team_roster import TeamRule

if TYPE_CHECKING:
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.team_roster import TeamRoster


@dataclass(frozen=True, kw_only=True)
class ActivityConcurrency(TeamRule):
    """At most ``most`` people at once in activities of ``codes`` or of those categories."""

    name: ClassVar[str] = "activity_concurrency"
    planner_face: ClassVar[str] = "price of an interval where activities are placed; CP-SAT"
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

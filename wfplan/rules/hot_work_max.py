"""Hot work: at most two hours of it without a quarter of an hour off the queue.

Source: wellbeing (SCIENCE 4.4; the risk of an accident doubles in the last half
hour of a spell of two in one plant: Tucker, Folkard and Macdonald, 2003, *Lancet*
361: 680, where a replication found less). A policy default, no measured effect.

Of any ``most_min + part_min`` minutes at most ``most_min`` may be hot: on queue
in intervals whose strain is 0.5 or more (:mod:`wfplan.engagement.hot`). The
auditor reads the hottest window of each date, at the occupancy that was
simulated. Which intervals are hot hangs on everybody's weeks. So the planner
asks for more: wherever a length of shift has room, its breaks of ``part_min``
and longer lie so that nobody is on queue for more than ``most_min`` at a stretch,
hot or not, which keeps the rule whatever the occupancy. Lengths without room cost the
minutes that they miss it by; of a hard rule as dear as a missing person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import SOFT, SettableRule, common, minutes_of
from wfplan.rules.break_room import Distances, with_wished_room
from wfplan.rules.wording import say_day, say_minutes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek

PAUSE_MIN = 15
HARD_PER_H = 400.0
"""Harm points per hour that a length of shift misses a hard rule by: those of a missing person."""


@dataclass(frozen=True, kw_only=True)
class HotWorkMax(SettableRule):
    """At most ``most_min`` hot minutes of any ``most_min + part_min``."""

    name: ClassVar[str] = "hot_work_max"
    most_min: int
    part_min: int = PAUSE_MIN

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> HotWorkMax:
        """The rule from a setting in hours or minutes; ``part_min`` is the pause it takes."""
        pause = setting.part_min or PAUSE_MIN
        return cls(most_min=minutes_of(setting), part_min=pause, **common(setting))

    @property
    def strictness(self) -> float:
        """Shorter stretches are stricter."""
        return -self.most_min

    @property
    def family(self) -> tuple[object, ...]:
        """One that asks for another pause is another rule."""
        return self.name, self.part_min

    @property
    def window_min(self) -> int:
        """Minutes of the window that slides over a date."""
        return self.most_min + self.part_min

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Dates with a window that is too hot, and the minutes above the most."""
        return [
            self.breach(
                week,
                week.midnight(day),
                minutes - self.most_min,
                "min",
                f"has {say_minutes(minutes)} of hot work within {say_minutes(self.window_min)} on "
                f"{say_day(day)}, {say_minutes(minutes - self.most_min)} more than the most of "
                f"{say_minutes(self.most_min)}",
            )
            for day, minutes in week.measures.get(f"hot_in_{self.window_min}_min", {}).items()
            if day in week.dates and minutes > self.most_min + 1e-6
        ]

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Lay breaks so that no stretch is too long, and price the lengths without room."""
        return replace(self, hardness=SOFT, weight=HARD_PER_H).soften(limits, person)

    def soften(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Lay breaks so that no stretch is too long, and price the lengths without room."""
        distances = Distances(most=self.most_min, is_to_ends=True, part_min=self.part_min)
        return with_wished_room(self, limits, person, distances)


def hot_windows(settings: Iterable[RuleSetting]) -> set[int]:
    """The windows in minutes that values of the rule look at."""
    rules = (HotWorkMax.from_setting(one) for one in settings if one.rule == HotWorkMax.name)
    return {rule.window_min for rule in rules}

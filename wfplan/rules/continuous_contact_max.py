"""Continuous contact: the longest time on queue without a break or any other activity.

Source: wellbeing (the HR table's ``max_continuous_contact``), a works agreement or the plan.

Time on queue is what activities of category work cover; breaks, meals and work
off the queue interrupt it. The planner places breaks only, so that it keeps
the time between them short enough; work off the queue that somebody places
later shortens it further.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from wfplan.domain.schedule import ActivityCategory
from wfplan.rules.base import SettableRule, common, minutes_of
from wfplan.rules.break_room import Distances, with_room, with_wished_room
from wfplan.rules.wording import say_minutes, say_moment

if TYPE_CHECKING:
    from datetime import datetime

    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek, Duty


@dataclass(frozen=True, kw_only=True)
class ContinuousContactMax(SettableRule):
    """At most ``most_min`` minutes on queue at a stretch."""

    name: ClassVar[str] = "continuous_contact_max"
    most_min: int

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> ContinuousContactMax:
        """The rule from a setting in hours or minutes."""
        return cls(most_min=minutes_of(setting), **common(setting))

    @property
    def strictness(self) -> float:
        """Shorter stretches are stricter."""
        return -self.most_min

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Stretches on queue that are too long, and the minutes above the most."""
        found = []
        for duty in week.duties:
            for begin, end in _on_queue(duty):
                minutes = (end - begin).total_seconds() / 60
                over = minutes - self.most_min
                if over > 0:
                    why = (
                        f"is on queue for {say_minutes(minutes)} at a stretch from "
                        f"{say_moment(begin, week.timezone)}, {say_minutes(over)} more than the "
                        f"most of {say_minutes(self.most_min)}"
                    )
                    found.append(self.breach(week, begin, over, "min", why))
        return found

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Narrow the break windows, and drop the lengths in which they have no room."""
        return with_room(limits, person, Distances(most=self.most_min, is_to_ends=True))

    def soften(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Narrow the break windows where they have room, and price the lengths without."""
        distances = Distances(most=self.most_min, is_to_ends=True)
        return with_wished_room(self, limits, person, distances)


def _on_queue(duty: Duty) -> list[tuple[datetime, datetime]]:
    """Stretches on queue, activities of category work that follow each other joined."""
    stretches: list[tuple[datetime, datetime]] = []
    for activity in duty.activities:
        if activity.category is not ActivityCategory.WORK:
            continue
        if stretches and stretches[-1][1] == activity.start:
            stretches[-1] = (stretches[-1][0], activity.end)
        else:
            stretches.append((activity.start, activity.end))
    return stretches

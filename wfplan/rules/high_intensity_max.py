"""High intensity: the most minutes of a date on hard queues.

Source: wellbeing (the HR table's ``max_high_intensity_minutes_per_day``), a works agreement.

A queue is hard where its weight in the overload ledger is 1.25 or more. Judged
by the minutes that the ledger holds for each date (``high_intensity_min`` among
the measures of the week). The planner's face is a price per minute above the
cap, of a hard rule as dear as a missing person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import SettableRule, common, minutes_of
from wfplan.rules.limits import MeasureCap
from wfplan.rules.wording import say_day, say_minutes

if TYPE_CHECKING:
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek

MEASURE = "high_intensity_min"


@dataclass(frozen=True, kw_only=True)
class HighIntensityMax(SettableRule):
    """At most ``most_min`` minutes on hard queues on a date."""

    name: ClassVar[str] = "high_intensity_max"
    most_min: int

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> HighIntensityMax:
        """The rule from a setting in hours or minutes."""
        return cls(most_min=minutes_of(setting), **common(setting))

    @property
    def strictness(self) -> float:
        """Fewer minutes are stricter."""
        return -self.most_min

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Dates with too many such minutes, and the minutes above the most."""
        return [
            self.breach(
                week,
                week.midnight(day),
                minutes - self.most_min,
                "min",
                f"has {say_minutes(minutes)} on hard queues on {say_day(day)}, "
                f"{say_minutes(minutes - self.most_min)} more than the most of "
                f"{say_minutes(self.most_min)}",
            )
            for day, minutes in week.measures.get(MEASURE, {}).items()
            if day in week.dates and minutes > self.most_min
        ]

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Hand the cap on to the search, which pays for what lies above it."""
        cap = MeasureCap(self.name, MEASURE, float(self.most_min))
        return replace(limits, measure_caps=(*limits.measure_caps, cap))

    def soften(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Hand the cap on to the search, with its price."""
        cap = MeasureCap(self.name, MEASURE, float(self.most_min), self.weight)
        return replace(limits, measure_caps=(*limits.measure_caps, cap))

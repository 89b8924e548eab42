"""Overload: the ledger's caps, for a single date, the last 7 days and the last 42.

Source: the overload ledger (SCIENCE 4.3): 150 minutes on a date, 90 of the
acute and 60 of the chronic memory, unless the plan says otherwise.

Judged by what the ledger of the finished schedule holds for each date
(``overload_min``, ``acute_min``, ``chronic_min`` among the measures of the
week). The planner's face is a price: the strain of an interval depends on
everybody in it, so that the search prices minutes above the cap, of a hard rule
as dearly as a missing person, and the cap is audited on the final plan. The rule
takes the place of the cap of ``[objective]`` for the people that it speaks of.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from wfplan.errors import InputError, did_you_mean
from wfplan.rules.base import SettableRule, common, minutes_of
from wfplan.rules.limits import MeasureCap
from wfplan.rules.wording import say_day, say_minutes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from wfplan.domain.problem import Objective, PlanningProblem, RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek

MEASURES = {
    "day": ("overload_min", "on"),
    "acute": ("acute_min", "a day over the last 7 days, on"),
    "chronic": ("chronic_min", "a day over the last 42 days, on"),
}


@dataclass(frozen=True, kw_only=True)
class OverloadMax(SettableRule):
    """At most ``most_min`` minutes of overload, of a ``span`` of the ledger, on any date."""

    name: ClassVar[str] = "overload_max"
    most_min: int
    span: str = "day"

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> OverloadMax:
        """The rule from a setting in hours or minutes; ``of`` is day, acute or chronic."""
        span = setting.of[0] if setting.of else "day"
        if span not in MEASURES:
            hint = did_you_mean(span, MEASURES) or f"Use one of {', '.join(MEASURES)}."
            raise InputError(
                f"rule {setting.rule}: of = ['{span}'] is no span of the ledger. {hint}"
            )
        return cls(most_min=minutes_of(setting), span=span, **common(setting))

    @property
    def strictness(self) -> float:
        """Fewer minutes are stricter."""
        return -self.most_min

    @property
    def family(self) -> tuple[object, ...]:
        """Each span has its own cap."""
        return self.name, self.span

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Dates above the cap, and the minutes above it."""
        measure, said = MEASURES[self.span]
        return [
            self.breach(
                week,
                week.midnight(day),
                minutes - self.most_min,
                "min",
                f"has {say_minutes(minutes)} of overload {said} {say_day(day)}, "
                f"{say_minutes(minutes - self.most_min)} more than the cap of "
                f"{say_minutes(self.most_min)}",
            )
            for day, minutes in week.measures.get(measure, {}).items()
            if day in week.dates and minutes > self.most_min
        ]

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Hand the cap on to the search, which pays for what lies above it."""
        cap = MeasureCap(self.name, MEASURES[self.span][0], float(self.most_min))
        return replace(limits, measure_caps=(*limits.measure_caps, cap))

    def soften(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Hand the cap on to the search, with its price."""
        cap = MeasureCap(self.name, MEASURES[self.span][0], float(self.most_min), self.weight)
        return replace(limits, measure_caps=(*limits.measure_caps, cap))


@dataclass(frozen=True)
class LoosenedCap:
    """A cap of the ledger above the default, in words; ``key`` is where its reason is written."""

    said: str
    default: float
    reason: str
    key: str


def loosened_caps(problem: PlanningProblem, dates: Sequence[date]) -> tuple[LoosenedCap, ...]:
    """The caps above the defaults that hold on some dates: the plan's, and those of its rules."""
    goals, plain = problem.objective, type(problem.objective)()
    found = []
    for span in MEASURES:
        own, default = (getattr(one, f"overload_{span}_min") for one in (goals, plain))
        if own > default:
            said = f"the plan's cap of {own:g} minutes ({span})"
            key = 'overload_reason = "..." under [objective]'
            found.append(LoosenedCap(said, default, goals.overload_reason, key))
    packs = [rule for name in problem.site_packs for rule in problem.packs[name].rules]
    for setting in (*packs, *problem.plan_rules):
        if setting.rule == OverloadMax.name:
            rule = OverloadMax.from_setting(setting)
            default = getattr(plain, f"overload_{rule.span}_min")
            if rule.most_min > default and rule.holds(tuple(dates)):
                whom = f"{setting.scope} {setting.scope_value}".strip()
                said = f"the cap of {rule.most_min:g} minutes ({rule.span}) for {whom}"
                key = 'source = "..." at the rule overload_max'
                found.append(LoosenedCap(said, default, setting.source, key))
    return tuple(found)


def ledger_caps(goals: Objective, limits: WorkLimits) -> dict[str, MeasureCap]:
    """A person's cap of each measure of the ledger: a hard rule's, a soft one's, or the plan's."""
    plan = (goals.overload_day_min, goals.overload_acute_min, goals.overload_chronic_min)
    found = {
        measure: MeasureCap("", measure, most_min, goals.overload_per_h)
        for (measure, _), most_min in zip(MEASURES.values(), plan, strict=True)
    }
    for is_hard in (False, True):
        of_kind = [cap for cap in limits.measure_caps if (cap.per_h is None) is is_hard]
        found |= {cap.measure: cap for cap in of_kind}
    return found

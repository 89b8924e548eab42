"""Overtime: paid time of a planning week above the hours of the contract.

Source: a law pack, the contract or the plan. Whole dates of approved paid time
off count as worked, each with the contract's hours over its working days. Of a week
that the horizon cuts short what the history holds of it counts, and so do the dates
off outside the horizon.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from wfplan.errors import InputError
from wfplan.rules.base import SettableRule, common
from wfplan.rules.clock import calendar_weeks
from wfplan.rules.limits import PaidPrice, stricter
from wfplan.rules.wording import say_day, say_minutes

if TYPE_CHECKING:
    from datetime import date

    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek

_MINUTES = {"hours": 60, "hour": 60, "h": 60, "minutes": 1, "minute": 1, "min": 1}


@dataclass(frozen=True, kw_only=True)
class OvertimeMax(SettableRule):
    """At most ``most_min`` minutes above the contract's hours in each week."""

    name: ClassVar[str] = "overtime_max"
    most_min: int

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> OvertimeMax:
        """The rule from a setting in hours or minutes; 0 allows none."""
        factor = _MINUTES.get(setting.unit.strip().lower())
        if factor is None:
            raise InputError(
                f"rule {setting.rule}: unit = '{setting.unit}' is not a unit of time. "
                "Write 'hours' or 'minutes'."
            )
        if not 0 <= setting.value * factor < 168 * 60:
            raise InputError(
                f"rule {setting.rule}: value = {setting.value:g} is not an amount of overtime. "
                "Write 0 for none."
            )
        return cls(most_min=round(setting.value * factor), **common(setting))

    @property
    def strictness(self) -> float:
        """Less overtime is stricter."""
        return -self.most_min

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Weeks with too much overtime, and the minutes above the most."""
        agent = week.agent
        found = []
        for days in week.weeks():
            whole = week.whole_week(days)
            away, (_, _, earlier, _) = week.away_days(whole), week.before(days)
            worth = agent.contract_hours_week * 60 / week.contract.work_days_max
            credited = min(sum(map(bool, away.values())), week.contract.work_days_max)
            paid = sum(duty.paid_min for duty in week.duties if duty.day in days)
            overtime = paid + earlier + round(credited * worth)
            overtime -= round(agent.contract_hours_week * 60)
            over = min(overtime - self.most_min, paid)
            if over > 0:
                why = (
                    f"has {say_minutes(overtime)} of overtime in the {len(days)} days from "
                    f"{say_day(days[0])}, {say_minutes(over)} more than the most of "
                    f"{say_minutes(self.most_min)}"
                )
                reason = "time_off" if credited else "contract"
                at = week.midnight(days[0])
                found.append(self.breach(week, at, over, "min", why, reason=reason))
        return found

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Cap the paid minutes of each week."""
        weeks = calendar_weeks(person.dates, person.week_start)
        most = tuple((0, self._most(person, days)) for days in weeks)
        return replace(
            limits,
            week_firsts=tuple(days[0] for days in weeks),
            paid_weeks=stricter(limits.paid_weeks, most),
        )

    def soften(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Price the paid minutes of each week above the most."""
        weeks = calendar_weeks(person.dates, person.week_start)
        edges = [person.dates.index(days[0]) for days in weeks] + [len(person.dates)]
        prices = tuple(
            PaidPrice(self.name, a, b, self._most(person, days), self.weight)
            for days, (a, b) in zip(weeks, pairwise(edges), strict=True)
        )
        return replace(limits, paid_prices=(*limits.paid_prices, *prices))

    def _most(self, person: Person, days: tuple[date, ...]) -> int:
        """Paid minutes that a week may have beside its paid time off."""
        of_contract = person.agent.contract_hours_week * 60
        limit = person.contract.work_days_max
        around = person.around(days)
        off = min(sum(person.covered(around.whole).values()), limit)
        credited = round(off * of_contract / limit) + around.paid_min
        return max(round(of_contract) + self.most_min - credited, 0)

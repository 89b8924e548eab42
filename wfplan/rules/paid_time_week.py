"""Paid time of a week: between an agent's least and most hours, time off credited.

Source: the contract (``min_hours_week`` and ``max_hours_week`` of the agent).

Approved time off stands for work. A whole day off is worth the contract hours
divided by the contract's working days (``work_days_max``):

- the least hours fall by that for every whole date off, unpaid ones, dates
  outside employment and dates without a valid skill included, but for no more
  than ``work_days_max`` dates a week (a week away is one week's hours);
- the most hours fall by that for every *paid* date off, because time off is
  paid too. Rest days inside a long absence are not paid twice: Saturdays and
  Sundays are taken as the rest days, as many as the contract leaves free;
- part of a day off counts with its own elapsed minutes, at most a day's worth.

Both are rounded to the contract's length step, outwards.

Of a week that the horizon cuts short only those dates are judged that lie in it:

- what the history holds of the week counts towards both bounds. Where it does not
  reach back to the week's first date, the dates before the horizon are taken to
  have held their share of the least hours, a seventh each;
- of the least hours only those are asked that the dates after the horizon could
  not hold any more, at the longest shift of the contract on each date on which
  she could work, on no more dates than the contract has working days;
- where the dates before the horizon have put the least out of reach of the longest
  shift on every date left, that is told softly and binds no plan.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from math import ceil, floor, inf
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.availability import is_open
from wfplan.rules.base import SOFT, Rule
from wfplan.rules.clock import calendar_weeks, day_span, minutes_between
from wfplan.rules.limits import stricter
from wfplan.rules.wording import say_day, say_minutes

if TYPE_CHECKING:
    from wfplan.domain.people import Agent
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class PaidTimeWeek(Rule):
    """Between ``least_min`` and ``most_min`` paid minutes in each week of the horizon."""

    name: ClassVar[str] = "paid_time_week"
    least_min: int
    most_min: int

    @classmethod
    def of(cls, agent: Agent) -> PaidTimeWeek:
        """The rule with an agent's own hours."""
        return cls(
            least_min=round(agent.min_hours_week * 60), most_min=round(agent.max_hours_week * 60)
        )

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Weeks with too little or too much paid time, and the minutes in question."""
        found = []
        for days in week.weeks():
            paid = sum(duty.paid_min for duty in week.duties if duty.day in days)
            least, most, is_credited, reach = _bounds(self, week, days)
            where = f"in the {len(days)} days from {say_day(days[0])}"
            reason, at = "time_off" if is_credited else "contract", week.midnight(days[0])
            if paid < least:
                why = (
                    f"has {say_minutes(paid)} of paid time {where}, {say_minutes(least - paid)} "
                    f"less than the least of {say_minutes(least)}"
                )
                told = {"reason": reason}
                if not all(is_open(week, day) for day in days):
                    told = {"reason": "availability"}
                if least > reach:
                    why += ", and the days before leave no way to reach it"
                    told = {"reason": "history", "hardness": SOFT}
                found.append(self.breach(week, at, least - paid, "min", why, **told))
            elif paid > most:
                why = (
                    f"has {say_minutes(paid)} of paid time {where}, {say_minutes(paid - most)} "
                    f"more than the most of {say_minutes(most)}"
                )
                found.append(self.breach(week, at, paid - most, "min", why, reason=reason))
        return found

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Bound the paid minutes of each week, and so those of the horizon."""
        blocks = calendar_weeks(person.dates, person.week_start)
        weeks = tuple(self._limits(person, days) for days in blocks)
        return replace(
            limits,
            week_firsts=tuple(days[0] for days in blocks),
            paid_week_min=max(limits.paid_week_min, sum(low for low, _ in weeks)),
            paid_week_max=min(limits.paid_week_max, sum(high for _, high in weeks)),
            paid_weeks=stricter(limits.paid_weeks, weeks),
        )

    def _limits(self, person: Person, days: tuple[date, ...]) -> tuple[int, int]:
        """Least and most paid minutes of one week, by adding up credits date by date."""
        contract, step = person.contract, person.contract.length_step_min
        around = person.around(days)
        day_worth = person.agent.contract_hours_week * 60 / contract.work_days_max
        off, barred = person.covered(around.whole), person.barred(around.whole)
        missing = [d for d in around.whole if d in off or d in barred]
        paid = [d for d in missing if off.get(d, False) and d not in barred]
        resting = min(7 - contract.work_days_max, sum(d.weekday() >= 5 for d in paid))
        whole_days = [d for d in around.whole if d not in missing]
        part, part_paid = self._parts(person, whole_days, day_worth)
        owed = day_worth * min(len(missing), contract.work_days_max) + part
        given = day_worth * min(len(paid) - resting, contract.work_days_max) + part_paid

        longest = max((contract.paid_min(n) for n in contract.lengths_min), default=0)
        share = self.least_min * around.before / 7
        had = around.paid_min if around.is_known else max(around.paid_min, share)
        later = longest * min(around.days_ahead, contract.work_days_max)
        low = self.least_min - owed - had - later
        low = floor(low / step + 1e-9) * step if owed else floor(low)
        can_work = min(
            sum(d not in missing for d in days), contract.work_days_max - around.days_worked
        )
        if around.before and low > longest * max(can_work, 0):
            low = 0  # out of reach
        high = self.most_min - given
        high = ceil(high / step - 1e-9) * step if given else self.most_min
        low, high = max(low, 0), max(high - around.paid_min, 0)
        return low, max(low, high)

    @staticmethod
    def _parts(person: Person, days: list[date], day_worth: float) -> tuple[float, float]:
        """Minutes of time off that take part of a date: all of them, and the paid ones."""
        everything = paid = 0.0
        for day in days if person.approved else ():
            begin, end = day_span(day, person.timezone)
            minutes = [0.0, 0.0]
            for off in person.approved:
                lost = minutes_between(max(begin, off.start), min(end, off.end))
                minutes[off.is_paid] += max(lost, 0)
            everything += min(sum(minutes), day_worth)
            paid += min(minutes[True], day_worth)
        return everything, paid


def _bounds(
    rule: PaidTimeWeek, week: AgentWeek, days: tuple[date, ...]
) -> tuple[float, float, bool, float]:
    """The auditor's reading: least, most, whether time off moved them, and what is in reach."""
    contract, whole = week.contract, week.whole_week(days)
    worth = week.agent.contract_hours_week * 60 / contract.work_days_max
    away, idle = week.away_days(whole), week.idle_days(whole)
    absent = sum(day in away or day in idle for day in whole)
    paid_days = [day for day in whole if away.get(day) and day not in idle]
    weekend = sum(day.isoweekday() > 5 for day in paid_days)
    paid_count = len(paid_days) - min(weekend, 7 - contract.work_days_max)
    owed = min(absent, contract.work_days_max) * worth
    given = min(paid_count, contract.work_days_max) * worth
    for day in whole:
        if day not in away and day not in idle:
            lost, lost_paid = _absent_minutes(week, day)
            owed, given = owed + min(lost, worth), given + min(lost_paid, worth)
    gone, worked, earlier, is_known = week.before(days)
    credit = earlier if is_known else max(earlier, rule.least_min * gone / 7)
    free = [day for day in whole if day not in away and day not in idle]
    shift = max(map(contract.paid_min, contract.lengths_min), default=0)
    ahead = min(sum(day > days[-1] for day in free), contract.work_days_max) * shift
    here = min(sum(day in days for day in free), contract.work_days_max - worked)
    reach = max(here, 0) * shift if gone else inf
    least, most = float((rule.least_min - credit - ahead) // 1), float(rule.most_min)
    step = contract.length_step_min
    if owed:
        least = (rule.least_min - credit - ahead - owed + 1e-6) // step * step
    if given:
        most = -((given - most + 1e-6) // step) * step
    least, most = max(least, 0.0), max(most - earlier, 0.0)
    if least <= reach:
        most = max(most, least)
    return least, most, bool(owed or given), reach


def _absent_minutes(week: AgentWeek, day: date) -> tuple[float, float]:
    """Minutes of a date inside approved time off: all, and those that are paid."""
    begin, end = week.midnight(day), week.midnight(date.fromordinal(day.toordinal() + 1))
    total = paid = 0.0
    for off in week.agent.time_off:
        if off.status == "approved" and off.start < end and off.end > begin:
            minutes = (min(off.end, end) - max(off.start, begin)).total_seconds() / 60
            total += minutes
            paid += minutes if off.is_paid else 0
    return total, paid

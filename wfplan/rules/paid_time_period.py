"""Paid time of a period: the average a week over 17 weeks, history counted.

Source: Directive 2003/88/EC, articles 6 and 16 (48 hours on average over at most
four months).

The period is the horizon, its days rounded up to weeks, and as many whole weeks of
history before it as fill 17 weeks. Where the history of an agent is shorter, the
average is taken over the weeks there are: with no history at all, over the planned
week alone. Leave is neither added nor taken out. Other laws have other periods; in
a horizon of more weeks than the period has, each planning week keeps the average by
itself, with what the history holds of the first. A least asks the same of the other
side; of weeks that the horizon cuts short at its end it asks nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import MOST, SettableRule, common, minutes_of
from wfplan.rules.clock import WEEK_DAYS, calendar_weeks, midnight
from wfplan.rules.limits import NO_LIMIT, PaidPrice, stricter
from wfplan.rules.wording import say_count, say_day, say_minutes

if TYPE_CHECKING:
    from datetime import date

    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class PaidTimePeriod(SettableRule):
    """On average at most, or at least, ``average_min`` paid minutes a week over ``weeks`` weeks."""

    name: ClassVar[str] = "paid_time_period"
    average_min: int
    weeks: int = 17
    bound: str = MOST

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> PaidTimePeriod:
        """The rule from a setting in hours or minutes a week."""
        return cls(
            average_min=minutes_of(setting),
            weeks=setting.weeks or 17,
            bound=setting.bound or MOST,
            **common(setting),
        )

    @property
    def strictness(self) -> float:
        """A lower most and a higher least are stricter."""
        return -self.average_min if self.bound == MOST else self.average_min

    @property
    def family(self) -> tuple[object, ...]:
        """Another period is another rule, and so is the other side."""
        return self.name, self.weeks, self.bound

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """The period's paid minutes above, or below, the average times its weeks."""
        planned_weeks = -(-len(week.dates) // 7)
        if planned_weeks > self.weeks:
            return self._week_by_week(week)
        planned = paid = sum(duty.paid_min for duty in week.duties)
        known = 0
        for day, shift in zip(week.past_days, week.past, strict=True):
            weeks_ago = -(-(week.dates[0] - day).days // 7)
            if weeks_ago <= self.weeks - planned_weeks:
                paid += shift.paid_minutes
            known = max(known, min(weeks_ago, self.weeks - planned_weeks))
        count = planned_weeks + known
        over = min(paid - self.average_min * count, planned)  # the rest is the history's
        if self.bound != MOST:
            over = self.average_min * count - paid
        if over <= 0:
            return []
        since = week.dates[0] - timedelta(days=7 * known)
        why = (
            f"has {say_minutes(paid)} of paid time in the {say_count(count, 'week')} from "
            f"{say_day(since)}, {say_minutes(over)} {self._side} an average of "
            f"{say_minutes(self.average_min)} a week {'allows' if self.bound == MOST else 'asks'}"
        )
        reason = "history" if known else ""
        return [self.breach(week, week.midnight(week.dates[0]), over, "min", why, reason=reason)]

    def _week_by_week(self, week: AgentWeek) -> list[Breach]:
        """Planning weeks above the average, in a horizon that is longer than the period."""
        found = []
        for days in week.weeks():
            paid = sum(duty.paid_min for duty in week.duties if duty.day in days)
            _, _, earlier, _ = week.before(days)
            over = min(paid + earlier - self.average_min, paid)
            if self.bound != MOST:
                is_whole = days[-1] == week.whole_week(days)[-1]
                over = self.average_min - paid - earlier if is_whole else 0
            if over > 0:
                why = (
                    f"has {say_minutes(paid)} of paid time in the {len(days)} days from "
                    f"{say_day(days[0])}"
                    + (f" after {say_minutes(earlier)} of its week" if earlier else "")
                    + f", {say_minutes(over)} {self._side} {say_minutes(self.average_min)}"
                )
                at, reason = week.midnight(days[0]), "history" if earlier else ""
                found.append(self.breach(week, at, over, "min", why, reason=reason))
        return found

    @property
    def _side(self) -> str:
        return "more than" if self.bound == MOST else "less than"

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Leave to the horizon what the average allows, or asks, and the history has not used."""
        if (most := self._allowed(person)) is not None:
            if self.bound != MOST:
                return replace(limits, paid_week_min=max(limits.paid_week_min, most))
            return replace(limits, paid_week_max=min(limits.paid_week_max, most))
        blocks = calendar_weeks(person.dates, person.week_start)
        left = [self._left(person, days) for days in blocks]
        bounds = [(0, n) if self.bound == MOST else (n, NO_LIMIT) for n in left]
        return replace(
            limits,
            week_firsts=tuple(days[0] for days in blocks),
            paid_weeks=stricter(limits.paid_weeks, tuple(bounds)),
        )

    def soften(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Price what is above the average, or below, of the horizon or of each week."""
        if (most := self._allowed(person)) is not None:
            spans = [(0, len(person.dates), most)]
        else:
            blocks = calendar_weeks(person.dates, person.week_start)
            edges = [person.dates.index(days[0]) for days in blocks] + [len(person.dates)]
            left = [self._left(person, days) for days in blocks]
            spans = [(a, b, most) for (a, b), most in zip(pairwise(edges), left, strict=True)]
        is_below = self.bound != MOST
        prices = tuple(
            PaidPrice(self.name, a, b, most, self.weight, is_below) for a, b, most in spans
        )
        return replace(limits, paid_prices=(*limits.paid_prices, *prices))

    def _left(self, person: Person, days: tuple[date, ...]) -> int:
        """Paid minutes that a planning week may still have, or still owes."""
        is_cut = len(days) < WEEK_DAYS and days[-1] == person.dates[-1]
        if self.bound != MOST and is_cut and not self._ends_week(person, days):
            return 0
        return max(self.average_min - person.around(days).paid_min, 0)

    def _ends_week(self, person: Person, days: tuple[date, ...]) -> bool:
        """Whether some dates hold the last one of their planning week."""
        return (days[-1].weekday() + 1 - person.week_start) % WEEK_DAYS == 0

    def _allowed(self, person: Person) -> int | None:
        """Paid minutes left to the horizon; None where each of its weeks keeps the average."""
        ahead = ceil(len(person.dates) / 7)
        if ahead > self.weeks:
            return None
        reach = self.weeks - ahead
        since = midnight(person.dates[0] - timedelta(weeks=reach), person.timezone)
        recent = [shift for shift in person.past if shift.start >= since]
        behind = reach
        if person.past and person.past[0].start >= since:
            wall_days = person.dates[0].toordinal() - person.first_past_day.toordinal()
            behind = ceil(wall_days / 7)
        elif not person.past:
            behind = 0
        allowed = self.average_min * (ahead + behind) - sum(s.paid_minutes for s in recent)
        return max(allowed, 0)

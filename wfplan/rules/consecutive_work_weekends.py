"""Working weekends in a row: at most so many, history counted.

Source: a works agreement or the plan.

A weekend is a Saturday and the Sunday after it; it is worked when a shift
starts on either.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import SettableRule, common, count_of
from wfplan.rules.counts import SATURDAY, SUNDAY, WEEKEND, marked, past_marks
from wfplan.rules.days import Classes, built
from wfplan.rules.tally import OFF
from wfplan.rules.wording import say_count, say_day

if TYPE_CHECKING:
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.automaton import DayAutomaton
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek

ONE_DAY = timedelta(days=1)
State = tuple[int, bool]
"""Working weekends in a row before the latest one, and whether that one was worked."""


@dataclass(frozen=True, kw_only=True)
class ConsecutiveWorkWeekends(SettableRule):
    """At most ``most`` weekends in a row with work."""

    name: ClassVar[str] = "consecutive_work_weekends"
    most: int

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> ConsecutiveWorkWeekends:
        """The rule from a setting in weekends."""
        return cls(most=count_of(setting, "weekends"), **common(setting))

    @property
    def strictness(self) -> float:
        """Fewer weekends are stricter."""
        return -self.most

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Weekends of the horizon above the most, one breach each."""
        found = []
        run: list[date] = []
        for saturday in _saturdays(week):
            worked = [d for d in (saturday, saturday + ONE_DAY) if week.kinds.get(d, OFF) != OFF]
            if not worked:
                run = []
                continue
            run.append(worked[0])
            if len(run) > self.most and worked[0] >= week.dates[0]:
                why = (
                    f"works on {say_count(len(run), 'weekend')} in a row from {say_day(run[0])}, "
                    f"{len(run) - self.most} more than the most of {self.most}"
                )
                reason = "history" if run[0] < week.dates[0] else ""
                at = week.midnight(worked[0])
                found.append(self.breach(week, at, 1, "weekends", why, reason=reason))
        return found

    def automaton(self, person: Person) -> DayAutomaton:
        """The working weekends in a row, those of the history included."""
        reading = marked(Classes(person.contract.kinds), person, bits=WEEKEND)

        def step(state: State, symbol: int) -> tuple[State, float]:
            mark, kind = divmod(symbol, reading.width)
            run, is_worked = state
            if mark & SATURDAY:
                run = min(run + 1, self.most) if is_worked else 0
                is_worked = False
            if not mark & (SATURDAY | SUNDAY) or not kind or is_worked:
                return (run, is_worked), 0.0
            return (run, True), self.toll(run >= self.most)

        start = (0, False)
        past = zip(reading.of_past(person), past_marks(person, WEEKEND), strict=True)
        for kind, mark in past:
            start, _ = step(start, mark * reading.width + kind)
        return built(self.name, reading, reading.symbols, start, step)


def _saturdays(week: AgentWeek) -> list[date]:
    """Saturdays in order; the first may lie before what is known."""
    first, last = next(iter(week.kinds)), week.dates[-1]
    first -= timedelta(days=(first.weekday() - 5) % 7)
    return [first + timedelta(days=7 * i) for i in range((last - first).days // 7 + 1)]

"""Complete weekend: a Saturday and the Sunday after it are both worked, or both free.

Source: a works agreement or the plan (INRC-II and Curtois-Qu price the same).

A weekend is not judged where one of its dates is not known, or is wholly time
off, outside employment or without a valid skill.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from wfplan.errors import InputError
from wfplan.rules.base import SettableRule, common, count_of
from wfplan.rules.counts import AWAY, SATURDAY, SUNDAY, WEEKEND, marked, past_marks
from wfplan.rules.days import Classes, built
from wfplan.rules.tally import OFF
from wfplan.rules.wording import say_day

if TYPE_CHECKING:
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.automaton import DayAutomaton
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek

State = bool | None
"""Whether the Saturday was worked; None where it is not judged, or long ago."""


@dataclass(frozen=True, kw_only=True)
class CompleteWeekend(SettableRule):
    """No weekend is half worked."""

    name: ClassVar[str] = "complete_weekend"

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> CompleteWeekend:
        """The rule; its value is how many half weekends are allowed, which is none."""
        if count_of(setting, "weekends"):
            raise InputError(
                f"rule {setting.rule}: value = {setting.value:g} would allow half weekends. "
                "Write 0, and hardness = 'soft' with a weight where they are only dear."
            )
        return cls(**common(setting))

    @property
    def strictness(self) -> float:
        """Of the hard ones there is only one; of soft ones the dearer holds."""
        return self.weight

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Weekends of which one date is worked and the other free, one breach each."""
        found = []
        away = week.away_days().keys() | week.idle_days()
        for sunday in week.dates:
            saturday = sunday - timedelta(days=1)
            if sunday.weekday() != 6 or saturday not in week.kinds or {saturday, sunday} & away:
                continue
            worked = [d for d in (saturday, sunday) if week.kinds[d] != OFF]
            if len(worked) == 1:
                free = saturday if worked[0] == sunday else sunday
                why = f"works on {say_day(worked[0])} and is free on {say_day(free)}"
                reason = "history" if saturday < week.dates[0] else ""
                at = week.midnight(sunday)
                found.append(self.breach(week, at, 1, "weekends", why, reason=reason))
        return found

    def automaton(self, person: Person) -> DayAutomaton:
        """What the Saturday was, until the Sunday after it."""
        reading = marked(Classes(person.contract.kinds), person, bits=WEEKEND)

        def step(state: State, symbol: int) -> tuple[State, float]:
            mark, kind = divmod(symbol, reading.width)
            if mark & SATURDAY:
                return None if mark & AWAY else kind > 0, 0.0
            is_judged = bool(mark & SUNDAY) and not mark & AWAY and state is not None
            return None, self.toll(is_judged and state != (kind > 0))

        start: State = None
        for kind, mark in list(
            zip(reading.of_past(person), past_marks(person, WEEKEND), strict=True)
        )[-1:]:
            start, _ = step(None, mark * reading.width + kind)
        return built(self.name, reading, reading.symbols, start, step)

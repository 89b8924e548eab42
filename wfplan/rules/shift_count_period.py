"""Shifts of some kinds in a period: at least or at most so many, history counted.

Source: a works agreement or the plan.

Periods are whole planning weeks, counted backwards from the last week of the
horizon; the first may begin in the history. Where the history does not reach
back that far, the least of that period is not judged, and the most counts what
is known. A least that past weeks have put out of reach is told softly and
binds no plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import LEAST, MOST, SOFT, SettableRule, common, count_of
from wfplan.rules.counts import Hits, count_automaton
from wfplan.rules.days import Classes
from wfplan.rules.tally import OFF, Period, periods
from wfplan.rules.wording import say_count, say_day

if TYPE_CHECKING:
    from datetime import date
    from typing import Self

    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.automaton import DayAutomaton
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class ShiftCountPeriod(SettableRule):
    """At most, or at least, ``count`` shifts of ``kinds`` in ``weeks`` weeks (0: the horizon)."""

    name: ClassVar[str] = "shift_count_period"
    usual_weeks: ClassVar[int] = 0
    usual_kinds: ClassVar[tuple[str, ...]] = ()
    noun: ClassVar[str] = "shift"
    units: ClassVar[tuple[str, ...]] = ()
    count: int
    bound: str = MOST
    kinds: tuple[str, ...] = ()
    weeks: int = 0

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> Self:
        """The rule from a setting in shifts."""
        return cls(
            count=count_of(setting, f"{cls.noun}s", *cls.units),
            bound=setting.bound or MOST,
            kinds=setting.kinds or cls.usual_kinds,
            weeks=setting.weeks or cls.usual_weeks,
            **common(setting),
        )

    @property
    def strictness(self) -> float:
        """A lower most and a higher least are stricter."""
        return -self.count if self.bound == MOST else self.count

    @property
    def family(self) -> tuple[object, ...]:
        """Rules about other kinds, periods or sides are rules of their own."""
        return self.name, self.bound, frozenset(self.kinds), self.weeks

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Periods with too many or too few such shifts, and how many."""
        kinds = week.kinds
        found = []
        for period in periods(week, self.weeks):
            hits = [day for day in period.days if self.counts(week, day, kinds.get(day, ""))]
            if self.bound == MOST:
                in_reach = [day for day in hits if day >= week.dates[0]]
                amount = min(len(hits) - self.count, len(in_reach))
                at = in_reach[-amount] if amount > 0 else None
            else:
                is_judged = period.is_known and period.is_whole
                amount = self.count - len(hits) if is_judged else 0
                at = max(period.days[0], week.dates[0])
            if amount > 0 and at is not None:
                found.append(self._told(week, period, hits, at, amount))
        return found

    def counts(self, week: AgentWeek, day: date, kind: str) -> bool:
        """Whether a date counts, by the kind of its shift; the kind is empty if not known."""
        return kind in self.kinds if self.kinds else kind not in (OFF, "")

    def _told(
        self, week: AgentWeek, period: Period, hits: list[date], at: date, amount: int
    ) -> Breach:
        """The breach of a period."""
        is_past = period.days[0] < week.dates[0]
        before = sum(day < week.dates[0] for day in hits)
        ahead = [day for day in period.days if day >= week.dates[0]]
        is_lost = self.bound == LEAST and is_past and before + self.reach(week, ahead) < self.count
        more = f"{len(hits) - self.count} more than the most"
        if self.bound == LEAST:
            more = f"{amount} fewer than the least"
        why = (
            f"has {say_count(len(hits), self.said)} in the {len(period.days)} days from "
            f"{say_day(period.days[0])}, {more} of {self.count}"
        )
        why += ", and the past weeks leave no way to reach it" if is_lost else ""
        return self.breach(
            week,
            week.midnight(at),
            amount,
            f"{self.noun}s",
            why,
            reason="history" if is_past else "",
            hardness=SOFT if is_lost else "",
        )

    def reach(self, week: AgentWeek, days: list[date]) -> int:
        """How many of some dates can count at most."""
        return len(days)

    @property
    def said(self) -> str:
        """What is counted, in words."""
        return f"{' or '.join(self.kinds)} {self.noun}" if self.kinds else self.noun

    def automaton(self, person: Person) -> DayAutomaton:
        """The count of the period so far, what the history holds of it included."""
        groups = (frozenset(self.kinds),) if self.kinds else ()
        return count_automaton(
            self,
            person,
            Classes(person.contract.kinds, groups),
            Hits(frozenset((1,))),
            self.bound,
            self.count,
            self.weeks,
        )

"""Optional days: flex days that may be worked beyond the working days of the contract.

Source: a works agreement or the plan.

``value`` days a week come on top of the contract's ``work_days_max``; a most that
a law pack or the plan sets with ``work_days_week`` stands. Where a hard setting names
weekdays (``of``), only days on those may be the ones beyond. A soft one
allows them as well, and each that is worked costs its weight. Of a planning week that
the horizon cuts short, the history counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from wfplan.errors import InputError, did_you_mean
from wfplan.rules.base import HARD, MOST, SettableRule, common, count_of
from wfplan.rules.counts import Hits, WeekdayHits, count_automaton
from wfplan.rules.days import Classes
from wfplan.rules.wording import say_count, say_day

if TYPE_CHECKING:
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.automaton import DayAutomaton
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, kw_only=True)
class OptionalDay(SettableRule):
    """Up to ``days`` flex days a week, on ``weekdays`` (none named: on any)."""

    name: ClassVar[str] = "optional_day"
    days: int
    weekdays: frozenset[int] = frozenset()

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> OptionalDay:
        """
        The rule from a setting in days, with the weekdays that it names.

        Raises
        ------
        InputError
            When ``of`` names something else than weekdays.
        """
        for name in setting.of:
            if name not in WEEKDAYS:
                hint = did_you_mean(name, WEEKDAYS) or f"Write one of {', '.join(WEEKDAYS)}."
                raise InputError(f"rule {setting.rule}: of names '{name}', no weekday. {hint}")
        return cls(
            days=count_of(setting, "days"),
            weekdays=frozenset(WEEKDAYS.index(name) for name in setting.of),
            **common(setting),
        )

    @property
    def strictness(self) -> float:
        """Fewer days are stricter."""
        return -self.days

    @property
    def family(self) -> tuple[object, ...]:
        """What a flex day costs is told beside how many there may be."""
        return self.name, self.hardness, self.weekdays

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Days beyond the contract's: those on no flex day where hard, each of them where soft."""
        limit, found = week.contract.work_days_max, []
        if self.hardness == HARD and not self.weekdays:
            return []
        for days in week.weeks():
            whole = set(week.whole_week(days))
            plain = {day for day in whole if self.hardness != HARD or self._is_plain(day.weekday())}
            here = sorted({duty.day for duty in week.duties} & plain & set(days))
            before = {day for day in week.past_days if day in plain and day < week.dates[0]}
            over = min(len(here) + len(before) - limit, len(here))
            if over <= 0:
                continue
            why = (
                f"works on {say_count(len(here) + len(before), 'day')} of the week of "
                f"{say_day(min(whole))}, {say_count(over, 'day')} more than the {limit} of the "
                "contract" + (" and on no flex day" if self.hardness == HARD else "")
            )
            reason = "history" if before else "contract"
            at = week.midnight(here[-over])
            found.append(self.breach(week, at, over, "days", why, reason=reason))
        return found

    def _is_plain(self, weekday: int) -> bool:
        """Whether a weekday is none of the flex days."""
        return weekday not in self.weekdays

    def automaton(self, person: Person) -> DayAutomaton | None:
        """Count the days that are no flex days where hard, all of them where soft."""
        hits = Hits(frozenset((1,)))
        if self.hardness == HARD:
            if not self.weekdays:
                return None
            plain = frozenset(range(7)) - self.weekdays
            hits = WeekdayHits(frozenset((1,)), weekdays=plain)
        classes, limit = Classes(person.contract.kinds), person.contract.work_days_max
        return count_automaton(self, person, classes, hits, MOST, limit, 1)

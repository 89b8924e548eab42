"""Forbidden sequence: kinds of shift, and days off, that may not follow each other.

Source: a works agreement or the plan (an early after a late, say).

Elements are kinds of shift, ``off``, ``work`` (any shift) or ``any``, one for
each date in a row. A sequence that begins in the history and ends in the
horizon counts; days that are not known fit nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import SettableRule, common, kinds_of
from wfplan.rules.days import built
from wfplan.rules.sequences import Pattern
from wfplan.rules.tally import fits
from wfplan.rules.wording import say_day

if TYPE_CHECKING:
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.automaton import DayAutomaton
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class ForbiddenSequence(SettableRule):
    """``kinds`` never follow each other, date after date."""

    name: ClassVar[str] = "forbidden_sequence"
    kinds: tuple[str, ...]

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> ForbiddenSequence:
        """The rule; its value counts for nothing, its kinds are the sequence."""
        return cls(kinds=kinds_of(setting, least=2), **common(setting))

    @property
    def strictness(self) -> float:
        """Of one sequence there is one rule; of soft ones the dearer holds."""
        return self.weight

    @property
    def family(self) -> tuple[object, ...]:
        """Another sequence is another rule."""
        return self.name, self.kinds

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Sequences that end in the horizon, one breach each."""
        found = []
        for last in week.dates:
            days = [last - timedelta(days=n) for n in range(len(self.kinds))][::-1]
            if all(fits(week, day, name) for day, name in zip(days, self.kinds, strict=True)):
                why = (
                    f"has the sequence {', '.join(self.kinds)} from {say_day(days[0])} to "
                    f"{say_day(last)}"
                )
                reason = "history" if days[0] < week.dates[0] else ""
                at = week.midnight(last)
                found.append(self.breach(week, at, 1, "sequences", why, reason=reason))
        return found

    def automaton(self, person: Person) -> DayAutomaton:
        """How far the sequence has come, for each date on which it may have begun."""
        pattern = Pattern.of(person, self.kinds)
        whole = len(self.kinds)

        def step(begun: frozenset[int], kind: int) -> tuple[frozenset[int], float]:
            come = {n + 1 for n in begun | {0} if kind in pattern.elements[n]}
            return frozenset(come - {whole}), self.toll(whole in come)

        start: frozenset[int] = frozenset()
        for kind in pattern.reading.of_past(person):
            start, _ = step(start, kind)
        return built(self.name, pattern.reading, pattern.reading.symbols, start, step)

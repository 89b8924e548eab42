"""Required sequence: once it has begun, kinds of shift and days off that must follow.

Source: a works agreement or the plan.

Elements are kinds of shift, ``off``, ``work`` (any shift) or ``any``. Every
date that fits the first begins the sequence; the dates after it must fit the
others. Dates after the horizon are not judged, nor is what comes after a whole
date of time off, outside employment or without a valid skill that does not fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import SettableRule, common, kinds_of
from wfplan.rules.counts import AWAY, marked
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
class RequiredSequence(SettableRule):
    """The first of ``kinds`` is followed by the others, date after date."""

    name: ClassVar[str] = "required_sequence"
    kinds: tuple[str, ...]

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> RequiredSequence:
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
        """Sequences that begin and do not go on as they must, one breach each."""
        found = []
        away = week.away_days().keys() | week.idle_days()
        for first in week.kinds:
            if not fits(week, first, self.kinds[0]):
                continue
            for n, name in enumerate(self.kinds[1:], start=1):
                day = first + timedelta(days=n)
                if day not in week.kinds:
                    break
                if fits(week, day, name):
                    continue
                if day >= week.dates[0] and not (day in away and week.kinds[day] == "off"):
                    why = (
                        f"begins the sequence {', '.join(self.kinds)} on {say_day(first)} and has "
                        f"{week.kinds[day]} instead of {name} on {say_day(day)}"
                    )
                    reason = "history" if first < week.dates[0] else ""
                    at = week.midnight(day)
                    found.append(self.breach(week, at, 1, "sequences", why, reason=reason))
                break
        return found

    def automaton(self, person: Person) -> DayAutomaton:
        """Which elements are due on the next date."""
        pattern = Pattern.of(person, self.kinds)
        reading = marked(pattern.reading, person)
        whole = len(self.kinds)

        def step(due: frozenset[int], symbol: int) -> tuple[frozenset[int], float]:
            mark, kind = divmod(symbol, reading.width)
            kept = {n for n in due if kind in pattern.elements[n]}
            missed = 0 if mark & AWAY and not kind else len(due) - len(kept)
            come = {n + 1 for n in kept | ({0} if kind in pattern.elements[0] else set())}
            return frozenset(come - {whole}), self.toll(missed)

        start: frozenset[int] = frozenset()
        for kind in pattern.reading.of_past(person):
            start, _ = step(start, kind)
        return built(self.name, reading, reading.symbols, start, step)

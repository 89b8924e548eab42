"""Rotation: an ordered sequence of patterns that a person's days or weeks go through.

Source: the rotation of a works agreement or the plan.

In days, each date has what the cycle says: a kind of shift, ``off``, ``work``
(any shift) or ``any``. In weeks, all shifts of a planning week are of the kind
whose turn it is, and days off are free. The cycle begins on ``valid_from``.
Whole dates of time off, outside employment or without a valid skill are no
deviation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wfplan.errors import InputError
from wfplan.rules.base import SettableRule, common, count_of, kinds_of
from wfplan.rules.counts import AWAY, marked
from wfplan.rules.days import built
from wfplan.rules.sequences import Pattern
from wfplan.rules.tally import fits
from wfplan.rules.wording import say_day

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.automaton import DayAutomaton
    from wfplan.rules.days import Classes
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class Rotation(SettableRule):
    """Each step of ``kinds`` lasts ``step_days`` days; ``is_weekly`` leaves days off free."""

    name: ClassVar[str] = "rotation"
    kinds: tuple[str, ...]
    begins: date
    step_days: int = 1
    is_weekly: bool = False

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> Rotation:
        """The rule from a setting in days or weeks: how long each step lasts."""
        if setting.valid_from is None:
            raise InputError(
                f"rule {setting.rule}: valid_from is not said: a rotation needs the date on which "
                "its first step begins."
            )
        steps = count_of(setting, "days", "weeks")
        if steps == 0:
            raise InputError(f"rule {setting.rule}: value = 0 is no length of a step. Write 1.")
        is_weekly = setting.unit.strip().lower() in ("week", "weeks")
        return cls(
            kinds=kinds_of(setting),
            begins=setting.valid_from,
            step_days=steps * (7 if is_weekly else 1),
            is_weekly=is_weekly,
            **common(setting),
        )

    @property
    def strictness(self) -> float:
        """Of one rotation there is one rule; of soft ones the dearer holds."""
        return self.weight

    @property
    def family(self) -> tuple[object, ...]:
        """Another rotation is another rule, which will be found to contradict it."""
        return self.name, self.kinds, self.begins, self.step_days

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Dates that have something else than their turn, one breach each."""
        found = []
        away = week.away_days().keys() | week.idle_days()
        for day in week.dates:
            turn = self.kinds[(day - self.begins).days // self.step_days % len(self.kinds)]
            has = week.kinds[day]
            is_free = has == "off" and (self.is_weekly or day in away)
            if day < self.begins or is_free or fits(week, day, turn):
                continue
            why = f"has {has} instead of {turn} on {say_day(day)}, whose turn it is"
            found.append(self.breach(week, week.midnight(day), 1, "days", why))
        return found

    def automaton(self, person: Person) -> DayAutomaton:
        """A single state: each date allows its turn."""
        pattern = Pattern.of(person, self.kinds)
        reading = _Turns(
            marked(pattern.reading, person),
            tuple(
                None if day < self.begins else pattern.elements[self._turn(day)]
                for day in person.dates
            ),
            self.is_weekly,
        )
        return built(self.name, reading, 2, 0, lambda state, is_wrong: (0, self.toll(is_wrong)))

    def _turn(self, day: date) -> int:
        """Which step of the cycle a date is in."""
        return (day.toordinal() - self.begins.toordinal()) // self.step_days % len(self.kinds)


@dataclass(frozen=True)
class _Turns:
    """Symbol 0 for what a date should have, 1 for anything else."""

    classes: Classes
    turns: tuple[frozenset[int] | None, ...]
    is_off_free: bool

    def classify(
        self,
        day: int,
        start_min: NDArray[np.int64],
        end_min: NDArray[np.int64],
        paid_min: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """See :class:`wfplan.rules.automaton.SymbolOf`."""
        turn = self.turns[day]
        if turn is None:
            return np.zeros(len(start_min), dtype=np.int64)
        wrong = ~np.isin(self.classes.of_shifts(start_min, end_min), list(turn))
        return wrong.astype(np.int64)

    def off_symbol(self, day: int) -> int:
        """See :class:`wfplan.rules.automaton.SymbolOf`."""
        turn = self.turns[day]
        is_free = turn is None or self.is_off_free or bool(self.classes.marks[day] & AWAY)
        return int(not is_free and 0 not in (turn or ()))

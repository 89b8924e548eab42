"""Enumerated sequences of days, built once and read by every rule of days.

Five dates, Thursday to Monday, each a day off or one of an early, a late and a
night, of which the late one is split; longer horizons and the two clock changes
by random sequences of the same.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product
from types import ModuleType
from typing import Any

import numpy as np

from wfplan.domain.people import TimeOff
from wfplan.rules.person import Person

THURSDAY = date(2026, 11, 5)
SPRING_THURSDAY, AUTUMN_THURSDAY = date(2026, 3, 26), date(2026, 10, 22)
MONDAY = date(2026, 11, 2)
SHIFTS = (None, ("06:00", 480), ("14:00", 510), ("22:00", 480))
PAID_MIN = 480
SPLIT = {
    "length_min": 510,
    "breaks": [{"kind": "gap", "length_min": 30, "is_paid": False, "earliest_min": 240,
                "latest_min": 240}],
}  # fmt: skip
HISTORIES: dict[str, tuple[tuple[int, str], ...]] = {
    "no history": (),
    "nights before": ((-5, "06:00"), (-2, "22:00"), (-1, "22:00")),
    "a free eve": ((-9, "14:00"), (-8, "06:00"), (-5, "06:00"), (-4, "14:00"), (-3, "22:00")),
    "six before": tuple((d, "06:00") for d in range(-6, 0)),
    "a month before": tuple(
        (d, ("06:00", "14:00", "22:00")[d % 3]) for d in range(-31, 0) if d % 4
    ),
}


@dataclass(frozen=True)
class Setting:
    """A horizon, what came before it, and sequences of choices for its dates."""

    problem: Any
    first: date
    days: int
    choices: tuple[tuple[int, ...], ...]
    views: tuple[Any, ...]

    @property
    def person(self) -> Person:
        """The planner's facts."""
        agent = self.problem.agents[0]
        return Person.of(self.problem, agent, self.problem.horizon(self.first, self.days))


@lru_cache(maxsize=64)
def setting(bench: ModuleType, history: str, first: date, days: int, away: int, count: int) -> Any:
    """All sequences of a horizon, or so many random ones; ``away`` is a date of time off, or -1."""
    off = ()
    if away >= 0:
        begin = bench.wall(away, "00:00", monday=first)
        off = (TimeOff(start=begin, end=bench.wall(away + 1, "00:00", monday=first)),)
    problem = bench.plan(
        people=[bench.agent(time_off=off, max_hours_week=60)],
        work=bench.contract(work_days_max=2, shortest_min=480, length_step_min=60, splits=[SPLIT]),
        history=[
            bench.past(d, clock, dict(SHIFTS[1:])[clock], monday=first)
            for d, clock in HISTORIES[history]
        ],
        week_start=first.weekday(),
    )
    rng = random.Random(days + count)
    width = len(SHIFTS)
    if count:
        chosen = [tuple(rng.choice((0, 0, 1, 2, 3)) for _ in range(days)) for _ in range(count)]
    else:
        chosen = list(product(range(width), repeat=days))
    views = tuple(
        bench.week(*_specs(choice), problem=problem, monday=first, days=days) for choice in chosen
    )
    return Setting(problem, first, days, tuple(chosen), views)


def _specs(choice: tuple[int, ...]) -> list[tuple[int, str, int]]:
    """The shifts of a choice, as the workbench writes them."""
    return [(d, *SHIFTS[c]) for d, c in enumerate(choice) if SHIFTS[c] is not None]


def _clock(person: Person, day: int) -> tuple[Any, Any, Any]:
    """What the clock shows at both ends of the shifts of a date, and their pay."""
    from wfplan.rules.clock import instant, local

    starts, ends = [], []
    for one in SHIFTS[1:]:
        hour = int(one[0][:2])
        begin = instant(person.dates[day], hour * 60, person.timezone)
        end = local(
            begin + (instant(MONDAY, one[1], "UTC") - instant(MONDAY, 0, "UTC")), person.timezone
        )
        starts.append(hour * 60)
        ends.append((end.date() - person.dates[day]).days * 1440 + end.hour * 60 + end.minute)
    return np.array(starts), np.array(ends), np.full(len(starts), PAID_MIN)


def planned_prices(rule: Any, here: Setting) -> list[float]:
    """What the planner's face asks for each sequence: automaton and prices together."""
    person = here.person
    automaton, prices = rule.automaton(person), rule.prices(person)
    symbols, tolls = [], []
    for day in range(here.days):
        shifts = _clock(person, day)
        if automaton is not None:
            off = automaton.symbol.off_symbol(day)
            symbols.append([off, *automaton.symbol.classify(day, *shifts).tolist()])
        if prices is not None:
            tolls.append([prices.of_day_off(day), *prices.of_shifts(day, *shifts).tolist()])
    found = []
    for choice in here.choices:
        total = (
            automaton.price_of([symbols[d][c] for d, c in enumerate(choice)]) if symbols else 0.0
        )
        found.append(total + sum(tolls[d][c] for d, c in enumerate(choice) if tolls))
    return found

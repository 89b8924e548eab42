"""A made-up quarter: thirteen weeks, twelve people of two contract types, two ways of planning.

Late shifts go round with memory and stay with two people without it; weekends are the same.
"""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from wfplan.domain.quarters import PEOPLE, SERVICE, WITH, WITHOUT, Quarter
from wfplan.evaluation import quarter_spreads

FIRST, COUNT = date(2026, 10, 26), 13
TYPES = {"evening": 4, "full_time": 8}


def synthetic_quarter(weeks: int = COUNT, memories: tuple[str, ...] = (WITH, WITHOUT)) -> Quarter:
    """The first so many weeks of it, of thirteen that were asked for."""
    days = [FIRST + timedelta(weeks=k) for k in range(COUNT)]
    people, service = [], []
    for memory in memories:
        for k, day in enumerate(days[:weeks]):
            people += list(_people(memory, k, day))
            service += list(_service(memory, k, day))
    frame = pd.DataFrame(people, columns=list(PEOPLE.names))
    served = pd.DataFrame(service, columns=list(SERVICE.names))
    return Quarter(
        "Aranmore Energy", tuple(days), date(2026, 10, 25), frame, served, quarter_spreads(frame)
    )


def _people(memory: str, k: int, day: date):
    number = 0
    for kind, count in TYPES.items():
        for i in range(count):
            number += 1
            is_late = i in ({(2 * k) % count, (2 * k + 1) % count} if memory == WITH else {0, 1})
            load = 8.0 + (4.0 if memory == WITHOUT and is_late else 0.3 * k)
            yield (
                memory, day, f"A{number:03}", kind,
                0.0, float(i % 2), 4.0 * is_late, 0.0, 0.0,
                None, 0.5, 8.0 / count, None, None,
                7 * load, load, 0.8 * load, 2, 1 + is_late, 2250.0,
            )  # fmt: skip


def _service(memory: str, k: int, day: date):
    yield memory, day, "", "service_level", 0.87 + 0.002 * (k % 3)
    yield memory, day, "voice", "service_level", 0.86
    yield memory, day, "", "harm", 8000.0 + 10 * k
    yield memory, day, "", "hard_breaches", 0.0 if memory == WITH or k == 0 else 2.0
    yield memory, day, "", "soft_breaches", 1.0

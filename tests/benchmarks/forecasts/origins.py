"""Rolling origins: what wfplan and the yardsticks said before each, and what then came.

At every origin one forecast of four weeks is made from the rows before it; its first, second and
fourth week are scored. Nothing is shuffled; nothing later than the origin is handed over.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from forecasts import Forecast, forecast
from tests.benchmarks.forecasts.material import Material
from tests.benchmarks.forecasts.totals import totals
from tests.benchmarks.forecasts.yardsticks import LEVELS, YARDSTICKS, point, quantiles

LEADS = (1, 2, 4)
AHEAD_DAYS = 28
ORIGINS_MOST = 60
Maker = Callable[[Material, int], tuple[pd.DataFrame, "object"]]


@dataclass
class Cells:
    """Actual, forecast and quantiles of one method at one lead, cell by cell."""

    actual: list[np.ndarray] = field(default_factory=list)
    mean: list[np.ndarray] = field(default_factory=list)
    quantiles: list[np.ndarray] = field(default_factory=list)
    origins: int = 0

    def add(self, actual: np.ndarray, mean: np.ndarray, levels: np.ndarray) -> None:
        """Cells of one more origin: (cell,), (cell,), (level, cell)."""
        self.actual.append(actual)
        self.mean.append(mean)
        self.quantiles.append(levels)
        self.origins += 1

    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Everything in one piece."""
        return (
            np.concatenate(self.actual),
            np.concatenate(self.mean),
            np.concatenate(self.quantiles, axis=1),
        )


@dataclass
class Outcome:
    """
    Cells by (method, lead), seconds of every forecast, and what was chosen.

    ``totals`` are those of our four weeks, by ``day`` and ``week``.
    """

    cells: dict[tuple[str, int], Cells]
    seconds: list[float]
    models: list[pd.DataFrame]
    totals: dict[str, Cells] = field(default_factory=dict)


def cuts(material: Material) -> list[int]:
    """Origins of a series, oldest first; at least the first week after each has come."""
    first = int(material.days[0]) + material.first_cut_days
    if material.step_days % 7 == 0:
        first += -(first + 3) % 7
    found = list(range(first, int(material.days[-1]) + 2 - 5, material.step_days))
    return found[-ORIGINS_MOST:]


def outcome(material: Material, every: int = 1) -> Outcome:
    """All origins (or every so many) of a series."""
    found = Outcome({}, [], [])
    for cut in cuts(material)[::every]:
        began = time.process_time()
        made = our_forecast(material, cut)
        found.seconds.append(time.process_time() - began)
        table, models = as_table(material, made, cut)
        for name, arrays in totals(material, made, cut, AHEAD_DAYS).items():
            found.totals.setdefault(name, Cells()).add(*arrays)
        if models is not None:
            found.models.append(models.assign(cut=cut))
        for lead, days in weeks(material, cut):
            actual = material.grid[days - material.days[0]]
            said = {"wfplan": from_table(table, days, actual.shape[1])}
            for name in YARDSTICKS:
                middle = point(material, name, cut, days)
                levels = quantiles(material, name, cut, days, middle)
                said[name] = np.concatenate([middle[None], levels])
            keep = np.isfinite(actual)
            for values in said.values():
                keep &= np.isfinite(values).all(axis=0)
            for name, values in said.items():
                cells = found.cells.setdefault((name, lead), Cells())
                cells.add(actual[keep], values[0][keep], values[1:, keep])
    return found


def weeks(material: Material, cut: int) -> Iterator[tuple[int, np.ndarray]]:
    """The weeks that are scored, by lead; only those that have come as a whole."""
    for lead in LEADS:
        days = cut + np.arange(7 * (lead - 1), 7 * lead)
        came = days[days <= material.days[-1]]
        if came.size >= 5:
            yield lead, came


def ours(material: Material, cut: int) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Our forecast of four weeks, with day and slot, and the table of models if there is one."""
    return as_table(material, our_forecast(material, cut), cut)


def our_forecast(material: Material, cut: int) -> Forecast:
    """Our forecast of the four weeks after an origin."""
    return forecast(
        material.before(cut),
        material.future(cut, AHEAD_DAYS)[["channel", "interval_start", "is_open"]],
        timezone=material.timezone,
        calendar=material.calendar,
        interval_min=material.interval_min,
    )


def as_table(
    material: Material, made: Forecast, cut: int
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Intervals with day and slot, and the table of models."""
    future = material.future(cut, AHEAD_DAYS)
    table = made.intervals.assign(day=future["day"], slot=future["slot"])
    return table, getattr(made, "models", None)


def from_table(table: pd.DataFrame, days: np.ndarray, slots: int) -> np.ndarray:
    """Mean and quantiles of days as one array, (value, day, slot)."""
    columns = ["offered_mean", *(column_of(level) for level in LEVELS)]
    found = np.full((len(columns), days.size, slots), np.nan)
    some = table[table["day"].isin(days)]
    at = (some["day"] - days[0]).to_numpy(), some["slot"].to_numpy()
    for row, name in enumerate(columns):
        found[row][at] = some[name] if name in some else some["offered_mean"]
    return found


def column_of(level: float) -> str:
    """Name of the column of a quantile."""
    return "offered_q" + f"{level:g}".removeprefix("0.").ljust(2, "0")

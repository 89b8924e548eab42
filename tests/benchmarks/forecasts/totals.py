"""Totals of days and weeks beside their quantiles: what the four weeks of an origin promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.benchmarks.forecasts.material import EPOCH, Material

if TYPE_CHECKING:
    from forecasts import Forecast

QUANTILES = ("offered_q025", "offered_q10", "offered_q50", "offered_q90", "offered_q975")


def totals(
    material: Material, made: Forecast, cut: int, length: int
) -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """
    Actual, mean and quantiles (level, total) by ``day`` and ``week``.

    Only totals of which every planned interval has come; days without contacts to come are none.
    """
    days = np.arange(cut, cut + length)
    came = days[days <= material.days[-1]]
    planned = material.open_cells(came)
    actual = material.grid[came - material.days[0]]
    known = (np.isfinite(actual) | ~planned).all(axis=1)
    total = np.where(known, np.nansum(np.where(planned, actual, 0.0), axis=1), np.nan)
    total[~planned.any(axis=1)] = 0.0
    found = {}
    for name, table in (("day", made.days()), ("week", made.weeks())):
        number = (pd.to_datetime(table[name]) - EPOCH).dt.days.to_numpy()
        begun = came - (came + 3) % 7 if name == "week" else came
        whole = pd.Series(total).groupby(begun).sum(min_count=1, skipna=True)
        broken = pd.Series(np.isnan(total)).groupby(begun).any()
        size = pd.Series(days - (days + 3) % 7 if name == "week" else days).value_counts()
        full = pd.Series(begun).value_counts().reindex(size.index, fill_value=0) == size
        whole = whole[~broken & full.reindex(whole.index)]
        on = np.isin(number, whole.index) & (table["offered_mean"] > 0).to_numpy()
        some = table[on]
        found[name] = (
            whole.reindex(number[on]).to_numpy(np.float64),
            some["offered_mean"].to_numpy(np.float64),
            some[list(QUANTILES)].to_numpy(np.float64).T,
        )
    return found

"""The tidy outcome of a simulation as series over intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.domain.results import Outcome

FloatArray = NDArray[np.float64]
_COLUMNS = ("value", "q10", "q90")


class Series:
    """
    Measures by channel: values of the week, and per interval, NaN where there is none.

    The channel ``""`` is all channels together.
    """

    def __init__(self, outcome: Outcome) -> None:
        horizon, table = outcome.horizon, outcome.measures
        self._count = horizon.interval_count
        known = [column for column in _COLUMNS if column in table.columns]
        starts = pd.to_datetime(table["interval_start"], utc=True)
        elapsed = (starts - pd.Timestamp(horizon.start)) / pd.Timedelta(
            minutes=horizon.interval_min
        )
        index = elapsed.fillna(-1).to_numpy(dtype=np.float64).round().astype(np.int64)
        self._week: dict[tuple[str, str, str], float] = {}
        self._grids: dict[tuple[str, str, str], FloatArray] = {}
        rows = table[known].to_numpy(dtype=np.float64)
        keys = zip(table["measure"], table["channel"], index.tolist(), strict=True)
        for (measure, channel, at), values in zip(keys, rows, strict=True):
            if at < 0:
                for column, value in zip(known, values.tolist(), strict=True):
                    self._week[str(measure), str(channel), column] = value
            elif at < self._count:
                for column, value in zip(known, values.tolist(), strict=True):
                    key = (str(measure), str(channel), column)
                    if key not in self._grids:
                        self._grids[key] = np.full(self._count, np.nan)
                    self._grids[key][at] = value

    def week(self, measure: str, channel: str = "", column: str = "value") -> float:
        """The week's value; NaN where it was not simulated."""
        return self._week.get((measure, channel, column), float("nan"))

    def grid(self, measure: str, channel: str = "", column: str = "value") -> FloatArray:
        """Values per interval, (interval,)."""
        found = self._grids.get((measure, channel, column))
        return np.full(self._count, np.nan) if found is None else found

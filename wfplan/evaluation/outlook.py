"""What a forecast says of each channel: totals with ranges, the peak, its test on the past.

Totals come from the forecast's own distribution of days and weeks. Where intervals were changed
afterwards (by hand, or by a scenario), the ranges of a total are scaled with its mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite, nan
from typing import Any

import numpy as np
import pandas as pd

from wfplan.domain.backtests import LAST
from wfplan.domain.forecast_tables import FORECAST_MODELS, FORECAST_TOTALS
from wfplan.domain.results import DemandForecast, FloatArray
from wfplan.evaluation.forecast_verdicts import ForecastVerdict

QUANTILES = ("offered_q025", "offered_q10", "offered_q50", "offered_q90", "offered_q975")
BLEND = "blend"
PLAIN = (LAST, "mean of 4 weeks", "median of 6 weeks", "mean of 8 weeks")


@dataclass(frozen=True)
class Total:
    """Contacts of a day or week: mean and quantiles, NaN where a run is too old to know them."""

    first_day: date
    mean: float
    q025: float
    q10: float
    q50: float
    q90: float
    q975: float

    def as_dict(self) -> dict[str, Any]:
        """The total as plain values."""
        known = {
            name: None if isinstance(value, float) and not isfinite(value) else value
            for name, value in vars(self).items()
        }
        return {**known, "first_day": self.first_day.isoformat()}


@dataclass(frozen=True)
class Weight:
    """A model of the blend: its weight, and its WAPE in tests on the past (NaN: not tested)."""

    model: str
    weight: float
    wape: float


@dataclass(frozen=True)
class ChannelOutlook:
    """
    One channel of a forecast.

    ``peak`` are the expected contacts of the busiest interval, which begins at ``peak_at``;
    ``aht_s`` is contact-weighted. ``verdict`` is the forecast's own test on past weeks, None
    where the history was too short; ``weights`` are the models, heaviest first.
    """

    channel: str
    weeks: tuple[Total, ...]
    days: tuple[Total, ...]
    peak_at: datetime | None
    peak: float
    aht_s: float
    verdict: ForecastVerdict | None
    weights: tuple[Weight, ...]

    def as_dict(self) -> dict[str, Any]:
        """The outlook as plain values."""
        return {
            "channel": self.channel,
            "weeks": [total.as_dict() for total in self.weeks],
            "days": [total.as_dict() for total in self.days],
            "peak": {
                "interval_start": None if self.peak_at is None else self.peak_at.isoformat(),
                "offered_mean": self.peak,
            },
            "aht_s": self.aht_s if isfinite(self.aht_s) else None,
            "test": None if self.verdict is None else self.verdict.as_dict(),
            "models": [
                {**vars(one), "wape": one.wape if isfinite(one.wape) else None}
                for one in self.weights
            ],
        }


def channel_outlooks(demand: DemandForecast, week_start: int = 0) -> tuple[ChannelOutlook, ...]:
    """The outlook of every channel; ``week_start`` is the weekday on which weeks begin."""
    return tuple(_outlook(demand, c, week_start) for c in range(len(demand.channels)))


def _outlook(demand: DemandForecast, c: int, week_start: int) -> ChannelOutlook:
    name, mean = demand.channels[c], demand.offered_mean[c]
    horizon = demand.horizon
    top = int(mean.argmax()) if mean.size else 0
    days = np.array(horizon.dates)[horizon.interval_days]
    back = (horizon.first_day.weekday() - week_start) % 7
    weeks = np.array(horizon.dates)[np.maximum((horizon.interval_days + back) // 7 * 7 - back, 0)]
    models = demand.tables.get(FORECAST_MODELS.name)
    own = None if models is None else models[models["channel"] == name]
    return ChannelOutlook(
        name,
        _totals(demand, c, "week", weeks),
        _totals(demand, c, "day", days),
        horizon.interval_instant(top) if mean.sum() > 0 else None,
        float(mean.max(initial=0.0)),
        float(np.average(demand.aht_s[c], weights=mean)) if mean.sum() > 0 else nan,
        None if own is None else _verdict(name, own),
        () if own is None else _weights(own),
    )


def _totals(
    demand: DemandForecast, c: int, span: str, labels: np.ndarray[Any, Any]
) -> tuple[Total, ...]:
    """Totals of one channel by the dates that label its intervals."""
    table = demand.tables.get(FORECAST_TOTALS.name, pd.DataFrame(columns=FORECAST_TOTALS.names))
    own = table[(table["channel"] == demand.channels[c]) & (table["span"] == span)]
    numbers = own[["offered_mean", *QUANTILES]].to_numpy(np.float64).tolist()
    kept = dict(zip(own["first_day"].tolist(), numbers, strict=True))
    found = []
    for first in dict.fromkeys(labels.tolist()):
        mean = float(demand.offered_mean[c][labels == first].sum())
        told = [nan] * len(QUANTILES)
        row = kept.get(_same_week(list(kept), first, span))
        if row is not None and row[0] > 0:
            told = [value * mean / row[0] for value in row[1:]]
        elif mean == 0:
            told = [0.0] * len(QUANTILES)
        found.append(Total(first, mean, *told))
    return tuple(found)


def _same_week(known: list[date], first: date, span: str) -> date:
    """The label under which the table has a week of which the horizon has only a part."""
    inside = [day for day in known if 0 <= (first - day).days < 7]
    return inside[-1] if span == "week" and inside else first


def _verdict(channel: str, models: pd.DataFrame) -> ForecastVerdict | None:
    """The first week of lead that was tested."""
    tested = models[(models["model"] == BLEND) & models["wape"].notna()]
    if tested.empty:
        return None
    week = int(tested["week"].min())
    rows = models[models["week"] == week].set_index("model")
    wapes: FloatArray = rows["wape"].to_numpy(np.float64)
    by_name = dict(zip(rows.index.tolist(), wapes.tolist(), strict=True))
    plain = {one: by_name[one] for one in PLAIN if isfinite(by_name.get(one, nan))}
    best = min(plain, key=lambda one: plain[one]) if plain else ""
    wape = by_name[BLEND]
    return ForecastVerdict(
        channel,
        week,
        0,
        wape=wape,
        floor=float(rows["noise_floor"].iloc[0]),
        last=plain.get(LAST, nan),
        best_name=best,
        best=plain.get(best, nan),
        gain=plain[best] - wape if best else nan,
    )


def _weights(models: pd.DataFrame) -> tuple[Weight, ...]:
    """The models of the first week of lead that was tested, heaviest first."""
    tested = models[(models["model"] == BLEND) & models["wape"].notna()]
    week = int(tested["week"].min()) if len(tested) else 1
    rows = models[(models["week"] == week) & (models["model"] != BLEND)]
    found = [
        Weight(str(name), float(weight), float(wape))
        for name, weight, wape in zip(rows["model"], rows["weight"], rows["wape"], strict=True)
    ]
    return tuple(sorted(found, key=lambda one: -one.weight))

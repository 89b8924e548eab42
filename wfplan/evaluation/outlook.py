"""What a forecast says of each channel: totals with ranges, the peak, its test on the past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite, nan
from typing import Any

import numpy as np
import pandas as pd

from wfplan.domain.backtests import LAST
from wfplan.domain.forecast_tables import FORECAST_MODELS
from wfplan.domain.results import DemandForecast, FloatArray
from wfplan.evaluation.forecast_verdicts import ForecastVerdict
from wfplan.staffing.totals import QUANTILES, current_totals

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
    totals = current_totals(demand, week_start)
    return tuple(_outlook(demand, c, totals) for c in range(len(demand.channels)))


def _outlook(demand: DemandForecast, c: int, totals: pd.DataFrame) -> ChannelOutlook:
    name, mean = demand.channels[c], demand.offered_mean[c]
    top = int(mean.argmax()) if mean.size else 0
    models = demand.tables.get(FORECAST_MODELS.name)
    own = None if models is None else models[models["channel"] == name]
    of_channel = totals[totals["name"] == name]
    return ChannelOutlook(
        name,
        _totals(of_channel, "week"),
        _totals(of_channel, "day"),
        demand.horizon.interval_instant(top) if mean.sum() > 0 else None,
        float(mean.max(initial=0.0)),
        float(np.average(demand.aht_s[c], weights=mean)) if mean.sum() > 0 else nan,
        None if own is None else _verdict(name, own),
        () if own is None else _weights(own),
    )


def _totals(totals: pd.DataFrame, span: str) -> tuple[Total, ...]:
    """The days, or the weeks, in order."""
    rows = totals[totals["span"] == span]
    columns = ["offered_mean", *QUANTILES]
    numbers = rows[columns].to_numpy(np.float64).tolist()
    return tuple(Total(day, *of) for day, of in zip(rows["first_day"], numbers, strict=True))


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

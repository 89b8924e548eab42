"""What a backtest says of a forecast, channel by channel: against chance and plain averages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite, nan
from typing import Any

import pandas as pd

from wfplan.domain.backtests import LAST, OURS, ForecastBacktest


@dataclass(frozen=True)
class ForecastVerdict:
    """
    One channel at one lead. Errors are shares of the contacts.

    ``last`` is the WAPE of the last same weekday, ``best`` that of the plain average
    ``best_name`` that missed least; ``gain`` how much less was missed than by it, with the
    ``half_width`` of its 95 % interval. ``day_wape`` and ``week_wape`` are of totals.
    NaN where it is not known.
    """

    channel: str
    lead: int
    origins: int
    wape: float
    floor: float
    last: float = nan
    best_name: str = ""
    best: float = nan
    gain: float = nan
    half_width: float = nan
    bias: float = nan
    coverage80: float = nan
    coverage95: float = nan
    day_wape: float = nan
    week_wape: float = nan

    @property
    def is_better(self) -> bool:
        """Whether less was missed than by every plain average."""
        return self.gain > 0

    @property
    def is_sure(self) -> bool:
        """Whether the difference to the best plain average is more than chance."""
        return abs(self.gain) > self.half_width

    @property
    def is_calibrated(self) -> bool:
        """Whether 80 % ranges hold 77 to 83 %."""
        return 0.77 <= self.coverage80 <= 0.83

    def as_dict(self) -> dict[str, Any]:
        """The verdict as plain values, ``None`` for what is not known."""
        known = {
            name: None if isinstance(value, float) and not isfinite(value) else value
            for name, value in vars(self).items()
        }
        return {**known, "is_better": self.is_better, "is_sure": self.is_sure}


def forecast_verdicts(found: ForecastBacktest) -> tuple[ForecastVerdict, ...]:
    """Verdicts of every channel and lead, in the order of the plan."""
    verdicts = list(_verdicts(found.scores))
    order = {name: c for c, name in enumerate(found.channels)}
    return tuple(sorted(verdicts, key=lambda v: (order.get(v.channel, len(order)), v.lead)))


def _verdicts(scores: pd.DataFrame) -> Iterator[ForecastVerdict]:
    """A verdict for every channel and lead."""
    names = [str(name) for name in scores]
    columns = [scores[name].tolist() for name in names]
    rows: list[dict[str, Any]] = [
        dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)
    ]
    groups: dict[tuple[str, int], dict[tuple[str, str], dict[str, Any]]] = {}
    for row in rows:
        of_group = groups.setdefault((row["channel"], int(row["lead_weeks"])), {})
        of_group[row["grain"], row["method"]] = row
    for (channel, lead), found in groups.items():
        if ("interval", OURS) in found:
            yield _verdict(channel, lead, found)


def _verdict(
    channel: str, lead: int, found: dict[tuple[str, str], dict[str, Any]]
) -> ForecastVerdict:
    """The verdict from the scores of every grain and method."""
    ours = found["interval", OURS]
    others = {
        method: row
        for (grain, method), row in found.items()
        if grain == "interval" and method != OURS and isfinite(row["wape"])
    }
    best = min(others, key=lambda method: float(others[method]["wape"])) if others else ""
    of_best = others.get(best, {})
    wapes = {grain: found.get((grain, OURS), {}).get("wape", nan) for grain in ("day", "week")}
    same = ("wape", "bias", "coverage80", "coverage95")
    return ForecastVerdict(
        channel,
        lead,
        int(ours["origins"]),
        floor=ours["noise_floor"],
        last=others.get(LAST, {}).get("wape", nan),
        best_name=best,
        best=of_best.get("wape", nan),
        gain=of_best.get("gain", nan),
        half_width=of_best.get("gain_half_width", nan),
        day_wape=wapes["day"],
        week_wape=wapes["week"],
        **{name: ours[name] for name in same},
    )

"""A contact centre whose law is known, as the frames that a forecast takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

WEEKDAY_FACTORS = np.array([1.3, 1.1, 1.0, 0.95, 1.0, 0.5, 0.4])


@dataclass(frozen=True)
class Centre:
    """History and horizon of one channel, with the true rates and later counts."""

    history: pd.DataFrame
    future: pd.DataFrame
    rate: np.ndarray  # true expected contacts per row of future
    later: np.ndarray  # counts that come afterwards


def instants(start: str, days: int, timezone: str, interval_min: int) -> pd.DatetimeIndex:
    """Interval starts of local days, as UTC instants."""
    first = pd.Timestamp(start, tz=timezone)
    end = first + pd.DateOffset(days=days)
    return pd.date_range(
        first.tz_convert("UTC"), end.tz_convert("UTC"), freq=f"{interval_min}min", inclusive="left"
    )


def make_centre(
    *,
    start: str = "2025-01-06",
    days: int = 84,
    ahead: int = 7,
    gap: int = 0,
    timezone: str = "Europe/Dublin",
    interval_min: int = 15,
    peak: float = 40.0,
    window: tuple[int, int] = (7 * 60, 21 * 60),
    weekdays: Sequence[int] = (0, 1, 2, 3, 4, 5),
    day_cv: float = 0.05,
    level: Callable[[np.ndarray], np.ndarray] = np.ones_like,
    seed: int = 1,
) -> Centre:
    """Gamma busy days, Poisson counts, a sine over the day, factors per weekday."""
    rng = np.random.default_rng(seed)
    when = instants(start, days + gap + ahead, timezone, interval_min)
    local = when.tz_convert(timezone)
    minute = (local.hour * 60 + local.minute).to_numpy()
    weekday = local.day_of_week.to_numpy()
    day = (local.tz_localize(None).normalize() - pd.Timestamp(start)).days.to_numpy()
    is_open = (minute >= window[0]) & (minute < window[1]) & np.isin(weekday, weekdays)
    shape = np.sin(np.pi * (minute - window[0]) / (window[1] - window[0])).clip(0.05)
    rate = peak * shape * WEEKDAY_FACTORS[weekday] * level(day.astype(float)) * is_open
    busy = rng.gamma(day_cv**-2, day_cv**2, day.max() + 1)[day] if day_cv else 1.0
    counts = rng.poisson(rate * busy).astype(float)
    frame = pd.DataFrame(
        {
            "channel": "voice",
            "interval_start": when,
            "offered": counts,
            "aht_s": np.where(counts > 0, 300.0, np.nan),
            "is_open": is_open,
        }
    )
    past, later = is_open & (day < days), day >= days + gap
    return Centre(
        frame[past].drop(columns="is_open").reset_index(drop=True),
        frame[later][["channel", "interval_start", "is_open"]].reset_index(drop=True),
        rate[later],
        counts[later],
    )


@pytest.fixture
def centre() -> Callable[..., Centre]:
    """The maker of centres."""
    return make_centre


@pytest.fixture
def calendar() -> Callable[..., pd.DataFrame]:
    """A calendar frame of (day, kind, name, factor) rows for all channels."""

    def make(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "day": [pd.Timestamp(row[0]).date() for row in rows],
                "kind": [row[1] for row in rows],
                "name": [row[2] for row in rows],
                "channel": "",
                "factor": [row[3] for row in rows],
            }
        )

    return make

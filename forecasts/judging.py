"""
What forecasts said some time ago, judged by what came: ours, the planner's, anybody's.

All methods are scored on the same cells, so that differences are theirs. What a hand adds is
the fall of the error from the forecast below it to the one with it (forecast value added [1]_).

References
----------
.. [1] Gilliland, M. (2010). *The Business Forecasting Deal*. Wiley, chapter 4: forecast value
       added analysis.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import t as student

from forecasts.backtests.metrics import bias, coverage, noise_floor, pinball, wape
from forecasts.backtests.scores import Backtest

JUDGED_COLUMNS = (
    "channel", "lead", "method", "wape", "bias", "pinball", "coverage80", "floor", "contacts",
    "cells",
)  # fmt: skip
LAST, FOUR = "same weekday last", "mean of 4 weeks"
_WEEKS_BACK = 4
_DAYS_LEAST = 3
_WEEK_S = 7 * 86_400
_KEY = ["channel", "interval_start", "origin"]


def with_yardsticks(said: pd.DataFrame, came: pd.DataFrame, timezone: str) -> pd.DataFrame:
    """
    What was said, with what plain averages of recent weeks would have said at the same time.

    Parameters
    ----------
    said
        Columns channel, interval_start, origin (the instant up to which it was known what came),
        method, mean, q10, q50, q90 (NaN where a method has none).
    came
        Columns channel, interval_start, offered, of intervals as long as those of ``said``.
    """
    cells = said[_KEY].drop_duplicates(ignore_index=True)
    wall = _wall(came["interval_start"], timezone)
    known = came["offered"].groupby([came["channel"], wall]).mean()
    starts = _wall(cells["interval_start"], timezone)
    lead = _lead(cells)
    past = []
    for back in range(_WEEKS_BACK):
        then = starts - pd.to_timedelta((lead + back) * 7, unit="D")
        index = pd.MultiIndex.from_arrays([cells["channel"], then])
        past.append(known.reindex(index).to_numpy(np.float64))
    weeks = pd.DataFrame(past).T
    plain = {LAST: weeks[0], FOUR: weeks.mean(axis=1).where(weeks.notna().sum(axis=1) >= 2)}
    return pd.concat(
        [said, *(cells.assign(method=name, mean=values) for name, values in plain.items())],
        ignore_index=True,
    )


def judge(said: pd.DataFrame, came: pd.DataFrame) -> pd.DataFrame:
    """
    Scores by channel, week of lead and method, all methods on the cells that all of them have.

    Parameters
    ----------
    said, came
        As for :func:`with_yardsticks`. Cells of which nothing came to be known are left out.

    Returns
    -------
    pandas.DataFrame
        Columns channel, lead (weeks from the origin, 1 is the first; 0 is all), method, wape,
        bias, pinball (twice the mean over 0.1, 0.5, 0.9) and floor as shares of the contacts,
        coverage80, contacts and cells. NaN where a method has no such number.
    """
    known = came[["channel", "interval_start", "offered"]]
    both = said.merge(known, on=["channel", "interval_start"]).dropna(subset=["mean", "offered"])
    if both.empty:
        return pd.DataFrame(columns=list(JUDGED_COLUMNS))
    both["lead"] = _lead(both)
    rows = []
    for channel, of_channel in both.groupby("channel", sort=False):
        leads = sorted(of_channel["lead"].unique())
        for lead in (*leads, 0) if len(leads) > 1 else (0,):
            some = of_channel if lead == 0 else of_channel[of_channel["lead"] == lead]
            methods = some["method"].nunique()
            some = some[some.groupby(_KEY)["method"].transform("nunique") == methods]
            for method, cells in some.groupby("method", sort=False):
                rows.append((channel, int(lead), method, *_scores(cells)))
    return pd.DataFrame(rows, columns=list(JUDGED_COLUMNS))


def beside(found: Backtest, theirs: pd.DataFrame, timezone: str) -> pd.DataFrame:
    """
    A forecast from elsewhere beside a backtest's methods, as :func:`judge` scores them.

    Parameters
    ----------
    theirs
        Rows as for :func:`with_yardsticks`; ``origin`` is when each was made. Of an interval the
        newest counts that was made before a backtest's origin: nobody knows more than the others.
    """
    cells = found.cells[["channel", "interval_start", "actual"]].reset_index(drop=True)
    midnight = pd.to_datetime(found.cells["origin"]).dt.tz_localize(
        timezone, ambiguous=True, nonexistent="shift_forward"
    )
    cells["interval_start"] = pd.to_datetime(cells["interval_start"], utc=True)
    cells["origin"] = midnight.dt.tz_convert("UTC").to_numpy()
    cells["origin"] = pd.to_datetime(cells["origin"], utc=True)
    made = cells[_KEY].merge(theirs.rename(columns={"origin": "made"}), on=_KEY[:2])
    made = made[made["made"] <= made["origin"]].sort_values("made", kind="stable")
    made = made.drop_duplicates([*_KEY, "method"], keep="last").drop(columns="made")
    if made.empty:
        return pd.DataFrame(columns=list(JUDGED_COLUMNS))
    ours = []
    for method in found.methods:
        mean, _, low, middle, high, _ = found.said[method]
        ours.append(cells[_KEY].assign(method=method, mean=mean, q10=low, q50=middle, q90=high))
    came = cells.rename(columns={"actual": "offered"}).drop_duplicates(_KEY[:2])
    both = pd.concat(ours).merge(made[_KEY].drop_duplicates(), on=_KEY)
    return judge(pd.concat([both, made], ignore_index=True), came)


def value_added(
    said: pd.DataFrame, came: pd.DataFrame, timezone: str, *, below: str, above: str
) -> pd.DataFrame:
    """
    How much less one method missed than the one below it, by channel.

    Parameters
    ----------
    said, came
        As for :func:`with_yardsticks`; both methods are compared on the cells that both have.

    Returns
    -------
    pandas.DataFrame
        Columns channel, without and with (WAPE of the two), gain (their difference, above 0 it
        helped), half_width (of its 95 % interval, from the spread over days; NaN with fewer than
        three) and cells. A gain within its half-width may be chance.
    """
    known = came[["channel", "interval_start", "offered"]]
    pairs = said[said["method"] == below].merge(
        said.loc[said["method"] == above, [*_KEY, "mean"]], on=_KEY, suffixes=("", "_above")
    )
    both = pairs.merge(known, on=["channel", "interval_start"])
    both = both.dropna(subset=["mean", "mean_above", "offered"])
    missed = (both["mean"] - both["offered"]).abs(), (both["mean_above"] - both["offered"]).abs()
    both = both.assign(without=missed[0], less=missed[0] - missed[1],
                       day=_wall(both["interval_start"], timezone).dt.normalize())  # fmt: skip
    rows = []
    for channel, cells in both.groupby("channel", sort=False):
        total = float(cells["offered"].sum())
        if total <= 0:
            continue
        by_day = cells.groupby("day")["less"].sum().to_numpy(np.float64)
        width = float("nan")
        if by_day.size >= _DAYS_LEAST:
            reach = float(student.ppf(0.975, by_day.size - 1))
            width = reach * float(by_day.std(ddof=1)) * float(np.sqrt(by_day.size)) / total
        without, gain = float(cells["without"].sum()) / total, float(by_day.sum()) / total
        rows.append((channel, without, without - gain, gain, width, len(cells)))
    columns = ["channel", "without", "with", "gain", "half_width", "cells"]
    return pd.DataFrame(rows, columns=columns)


def _scores(cells: pd.DataFrame) -> tuple[float, ...]:
    """The scores of one method."""
    actual, mean, low, middle, high = (
        cells[name].to_numpy(np.float64) for name in ("offered", "mean", "q10", "q50", "q90")
    )
    total, nan = float(actual.sum()), float("nan")
    has = np.isfinite(low) & np.isfinite(high)
    loss = nan
    if has.all() and total > 0:
        middle = np.where(np.isfinite(middle), middle, mean)
        loss = 2.0 * actual.size * pinball(actual, np.array([low, middle, high])) / total
    return (
        wape(actual, mean),
        bias(actual, mean),
        loss,
        coverage(actual[has], low[has], high[has]),
        noise_floor(mean),
        total,
        actual.size,
    )


def _lead(cells: pd.DataFrame) -> pd.Series:
    """Weeks from the origin, 1 is the first."""
    ahead_s = (cells["interval_start"] - cells["origin"]).dt.total_seconds()
    return (ahead_s // _WEEK_S).astype(np.int64) + 1


def _wall(instants: pd.Series, timezone: str) -> pd.Series:
    """Wall time of instants, without its zone."""
    wall: pd.Series = instants.dt.tz_convert(timezone).dt.tz_localize(None)
    return wall

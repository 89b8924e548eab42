"""Other libraries' forecasts of one series from several origins; runs in their environment.

Called as ``python peer_models.py PEER FOLDER``. The folder holds ``fold-<n>.npz``, made by
:mod:`tests.benchmarks.forecasts.peers`; beside each is written ``said-<n>.npz`` with mean and
quantiles, (value, cell ahead), and a line of JSON with the processor seconds is printed. Nothing
of wfplan is imported here. Every peer is used as its own documentation shows it.
"""

import json
import logging
import os
import resource
import sys
import time
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

HALF_OF_PERCENT = {80: (1, 3), 95: (0, 4)}  # rows of the quantiles 0.025, 0.1, 0.5, 0.9, 0.975
LAG_WEEKS = 4


def statistical(make):
    """A model of statsforecast, which sees counts in order of time and nothing else."""

    def run(fold):
        model = make([int(season) for season in fold["seasons"]])
        said = model.forecast(y=fold["filled"], h=fold["ahead"].size, level=[80, 95])
        found = np.empty((6, fold["ahead"].size))
        found[0] = found[3] = np.asarray(said["mean"])
        for percent, rows in HALF_OF_PERCENT.items():
            for row, side in zip(rows, ("lo", "hi"), strict=True):
                found[1 + row] = np.asarray(said[f"{side}-{percent}"])
        return found

    return run


def mstl(trend):
    """MSTL with a trend model by its name."""

    def make(seasons):
        from statsforecast import models

        return models.MSTL(seasons, trend_forecaster=getattr(models, trend)(**TREND[trend]))

    return make


TREND = {"AutoETS": {"model": "ZZN"}, "AutoARIMA": {}}


def auto_theta(seasons):
    """AutoTheta with the season of a week."""
    from statsforecast.models import AutoTheta

    return AutoTheta(season_length=weekly(seasons))


def auto_tbats(seasons):
    """TBATS whose parts are chosen by itself."""
    from statsforecast.models import AutoTBATS

    return AutoTBATS(season_length=seasons)


def seasonal_naive(seasons):
    """Last week again."""
    from statsforecast.models import SeasonalNaive

    return SeasonalNaive(season_length=weekly(seasons))


def weekly(seasons):
    """The season of a week; longer ones are left to models that know several."""
    return seasons[1] if len(seasons) > 1 and seasons[1] < 2000 and seasons[0] != 7 else seasons[0]


def prophet(mode):
    """Prophet with holidays by name; rows that nobody knows are left out, as it advises."""

    def run(fold):
        from prophet import Prophet

        logging.getLogger("cmdstanpy").disabled = True
        frame = pd.DataFrame({"ds": pd.to_datetime(fold["when"]), "y": fold["counts"]})
        days = pd.to_datetime(fold["holiday_days"])
        holidays = pd.DataFrame({"ds": days, "holiday": fold["holiday_names"]})
        model = Prophet(
            seasonality_mode=mode,
            holidays=holidays if len(holidays) else None,
            uncertainty_samples=1000,
        )
        model.fit(frame.dropna())
        ahead = pd.DataFrame({"ds": pd.to_datetime(fold["ahead"])})
        mean = model.predict(ahead)["yhat"].to_numpy()
        drawn = model.predictive_samples(ahead)["yhat"]
        return np.vstack([mean, np.quantile(drawn, (0.025, 0.1, 0.5, 0.9, 0.975), axis=1)])

    return run


def light_gbm(fold):
    """LightGBM through mlforecast: lags of weeks, the clock and holidays; conformal intervals."""
    import lightgbm
    from mlforecast import MLForecast
    from mlforecast.lag_transforms import RollingMean
    from mlforecast.utils import PredictionIntervals

    known, ahead = fold["when"].size, fold["ahead"].size
    table = features(fold, np.concatenate([fold["when"], fold["ahead"]]))
    table["y"] = np.concatenate([fold["filled"], np.zeros(ahead)])
    week = weekly([int(season) for season in fold["seasons"]])
    enough = int(np.clip((known - 2 * ahead) // week - 2, 1, LAG_WEEKS))  # two windows and lags
    lags = [week * n for n in range(1, enough + 1)]
    windows = int(np.clip((known - lags[-1] - 2 * week) // ahead, 2, 5))
    model = MLForecast(
        {"gbm": lightgbm.LGBMRegressor(verbosity=-1, n_jobs=1, random_state=0)},
        freq=1,
        lags=lags,
        lag_transforms={1: [RollingMean(week)]},
    )
    coming = table.iloc[known:].drop(columns="y")
    if known < 2 * ahead + 3 * week:  # too short for its intervals
        model.fit(table.iloc[:known], static_features=[])
        return np.tile(model.predict(ahead, X_df=coming)["gbm"].to_numpy(), (6, 1))
    intervals = PredictionIntervals(n_windows=windows, h=ahead)
    model.fit(table.iloc[:known], static_features=[], prediction_intervals=intervals)
    said = model.predict(ahead, level=[80, 95], X_df=coming)
    names = ["gbm", "gbm-lo-95", "gbm-lo-80", "gbm", "gbm-hi-80", "gbm-hi-95"]
    return said[names].to_numpy().T


def features(fold, when):
    """The clock and the calendar of rows, numbered in order of time."""
    stamps = pd.DatetimeIndex(when)
    days = stamps.normalize()
    off = pd.DatetimeIndex(fold["holiday_days"])
    codes = dict(zip(off, pd.factorize(fold["holiday_names"])[0] + 1, strict=True))
    return pd.DataFrame(
        {
            "unique_id": "calls",
            "ds": np.arange(stamps.size),
            "minute": stamps.hour * 60 + stamps.minute,
            "weekday": stamps.dayofweek,
            "day": stamps.day,
            "month": stamps.month,
            "holiday": [codes.get(day, 0) for day in days],
            "after_holiday": [int(day - pd.Timedelta(days=1) in codes) for day in days],
            "before_holiday": [int(day + pd.Timedelta(days=1) in codes) for day in days],
        }
    )


PEERS = {
    "mstl-arima": (statistical(mstl("AutoARIMA")), "statsforecast"),
    "mstl-ets": (statistical(mstl("AutoETS")), "statsforecast"),
    "auto-theta": (statistical(auto_theta), "statsforecast"),
    "auto-tbats": (statistical(auto_tbats), "statsforecast"),
    "seasonal-naive": (statistical(seasonal_naive), "statsforecast"),
    "prophet": (prophet("additive"), "prophet"),
    "prophet-multiplicative": (prophet("multiplicative"), "prophet"),
    "lightgbm": (light_gbm, "mlforecast"),
}


def processor_s():
    """Processor seconds of this process and of those that it has started and seen end."""
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def main():
    """Every fold of the folder, in order."""
    warnings.simplefilter("ignore")
    run, package = PEERS[sys.argv[1]]
    folds = sorted(Path(sys.argv[2]).glob("fold-*.npz"))
    out = os.fdopen(os.dup(1), "w")  # what libraries print is not ours
    os.dup2(2, 1)
    warm = dict(np.load(folds[0]))
    if sys.argv[1] != "auto-tbats":  # what is imported or built once
        run(warm)
    for path in folds:
        fold = dict(np.load(path))
        began = processor_s()
        said = np.maximum(run(fold), 0.0)
        seconds = processor_s() - began
        np.savez(path.with_name(path.name.replace("fold", f"{sys.argv[1]}-said")), said=said)
        done = {"fold": path.stem, "seconds": seconds, "version": version(package)}
        print(json.dumps(done), file=out, flush=True)


if __name__ == "__main__":
    main()

"""Forecasts of contact demand: frames in, frames out; knows nothing of wfplan."""

from forecasts.backtests import metrics
from forecasts.backtests.scores import Backtest
from forecasts.errors import ForecastError
from forecasts.line import forecast
from forecasts.result import Forecast
from forecasts.rolling import backtest
from forecasts.uncertainty.distribution import count_quantiles

__all__ = [
    "Backtest",
    "Forecast",
    "ForecastError",
    "backtest",
    "count_quantiles",
    "forecast",
    "metrics",
]

"""Forecasts of contact demand: frames in, frames out; knows nothing of wfplan."""

from forecasts.backtests import metrics
from forecasts.backtests.scores import Backtest
from forecasts.errors import ForecastError
from forecasts.judging import beside, judge, value_added, with_yardsticks
from forecasts.line import forecast
from forecasts.result import Forecast
from forecasts.rolling import backtest
from forecasts.sufficiency import sufficiency, verdicts
from forecasts.uncertainty.distribution import count_quantiles

__all__ = [
    "Backtest",
    "Forecast",
    "ForecastError",
    "backtest",
    "beside",
    "count_quantiles",
    "forecast",
    "judge",
    "metrics",
    "sufficiency",
    "value_added",
    "verdicts",
    "with_yardsticks",
]

"""Forecasts of contact demand: frames in, frames out; knows nothing of wfplan."""

from forecasts.backtests import metrics
from forecasts.errors import ForecastError
from forecasts.line import forecast
from forecasts.result import Forecast

__all__ = ["Forecast", "ForecastError", "forecast", "metrics"]

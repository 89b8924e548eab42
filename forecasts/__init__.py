"""Forecasts of contact demand: frames in, frames out; knows nothing of wfplan."""

from forecasts.errors import ForecastError
from forecasts.line import Forecast, forecast

__all__ = ["Forecast", "ForecastError", "forecast"]

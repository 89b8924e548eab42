"""What goes wrong in a forecast: one exception, whose text says how to go on."""

from __future__ import annotations


class ForecastError(ValueError):
    """Frames that no forecast can be made from; the message says which row and why."""

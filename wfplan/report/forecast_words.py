"""What a forecast and its backtest say, in a planner's sentences."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

from wfplan.domain.forecast_tables import FORECAST_SO_FAR
from wfplan.domain.results import DemandForecast
from wfplan.evaluation import ForecastVerdict
from wfplan.report.numbers import clock, counted, decimal, listed, short_day, signed, whole

_AHEAD = {1: "one week", 2: "two weeks", 3: "three weeks", 4: "four weeks"}


def exact_percent(share: float) -> str:
    """``6.1 %``: errors of forecasts are compared to the first decimal."""
    return f"{decimal(100 * share)}\u202f%"


def ahead_text(lead: int) -> str:
    """``one week ahead``."""
    return f"{_AHEAD.get(lead, f'{lead} weeks')} ahead"


def verdict_sentence(verdict: ForecastVerdict) -> str:
    """
    One channel against chance, last week's value and the best plain average.

    ``voice: WAPE 6.1 % one week ahead; the floor at this volume is 2.4 %; last week's value
    would have given 8.8 %, ...``.
    """
    text = (
        f"{verdict.channel}: WAPE {exact_percent(verdict.wape)} {ahead_text(verdict.lead)}; the "
        f"floor at this volume is {exact_percent(verdict.floor)}"
    )
    if isfinite(verdict.last):
        text += f"; last week's value would have given {exact_percent(verdict.last)}"
    if verdict.best_name and isfinite(verdict.best):
        text += f", the best plain average ({verdict.best_name}) {exact_percent(verdict.best)}"
    return f"{text}{_gain(verdict)}."


def coverage_sentence(verdict: ForecastVerdict) -> str:
    """What the ranges held."""
    return (
        f"{verdict.channel}: the 80 % range held {exact_percent(verdict.coverage80)} of the "
        f"intervals, the 95 % range {exact_percent(verdict.coverage95)}; "
        f"{_leaning(verdict.bias)}."
    )


def headline_of(verdicts: Sequence[ForecastVerdict]) -> tuple[str, str]:
    """A word and a sentence on all channels, one week ahead (or as near as was scored)."""
    if not verdicts:
        return "Nothing was scored", "No week of the history could be forecast and compared."
    lead = min(verdict.lead for verdict in verdicts)
    first = [verdict for verdict in verdicts if verdict.lead == lead]
    better = [v for v in first if v.is_better]
    sure = [v.channel for v in better if v.is_sure]
    worse = [v.channel for v in first if v.gain < 0 and v.is_sure]
    held = [v for v in first if v.is_calibrated]
    word = "Better than plain averages" if len(better) == len(first) else "Mixed"
    if worse or not better:
        word = "No better than plain averages"
    text = (
        f"{ahead_text(lead).capitalize()} the forecast missed less than every plain average on "
        f"{len(better)} of {counted(len(first), 'channel')}"
    )
    text += f", by more than chance on {listed(sure)}" if sure else ", nowhere by more than chance"
    text += f"; it missed more, surely, on {listed(worse)}" if worse else ""
    text += f". The 80 % range held 77 to 83 % of the intervals on {len(held)} of {len(first)}."
    return word, text


def so_far_sentences(demand: DemandForecast) -> list[str]:
    """
    The day under way, a sentence per channel; none where the week has not begun.

    ``voice: so far 412 of 380 expected; the rest of the day is expected 6 % above plan``.
    """
    told = demand.tables.get(FORECAST_SO_FAR.name)
    if told is None or demand.as_of is None:
        return []
    local = demand.horizon.local(demand.as_of)
    head = f"As of {short_day(local.date())} {clock(local)}:"
    columns = [told[name].tolist() for name in FORECAST_SO_FAR.names]
    rows = [
        dict(zip(FORECAST_SO_FAR.names, row, strict=True)) for row in zip(*columns, strict=True)
    ]
    return [head, *(_so_far(row) for row in rows)]


def _so_far(row: dict[str, Any]) -> str:
    """One channel of the day under way."""
    text = (
        f"{row['channel']}: so far {whole(row['came'])} of {whole(row['came_expected'])} expected"
    )
    if row["not_known"]:
        text += f" ({counted(int(row['not_known']), 'open interval')} without a count)"
    before, now = row["rest_before"], row["rest_now"]
    if not before > 0:
        return f"{text}; nothing more is expected today."
    ends = [100 * (row[name] / before - 1) for name in ("rest_q10", "rest_q90")]
    change = 100 * (now / before - 1)
    way = "as planned" if abs(change) < 0.5 else f"{decimal(abs(change), 0)} % "
    if abs(change) >= 0.5:
        way += "above plan" if change > 0 else "below plan"
    return (
        f"{text}; the rest of the day is expected {way} (80 %: {signed(ends[0], 0)} to "
        f"{signed(ends[1], 0)} %), {whole(now)} contacts instead of {whole(before)}."
    )


def _gain(verdict: ForecastVerdict) -> str:
    """How much less was missed than by the best plain average, and whether that is chance."""
    if not isfinite(verdict.gain):
        return ""
    points = f"{decimal(100 * abs(verdict.gain))} points"
    way = "less missed" if verdict.gain >= 0 else "more missed"
    if not verdict.origins:
        return f" ({points} {way})"
    if not isfinite(verdict.half_width):
        return f" ({points} {way}; too few weeks to say whether by chance)"
    if verdict.is_sure:
        return f" ({points} {way}, more than chance)"
    return f" ({points} {way}, which may be chance)"


def _leaning(bias: float) -> str:
    """The signed error in words."""
    if not isfinite(bias):
        return "its bias is not known"
    if abs(bias) < 0.005:
        return "in sum neither too much nor too little was forecast"
    way = "too much" if bias > 0 else "too little"
    return f"in sum {exact_percent(abs(bias))} {way} was forecast"

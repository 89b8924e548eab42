"""What a forecast and its backtest say, in a planner's sentences."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from wfplan.evaluation import ForecastVerdict
from wfplan.report.numbers import counted, decimal, listed

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

"""The value of a rule in words, both its sides where it has two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wfplan.rules.wording import say_clock, say_minutes

if TYPE_CHECKING:
    from wfplan.rules.base import Rule

_SIDES = (("shortest_min", "longest_min"), ("least_min", "most_min"), ("least", "most"))
_VALUES = ("rest_min", "average_min", "spread_min", "minutes", "over_min")
_COUNTS = ("count", "share", "days", "notice_days")


def value_said(rule: Rule) -> str:
    """``least 35 h, most 40 h``; empty where a rule has no value."""
    for least, most in _SIDES:
        low, high = getattr(rule, least, None), getattr(rule, most, None)
        if low is not None or high is not None:
            is_time = most.endswith("_min")
            bound = getattr(rule, "bound", "") or "most"
            parts = [
                f"{side} {say_minutes(value) if is_time else f'{value:g}'}"
                for side, value in (("least", low), (bound if low is None else "most", high))
                if value or (value is not None and low is None)
            ]
            return ", ".join(parts)
    bound = getattr(rule, "bound", "")
    side = f"{bound} " if bound else ""
    for name in _VALUES:
        if minutes := getattr(rule, name, None):
            weeks = getattr(rule, "weeks", 0) if name == "average_min" else 0
            over = f" a week over {weeks} weeks" if weeks > 1 else " a week" if weeks else ""
            return f"{side}{say_minutes(minutes)}{over}"
    for name in _COUNTS:
        if (count := getattr(rule, name, None)) is not None:
            return f"{side}{count:g}"
    window = getattr(rule, "window", None)
    if window:
        return f"{say_clock(window[0])} to {say_clock(window[1])}"
    step = getattr(rule, "step_min", None)
    return say_minutes(step) if step else ""

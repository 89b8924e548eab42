"""Units of time: their names, and the ones that a caption states."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from wfplan.intake.naming import same_word

SECONDS: Mapping[str, float] = MappingProxyType({"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0})
"""Seconds of each unit of a plain number."""

MINUTES_SECONDS = "mm:ss"
HOURS_MINUTES = "hh:mm"
CLOCK = "hh:mm:ss"
UNITS = (*SECONDS, MINUTES_SECONDS, HOURS_MINUTES, CLOCK)
"""All that a column of durations can be said to hold."""

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "ms": "milliseconds",
        "s": "seconds",
        "min": "minutes",
        "h": "hours",
        MINUTES_SECONDS: "minutes:seconds",
        HOURS_MINUTES: "hours:minutes",
        CLOCK: "hours:minutes:seconds",
    }
)

_WORDS = {
    **dict.fromkeys(("ms", "msec", "msecs", "millis", "millisecond", "milliseconds"), "ms"),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "min"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys((MINUTES_SECONDS, "m:ss"), MINUTES_SECONDS),
    **dict.fromkeys((HOURS_MINUTES, "h:mm"), HOURS_MINUTES),
    **dict.fromkeys((CLOCK, "h:mm:ss", "[h]:mm:ss"), CLOCK),
}
_BRACKETS = re.compile(r"(?P<base>.+?)_?[(\[](?:in_)?(?P<unit>[^()]+?)[)\]]")
_SUFFIX = re.compile(r"(?P<base>.+?)(?:_in)?_(?P<unit>[a-z]+)")


def unit_of(word: str) -> str:
    """The unit that a word means, ``minutes`` and ``Min`` alike; empty when it is none."""
    return _WORDS.get(word.strip().casefold(), "")


def without_unit(caption: str) -> tuple[str, str]:
    """
    A caption as one word without the unit that ends it, and that unit; both empty without one.

    ``Talk time (Seconds)`` and ``Talk time in sec`` are ``talk_time`` and ``s``.
    """
    word = same_word(caption)
    for shape in (_BRACKETS, _SUFFIX):
        match = shape.fullmatch(word)
        if match and (unit := unit_of(match["unit"])):
            return match["base"].rstrip("_"), unit
    return "", ""

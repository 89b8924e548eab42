"""Durations of reports as seconds, however they are written, and what was read said in words.

Clock texts (``0:03:35``), texts with units (``3m 35s``) and ISO durations (``PT3M35S``) say what
they are. A plain number needs a unit: that of the plan's ``units``, of its caption, or of the
layout, in this order. Two parts (``3:35``) may be minutes or hours: only a unit tells.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wfplan.domain.columns import number
from wfplan.intake.book import BadValueError, shown
from wfplan.intake.queue_reports.numbers import is_unknown, plain
from wfplan.intake.queue_reports.units import CLOCK, HOURS_MINUTES, MINUTES_SECONDS, NAMES, SECONDS
from wfplan.intake.values import read_number

SECONDS_MAX = 1e9
NUMBER, LETTERS = "number", "letters"
_THREE = re.compile(
    r"(?:(?P<days>[0-9]{1,3})(?:\s*days?,?\s*|[.\s]))?"
    r"(?P<h>[0-9]{1,6}):(?P<m>[0-5][0-9]):(?P<s>[0-5][0-9](?:[.,][0-9]{1,9})?)"
)
_TWO = re.compile(r"([0-9]{1,4}):([0-5][0-9](?:[.,][0-9]{1,9})?)")
_LETTERS = re.compile(
    r"(?:PT)?\s*(?=[0-9])(?:(?P<h>[0-9]+)\s*h(?:ours?|rs?)?\.?,?\s*)?"
    r"(?:(?P<m>[0-9]+)\s*m(?:in(?:ute)?s?)?\.?,?\s*)?"
    r"(?:(?P<s>[0-9]+(?:\.[0-9]+)?)\s*s(?:ec(?:ond)?s?)?\.?)?",
    re.IGNORECASE,
)
_NUMBER = number("duration", "", "215", "")


@dataclass(frozen=True)
class ReadDurations:
    """
    Seconds of distinct texts, NaN where one is not known; ``refused`` are the others, by code.

    ``unsaid`` are texts of two parts that only a unit would tell, NaN, too. ``shapes`` counts texts
    by how they are written: NUMBER, LETTERS, or a unit with a colon.
    """

    seconds: np.ndarray  # (text,)
    refused: dict[int, BadValueError]
    shapes: Counter[str]
    unsaid: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()

    @property
    def has_numbers(self) -> bool:
        """Whether a plain number stands there, which needs a unit."""
        return self.shapes[NUMBER] > 0


def read_durations(texts: Sequence[str], unit: str, has_free_comma: bool) -> ReadDurations:
    """
    The seconds of a column of durations.

    Parameters
    ----------
    texts
        Its distinct texts.
    unit
        What a plain number is: ms, s, min or h; or ``mm:ss`` or ``hh:mm``, what two parts are.
        Empty: not known, then plain numbers are read as they stand.
    has_free_comma
        Whether a comma can be a decimal one.
    """
    bare, note = plain(texts, has_free_comma, is_count=False)
    seconds = np.full(len(texts), np.nan)
    refused: dict[int, BadValueError] = {}
    shapes: Counter[str] = Counter()
    unsaid: set[int] = set()
    for code, (given, text) in enumerate(zip(texts, bare, strict=True)):
        if is_unknown(given):
            continue
        two = _TWO.fullmatch(given) if unit not in (MINUTES_SECONDS, HOURS_MINUTES) else None
        if two and (int(two[1]) or _decimal(two[2])):
            unsaid.add(code)
            continue
        try:
            seconds[code], shape = _duration(given, text, unit)
        except BadValueError as bad:
            refused[code] = bad
            continue
        shapes[shape] += 1
    return ReadDurations(seconds, refused, shapes, frozenset(unsaid), (note,) if note else ())


def _duration(given: str, text: str, unit: str) -> tuple[float, str]:
    """The seconds of one text, and its shape."""
    if match := _THREE.fullmatch(given):
        days, hours, minutes = (int(match[part] or 0) for part in ("days", "h", "m"))
        return days * 86_400 + hours * 3600 + minutes * 60 + _decimal(match["s"]), CLOCK
    if match := _TWO.fullmatch(given):
        first, second = int(match[1]), _decimal(match[2])
        small_s = 60 if unit == HOURS_MINUTES else 1
        return (first * 60 + second) * small_s, unit if unit in NAMES else CLOCK
    if (match := _LETTERS.fullmatch(given)) and any(match.groups()):
        hours, minutes = int(match["h"] or 0), int(match["m"] or 0)
        return hours * 3600 + minutes * 60 + float(match["s"] or 0), LETTERS
    value = read_number(text, _NUMBER)
    if unit in (MINUTES_SECONDS, HOURS_MINUTES, CLOCK) and value:
        raise BadValueError(
            f"'{shown(given)}' is a plain number where {unit} is said to stand",
            "say its unit, or write it with a colon",
            "HR105",
        )
    value *= SECONDS.get(unit, 1.0)
    if value > SECONDS_MAX:
        raise BadValueError(f"'{shown(given)}' is longer than any time worked", "", "HR107")
    return value, NUMBER


def _decimal(text: str) -> float:
    """A number whose decimals may stand behind a comma."""
    return float(text.replace(",", "."))

"""Numbers of reports: thousands, decimal commas and percentages, told apart by the whole column.

``1,234`` alone may be 1234 or 1.234. Beside ``37,5`` it cannot be the first, beside ``1,234.5``
not the second; a count has no decimals. Where nothing decides, the reader of numbers refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from wfplan.domain.columns import Column, number
from wfplan.intake.book import BadValueError, shown
from wfplan.intake.values import read_number

_UNKNOWN = frozenset(("", "-", "--", "n/a", "na", "null", "none", "nan", "\N{EM DASH}"))
_SPACED = re.compile(r"[0-9]{1,3}(?:[ '\u2019\u00a0\u202f][0-9]{3})+(?:[.,][0-9]+)?")
_SPACES = re.compile(r"[ '\u2019\u00a0\u202f]")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")
_BOTH = re.compile(r"[1-9][0-9]{0,2}(?:([.,])[0-9]{3})+(?!\1)[.,][0-9]+")
_MANY = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}|[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}")
_PERCENT_MAX = 100.0


@dataclass(frozen=True)
class ReadTexts:
    """
    What distinct texts mean: NaN where one is not known; ``refused`` are the others, by code.

    ``notes`` say what was taken for something else.
    """

    values: np.ndarray  # (text,)
    refused: dict[int, BadValueError]
    notes: tuple[str, ...] = ()


def is_unknown(text: str) -> bool:
    """Whether a text stands for a value that is not known."""
    return text.casefold() in _UNKNOWN


def read_counts(texts: Sequence[str], caption: str, has_free_comma: bool) -> ReadTexts:
    """The counts of a column."""
    pointed, note = plain(texts, has_free_comma, is_count=True)
    column = number(caption, caption, "14", "contacts")

    def one(text: str) -> float:
        if text.endswith("%"):
            raise BadValueError(
                f"'{shown(text)}' is a percentage, and a count is asked for",
                "map the column of the count, or this one as a share",
                "HR105",
            )
        return read_number(text, column)

    return _read(pointed, one, note)


def read_shares(texts: Sequence[str], caption: str, has_free_comma: bool) -> ReadTexts:
    """The shares of a column, 0 to 1: percentages and plain numbers above 1 are of a hundred."""
    bare = [text.removesuffix("%").strip() for text in texts]
    is_marked = any(text.endswith("%") for text in texts)
    pointed, note = plain(bare, has_free_comma, is_count=False)
    column = Column(caption, number("", "", "", "").type, caption, "0.85", "", low=0.0, high=100.0)
    read = _read(pointed, lambda text: read_number(text, column), note)
    largest = np.nanmax(read.values, initial=0.0) if len(read.values) else 0.0
    if not is_marked and not largest > 1:
        return read
    notes = read.notes if is_marked else (*read.notes, "holds percentages: read as shares")
    return ReadTexts(read.values / _PERCENT_MAX, read.refused, notes)


def plain(texts: Sequence[str], has_free_comma: bool, *, is_count: bool) -> tuple[list[str], str]:
    """
    The texts with points for decimals and nothing between thousands, as far as that is certain.

    With what was done, in words; empty when nothing was.
    """
    closed = [_SPACES.sub("", text) if _SPACED.fullmatch(text) else text for text in texts]
    thousands, decimal = _signs(closed, has_free_comma, is_count=is_count)
    done = [_plain_text(text, thousands, decimal) for text in closed]
    grouped = closed != list(texts) or any(
        thousands and thousands in text and text != new
        for text, new in zip(closed, done, strict=True)
    )
    said = ["numbers have a sign between thousands"] if grouped else []
    if decimal == "," and any("," in text for text in closed):
        said.append("numbers have a decimal comma")
    return done, f"{' and '.join(said)}: read so" if said else ""


def _signs(texts: Sequence[str], has_free_comma: bool, *, is_count: bool) -> tuple[str, str]:
    """The signs between thousands and before decimals, each empty where no text shows it."""
    for text in texts:
        if match := _BOTH.fullmatch(text):
            return match[1], "." if match[1] == "," else ","
        if _MANY.fullmatch(text):
            return ("," if "," in text else "."), ""
    numeric = [text for text in texts if re.fullmatch(r"[0-9]+[.,][0-9]+", text)]
    odd = {("," if "," in text else ".") for text in numeric if not _GROUPED.fullmatch(text)}
    if odd == {","}:
        return "", ","
    if odd == {"."}:
        return ("," if not has_free_comma or is_count else ""), "."
    groups = {match[1] for text in texts if (match := _GROUPED.fullmatch(text))}
    is_small_there = any(re.fullmatch(r"[0-9]{1,3}", text) for text in texts)
    if not odd and len(groups) == 1 and is_count and is_small_there:
        sign = groups.pop()
        return (sign, "") if sign == "," or has_free_comma else ("", ".")
    return "", ""


def _plain_text(text: str, thousands: str, decimal: str) -> str:
    """One text as a plain number."""
    if thousands and re.fullmatch(r"[0-9.,]+", text):
        head, mark, tail = text.partition(decimal) if decimal else (text, "", "")
        if re.fullmatch(rf"[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}})+", head):
            return f"{head.replace(thousands, '')}{'.' if mark else ''}{tail}"
    if decimal == "," and re.fullmatch(r"[0-9]+,[0-9]+", text):
        return text.replace(",", ".")
    if decimal == "," and _GROUPED.fullmatch(text):  # a point that may part thousands: refused
        return text.replace(".", ",")
    return text


def _read(texts: Sequence[str], one: Callable[[str], float], note: str) -> ReadTexts:
    """Each text by a reader; those that stand for nothing are NaN."""
    values = np.full(len(texts), np.nan)
    refused: dict[int, BadValueError] = {}
    for code, text in enumerate(texts):
        if is_unknown(text):
            continue
        try:
            values[code] = one(text)
        except BadValueError as bad:
            refused[code] = bad
    return ReadTexts(values, refused, (note,) if note else ())

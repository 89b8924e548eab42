"""Decimal commas: read where they cannot be anything else."""

from __future__ import annotations

import re

_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_MAYBE_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}[,.][0-9]{3}")


def with_points(texts: tuple[str, ...]) -> tuple[str, ...] | None:
    """
    The texts of a number column with points for decimal commas; None when there are none.

    Columns must not be separated by commas. ``1,234`` alone may be 1234 or
    1.234; beside ``37,5`` it is 1.234. Where no text decides it stays as it is,
    and so does ``1.234`` beside ``37,5``: the reader of numbers refuses both.
    """
    commas = [text for text in texts if _COMMA.fullmatch(text)]
    if not any(not _MAYBE_THOUSANDS.fullmatch(text) for text in commas):
        return None
    return tuple(_with_point(text) for text in texts)


def _with_point(text: str) -> str:
    """One text of a column with decimal commas."""
    if _COMMA.fullmatch(text):
        return text.replace(",", ".")
    # A point that may part thousands is turned into what read_number refuses as ambiguous.
    return text.replace(".", ",") if _MAYBE_THOUSANDS.fullmatch(text) else text

"""Dates and numbers as HR systems write them: order of day and month, decimal commas, AM and PM."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

_NUMERIC = re.compile(r"([0-9]{1,4})[./-]([0-9]{1,2})[./-]([0-9]{1,4})")
_NAMED = re.compile(r"[0-9]{1,2}[ -][A-Za-z]{3,9}[ -][0-9]{4}|[A-Za-z]{3,9} [0-9]{1,2},? [0-9]{4}")
_NAMED_FORMS = ("%d-%b-%Y", "%d-%B-%Y", "%b-%d-%Y", "%B-%d-%Y")
_TWELVE = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))?(?::00)? ?([AaPp])\.?[Mm]\.?")
_COMMA = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:[. '][0-9]{3})+),[0-9]+")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?:[. '][0-9]{3})+")


def possible_orders(texts: Iterable[str]) -> tuple[set[str], str]:
    """
    Orders in which all numeric dates of some texts can be read, and a date that decides it.

    Only dates that need an order are looked at: 2026-10-19 does not, and 19/10/26 is never read.
    """
    orders, seen, decides = {"dmy", "mdy"}, False, ""
    for text in texts:
        match = _NUMERIC.fullmatch(_day_part(text)[0])
        if match is None or len(match[3]) != 4 or len(match[1]) > 2:
            continue
        seen = True
        first, second = int(match[1]), int(match[2])
        if first > 12 or second > 12:
            decides = decides or _day_part(text)[0]
            fits = {"dmy": second <= 12, "mdy": first <= 12}
            orders = {order for order in orders if fits[order]}
    return (orders if seen else set()), decides


def iso_moment(text: str, order: str) -> str:
    """A date or moment with its date in ISO form, where its order is known; else as it is."""
    day, rest = _day_part(text)
    found = _iso_day(day, order)
    if found is None:
        return text
    clock = iso_clock(rest.strip())
    return f"{found}T{clock}" if clock else found


def iso_clock(text: str) -> str:
    """A time of day on the 24-hour clock; what is none stays as it is."""
    match = _TWELVE.fullmatch(text)
    if match is None or not 1 <= int(match[1]) <= 12:
        return text
    hour = int(match[1]) % 12 + (12 if match[3] in "Pp" else 0)
    return f"{hour:02}:{match[2] or '00'}"


def point_number(text: str) -> str:
    """A number with a decimal comma (and points between thousands) with a point instead."""
    if _COMMA.fullmatch(text):
        whole, _, part = text.rpartition(",")
        return re.sub(r"[. ']", "", whole) + "." + part
    return re.sub(r"[. ']", "", text) if _THOUSANDS.fullmatch(text) else text


def _day_part(text: str) -> tuple[str, str]:
    """The date of a text, and what stands behind it."""
    named = _NAMED.match(text)
    if named:
        return named[0], text[named.end() :]
    match = re.match(r"[^ T]+", text)
    return (match[0], text[match.end() + 1 :]) if match else (text, "")


def _iso_day(text: str, order: str) -> str | None:
    """A date in ISO form."""
    if _NAMED.fullmatch(text):
        return _named_day(re.sub(r"[ ,-]+", "-", text))
    match = _NUMERIC.fullmatch(text)
    if match is None:
        return None
    parts = (match[1], match[2], match[3])
    if len(match[1]) == 4 and len(match[3]) <= 2:
        year, month, day = parts
    elif len(match[3]) == 4 and len(match[1]) <= 2 and order in ("dmy", "mdy"):
        year = match[3]
        day, month = (match[1], match[2]) if order == "dmy" else (match[2], match[1])
    else:
        return None
    return f"{year}-{int(month):02}-{int(day):02}"


def _named_day(text: str) -> str | None:
    """``19-Oct-2026``, with English names of months."""
    for form in _NAMED_FORMS:
        try:
            return datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    return None

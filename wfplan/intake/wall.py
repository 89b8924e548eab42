"""Wall time to instants: what a clock on the wall of a zone means.

In spring an hour does not exist; in autumn one comes twice. A time stamp in
the first is a fault, one in the second means its first or its second hour by
the order of the rows, or else the first (RFC 5545, 3.3.5).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from wfplan.errors import InputError
from wfplan.intake.book import BadValueError


def instants(stamp: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """
    The UTC instants that a time stamp can mean: twice the same unless its hour comes twice.

    Raises
    ------
    BadValueError
        When no clock of the zone ever shows the time.
    """
    if stamp.tzinfo is not None:
        known = stamp.astimezone(UTC)
        return known, known
    first = stamp.replace(tzinfo=zone).astimezone(UTC)
    second = stamp.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) != stamp:
        raise BadValueError(
            f"{stamp:%Y-%m-%d %H:%M} does not exist in {zone.key}: the clocks go forward over it",
            "write the time with its offset, or in UTC with a Z",
            "HR108",
        )
    return first, second


def instant(stamp: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a time stamp; the first of two."""
    return instants(stamp, zone)[0]


def at_minute(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The instant at ``minute`` wall minutes after midnight of a date; may pass midnight."""
    return instant(datetime.combine(day, time()) + timedelta(minutes=minute), zone)


def as_instant(stamp: datetime, zone: ZoneInfo) -> datetime:
    """
    The instant of a time stamp that somebody typed; the first of two.

    Raises
    ------
    InputError
        When no clock of the zone ever shows the time.
    """
    try:
        return instant(stamp, zone)
    except BadValueError as bad:
        raise InputError(f"{bad.reason}: {bad.hint}.") from None

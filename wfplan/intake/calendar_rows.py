"""The calendar of a plan, and the public holidays that it does not have to name."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any

from wfplan.domain.calendar import CalendarDay, DayKind
from wfplan.errors import did_you_mean
from wfplan.intake.book import BadValueError, FaultBook, shown
from wfplan.intake.reading import Sheet

HOLIDAYS_AHEAD = timedelta(days=60)


def read_calendar(
    sheet: Sheet | None, channels: Collection[str], book: FaultBook
) -> list[CalendarDay]:
    """The rows of the calendar; no two of one kind for a date and channel."""
    if sheet is None:
        return []
    days: list[CalendarDay] = []
    seen: dict[tuple[date, str, str], int] = {}
    for line, row in sheet.rows():
        key = (row["date"], row["kind"], row["channel"] or "")
        _check_day(sheet, line, row, channels, book)
        if key in seen:
            sheet.blame(
                book,
                line,
                "date",
                f"{row['date']} is already there as {row['kind']}, in line {seen[key]}",
                value=row["date"],
                hint="keep one of the rows",
                code="HR110",
            )
        seen.setdefault(key, line)
        days.append(
            CalendarDay(
                day=row["date"],
                kind=DayKind(row["kind"]),
                name=row["name"] or "",
                channel=row["channel"] or "",
                factor=row["factor"],
                open=row["open"],
            )
        )
    return days


def check_place(country: str, subdivision: str | None) -> None:
    """
    Whether the holidays of a place are known.

    Raises
    ------
    BadValueError
        When the country or its subdivision is not known.
    """
    import holidays

    countries = holidays.list_supported_countries()
    if country not in countries:
        code = country.upper()
        hint = f"did you mean '{code}'?" if code in countries else "write its code, like IE or GB"
        raise BadValueError(f"'{shown(country)}' is not a country whose holidays are known", hint)
    parts = countries[country]
    if subdivision and subdivision not in parts:
        hint = did_you_mean(subdivision, parts) or f"it has {', '.join(parts) or 'none'}"
        raise BadValueError(f"'{shown(subdivision)}' is not a subdivision of {country}", hint)


def public_holidays(
    country: str, subdivision: str | None, first: date, last: date, spoken_of: Collection[date]
) -> Iterator[CalendarDay]:
    """Public holidays from ``first`` to 60 days after ``last``, but for dates the calendar has."""
    import holidays

    until = last + HOLIDAYS_AHEAD
    years = range(first.year, until.year + 1)
    found = holidays.country_holidays(country, subdiv=subdivision, years=years)
    for day in sorted(found):
        if first <= day <= until and day not in spoken_of:
            yield CalendarDay(day=day, kind=DayKind.HOLIDAY, name=found[day])


def has_subdivisions(country: str) -> bool:
    """Whether a country's holidays differ from place to place."""
    import holidays

    return bool(holidays.list_supported_countries().get(country))


def _check_day(
    sheet: Sheet, line: int, row: dict[str, Any], channels: Collection[str], book: FaultBook
) -> None:
    """A row is about a channel of the plan, and a closed day has no hours."""
    channel = row["channel"]
    if channel and channel not in channels:
        sheet.blame(
            book,
            line,
            "channel",
            f"'{shown(channel)}' is not a channel of the plan",
            value=channel,
            hint=did_you_mean(channel, channels) or "leave it empty for all channels",
            code="HR111",
        )
    if row["kind"] == "closed" and row["open"]:
        sheet.blame(
            book,
            line,
            "open",
            f"{row['date']} is closed, yet has opening hours",
            hint="leave open empty, or call the day an event",
            code="HR109",
        )

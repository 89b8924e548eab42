"""The calendar of a plan, and the public holidays that it does not have to name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from wfplan.domain.calendar import DAYS_MOST, CalendarDay, DayKind
from wfplan.errors import did_you_mean
from wfplan.intake.book import BadValueError, FaultBook, shown
from wfplan.intake.reading import Sheet

HOLIDAYS_AHEAD = timedelta(days=60)
_LANGUAGE = "en_US"
_SEVERAL = ("event", "campaign", "payday", "period")  # of which a date may have several by name
_DAYS_OFF = ("holiday", "half_holiday", "closed")
_BESIDES = (DayKind.CAMPAIGN, DayKind.PAYDAY, DayKind.PERIOD)  # which do not say what a day is


def read_calendar(
    sheet: Sheet | None, channels: Collection[str], book: FaultBook
) -> list[CalendarDay]:
    """The rows of the calendar; no two of one kind (and name, where several may be) for a date."""
    if sheet is None:
        return []
    days: list[CalendarDay] = []
    seen: dict[tuple[date, str, str, str], int] = {}
    for line, row in sheet.rows():
        name = row["name"] or ""
        told_apart = name if row["kind"] in _SEVERAL else ""
        key = (row["date"], row["kind"], row["channel"] or "", told_apart)
        is_sound = _check_day(sheet, line, row, channels, book)
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
        if not is_sound:
            continue
        days.append(
            CalendarDay(
                day=row["date"],
                kind=DayKind(row["kind"]),
                name=name,
                channel=row["channel"] or "",
                factor=row["factor"],
                open=row["open"],
                until=row["until"],
                days=row["days"],
                lag_days=row["lag_days"] or 0,
            )
        )
    return days


def hidden_dates(days: Iterable[CalendarDay]) -> set[date]:
    """Dates on which the table itself says what the day is, so that no public holiday is added."""
    return {one for day in days if day.kind not in _BESIDES for one in day.dates}


def parts_of(subdivision: str | None) -> tuple[str | None, ...]:
    """The subdivisions that a text names; none at all for the whole country."""
    parts = tuple(part.strip() for part in (subdivision or "").split(",") if part.strip())
    return parts or (None,)


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
    for part in parts_of(subdivision):
        if part and part not in parts:
            hint = did_you_mean(part, parts) or f"it has {', '.join(parts) or 'none'}"
            raise BadValueError(f"'{shown(part)}' is not a subdivision of {country}", hint)


def public_holidays(
    country: str, subdivision: str | None, first: date, last: date, spoken_of: Collection[date]
) -> Iterator[CalendarDay]:
    """
    Public holidays from ``first`` to 60 days after ``last``, but for dates the calendar has.

    Holidays of only some of several subdivisions, and days that are a holiday from some hour on
    by custom or law, are half holidays. Names are English, so that no computer's language
    changes what is learned under them.
    """
    until = last + HOLIDAYS_AHEAD
    years = range(first.year, until.year + 1)
    parts = parts_of(subdivision)
    whole = [_named(country, part, years, "public") for part in parts]
    half = [_named(country, part, years, "half_day") for part in parts]
    for day in sorted({day for found in (*whole, *half) for day in found}):
        if not first <= day <= until or day in spoken_of:
            continue
        names = [found[day] for found in whole if day in found]
        where = [str(part) for part, found in zip(parts, whole, strict=True) if day in found]
        if len(names) == len(parts):
            yield CalendarDay(day=day, kind=DayKind.HOLIDAY, name=names[0])
        elif names:
            name = f"{names[0]} (in {', '.join(where)})"
            yield CalendarDay(day=day, kind=DayKind.HALF_HOLIDAY, name=name)
        else:
            name = next(found[day] for found in half if day in found)
            yield CalendarDay(day=day, kind=DayKind.HALF_HOLIDAY, name=name)


def _named(country: str, part: str | None, years: range, category: str) -> dict[date, str]:
    """Days of one category in a part of a country, by name."""
    import holidays

    place = holidays.country_holidays(country, subdiv=part)
    if category not in place.supported_categories:
        return {}
    found = holidays.country_holidays(
        country, subdiv=part, years=years, categories=(category,), language=_LANGUAGE
    )
    return dict(found.items())


def has_subdivisions(country: str) -> bool:
    """Whether a country's holidays differ from place to place."""
    import holidays

    return bool(holidays.list_supported_countries().get(country))


def _check_day(
    sheet: Sheet, line: int, row: dict[str, Any], channels: Collection[str], book: FaultBook
) -> bool:
    """A row is about a channel of the plan, a closed day has no hours, and a span an end."""
    channel, is_sound = row["channel"], True
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
    for column, what, hint in _span_faults(row):
        is_sound = False
        sheet.blame(book, line, column, what, value=row[column], hint=hint, code="HR109")
    return is_sound


def _span_faults(row: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What is wrong with how long a row lasts: column, what, how to go on."""
    first, until = row["date"], row["until"]
    for column in ("days", "lag_days"):
        if row[column] is not None and row["kind"] in _DAYS_OFF:
            kind = str(row["kind"]).replace("closed", "closed day").replace("_", " ")
            what = f"a {kind} does not fade or begin later"
            yield column, what, "leave it empty; write until for several days off"
    if until is None and row["kind"] == "period":
        hint = "add the last date in until; for one day, call it an event"
        yield "until", f"a period from {first} has no end", hint
    if until is None:
        return
    if until < first:
        yield "until", f"{until} lies before {first}", "swap the two dates"
    elif (until - first).days >= DAYS_MOST:
        what = f"{first} to {until} are more than {DAYS_MOST} days"
        yield "until", what, "write a row for each year"
    if row["days"] is not None:
        hint = "keep until for an effect that is the same on every day, days for one that fades"
        yield "days", "until and days both say how long it lasts", hint

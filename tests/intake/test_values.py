"""Tests for wfplan.intake.values: what a cell may say, and what is said when it may not."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.domain.columns import Column, ColumnType
from wfplan.domain.tables import TABLES
from wfplan.intake.book import BadValueError
from wfplan.intake.values import reader

ALL_COLUMNS = [
    pytest.param(column, id=f"{table.name}.{column.name}")
    for table in TABLES.values()
    for column in table.columns
]


def column(kind: ColumnType, **more: object) -> Column:
    return Column("x", kind, "", "", **more)  # type: ignore[arg-type]


def read(text: str, kind: ColumnType, **more: object) -> object:
    return reader(column(kind, **more))(text)


@pytest.mark.parametrize("column", ALL_COLUMNS)
def test_every_example_of_the_schema_can_be_read(column):
    assert reader(column)(column.example) is not None


@pytest.mark.parametrize("column", ALL_COLUMNS)
@settings(max_examples=25, deadline=None)
@given(text=st.text(min_size=1, max_size=30))
def test_any_text_is_a_value_or_a_bad_value(column, text):
    stripped = text.strip()
    if stripped:
        with suppress(BadValueError):
            assert reader(column)(stripped) is not None


@given(number=st.floats(-1e12, 1e12))
def test_a_number_is_read_as_python_wrote_it(number):
    assert read(repr(number), ColumnType.NUMBER) == number


@given(day=st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_a_date_is_read_as_it_was_written(day):
    assert read(day.isoformat(), ColumnType.DATE) == day
    assert read(f"{day}T00:00:00", ColumnType.DATE) == day


@given(
    stamp=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)),
    offset=st.one_of(
        st.none(), st.integers(-14 * 4, 14 * 4).map(lambda q: timedelta(minutes=15 * q))
    ),
)
def test_a_time_stamp_is_read_as_it_was_written(stamp, offset):
    stamp = stamp.replace(microsecond=0, tzinfo=None if offset is None else timezone(offset))
    assert read(stamp.isoformat(), ColumnType.INSTANT) == stamp


def test_a_workbooks_rounding_is_taken_back():
    assert read("2026-10-19T07:14:59.999000", ColumnType.INSTANT) == datetime(2026, 10, 19, 7, 15)
    assert read("2026-10-19 07:15:00Z", ColumnType.INSTANT) == datetime(
        2026, 10, 19, 7, 15, tzinfo=UTC
    )


@given(minute=st.integers(0, 1440))
def test_a_time_of_day_is_minutes_after_midnight(minute):
    assert read(f"{minute // 60:02}:{minute % 60:02}", ColumnType.TIME) == minute


@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        (ColumnType.NUMBER, "1 234", "two ways"),
        (ColumnType.NUMBER, "1_000", "not a number"),
        (ColumnType.NUMBER, "0x10", "not a number"),
        (ColumnType.NUMBER, "١٢", "not a number"),
        (ColumnType.NUMBER, "85%", "percentage"),
        (ColumnType.COUNT, "1.5", "not a whole number"),
        (ColumnType.DATE, "2026-02-29", "no such day"),
        (ColumnType.DATE, "1026-02-28", "not in the years"),
        (ColumnType.DATE, "19.10.26", "not a date like"),
        (ColumnType.INSTANT, "2026-10-19T24:00", "no such time of day"),
        (ColumnType.INSTANT, "1760858100", "Unix time"),
        (ColumnType.INSTANT, "19/10/2026 07:15", "not a time like"),
        (ColumnType.TIME, "24:01", "not a time of day"),
        (ColumnType.TRUTH, "perhaps", "neither true nor false"),
        (ColumnType.ID, "Ada Quinn", "not an id"),
        (ColumnType.TEXT, "x" * 501, "501 characters"),
        (ColumnType.HOURS, "from eight", "are not hours"),
        (ColumnType.LIST, " ; |,", "names nothing"),
        (ColumnType.LIST, "A1\u202eA2", "is no list"),
        (ColumnType.LIST, "A1;" * 40_000, "is no list of at most 100,000"),
        (ColumnType.ZONE, "Dublin", "IANA"),
    ],
)
def test_a_bad_text_is_told_why(kind, text, says):
    with pytest.raises(BadValueError, match=says):
        read(text, kind)


@pytest.mark.parametrize(
    ("text", "unit", "low", "high", "hint"),
    [
        ("85", "share", 0, 1, "did you mean 0.85?"),
        ("2250", "hours", 0.25, 60, "did you give minutes (37.5 h)?"),
        ("240000", "seconds", 0, 86400, "did you give milliseconds (240 s)?"),
        ("9000", "share", 0, 1, ""),
    ],
)
def test_a_number_out_of_range_is_guessed_at(text, unit, low, high, hint):
    with pytest.raises(BadValueError, match="is outside") as caught:
        read(text, ColumnType.NUMBER, unit=unit, low=low, high=high)
    assert caught.value.hint == hint
    assert caught.value.code == "HR107"


def test_a_list_has_each_of_its_parts_once_and_in_order():
    assert read(" A2; A1 |team:  Blue,A2;", ColumnType.LIST) == ("A2", "A1", "team: Blue")

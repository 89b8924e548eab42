"""Tests for wfplan.report.numbers."""

from __future__ import annotations

from datetime import date, datetime
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfplan.report import numbers

numbers_of_a_plan = st.floats(min_value=-1e6, max_value=1e6)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0 %"),
        (0.004, "0.4 %"),
        (0.053, "5 %"),
        (0.814, "81 %"),
        (0.996, "99.6 %"),
        (0.99996, "> 99.9 %"),
        (0.0002, "< 0.1 %"),
        (1.0, "100 %"),
        (nan, "–"),
    ],
)
def test_a_share_reads_in_whole_percents_except_near_its_ends(share, text):
    assert numbers.percent(share).replace("\u202f", " ") == text


@pytest.mark.parametrize(
    ("value_s", "text"),
    [
        (0.0, "0 s"),
        (8.25, "8.2 s"),
        (20.0, "20 s"),
        (119.4, "119 s"),
        (260.0, "4 min 20 s"),
        (300.0, "5 min"),
        (12_600.0, "3.5 h"),
        (inf, "∞"),
        (nan, "–"),
    ],
)
def test_seconds_read_in_the_unit_that_one_would_say(value_s, text):
    assert numbers.seconds(value_s).replace("\u202f", " ") == text


@pytest.mark.parametrize(
    ("value_min", "text"), [(450, "7.5 h"), (435, "7.25 h"), (2250, "37.5 h"), (0, "0.0 h")]
)
def test_hours_keep_a_quarter_of_an_hour(value_min, text):
    assert numbers.hours(value_min).replace("\u202f", " ") == text


@given(numbers_of_a_plan)
def test_no_number_reads_as_a_negative_zero(value):
    assert numbers.decimal(value) not in {"−0.0", "-0.0"}
    assert "-" not in numbers.decimal(value)


@given(numbers_of_a_plan)
def test_a_signed_number_carries_the_sign_of_what_is_shown(value):
    text = numbers.signed(value)
    shown = float(text.replace(",", "").replace("−", "-"))
    assert text.startswith("+") == (shown > 0)
    assert shown == pytest.approx(round(value, 1), abs=1e-9)


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ((2026, 6, 1, 9, 0), (2026, 6, 1, 17, 30), "09:00–17:30"),
        ((2026, 6, 1, 22, 0), (2026, 6, 2, 6, 0), "22:00–06:00 (+1)"),
        ((2026, 6, 1, 16, 0), (2026, 6, 2, 0, 0), "16:00–24:00"),
    ],
)
def test_a_span_says_when_it_ends_on_a_later_date(start, end, text):
    assert numbers.span(datetime(*start), datetime(*end)) == text


@pytest.mark.parametrize(
    ("items", "text"),
    [
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (["a", "b", "c", "d", "e", "f"], "a, b, c and 3 more"),
        ([], ""),
    ],
)
def test_a_list_is_read_like_a_sentence_and_counts_what_it_leaves_out(items, text):
    assert numbers.listed(items) == text


def test_many_minutes_read_in_hours():
    assert numbers.minutes(45).replace("\u202f", " ") == "45 min"
    assert numbers.minutes(2790).replace("\u202f", " ") == "46.5 h"


def test_dates_are_british():
    assert numbers.short_day(date(2026, 6, 1)) == "Mon 1 Jun"
    assert numbers.long_day(date(2026, 6, 1)) == "Monday 1 June 2026"


def test_a_count_of_nothing_is_said_in_words():
    assert numbers.counted(0, "breach", "breaches") == "no breach"
    assert numbers.counted(1, "breach", "breaches") == "1 breach"
    assert numbers.counted(2, "breach", "breaches") == "2 breaches"

"""Tests for wfplan.domain.overrides: changes as a planner writes them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfplan.domain.overrides import BadChangeError, ChangeKind, read_change


@pytest.mark.parametrize(
    ("text", "kind", "amount", "written"),
    [
        ("+10%", ChangeKind.PERCENT, 10, "+10%"),
        ("-5 %", ChangeKind.PERCENT, -5, "-5%"),
        ("10%", ChangeKind.PERCENT, 10, "+10%"),
        ("'+10%", ChangeKind.PERCENT, 10, "+10%"),
        ("-100%", ChangeKind.PERCENT, -100, "-100%"),
        ("=12/interval", ChangeKind.INTERVAL, 12, "=12/interval"),
        ("12.5 an interval", ChangeKind.INTERVAL, 12.5, "=12.5/interval"),
        ("= 1200 per day", ChangeKind.DAY, 1200, "=1200/day"),
        ("Copy 2026-W41", ChangeKind.COPY, 0, "copy 2026-W41"),
        ("copy 2026-w41 +5%", ChangeKind.COPY, 5, "copy 2026-W41 +5%"),
    ],
)
def test_a_change_is_read_in_the_ways_that_people_write_it(text, kind, amount, written):
    change = read_change(text)
    assert (change.kind, change.amount, change.text) == (kind, amount, written)
    assert read_change(change.text) == change


def test_a_week_to_copy_begins_on_its_monday():
    assert read_change("copy 2026-W41").monday == date(2026, 10, 5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("=120", "does not say of what; write =120/interval, =120/day or"),
        ("=120/day +10%", "says two things at once; write two rows"),
        ("+10% =120/day", "says two things at once"),
        ("+2,5%", "decimal comma; write a point"),
        ("-101%", "leaves no forecast"),
        ("+1001%", "leaves no forecast"),
        ("=-3/day", "fewer than 0"),
        ("=2000000/day", "more than 1e"),
        ("copy 2026-W60", "there is no week 2026-W60"),
        ("more", "is not a change; write"),
        ("", "is not a change"),
    ],
)
def test_what_is_no_change_is_refused_with_a_way_on(text, message):
    with pytest.raises(BadChangeError, match=message):
        read_change(text)


@given(st.text(max_size=40))
def test_any_text_is_a_change_or_refused(text):
    try:
        change = read_change(text)
    except BadChangeError:
        return
    assert read_change(change.text) == change

"""Tests for wfplan.rosters.assembling: given shifts as shifts of a plan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from wfplan.domain.schedule import ActivityCategory
from wfplan.intake.book import FaultBook
from wfplan.rosters.assembling import assembled, tiled
from wfplan.rosters.given import GivenShift, Part, Spot

START = datetime(2026, 10, 19, 7, tzinfo=UTC)


def at(hours):
    return START + timedelta(hours=hours)


def shift(first, last, *parts, line=1, **more):
    given = tuple(Part(ActivityCategory(kind), at(a), at(b)) for kind, a, b in parts)
    return GivenShift("A001", at(first), at(last), Spot("r.csv", line), given, **more)


@pytest.fixture
def faults(synthetic):
    """A function: the faults of some shifts, and how many stand."""

    def found(*given):
        book = FaultBook()
        shifts = assembled(given, synthetic.problem(), book)
        return [fault.reason for fault in book.sorted_faults()], len(shifts)

    return found


def kinds(one):
    return [(str(part.category), (part.start - START) / timedelta(hours=1),
             (part.end - START) / timedelta(hours=1)) for part in tiled(one)]  # fmt: skip


def test_every_shift_on_a_long_one_is_named(faults):
    reasons, _ = faults(shift(0, 9, line=1), shift(1, 2, line=2), shift(3, 4, line=3))
    assert reasons == ["A001 has two shifts at once (see line 1)"] * 2


def test_shifts_that_touch_are_two(faults):
    assert faults(shift(0, 4), shift(4, 8, line=2)) == ([], 2)


def test_what_tiles_stays_as_it_is():
    one = shift(0, 3, ("work", 0, 1), ("work", 1, 2), ("meal", 2, 3))
    assert kinds(one) == [("work", 0, 1), ("work", 1, 2), ("meal", 2, 3)]


def test_breaks_lie_on_work_and_gaps_are_on_queue():
    one = shift(0, 8, ("work", 0, 6), ("break", 2, 3), ("meal", 6, 7))
    assert kinds(one) == [
        ("work", 0, 2), ("break", 2, 3), ("work", 3, 6), ("meal", 6, 7), ("work", 7, 8),
    ]  # fmt: skip
    assert kinds(shift(0, 2)) == [("work", 0, 2)]


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (shift(0, 0), "the shift ends before it starts"),
        (shift(0, 25), "the shift lasts 25.0 hours, the most are 24"),
        (shift(0, 1 + 1 / 7200), "times are whole minutes"),
        (shift(0, 8, ("meal", 7, 9)), "an activity lies outside of its shift"),
        (shift(0, 8, ("meal", 3, 3)), "an activity ends before it starts"),
        (shift(0, 8, ("meal", 3, 5), ("break", 4, 6)), "A001 does two things at once"),
        (shift(0, 8, ("work", 0, 5), ("work", 4, 8)), "A001 does two things at once"),
    ],
)
def test_a_shift_that_cannot_be_is_left_out(faults, one, reason):
    assert faults(one) == ([reason], 0)


def test_an_exact_shift_must_be_filled(faults):
    (reason,), count = faults(shift(0, 2, ("work", 0, 1), is_exact=True))
    assert reason == "activities do not tile the shift: they leave a gap at 2026-10-19T08:00Z"
    assert count == 0

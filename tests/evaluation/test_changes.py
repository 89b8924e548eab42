"""Tests for wfplan.evaluation.changes: what became of every shift, person by person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfplan.evaluation import ChangeKind, person_changes

WORK = "ON_QUEUE"


@pytest.fixture
def change(synthetic):
    """A function: the changes of A001 from some shifts to others, each (day, start, parts)."""

    def of(before, after, **more):
        first, second = (
            synthetic.schedule(
                shifts=tuple(
                    synthetic.shift(
                        "A001", synthetic.WEEK + timedelta(days=day), start, *parts
                    ).model_copy(update={"shift_id": f"s{i}"})
                    for i, (day, start, parts) in enumerate(shifts)
                )
            )
            for shifts in (before, after)
        )
        (found,) = person_changes(first, second, ["A001"], **more)
        return found

    return of


def plain(day, start, minutes=480):
    return day, start, [(minutes, WORK)]


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ([plain(0, 480)], [plain(0, 480)], []),
        ([plain(0, 480)], [plain(0, 600)], [ChangeKind.MOVED]),
        ([plain(0, 480)], [plain(0, 480, 540)], [ChangeKind.LONGER]),
        ([plain(0, 480)], [plain(0, 540, 420)], [ChangeKind.SHORTER]),
        ([], [plain(0, 480)], [ChangeKind.ADDED]),
        ([plain(0, 480)], [], [ChangeKind.REMOVED]),
        ([plain(0, 480)], [plain(3, 480)], [ChangeKind.OTHER_DAY]),
        ([plain(0, 480)], [plain(3, 480, 300)], [ChangeKind.REMOVED, ChangeKind.ADDED]),
        ([plain(0, 480), plain(2, 480)], [plain(0, 480), plain(2, 495)], [ChangeKind.MOVED]),
    ],
)
def test_a_shift_is_kept_moved_changed_in_length_added_or_removed(change, before, after, kinds):
    found = change(before, after)
    assert [one.kind for one in found.changes] == kinds
    assert found.is_kept == (not kinds)


def test_the_halves_of_a_split_day_are_compared_with_the_nearest(change):
    before = [plain(0, 480, 240), plain(0, 960, 240)]
    found = change(before, [plain(0, 960, 240), plain(0, 510, 240)])
    (moved,) = found.changes
    assert moved.kind is ChangeKind.MOVED
    assert moved.before.start < moved.after.start


def test_other_breaks_are_no_other_week(change):
    before = [(0, 480, [(120, WORK), (15, "REST"), (345, WORK)])]
    after = [(0, 480, [(180, WORK), (15, "REST"), (285, WORK)])]
    found = change(before, after)
    assert [one.kind for one in found.changes] == [ChangeKind.BREAKS]
    assert found.is_kept


def test_stretches_that_only_touch_are_one(change):
    found = change([(0, 480, [(120, WORK), (360, WORK)])], [plain(0, 480)])
    assert found.changes == ()


def test_other_work_inside_is_a_change(synthetic):
    first = synthetic.schedule(shifts=(synthetic.shift("A001", synthetic.WEEK, 480, (480, WORK)),))
    (shift,) = first.shifts
    (work,) = shift.activities
    training = work.model_copy(
        update={"code": "TRAINING", "category": "training", "start": work.end - timedelta(hours=1)}
    )
    inside = (work.model_copy(update={"end": training.start}), training)
    second = first.model_copy(update={"shifts": (shift.model_copy(update={"activities": inside}),)})
    (found,) = person_changes(first, second, ["A001"])
    assert [one.kind for one in found.changes] == [ChangeKind.ACTIVITIES]
    assert not found.is_kept


def test_paid_time_is_counted_before_and_after(change):
    meal = [(0, 480, [(240, WORK), (30, "MEAL"), (210, WORK)])]
    found = change(meal, [plain(0, 480), plain(1, 480)])
    assert (found.paid_before, found.paid_after, found.paid_min) == (450, 960, 510)


def test_only_the_dates_that_are_asked_for_are_compared(change, synthetic):
    before, after = [plain(0, 480), plain(1, 480)], [plain(0, 600)]
    found = change(before, after, dates=[synthetic.WEEK])
    assert [one.kind for one in found.changes] == [ChangeKind.MOVED]


SHIFTS = st.dictionaries(st.integers(0, 6), st.tuples(st.integers(16, 40), st.integers(8, 20)))


@given(before=SHIFTS, after=SHIFTS)
def test_every_shift_is_told_once_and_the_way_back_is_the_mirror(synthetic, before, after):
    def schedule(days):
        shifts = (
            synthetic.shift("A001", synthetic.WEEK + timedelta(days=day), 30 * start,
                            (30 * length, WORK)).model_copy(update={"shift_id": f"s{day}"})
            for day, (start, length) in days.items()
        )  # fmt: skip
        return synthetic.schedule(shifts=tuple(shifts))

    schedules = [schedule(days) for days in (before, after)]
    (there,) = person_changes(*schedules, ["A001"])
    (back,) = person_changes(*reversed(schedules), ["A001"])
    for side, days in (("before", before), ("after", after)):
        told = [getattr(one, side) for one in there.changes]
        ids = [shift.shift_id for shift in told if shift is not None]
        same = sum(before.get(day) == after.get(day) for day in days)
        assert len(ids) == len(set(ids)) == len(days) - same
    assert len(there.changes) == len(back.changes)
    assert there.paid_min == -back.paid_min

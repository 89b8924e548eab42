"""Tests for wfplan.rosters.requests: activities that give what the plan asks for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from wfplan.domain.activities import ActivityRequest
from wfplan.domain.schedule import ActivityCategory
from wfplan.rosters.requests import with_requests


@pytest.fixture
def shift(synthetic):
    """A shift with two hours of training."""
    base = synthetic.shift("A001", synthetic.WEEK, 480, (120, "ON_QUEUE"), (120, "REST"))
    last = base.activities[1].model_copy(
        update={"code": "TRAINING", "category": ActivityCategory.TRAINING}
    )
    return base.model_copy(update={"activities": (base.activities[0], last)})


def request(shift, **more):
    start = shift.activities[1].start
    given = {
        "activity_id": "safety-1", "code": "TRAINING", "category": "training",
        "agent_ids": ("A001",), "minutes": 120, "earliest": start, "latest": start
        + timedelta(hours=2),
    }  # fmt: skip
    return ActivityRequest(**given | more)


def asked(shift, synthetic, *requests):
    (found,), count = with_requests([shift], synthetic.problem(activities=requests))
    ids = [one.activity_id for one in found.activities]
    before = sum(bool(one.activity_id) for one in shift.activities)
    assert count == sum(map(bool, ids)) - before
    return ids


def test_training_inside_the_window_is_what_was_asked_for(shift, synthetic):
    assert asked(shift, synthetic, request(shift)) == ["", "safety-1"]


@pytest.mark.parametrize(
    "more",
    [
        {"code": "COACHING"},
        {"agent_ids": ("A002",)},
        {"minutes": 60},
        {"category": "meeting"},
    ],
)
def test_other_training_is_not(shift, synthetic, more):
    assert asked(shift, synthetic, request(shift, **more)) == ["", ""]


def test_training_outside_of_its_window_is_not(shift, synthetic):
    later = shift.activities[1].start + timedelta(hours=1)
    window = {"earliest": later, "latest": later + timedelta(hours=3)}
    assert asked(shift, synthetic, request(shift, **window)) == ["", ""]


def test_of_several_the_one_of_its_length_counts(shift, synthetic):
    longer = {"activity_id": "a", "minutes": 180,
              "latest": shift.activities[1].start + timedelta(hours=9)}  # fmt: skip
    requests = request(shift, **longer), request(shift, activity_id="b")
    assert asked(shift, synthetic, *requests) == ["", "b"]


def test_facilitators_have_it_too(shift, synthetic):
    more = {"agent_ids": ("A002",), "facilitators": ("A001",)}
    assert asked(shift, synthetic, request(shift, **more)) == ["", "safety-1"]


def test_a_roster_that_says_it_itself_is_left_alone(shift, synthetic):
    said = shift.activities[1].model_copy(update={"activity_id": "other"})
    shift = shift.model_copy(update={"activities": (shift.activities[0], said)})
    assert asked(shift, synthetic, request(shift)) == ["", "other"]

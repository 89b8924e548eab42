"""Activities: what contradicts itself, and when their sessions may run."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from wfplan.domain.activities import ActivityRequest

DUBLIN = "Europe/Dublin"


def asked(**more):
    given = {
        "activity_id": "a", "code": "TRAINING", "category": "training", "agent_ids": ("A1", "A2"),
        "minutes": 60, "earliest": datetime(2026, 3, 28, tzinfo=UTC),
        "latest": datetime(2026, 3, 30, tzinfo=UTC),
    }  # fmt: skip
    return ActivityRequest(**(given | more))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"category": "work"}, "work is none to be placed"),
        ({"category": "meal"}, "meal is none to be placed"),
        ({"latest": datetime(2026, 3, 28, 0, 45, tzinfo=UTC)}, "longer than its window"),
        ({"facilitators": ("A2",)}, "A2 takes part and leads"),
        ({"agent_ids": ("A1", "A1")}, "names somebody twice"),
        ({"is_together": True, "piece_min": 30}, "take no pieces"),
        ({"agent_ids": ()}, "at least 1 item"),
    ],
)
def test_what_contradicts_itself_is_refused(more, message):
    with pytest.raises(ValidationError, match=message):
        asked(**more)


def test_it_is_fixed_where_the_window_leaves_one_time():
    one = asked(latest=datetime(2026, 3, 28, 1, tzinfo=UTC))
    assert one.is_fixed
    assert not asked().is_fixed


@pytest.mark.parametrize(
    ("more", "most"),
    [({}, 1), ({"is_together": True}, 2), ({"is_together": True, "group_max": 8}, 8)],
)
def test_a_session_has_as_many_people_as_the_group_may(more, most):
    assert asked(**more).session_max == most


def test_without_hours_the_window_is_one_span():
    one = asked()
    assert one.spans(DUBLIN) == ((one.earliest, one.latest),)


def test_hours_are_those_of_the_clock_on_both_sides_of_a_change():
    begins = [begin.hour for begin, _ in asked(hours=((540, 600),)).spans(DUBLIN)]
    assert begins == [9, 8]  # clocks go forward on the 29th


def test_hours_past_midnight_reach_into_the_next_date_and_the_window():
    night = asked(hours=((1320, 1560),)).spans(DUBLIN)  # 22:00 to 02:00
    lengths = [(end - begin) / timedelta(hours=1) for begin, end in night]
    assert lengths == [2, 3, 3]  # the evening before, an hour lost to the clocks, cut at the end
    assert night[0][0] == asked().earliest


def test_hours_that_touch_are_one_span():
    (first, *_) = asked(hours=((600, 660), (540, 600))).spans(DUBLIN)
    assert first[1] - first[0] == timedelta(hours=2)

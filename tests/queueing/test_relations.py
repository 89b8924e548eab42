"""Laws that every queue obeys, whatever its numbers (metamorphic relations, convexity)."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wfplan.queueing import erlang_a, erlang_b, erlang_c, general_patience
from wfplan.queueing.measures import QueueMeasures
from wfplan.queueing.patience_law import PatienceLaw

staffs = st.floats(min_value=0.05, max_value=500.0)
relative_loads = st.floats(min_value=0.05, max_value=3.0)
patiences = st.floats(min_value=1.0, max_value=20_000.0)
times = st.floats(min_value=0.0, max_value=600.0)
AHT = 240.0
PER_ERLANG = 3600 / AHT

Queue = Callable[..., QueueMeasures]


def impatient(staff, per_h, aht, patience, **options) -> QueueMeasures:
    return erlang_a.steady_state(staff, per_h, aht, patience, **options)


def patient(staff, per_h, aht, patience, **options) -> QueueMeasures:
    return erlang_c.steady_state(staff, per_h, aht, **options)


def balking(staff, per_h, aht, patience, **options) -> QueueMeasures:
    """A patience of several pieces, with a jump and a mass at 0, scaled with ``patience``."""
    shape = PatienceLaw(
        np.array([0.0, 0.2, 0.2, 1.0, 3.0]) * patience, np.array([0.9, 0.8, 0.7, 0.4, 0.2])
    )
    return general_patience.steady_state(staff, per_h, aht, shape, **options)


WITHOUT_MEMORY = pytest.mark.parametrize("queue", [impatient, patient])
QUEUES = pytest.mark.parametrize("queue", [impatient, patient, balking])


@QUEUES
@settings(max_examples=60)
@given(staff=staffs, relative=relative_loads, patience=patiences, more=st.floats(1e-3, 20))
def test_more_staff_never_raise_abandonment_or_wait_nor_lower_the_service_level(
    queue: Queue, staff, relative, patience, more
):
    """Relation 1."""
    m = queue([staff, staff + more], relative * staff * PER_ERLANG, AHT, patience)
    assert m.p_abandon[1] <= m.p_abandon[0] + 1e-11
    assert m.mean_wait_all_s[1] <= m.mean_wait_all_s[0] * (1 + 1e-10) + 1e-9
    assert m.sl_offered[1] >= m.sl_offered[0] - 1e-11


@WITHOUT_MEMORY
@settings(max_examples=60)
@given(staff=staffs, relative=relative_loads, patience=patiences, times_larger=st.floats(1, 10))
def test_a_team_and_its_contacts_grown_together_never_lose_more(
    queue: Queue, staff, relative, patience, times_larger
):
    """
    Relation 2, and for every factor, not only for two.

    No law where the hazard of patience falls: there a spread of waits loses fewer.
    """
    grown = np.array([1.0, times_larger])
    lost = queue(staff * grown, relative * staff * PER_ERLANG * grown, AHT, patience).p_abandon
    assert lost[1] <= lost[0] + 1e-11


@WITHOUT_MEMORY
@settings(max_examples=60)
@given(staff=staffs, relative=relative_loads, patience=patiences, share=st.floats(0.05, 0.95))
def test_pooling_two_teams_of_equal_load_per_agent_never_raises_the_mean_wait(
    queue: Queue, staff, relative, patience, share
):
    """Relation 3, and for parts of unequal size: the whole waits no longer than its parts."""
    assume(abs(relative - 1) > 1e-6)  # where Erlang C turns endless, rounding decides
    parts = np.array([share, 1 - share, 1.0])
    waits = queue(
        staff * parts, relative * staff * PER_ERLANG * parts, AHT, patience
    ).mean_wait_all_s
    apart = share * waits[0] + (1 - share) * waits[1]
    assert waits[2] <= apart * (1 + 1e-9) + 1e-9 or np.isinf(apart)


@settings(max_examples=60)
@given(staff=st.floats(0.5, 300), relative=st.floats(0.05, 0.98))
def test_ever_longer_patience_approaches_erlang_c_from_below(staff, relative):
    """Relation 4."""
    per_h = relative * staff * PER_ERLANG
    calm = AHT * np.array([1.0, 1e2, 1e4, 1e6, 1e8])
    waits = erlang_a.steady_state(staff, per_h, AHT, calm).mean_wait_all_s
    limit = float(erlang_c.steady_state(staff, per_h, AHT).mean_wait_all_s)
    assert (np.diff(waits) >= -1e-9 * limit - 1e-15).all()
    assert waits[-1] == pytest.approx(limit, rel=1e-3, abs=1e-12)
    assert waits[-1] <= limit * (1 + 1e-9) + 1e-12


@QUEUES
@settings(max_examples=60)
@given(
    staff=staffs, relative=relative_loads, patience=patiences,
    within=times, scale=st.floats(1e-3, 1e3),
)  # fmt: skip
def test_a_longer_second_scales_the_waits_and_nothing_else(
    queue: Queue, staff, relative, patience, within, scale
):
    """Relation 5."""
    assume(abs(relative - 1) > 1e-6)
    per_h = relative * staff * PER_ERLANG
    one = queue(staff, per_h, AHT, patience, answer_within_s=within)
    other = queue(
        staff, per_h / scale, AHT * scale, patience * scale, answer_within_s=within * scale
    )
    for name in ("p_wait", "p_abandon", "sl_offered", "p_wait_beyond", "occupancy", "mean_queue"):
        assert getattr(other, name) == pytest.approx(
            float(getattr(one, name)), rel=1e-8, abs=1e-11
        ), name
    for name in ("mean_wait_all_s", "mean_wait_served_s"):
        assert getattr(other, name) / scale == pytest.approx(
            float(getattr(one, name)), rel=1e-8, abs=1e-9, nan_ok=True
        ), name


@settings(max_examples=100)
@given(
    staff=st.floats(0.0, 300), relative=relative_loads, patience=patiences, step=st.floats(0.05, 3)
)
def test_abandonment_queue_and_wait_are_convex_in_real_staff(staff, relative, patience, step):
    """What the cost curves rest on; the service level, by contrast, is not convex."""
    team = staff + step * np.arange(3)
    m = erlang_a.steady_state(team, relative * (staff + 1) * PER_ERLANG, AHT, patience)
    for name in ("p_abandon", "mean_queue", "mean_wait_all_s"):
        values = getattr(m, name)
        assert values[0] - 2 * values[1] + values[2] >= -1e-11 * (1 + values[0]), name


@settings(max_examples=100)
@given(staff=st.floats(0.0, 300), load=st.floats(0.05, 300), step=st.floats(0.05, 3))
def test_blocking_is_convex_in_real_staff(staff, load, step):
    """Jagers and van Doorn (1986): the continued Erlang loss function is convex."""
    blocked = erlang_b.blocking(staff + step * np.arange(3), load)
    assert blocked[0] - 2 * blocked[1] + blocked[2] >= -1e-13


@settings(max_examples=100)
@given(staff=st.floats(0.2, 300), relative=relative_loads, patience=patiences, step=st.floats(0, 1))
def test_contacts_lost_are_convex_in_contacts_offered(staff, relative, patience, step):
    """The redial fixed point leans on it: the slope of the lost so far is a lower bound."""
    per_h = relative * staff * PER_ERLANG * (1 + step * np.arange(3))
    lost = per_h * erlang_a.steady_state(staff, per_h, AHT, patience).p_abandon
    assert lost[0] - 2 * lost[1] + lost[2] >= -1e-10 * (1 + lost[2])


@QUEUES
@pytest.mark.parametrize("staff", [5e-324, 1e-300, 1e-90, 1e-9])
def test_the_smallest_parts_of_an_agent_are_as_good_as_nobody(queue: Queue, staff):
    few, none = queue(staff, 200, AHT, 120.0), queue(0.0, 200, AHT, 120.0)
    assert few.sl_offered == pytest.approx(float(none.sl_offered), abs=1e-8)
    assert few.p_abandon == pytest.approx(float(none.p_abandon), rel=1e-8)
    assert few.p_wait == pytest.approx(1)

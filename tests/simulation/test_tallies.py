"""Tests for wfplan.simulation.tallies: every contact once, in the right cell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from wfplan.domain.channels import Channel
from wfplan.simulation.estimates import WAIT_EDGES_S
from wfplan.simulation.frames import (
    BUSY_REALTIME,
    CHASE,
    CONTACT,
    ESCALATION,
    FRESH,
    ON_QUEUE,
    RECONTACT,
    REDIAL,
    WEEK,
    Floor,
)
from wfplan.simulation.model import Assumptions, Model, build_model
from wfplan.simulation.one_week import run_replication
from wfplan.simulation.tallies import (
    Count,
    Yardsticks,
    _bin,
    _count_contacts,
    empty_tallies,
    empty_waits,
    tally,
)

VOICE = Channel(name="voice", open=["daily 00:00-24:00"])


@njit
def bin_of(wait):
    """As kernels have it, for Python."""
    return _bin(wait)


@given(wait=st.floats(0, 1e7))
def test_a_wait_lies_between_the_edges_of_its_bin(wait):
    at = bin_of(wait)
    assert at == len(WAIT_EDGES_S) - 1 or wait <= WAIT_EDGES_S[at]
    assert at == 0 or wait >= WAIT_EDGES_S[at - 1]


@pytest.mark.parametrize("edge", WAIT_EDGES_S[1:-1])
def test_bins_follow_one_another_without_a_gap(edge):
    assert bin_of(edge) == bin_of(np.nextafter(edge, 0)) + 1


END_S, STEP_S, INTERVALS, LANES = 3600.0, 900.0, 4, 3  # a realtime and a deferred channel, one more


def random_contacts(rng: np.random.Generator) -> np.ndarray:
    """Contacts of every kind: fresh ones by channel, then what follows from them."""
    n = int(rng.integers(1, 40))
    contacts = np.zeros(n, CONTACT)
    fresh = int(rng.integers(1, n + 1))
    contacts["arrived"] = np.round(rng.uniform(0, END_S - 1, n))
    contacts["interval"] = contacts["arrived"] // STEP_S
    contacts["channel"] = rng.integers(0, 2, n)
    contacts["leaves"] = contacts["arrived"] + rng.choice([5.0, 60.0, 700.0, np.inf], n)
    contacts["due"] = contacts["arrived"] + rng.choice([300.0, 4000.0], n)
    contacts["parent"], contacts["person"] = -1, rng.integers(-1, 2, n)
    wait = np.minimum(rng.choice([0.0, 10.0, 50.0, 500.0], n), contacts["leaves"])
    contacts["reached"] = np.minimum(contacts["arrived"] + wait, contacts["leaves"])
    contacts["reached"][contacts["reached"] >= END_S] = END_S - 1
    contacts["finished"] = contacts["reached"] + rng.choice([1.0, 400.0, np.nan], n)
    nobody = contacts["person"] < 0
    contacts["finished"][nobody] = np.nan
    late = contacts["leaves"] + 30.0  # when somebody was free for who had hung up by then
    contacts["reached"][nobody] = np.where(late < END_S, late, np.nan)[nobody]
    contacts["is_blocked"] = nobody & (rng.random(n) < 0.3)
    contacts["is_called_back"] = ~nobody & (rng.random(n) < 0.3)
    for i in range(fresh, n):
        parent = int(rng.integers(0, i))
        contacts["parent"][i] = parent
        lost = contacts["person"][parent] < 0
        contacts["cause"][i] = REDIAL if lost else rng.choice([RECONTACT, CHASE, ESCALATION])
        if contacts["cause"][i] == ESCALATION:
            contacts["channel"][i] = LANES - 1
            contacts["is_blocked"][i] = False
    return contacts


def obvious(contacts: np.ndarray, closes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same counts, one question after the other."""
    counts = np.zeros((LANES, len(Count), INTERVALS))
    waits = np.zeros((LANES, INTERVALS, len(WAIT_EDGES_S)), np.int32)
    redialled = {int(c["parent"]) for c in contacts if c["cause"] == REDIAL}

    def add(contact, kind, amount=1.0):
        counts[contact["channel"], kind, contact["interval"]] += amount

    def root(contact):
        while contact["cause"] in (REDIAL, RECONTACT):
            contact = contacts[contact["parent"]]
        return contact

    kinds = {FRESH: Count.FRESH, REDIAL: Count.REDIALS, RECONTACT: Count.RECONTACTS,
             CHASE: Count.CHASERS}  # fmt: skip
    for i, contact in enumerate(contacts):
        answered, blocked = contact["person"] >= 0, contact["is_blocked"]
        lost = not answered and not blocked and contact["leaves"] < END_S
        until = contact["reached"] if answered else min(contact["leaves"], END_S)
        wait = until - contact["arrived"]
        add(contact, Count.OFFERED)
        add(contact, Count.ANSWERED, answered)
        add(contact, Count.ABANDONED, lost)
        add(contact, Count.BLOCKED, blocked)
        add(contact, Count.STILL_THERE, not (answered or blocked or lost))
        add(contact, Count.CALLED_BACK, contact["is_called_back"])
        if contact["cause"] in kinds:
            add(contact, kinds[contact["cause"]])
        else:
            add(contacts[contact["parent"]], Count.ESCALATIONS)
            add(contacts[contact["parent"]], Count.ESCALATION_WAIT_S, wait)
        if (lost or blocked) and i not in redialled and root(contact)["cause"] == FRESH:
            add(root(contact), Count.LOST_CUSTOMERS)
        if answered:
            begun = int(contact["reached"] // STEP_S)
            counts[contact["channel"], Count.BEGUN, begun] += 1
        if blocked:
            add(contact, Count.JUDGED)
            continue
        add(contact, Count.WAIT_S, wait)
        if contact["channel"] == 1:
            done, late = contact["finished"] <= contact["due"], contact["due"] < END_S
            add(contact, Count.IN_TIME, done)
            add(contact, Count.JUDGED, done or late)
            add(contact, Count.LATE, late and not done)
        else:
            add(contact, Count.JUDGED)
            add(contact, Count.IN_TIME, answered and wait <= 20)
        if contact["channel"] == 0 and contact["leaves"] - contact["arrived"] > 45:
            add(contact, Count.PATIENT)
            add(contact, Count.PATIENT_LATE, not (answered and wait <= 45))
        if not answered:
            free = END_S if np.isnan(contact["reached"]) else contact["reached"]
            closing = closes[contact["channel"], contact["interval"]]
            wait = min(free, max(until, closing)) - contact["arrived"]
        at = np.searchsorted(WAIT_EDGES_S, wait, side="right" if wait >= 1 else "left")
        waits[contact["channel"], contact["interval"], at] += 1
    return counts, waits


@settings(deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_kernel_counts_as_the_obvious_loop_does(seed):
    rng = np.random.default_rng(seed)
    contacts = random_contacts(rng)
    closes = np.repeat([[1800.0, 1800.0, 3600.0, 3600.0]], LANES, axis=0)
    week = np.zeros(1, WEEK)
    week["end"], week["interval"] = END_S, STEP_S
    counts = np.zeros((LANES, len(Count), INTERVALS))
    waits = np.zeros((LANES, INTERVALS, len(WAIT_EDGES_S)), np.int32)
    in_hand = _count_contacts(
        week, contacts, np.zeros(len(contacts), np.bool_), np.array([False, True, False]),
        np.array([20.0, np.inf, 20.0]), np.array([45.0, np.inf, np.inf]), closes, counts, waits,
    )  # fmt: skip
    plain, plain_waits = obvious(contacts, closes)
    assert counts == pytest.approx(plain)
    assert np.array_equal(waits, plain_waits)
    assert in_hand == ((contacts["person"] >= 0) & np.isnan(contacts["finished"])).sum()


def ran(small) -> tuple[Floor, Model]:
    """A morning of two people."""
    span = small.horizon(1)
    agents = small.team(2, ["voice"])
    expected = small.demand(span, [VOICE], 30, patience_s=100)
    model = build_model(
        small.problem([VOICE], agents), expected, small.always_on(span, agents), None, Assumptions()
    )
    return run_replication(model, 0, 1), model


def count(floor: Floor, model: Model) -> None:
    tally(floor, Yardsticks.of(model), empty_tallies(model, 1), 0, empty_waits(model))


def test_what_the_engine_does_is_conserved(small):
    count(*ran(small))


def test_a_contact_that_was_lost_on_the_way_stops_the_simulation(small):
    floor, model = ran(small)
    floor.contacts["leaves"][floor.contacts["person"] < 0] = np.nan
    with pytest.raises(AssertionError, match="contacts lost"):
        count(floor, model)


def test_a_contact_in_nobodys_hands_stops_the_simulation(small):
    floor, model = ran(small)
    done = np.flatnonzero(~np.isnan(floor.contacts["finished"]))
    floor.contacts["finished"][done[0]] = np.nan
    with pytest.raises(AssertionError, match="in hand that nobody holds"):
        count(floor, model)


def test_more_work_than_time_on_queue_stops_the_simulation(small):
    floor, model = ran(small)
    floor.seconds[0, BUSY_REALTIME, 3] = floor.seconds[0, ON_QUEUE, 3] + 1
    with pytest.raises(AssertionError, match="busy while off queue"):
        count(floor, model)

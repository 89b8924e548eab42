"""Tests for wfplan.simulation.engine: rules of the floor, and the twin."""

from __future__ import annotations

import copy
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.domain.channels import Channel
from wfplan.domain.problem import Shrinkage
from wfplan.simulation.engine import run_week
from wfplan.simulation.frames import BUSY_DEFERRED, BUSY_REALTIME, ON_QUEUE, SPELL, Floor
from wfplan.simulation.model import Assumptions, build_model
from wfplan.simulation.one_week import empty_replication

VOICE = Channel(name="voice", open=["daily 00:00-24:00"])
CHAT = Channel(name="chat", open=["daily 00:00-24:00"], concurrency_rates=(1.0, 1.6, 1.95))
EMAIL = Channel(name="email", kind="deferred", open=["daily 00:00-24:00"], due_h=1)
SOCIAL = Channel(name="social", kind="deferred", open=["daily 00:00-24:00"], due_h=0.5)
SKILL_SETS = [
    ["voice"], ["chat"], ["email"], ["voice", "chat"], ["voice", "email"], ["chat", "social"],
    ["email", "social"], ["voice", "chat", "email"], ["voice", "chat", "email", "social"],
]  # fmt: skip


def random_floor(small, seed: int, *, priority: dict[str, int] | None = None) -> Floor:
    """An empty floor for four busy hours of a small centre with everything in it."""
    rng = np.random.default_rng(seed)
    span = small.horizon(1)
    channels = [VOICE, CHAT, EMAIL, SOCIAL]
    agents = [small.agent(f"a{i}", SKILL_SETS[rng.integers(9)]) for i in range(8)]
    parts = ((0, 60, "work"), (60, 75, "break"), (75, 100, "work"), (100, 110, "meeting"),
             (110, 112, "meeting"), (112, 170, "work"), (170, 175, "training"))  # fmt: skip
    shifts = [
        small.shift(a.agent_id, span.start + timedelta(minutes=int(rng.integers(8)) * 15), parts)
        for a in agents
    ]
    per_hour = np.zeros((4, span.interval_count))
    per_hour[:, :16] = rng.uniform(0, [[60], [60], [40], [40]])
    expected = small.demand(
        span,
        channels,
        per_hour,
        aht_s=[240, 300, 400, 300],
        patience_s=[rng.choice([30, 90]), rng.choice([30, 300]), np.inf, np.inf],
        rate_cv=0.3,
    )
    model = build_model(
        small.problem(channels, agents, Shrinkage(absence_share=0.1, unplanned_share=0.1)),
        expected,
        small.schedule(span, shifts),
        None,
        Assumptions(priority=priority or {}),
    )
    return empty_replication(model, 0, seed)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), first=st.sampled_from([None, {"voice": -1}, {"chat": -1}]))
def test_the_slow_twin_sees_the_same_fate_of_every_contact(small, twin, seed, first):
    floor = random_floor(small, seed, priority=first)
    slow = twin.Twin(copy.deepcopy(floor)).run()
    run_week(floor)

    contacts = floor.contacts
    assert np.array_equal(contacts["person"], slow.by)
    answered = contacts["person"] >= 0
    assert contacts["reached"][answered] == pytest.approx(slow.answered[answered])
    assert np.array_equal(np.isnan(contacts["finished"]), np.isnan(slow.finished))
    done = ~np.isnan(slow.finished)
    assert contacts["finished"][done] == pytest.approx(slow.finished[done])
    assert np.array_equal(~answered & (contacts["leaves"] < slow.end), slow.lost)
    assert floor.week[0]["overtime"] == pytest.approx(slow.overtime)
    assert floor.week[0]["break_delay"] == pytest.approx(slow.break_delay)
    on_s = sum(person.on_s for person in slow.people)
    busy_s = sum(person.busy_s for person in slow.people)
    assert floor.seconds[:, ON_QUEUE].sum() == pytest.approx(on_s)
    assert floor.seconds[:, [BUSY_REALTIME, BUSY_DEFERRED]].sum() == pytest.approx(busy_s)


def by_hand(*args, **options) -> Floor:
    """A floor on which given contacts (channel, arrival, work in seconds) have met a schedule."""
    floor = prepared(*args, **options)
    run_week(floor)
    return floor


def prepared(small, channels, agents, shifts, contacts, *, patience_s=np.inf) -> Floor:
    """The same before its first event."""
    span = small.horizon(1)
    expected = small.demand(span, channels, np.zeros(len(channels)))
    plan = small.schedule(span, shifts)
    model = build_model(small.problem(channels, agents), expected, plan, None, Assumptions())
    floor = empty_replication(model, 0, 0)
    names = [channel.name for channel in channels]
    rows = sorted((names.index(name), arrived, work) for name, arrived, work in contacts)
    records = np.zeros(len(rows), floor.contacts.dtype)
    records["arrived"] = [row[1] for row in rows]
    records["work"] = [row[2] for row in rows]
    records["leaves"] = records["arrived"] + patience_s
    records["due"] = records["arrived"] + 3600.0
    records["reached"] = records["finished"] = np.nan
    records["person"] = records["parent"] = -1
    records["channel"] = [row[0] for row in rows]
    edges = np.searchsorted([row[0] for row in rows], np.arange(len(names) + 1))
    floor.channels["head"] = floor.channels["tail"] = edges[:-1]
    floor.channels["last"] = edges[1:]
    return floor._replace(contacts=records)


def test_a_contact_in_hand_is_finished_before_the_shift_ends_and_overtime_counts(small):
    agents = small.team(1, ["voice"])
    shifts = [small.shift("a0000", small.horizon(1).start, [(0, 10, "work")])]
    calls = [("voice", 590.0, 100.0), ("voice", 595.0, 100.0)]
    floor = by_hand(small, [VOICE], agents, shifts, calls)
    assert floor.contacts["finished"][0] == 690.0
    assert np.isnan(floor.contacts["reached"][1])
    assert floor.week[0]["overtime"] == 90.0
    assert floor.seconds[:, ON_QUEUE].sum() == 690.0


def test_a_break_begun_late_keeps_its_length(small):
    agents = small.team(1, ["voice"])
    parts = [(0, 10, "work"), (10, 25, "break"), (25, 60, "work")]
    shifts = [small.shift("a0000", small.horizon(1).start, parts)]
    calls = [("voice", 590.0, 100.0), ("voice", 700.0, 60.0)]
    floor = by_hand(small, [VOICE], agents, shifts, calls)
    assert floor.week[0]["break_delay"] == 90.0
    assert floor.contacts["reached"][1] == 690.0 + 900.0
    assert floor.seconds[:, ON_QUEUE].sum() == 3600.0 - 900.0


def test_a_spell_begun_on_time_ends_to_the_bit_where_the_break_starts(small):
    """Else she would take a contact in the instant between them: found by the twin."""
    agents = small.team(1, ["voice"])
    parts = [(0, 60, "work"), (60, 75, "break"), (75, 120, "work")]
    shifts = [small.shift("a0000", small.horizon(1).start, parts)]
    for start in np.random.default_rng(1).uniform(100, 1000, 200):
        floor = prepared(small, [VOICE], agents, shifts, [("voice", 3599.0, 600.0)])
        spell = np.array([(start, 3600.0, SPELL)], dtype=floor.stretches.dtype)
        floor = floor._replace(stretches=np.concatenate((spell, floor.stretches)))
        run_week(floor)
        assert floor.contacts["reached"][0] == 4500.0


def test_of_two_deferred_contacts_the_one_due_first_is_done_first(small):
    agents = small.team(1, ["voice", "email", "social"])
    shifts = small.always_on(small.horizon(1), agents).shifts
    work = [("voice", 0.0, 100.0), ("email", 10.0, 30.0), ("social", 20.0, 30.0)]
    floor = prepared(small, [VOICE, EMAIL, SOCIAL], agents, shifts, work)
    floor.contacts["due"][1:] = 7200.0, 3600.0
    run_week(floor)
    assert list(floor.contacts["reached"]) == [0.0, 130.0, 100.0]


def test_a_meeting_begun_late_ends_on_time(small):
    agents = small.team(1, ["voice"])
    parts = [(0, 10, "work"), (10, 25, "meeting"), (25, 60, "work")]
    shifts = [small.shift("a0000", small.horizon(1).start, parts)]
    calls = [("voice", 590.0, 100.0), ("voice", 700.0, 60.0)]
    floor = by_hand(small, [VOICE], agents, shifts, calls)
    assert floor.contacts["reached"][1] == 1500.0
    assert floor.week[0]["break_delay"] == 0.0


def test_a_delayed_break_never_lasts_beyond_the_end_of_the_shift(small):
    agents = small.team(1, ["voice"])
    parts = [(0, 10, "work"), (10, 20, "break"), (20, 21, "work")]
    shifts = [small.shift("a0000", small.horizon(1).start, parts)]
    floor = by_hand(small, [VOICE], agents, shifts, [("voice", 590.0, 300.0)])
    assert floor.week[0]["break_delay"] == 290.0
    assert floor.week[0]["overtime"] == 0.0


def test_a_specialist_is_used_before_a_generalist_who_has_been_free_for_longer(small):
    agents = [small.agent("general", ["voice", "chat"]), small.agent("special", ["voice"])]
    start = small.horizon(1).start
    shifts = [
        small.shift("general", start, [(0, 60, "work")]),
        small.shift("special", start + timedelta(minutes=5), [(0, 60, "work")]),
    ]
    calls = [("voice", 400.0, 60.0), ("voice", 410.0, 60.0)]
    floor = by_hand(small, [VOICE, CHAT], agents, shifts, calls)
    assert list(floor.contacts["person"]) == [1, 0]  # persons are in order of start


def test_who_has_been_free_for_longest_takes_the_next_contact(small):
    agents = small.team(2, ["voice"])
    floor = by_hand(
        small, [VOICE], agents, small.always_on(small.horizon(1), agents).shifts,
        [("voice", 10.0, 100.0), ("voice", 20.0, 10.0), ("voice", 200.0, 5.0)],
    )  # fmt: skip
    first, second, third = floor.contacts["person"]
    assert first != second
    assert third == second  # free since 30 s, the other since 110 s


def test_a_person_falling_free_takes_who_has_waited_longest_on_any_of_her_channels(small):
    agents = small.team(1, ["voice", "chat"])
    shifts = small.always_on(small.horizon(1), agents).shifts
    contacts = [("voice", 0.0, 100.0), ("voice", 60.0, 50.0), ("chat", 30.0, 10.0)]
    floor = by_hand(small, [VOICE, CHAT], agents, shifts, contacts)
    assert list(floor.contacts["reached"]) == [0.0, 110.0, 100.0]


def test_deferred_work_waits_for_every_realtime_contact(small):
    agents = small.team(1, ["voice", "email"])
    shifts = small.always_on(small.horizon(1), agents).shifts
    contacts = [("voice", 0.0, 100.0), ("voice", 60.0, 50.0), ("email", 5.0, 30.0)]
    floor = by_hand(small, [VOICE, EMAIL], agents, shifts, contacts)
    assert list(floor.contacts["reached"]) == [0.0, 100.0, 150.0]


def test_deferred_work_once_begun_is_not_interrupted(small):
    agents = small.team(1, ["voice", "email"])
    shifts = small.always_on(small.horizon(1), agents).shifts
    contacts = [("email", 0.0, 300.0), ("voice", 60.0, 50.0)]
    floor = by_hand(small, [VOICE, EMAIL], agents, shifts, contacts)
    assert floor.contacts["reached"][0] == 300.0


def test_two_chats_share_the_rate_of_two(small):
    """Two chats of 160 s at a joint rate of 1.6 take 200 s together."""
    agents = small.team(1, ["chat"])
    shifts = small.always_on(small.horizon(1), agents).shifts
    chats = [("chat", 0.0, 160.0), ("chat", 0.0, 160.0)]
    floor = by_hand(small, [CHAT], agents, shifts, chats)
    assert floor.contacts["finished"] == pytest.approx(200.0)
    assert floor.seconds[:, BUSY_REALTIME].sum() == pytest.approx(200.0)


def test_a_third_chat_slows_the_two_in_hand(small):
    """100 s at 0.8 each, then 1.95 / 3 = 0.65 each: 80 of 160 s done, 80 / 0.65 s to go."""
    agents = small.team(1, ["chat"])
    shifts = small.always_on(small.horizon(1), agents).shifts
    chats = [("chat", 0.0, 160.0), ("chat", 0.0, 160.0), ("chat", 100.0, 1000.0)]
    floor = by_hand(small, [CHAT], agents, shifts, chats)
    assert floor.contacts["finished"][:2] == pytest.approx(100 + 80 / 0.65)


def test_a_chat_agent_empties_her_hands_for_a_call_that_waits(small):
    agents = small.team(1, ["voice", "chat"])
    shifts = small.always_on(small.horizon(1), agents).shifts
    contacts = [("chat", 0.0, 100.0), ("voice", 10.0, 30.0), ("chat", 20.0, 100.0)]
    floor = by_hand(small, [VOICE, CHAT], agents, shifts, contacts)
    voice, first_chat, second_chat = floor.contacts
    assert voice["reached"] == first_chat["finished"] == 100.0
    assert second_chat["reached"] == 130.0


def test_a_customer_who_has_hung_up_is_not_answered_and_shows_the_wait_she_would_have_had(small):
    agents = small.team(1, ["voice"])
    shifts = small.always_on(small.horizon(1), agents).shifts
    calls = [("voice", 0.0, 100.0), ("voice", 10.0, 5.0), ("voice", 90.0, 5.0)]
    floor = by_hand(small, [VOICE], agents, shifts, calls, patience_s=60.0)
    assert list(floor.contacts["person"]) == [0, -1, 0]
    assert list(floor.contacts["reached"]) == [0.0, 100.0, 100.0]


def test_contacts_that_wait_at_closing_time_are_served_next_morning(small):
    span = small.horizon(2)
    assert span.interval_count == 192
    agents = small.team(1, ["voice"])
    shifts = [
        small.shift("a0000", span.start, [(0, 10, "work")]),
        small.shift("a0000", span.start + timedelta(hours=20), [(0, 60, "work")]),
    ]
    floor = by_hand(small, [VOICE], agents, shifts, [("voice", 700.0, 30.0)])
    assert floor.contacts["reached"][0] == 20 * 3600.0

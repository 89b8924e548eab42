"""Tests for wfplan.simulation.engine: rules of the floor, and the twin."""

from __future__ import annotations

import copy
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.domain.channels import Channel
from wfplan.domain.problem import Empowered, Shrinkage, ShrinkageKind
from wfplan.errors import InputError
from wfplan.simulation.draws import draw_people
from wfplan.simulation.engine import run_week
from wfplan.simulation.frames import (
    BUSY_DEFERRED,
    BUSY_REALTIME,
    CHASE,
    CONTACT,
    ESCALATION,
    ON_QUEUE,
    RECONTACT,
    REDIAL,
    SPELL,
    Floor,
    empty_floor,
)
from wfplan.simulation.model import Assumptions, build_model
from wfplan.simulation.one_week import empty_replication, run_replication

ALWAYS = ["daily 00:00-24:00"]
VOICE = Channel(name="voice", open=ALWAYS)
CHAT = Channel(name="chat", open=ALWAYS, concurrency_rates=(1.0, 1.6, 1.95))
EMAIL = Channel(name="email", kind="deferred", open=ALWAYS, due_h=1)
VOICE_KEEPS_ONE = Channel(name="voice", open=ALWAYS, reserve=1)
SOCIAL = Channel(name="social", kind="deferred", open=ALWAYS, due_h=0.5)
SKILL_SETS = [
    ["voice"], ["chat"], ["email"], ["voice", "chat"], ["voice", "email"], ["chat", "social"],
    ["email", "social"], ["voice", "chat", "email"], ["voice", "chat", "email", "social"],
]  # fmt: skip
PARTS = ((0, 60, "work"), (60, 75, "break"), (75, 100, "work"), (100, 110, "meeting"),
         (110, 112, "meeting"), (112, 170, "work"), (170, 175, "training"))  # fmt: skip

# What a plan can say of a channel, feature by feature: drawn together at random below.
FEATURES = {
    "priority": lambda rng: {"priority": int(rng.integers(-1, 2))},
    "laws": lambda rng: {
        "handle_law": rng.choice(["lognormal", "gamma", "exponential"]),
        "handle_cv": float(rng.choice([0.5, 1.5])),
        "patience_law": rng.choice(["lognormal", "gamma", "exponential", "fixed"]),
        "patience_cv": float(rng.choice([0.5, 1.5])),
    },
    "balk": lambda rng: {"balk_share": 0.3},
    "blocking": lambda rng: {"waiting_max": int(rng.integers(0, 4))},
    "preferred": lambda rng: {
        "preferred_level": 3,
        "overflow_after_s": float(rng.choice([0.0, 20.0, 90.0])),
    },
    "callback": lambda rng: {
        "callback_after_s": float(rng.choice([0.0, 30.0])),
        "callback_share": 0.5,
    },
    "redial": lambda rng: {
        "redial": {"voice": 0.2, "chat": 0.1, "email": 0.1},
        "redial_after_min": float(rng.choice([1.0, 10.0])),
    },
    "recontact": lambda rng: {
        "recontact": {"voice": 0.2, "social": 0.1},
        "recontact_after_h": float(rng.choice([0.1, 1.0])),
    },
    "chase": lambda rng: {"chase": {"voice": 0.2, "chat": 0.1, "email": 0.1}},
    "reserve": lambda rng: {"reserve": int(rng.integers(1, 4))},
    "closes": lambda rng: {"open": ["daily 00:00-02:00", "daily 02:30-24:00"]},
}
STAFF_FEATURES = ("escalation", "lateness", "kinds")


def random_floor(small, seed: int, features: set[str]) -> Floor:
    """An empty floor for four busy hours of a small centre with some features in it."""
    rng = np.random.default_rng(seed)
    span = small.horizon(1)
    channels = [
        Channel(**channel.model_dump() | with_features(features, rng))
        for channel in (VOICE, CHAT, EMAIL, SOCIAL)
    ]
    agents = [random_agent(small, f"a{i}", features, rng) for i in range(8)]
    shifts = [
        small.shift(a.agent_id, span.start + timedelta(minutes=int(rng.integers(8)) * 15), PARTS)
        for a in agents
    ]
    per_hour = np.zeros((4, span.interval_count))
    per_hour[:, :16] = rng.uniform(0, [[60], [60], [40], [40]])
    patience = [rng.choice([30, 90]), rng.choice([30, 300]), rng.choice([1800, np.inf]), np.inf]
    expected = small.demand(
        span, channels, per_hour, aht_s=[240, 300, 400, 300], patience_s=patience, rate_cv=0.3
    )
    coaching = ShrinkageKind(kind="coaching", share=0.3, hours=["daily 01:00-02:00"])
    lost = Shrinkage(
        absence_share=0.1,
        unplanned_share=0.1,
        late_share=0.5 * ("lateness" in features),
        kinds=(coaching,) if "kinds" in features else (),
    )
    empowered = Empowered(share_of_contacts=0.2 * ("escalation" in features), handle_min=5)
    model = build_model(
        small.problem(channels, agents, lost, empowered), expected,
        small.schedule(span, shifts), None, Assumptions(),
        rng.uniform(0, 3, per_hour.shape) * ("reserve" in features),
    )  # fmt: skip
    return empty_replication(model, 0, seed, 6000)


def with_features(features: set[str], rng: np.random.Generator) -> dict[str, object]:
    """Settings of a channel that has each of the features more likely than not."""
    settings: dict[str, object] = {}
    for name, of in FEATURES.items():
        drawn = of(rng)
        if name in features and rng.random() < 0.7:
            settings |= drawn
    return settings


def random_agent(small, agent_id: str, features: set[str], rng: np.random.Generator):
    skills = list(SKILL_SETS[rng.integers(9)])
    if "escalation" in features and rng.random() < 0.4:
        skills.append("empowered")
    return small.agent(agent_id, skills, {name: int(rng.integers(2, 4)) for name in skills})


def assert_same(floor: Floor, slow) -> None:
    """Event for event, what the engine and its twin have made of a floor."""
    contacts = came(floor)
    assert len(contacts) == len(slow.contacts)

    def seen(name: str) -> np.ndarray:
        return np.array([getattr(contact, name) for contact in slow.contacts])

    for name, other in [("channel", "channel"), ("person", "by"), ("parent", "parent"),
                        ("cause", "cause"), ("is_blocked", "is_blocked"),
                        ("is_called_back", "is_called_back")]:  # fmt: skip
        assert np.array_equal(contacts[name], seen(other)), name
    assert [int(k) for k in contacts["key"]] == [c.key for c in slow.contacts]
    for name in ("arrived", "work", "leaves", "due", "finished"):
        assert contacts[name] == pytest.approx(seen(name), nan_ok=True), name
    answered = contacts["person"] >= 0
    assert contacts["reached"][answered] == pytest.approx(seen("answered")[answered])
    gone = ~answered & ~contacts["is_blocked"] & (contacts["leaves"] < slow.end)
    assert np.array_equal(gone, seen("is_lost"))
    for name in ("overtime", "break_delay"):
        each = [getattr(person, name) for person in slow.people]
        assert floor.people[name] == pytest.approx(each)
        assert floor.week[0][name] == pytest.approx(sum(each))
    assert floor.seconds[:, ON_QUEUE].sum() == pytest.approx(sum(p.on_s for p in slow.people))
    busy = floor.seconds[:, [BUSY_REALTIME, BUSY_DEFERRED]].sum()
    assert busy == pytest.approx(sum(p.busy_s for p in slow.people))


@pytest.mark.parametrize("feature", ["", *FEATURES, *STAFF_FEATURES])
def test_the_slow_twin_sees_the_same_with_each_feature(small, twin, feature):
    for seed in range(3):
        floor = random_floor(small, seed, {feature})
        slow = twin.Twin(copy.deepcopy(floor)).run()
        assert run_week(floor)
        assert_same(floor, slow)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    features=st.sets(st.sampled_from([*FEATURES, *STAFF_FEATURES]), min_size=2),
)
def test_the_slow_twin_sees_the_same_with_all_features_together(small, twin, seed, features):
    floor = random_floor(small, seed, features)
    slow = twin.Twin(copy.deepcopy(floor)).run()
    assert run_week(floor)
    assert_same(floor, slow)


def by_hand(*args, **options) -> Floor:
    """A floor on which given contacts (channel, arrival, work in seconds) have met a schedule."""
    floor = prepared(*args, **options)
    assert run_week(floor)
    return floor


def prepared(
    small, channels, agents, shifts, contacts, *, patience_s=np.inf, empowered=None, room=20,
    reserve=None,
) -> Floor:  # fmt: skip
    """The same before its first event."""
    span = small.horizon(1)
    expected = small.demand(span, channels, np.zeros(len(channels)))
    plan = small.schedule(span, shifts)
    problem = small.problem(channels, agents, empowered=empowered)
    model = build_model(problem, expected, plan, None, Assumptions(handle_law="fixed"), reserve)
    names = [channel.name for channel in channels]
    rows = sorted((names.index(name), arrived, work) for name, arrived, work in contacts)
    records = np.zeros(len(rows) + room, CONTACT)
    fresh = records[: len(rows)]
    fresh["key"] = 1 + np.arange(len(rows))
    fresh["channel"] = [row[0] for row in rows]
    fresh["arrived"] = [row[1] for row in rows]
    fresh["work"] = [row[2] for row in rows]
    fresh["leaves"] = fresh["arrived"] + patience_s
    fresh["due"] = np.where(model.is_deferred[fresh["channel"]], fresh["arrived"] + 3600.0, np.inf)
    fresh["reached"] = fresh["finished"] = np.nan
    fresh["person"] = fresh["parent"] = fresh["behind"] = -1
    first = np.searchsorted([row[0] for row in rows], np.arange(len(names) + 1))
    people, factor, stretches = draw_people(model.plan, model.losses, 0, 0)
    return empty_floor(model.centre, people, factor, stretches, records, first)


def came(floor: Floor) -> np.ndarray:
    """The contacts that came, those that follow others behind."""
    return floor.contacts[: floor.week[0]["contacts"]]


def test_a_contact_in_hand_is_finished_before_the_shift_ends_and_overtime_counts(small):
    agents = small.team(1, ["voice"])
    shifts = [small.shift("a0000", small.horizon(1).start, [(0, 10, "work")])]
    calls = [("voice", 590.0, 100.0), ("voice", 595.0, 100.0)]
    floor = by_hand(small, [VOICE], agents, shifts, calls)
    assert came(floor)["finished"][0] == 690.0
    assert np.isnan(came(floor)["reached"][1])
    assert floor.week[0]["overtime"] == 90.0
    assert floor.seconds[:, ON_QUEUE].sum() == 690.0


def test_a_break_begun_late_keeps_its_length(small):
    agents = small.team(1, ["voice"])
    parts = [(0, 10, "work"), (10, 25, "break"), (25, 60, "work")]
    shifts = [small.shift("a0000", small.horizon(1).start, parts)]
    calls = [("voice", 590.0, 100.0), ("voice", 700.0, 60.0)]
    floor = by_hand(small, [VOICE], agents, shifts, calls)
    assert floor.week[0]["break_delay"] == 90.0
    assert came(floor)["reached"][1] == 690.0 + 900.0
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
        assert came(floor)["reached"][0] == 4500.0


def test_of_two_deferred_contacts_the_one_due_first_is_done_first(small):
    agents = small.team(1, ["voice", "email", "social"])
    shifts = small.always_on(small.horizon(1), agents).shifts
    work = [("voice", 0.0, 100.0), ("email", 10.0, 30.0), ("social", 20.0, 30.0)]
    floor = prepared(small, [VOICE, EMAIL, SOCIAL], agents, shifts, work)
    came(floor)["due"][1:] = 7200.0, 3600.0
    run_week(floor)
    assert list(came(floor)["reached"]) == [0.0, 130.0, 100.0]


def test_a_meeting_begun_late_ends_on_time(small):
    agents = small.team(1, ["voice"])
    parts = [(0, 10, "work"), (10, 25, "meeting"), (25, 60, "work")]
    shifts = [small.shift("a0000", small.horizon(1).start, parts)]
    calls = [("voice", 590.0, 100.0), ("voice", 700.0, 60.0)]
    floor = by_hand(small, [VOICE], agents, shifts, calls)
    assert came(floor)["reached"][1] == 1500.0
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
    assert list(came(floor)["person"]) == [1, 0]  # persons are in order of start


def test_who_has_been_free_for_longest_takes_the_next_contact(small):
    agents = small.team(2, ["voice"])
    floor = by_hand(
        small, [VOICE], agents, small.always_on(small.horizon(1), agents).shifts,
        [("voice", 10.0, 100.0), ("voice", 20.0, 10.0), ("voice", 200.0, 5.0)],
    )  # fmt: skip
    first, second, third = came(floor)["person"]
    assert first != second
    assert third == second  # free since 30 s, the other since 110 s


def test_a_person_falling_free_takes_who_has_waited_longest_on_any_of_her_channels(small):
    agents = small.team(1, ["voice", "chat"])
    shifts = small.always_on(small.horizon(1), agents).shifts
    contacts = [("voice", 0.0, 100.0), ("voice", 60.0, 50.0), ("chat", 30.0, 10.0)]
    floor = by_hand(small, [VOICE, CHAT], agents, shifts, contacts)
    assert list(came(floor)["reached"]) == [0.0, 110.0, 100.0]


def test_deferred_work_waits_for_every_realtime_contact(small):
    agents = small.team(1, ["voice", "email"])
    shifts = small.always_on(small.horizon(1), agents).shifts
    contacts = [("voice", 0.0, 100.0), ("voice", 60.0, 50.0), ("email", 5.0, 30.0)]
    floor = by_hand(small, [VOICE, EMAIL], agents, shifts, contacts)
    assert list(came(floor)["reached"]) == [0.0, 100.0, 150.0]


def test_deferred_work_once_begun_is_not_interrupted(small):
    agents = small.team(1, ["voice", "email"])
    shifts = small.always_on(small.horizon(1), agents).shifts
    contacts = [("email", 0.0, 300.0), ("voice", 60.0, 50.0)]
    floor = by_hand(small, [VOICE, EMAIL], agents, shifts, contacts)
    assert came(floor)["reached"][0] == 300.0


def test_two_chats_share_the_rate_of_two(small):
    """Two chats of 160 s at a joint rate of 1.6 take 200 s together."""
    agents = small.team(1, ["chat"])
    shifts = small.always_on(small.horizon(1), agents).shifts
    chats = [("chat", 0.0, 160.0), ("chat", 0.0, 160.0)]
    floor = by_hand(small, [CHAT], agents, shifts, chats)
    assert came(floor)["finished"] == pytest.approx(200.0)
    assert floor.seconds[:, BUSY_REALTIME].sum() == pytest.approx(200.0)


def test_a_third_chat_slows_the_two_in_hand(small):
    """100 s at 0.8 each, then 1.95 / 3 = 0.65 each: 80 of 160 s done, 80 / 0.65 s to go."""
    agents = small.team(1, ["chat"])
    shifts = small.always_on(small.horizon(1), agents).shifts
    chats = [("chat", 0.0, 160.0), ("chat", 0.0, 160.0), ("chat", 100.0, 1000.0)]
    floor = by_hand(small, [CHAT], agents, shifts, chats)
    assert came(floor)["finished"][:2] == pytest.approx(100 + 80 / 0.65)


def test_a_chat_agent_empties_her_hands_for_a_call_that_waits(small):
    agents = small.team(1, ["voice", "chat"])
    shifts = small.always_on(small.horizon(1), agents).shifts
    contacts = [("chat", 0.0, 100.0), ("voice", 10.0, 30.0), ("chat", 20.0, 100.0)]
    floor = by_hand(small, [VOICE, CHAT], agents, shifts, contacts)
    voice, first_chat, second_chat = came(floor)
    assert voice["reached"] == first_chat["finished"] == 100.0
    assert second_chat["reached"] == 130.0


def test_a_customer_who_has_hung_up_is_not_answered_and_shows_the_wait_she_would_have_had(small):
    agents = small.team(1, ["voice"])
    shifts = small.always_on(small.horizon(1), agents).shifts
    calls = [("voice", 0.0, 100.0), ("voice", 10.0, 5.0), ("voice", 90.0, 5.0)]
    floor = by_hand(small, [VOICE], agents, shifts, calls, patience_s=60.0)
    assert list(came(floor)["person"]) == [0, -1, 0]
    assert list(came(floor)["reached"]) == [0.0, 100.0, 100.0]


def test_contacts_that_wait_at_closing_time_are_served_next_morning(small):
    span = small.horizon(2)
    assert span.interval_count == 192
    agents = small.team(1, ["voice"])
    shifts = [
        small.shift("a0000", span.start, [(0, 10, "work")]),
        small.shift("a0000", span.start + timedelta(hours=20), [(0, 60, "work")]),
    ]
    floor = by_hand(small, [VOICE], agents, shifts, [("voice", 700.0, 30.0)])
    assert came(floor)["reached"][0] == 20 * 3600.0


# One feature, a few contacts, two people.


def pair(small, first=("voice",), second=("voice",), levels=((), ())):
    """Two people, ``one`` and ``two``, on queue all day."""
    agents = [
        small.agent(name, skills, dict(level))
        for name, skills, level in zip(("one", "two"), (first, second), levels, strict=True)
    ]
    return agents, small.always_on(small.horizon(1), agents).shifts


def test_a_helper_takes_a_contact_at_the_moment_it_has_waited_long_enough(small):
    voice = Channel(name="voice", open=ALWAYS, preferred_level=3, overflow_after_s=30.0)
    agents, shifts = pair(small, levels=((("voice", 3),), (("voice", 2),)))
    calls = [("voice", 10.0, 100.0), ("voice", 20.0, 100.0), ("voice", 90.0, 10.0)]
    floor = by_hand(small, [voice], agents, shifts, calls)
    assert list(came(floor)["person"]) == [0, 1, 0]
    assert list(came(floor)["reached"]) == [10.0, 50.0, 110.0]


def test_the_next_in_line_is_taken_by_helpers_at_a_moment_of_its_own(small):
    voice = Channel(name="voice", open=ALWAYS, preferred_level=3, overflow_after_s=30.0)
    agents, shifts = pair(small, levels=((("voice", 3),), (("voice", 2),)))
    calls = [("voice", 0.0, 500.0), ("voice", 20.0, 5.0), ("voice", 40.0, 5.0)]
    floor = by_hand(small, [voice], agents, shifts, calls)
    assert list(came(floor)["reached"]) == [0.0, 50.0, 70.0]


def test_without_a_delay_helpers_are_like_anybody_else(small):
    voice = Channel(name="voice", open=ALWAYS, preferred_level=3)
    agents, shifts = pair(small, levels=((("voice", 3),), (("voice", 1),)))
    floor = by_hand(small, [voice], agents, shifts, [("voice", 10.0, 99.0), ("voice", 11.0, 9.0)])
    assert list(came(floor)["reached"]) == [10.0, 11.0]


def test_a_contact_that_finds_the_queue_full_is_blocked(small):
    voice = Channel(name="voice", open=ALWAYS, waiting_max=1)
    agents, shifts = pair(small)
    calls = [("voice", t, 100.0) for t in (0.0, 1.0, 2.0, 3.0)]
    floor = by_hand(small, [voice], agents, shifts, calls)
    assert list(came(floor)["is_blocked"]) == [False, False, False, True]
    assert list(came(floor)["person"]) == [0, 1, 0, -1]


def test_who_has_hung_up_takes_no_place_in_the_queue(small):
    voice = Channel(name="voice", open=ALWAYS, waiting_max=1)
    agents = small.team(1, ["voice"])
    shifts = small.always_on(small.horizon(1), agents).shifts
    calls = [("voice", t, 100.0) for t in (0.0, 1.0, 31.5, 40.0)]
    floor = by_hand(small, [voice], agents, shifts, calls, patience_s=30.0)
    assert list(came(floor)["is_blocked"]) == [False, False, False, True]


def test_with_no_place_to_wait_only_a_free_person_helps(small):
    voice = Channel(name="voice", open=ALWAYS, waiting_max=0)
    agents, shifts = pair(small)
    calls = [("voice", t, 100.0) for t in (0.0, 1.0, 50.0, 100.0)]
    floor = by_hand(small, [voice], agents, shifts, calls)
    assert list(came(floor)["is_blocked"]) == [False, False, True, False]


def test_who_accepts_a_callback_keeps_her_place_and_never_hangs_up(small):
    voice = Channel(name="voice", open=ALWAYS, callback_after_s=20.0, callback_share=1.0)
    span, agents = small.horizon(1), small.team(1, ["voice"])
    shifts = [small.shift("a0000", span.start, [(600, 720, "work")])]
    expected = small.demand(span, [voice], np.eye(1, 96) * 40, patience_s=60.0)
    model = build_model(
        small.problem([voice], agents), expected, small.schedule(span, shifts), None, Assumptions()
    )
    floor = empty_replication(model, 0, 1)
    assert run_week(floor)
    contacts = floor.contacts
    stays = np.isinf(contacts["leaves"])
    assert 0 < stays.sum() < len(contacts)  # some hang up before the offer
    assert (contacts["leaves"][~stays] - contacts["arrived"][~stays]).max() <= 20.0
    answered = contacts["person"] >= 0
    assert np.array_equal(answered, stays)
    assert np.array_equal(contacts["is_called_back"], answered)


def test_a_customer_who_gave_up_redials_and_one_who_was_answered_does_not(small):
    voice = Channel(name="voice", open=ALWAYS, redial={"voice": 1.0}, redial_after_min=1.0)
    agents = small.team(1, ["voice"])
    shifts = small.always_on(small.horizon(1), agents).shifts
    calls = [("voice", 0.0, 100.0), ("voice", 10.0, 5.0), ("voice", 90.0, 5.0)]
    floor = by_hand(small, [voice], agents, shifts, calls, patience_s=60.0)
    contacts = came(floor)
    assert len(contacts) == 4
    assert (contacts[3]["cause"], contacts[3]["parent"]) == (REDIAL, 1)
    assert contacts[3]["arrived"] > 70.0
    assert contacts[3]["key"] != contacts[1]["key"]


def test_a_blocked_customer_redials_on_the_channel_of_her_choice(small):
    voice = Channel(name="voice", open=ALWAYS, waiting_max=0, redial={"chat": 1.0})
    agents, shifts = pair(small, ["voice"], ["chat"])
    calls = [("voice", 0.0, 100.0), ("voice", 10.0, 5.0)]
    floor = by_hand(small, [voice, CHAT], agents, shifts, calls)
    assert list(came(floor)["channel"]) == [0, 0, 1]
    assert came(floor)["arrived"][2] > 10.0
    assert came(floor)["person"][2] == 1


def test_who_comes_back_while_the_channel_is_closed_comes_during_its_next_opening(small):
    voice = Channel(name="voice", open=ALWAYS, redial={"chat": 1.0}, redial_after_min=0.1)
    chat = Channel(name="chat", open=["daily 09:00-12:00"])
    calls = [("voice", 10.0, 5.0)]
    floor = by_hand(small, [voice, chat], [], [], calls, patience_s=20.0)
    assert 9 * 3600.0 < came(floor)["arrived"][1] < 12 * 3600.0


def test_what_would_come_after_the_last_opening_is_not_counted(small):
    voice = Channel(name="voice", open=ALWAYS, redial={"chat": 1.0}, redial_after_min=0.1)
    chat = Channel(name="chat", open=["daily 09:00-12:00"])
    floor = by_hand(small, [voice, chat], [], [], [("voice", 80_000.0, 5.0)], patience_s=20.0)
    assert len(came(floor)) == 1


def test_who_was_served_may_come_back_with_the_same_matter(small):
    voice = Channel(name="voice", open=ALWAYS, recontact={"email": 1.0}, recontact_after_h=0.1)
    agents, shifts = pair(small, ["voice"], ["email"])
    floor = by_hand(small, [voice, EMAIL], agents, shifts, [("voice", 0.0, 50.0)])
    assert list(came(floor)["cause"]) == [0, RECONTACT]
    assert came(floor)["arrived"][1] > 50.0


def test_who_waits_for_late_work_asks_where_it_is_when_it_is_due(small):
    email = Channel(name="email", kind="deferred", open=ALWAYS, due_h=1, chase={"voice": 1.0})
    agents = small.team(1, ["email"])
    shifts = small.always_on(small.horizon(1), agents).shifts
    work = [("email", 0.0, 3000.0), ("email", 10.0, 3000.0)]
    floor = by_hand(small, [VOICE, email], agents, shifts, work)
    last = came(floor)[-1]
    assert len(came(floor)) == 3
    assert (last["cause"], last["parent"], last["arrived"]) == (CHASE, 1, 3610.0)


def test_a_contact_is_passed_on_to_an_empowered_person_who_takes_it_first(small):
    """Two is on a call when one passes hers on; a call of the queue has waited for longer."""
    agents, shifts = pair(small, ["voice"], ["voice", "empowered"])
    always = Empowered(share_of_contacts=1.0, handle_min=10.0)
    calls = [("voice", 0.0, 100.0), ("voice", 1.0, 150.0), ("voice", 2.0, 400.0),
             ("voice", 3.0, 10.0)]  # fmt: skip
    floor = by_hand(small, [VOICE], agents, shifts, calls, empowered=always)
    contacts = came(floor)
    passed_on = contacts[4]
    assert (passed_on["channel"], passed_on["cause"], passed_on["parent"]) == (1, ESCALATION, 0)
    assert passed_on["arrived"] == 100.0
    assert (passed_on["reached"], passed_on["person"]) == (151.0, 1)
    assert list(contacts["reached"][:3]) == [0.0, 1.0, 100.0]


def test_nothing_is_passed_on_where_nobody_could_take_it(small):
    agents, shifts = pair(small)
    always = Empowered(share_of_contacts=1.0)
    floor = by_hand(small, [VOICE], agents, shifts, [("voice", 0.0, 9.0)], empowered=always)
    assert len(came(floor)) == 1
    assert len(floor.channels) == 1


def test_deferred_work_with_a_reserve_waits_until_enough_others_are_free(small):
    agents, shifts = pair(small, ["voice", "email"], ["voice", "email"])
    work = [("email", 0.0, 100.0), ("email", 0.5, 100.0), ("voice", 50.0, 500.0)]
    floor = by_hand(small, [VOICE_KEEPS_ONE, EMAIL], agents, shifts, work)
    voice, first, second = came(floor)
    assert first["reached"] == 0.0
    assert voice["reached"] == 50.0  # the other was kept free
    assert second["reached"] == 550.0  # and begun only when both are


def test_work_kept_waiting_begins_when_somebody_else_becomes_free(small):
    """One serves e-mail and voice and is free all along; two only answers calls."""
    agents, shifts = pair(small, ["voice", "email"], ["voice"])
    work = [("voice", 0.0, 300.0), ("email", 10.0, 100.0)]
    floor = by_hand(small, [VOICE_KEEPS_ONE, EMAIL], agents, shifts, work)
    assert list(came(floor)["person"]) == [1, 0]
    assert list(came(floor)["reached"]) == [0.0, 300.0]


def test_who_answers_no_realtime_channel_need_not_keep_one_free(small):
    agents, shifts = pair(small, ["email"], ["voice"])
    calls = [("email", 10.0, 100.0)]
    floor = by_hand(small, [VOICE_KEEPS_ONE, EMAIL], agents, shifts, calls)
    assert came(floor)["reached"][0] == 10.0


def test_each_realtime_channel_of_hers_keeps_its_own_reserve(small):
    """Two serve voice, one of them chat too: that one alone cannot keep somebody for chat."""
    chat = Channel(**CHAT.model_dump() | {"reserve": 1})
    agents, shifts = pair(small, ["voice", "chat", "email"], ["voice", "email"])
    work = [("email", 10.0, 100.0), ("email", 20.0, 100.0)]
    floor = by_hand(small, [VOICE, chat, EMAIL], agents, shifts, work)
    assert list(came(floor)["person"]) == [1, 1]  # one after the other, by who serves no chat


def test_work_begins_when_an_interval_asks_for_fewer_free_people(small):
    agents, shifts = pair(small, ["voice", "email"], ["voice", "email"])
    keep = np.zeros((2, small.horizon(1).interval_count))
    keep[0, :2] = 1.9  # nine tenths of a person cannot be kept
    keep[0, 2] = 1.0
    work = [("email", 0.0, 5000.0), ("email", 10.0, 100.0)]
    floor = by_hand(small, [VOICE, EMAIL], agents, shifts, work, reserve=keep)
    assert list(came(floor)["reached"]) == [0.0, 3 * 900.0]


def test_overtime_and_late_breaks_are_known_by_person(small):
    agents = small.team(2, ["voice"])
    parts = [(0, 10, "work"), (10, 25, "break"), (25, 60, "work")]
    shifts = [small.shift(a.agent_id, small.horizon(1).start, parts) for a in agents]
    calls = [("voice", 590.0, 100.0), ("voice", 3590.0, 40.0)]
    floor = by_hand(small, [VOICE], agents, shifts, calls)
    assert sorted(floor.people["break_delay"]) == [0.0, 90.0]
    assert sorted(floor.people["overtime"]) == [0.0, 30.0]


def test_a_week_without_room_for_what_follows_says_so(small):
    voice = Channel(name="voice", open=ALWAYS, waiting_max=0, redial={"voice": 1.0})
    calls = [("voice", 0.0, 100.0)]
    assert not run_week(prepared(small, [voice], [], [], calls, room=3))


def test_customers_who_come_back_without_end_are_told(small):
    voice = Channel(name="voice", open=ALWAYS, redial={"voice": 1.0}, redial_after_min=0.001)
    span = small.horizon(1)
    expected = small.demand(span, [voice], 1.0, patience_s=0.01)
    model = build_model(
        small.problem([voice], []), expected, small.schedule(span, []), None, Assumptions()
    )
    with pytest.raises(InputError, match=r"come back without end.*Lower the shares of redial"):
        run_replication(model, 0, 0)

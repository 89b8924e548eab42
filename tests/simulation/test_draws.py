"""Tests for wfplan.simulation.draws: laws, and what depends on what."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit
from scipy import stats

from wfplan.domain.channels import Channel
from wfplan.domain.problem import Shrinkage, ShrinkageKind
from wfplan.simulation import customers
from wfplan.simulation.draws import draw_contacts, draw_people
from wfplan.simulation.frames import BREAK, END, SPELL
from wfplan.simulation.model import Assumptions, Model, build_model
from wfplan.simulation.one_week import empty_replication

VOICE = Channel(name="voice", open=["daily 00:00-24:00"])
EMAIL = Channel(name="email", kind="deferred", open=["daily 09:00-17:00"], due_h=6)
SHRINKAGE = Shrinkage(absence_share=0.2, unplanned_share=0.1, late_share=0)


@njit
def due_time(open_s, interval_s, arrived, due_s):
    """As kernels have it, for Python."""
    return customers.due_time(open_s, interval_s, arrived, due_s)


@njit
def when_open(open_s, interval_s, time, drawn):
    """As kernels have it, for Python."""
    return customers.when_open(open_s, interval_s, time, drawn)


def model_of(
    small, *, people=20, days=1, shrinkage=SHRINKAGE, shifts=None, assumptions=None, voice=VOICE,
    **demand,
) -> Model:  # fmt: skip
    span = small.horizon(days)
    agents = small.team(people, ["voice", "email"])
    if shifts is None:
        shifts = [
            small.shift(a.agent_id, start, small.FULL_DAY)
            for a in agents
            for start in span.day_starts[:-1]
        ]
    expected = small.demand(span, [voice, EMAIL], [120, 30], **demand)
    return build_model(
        small.problem([voice, EMAIL], agents, shrinkage),
        expected, small.schedule(span, shifts), None, assumptions or Assumptions(),
    )  # fmt: skip


def contacts_of(model: Model, seed: int = 1, replication: int = 0):
    return draw_contacts(model.sources, model.centre.customers, seed, replication)


def test_arrivals_are_poisson_in_every_interval(small):
    model = model_of(small)
    counts = np.zeros((200, 96))
    for replication in range(200):
        contacts, first = contacts_of(model, 1, replication)
        counts[replication] = np.bincount(contacts["interval"][: first[1]], minlength=96)
    assert counts.mean() == pytest.approx(30, abs=4 * np.sqrt(30 / counts.size))
    assert counts.var(axis=0).mean() == pytest.approx(30, rel=0.06)


def test_arrivals_lie_inside_their_interval_in_order_of_time(small):
    contacts, first = contacts_of(model_of(small))
    for channel in range(2):
        own = contacts[first[channel] : first[channel + 1]]
        assert np.all(np.diff(own["arrived"]) >= 0)
        assert np.array_equal(own["interval"], own["arrived"] // 900)


@pytest.mark.slow
@pytest.mark.parametrize("day_share", [0.0, 0.4, 1.0])
def test_busyness_has_the_variance_of_the_forecast_and_the_day_its_share(small, day_share):
    """Var of the counts is m + v m^2; the covariance of two intervals of a day share * v m^2."""
    model = model_of(small, rate_cv=0.3, day_share=day_share)
    counts = np.zeros((1500, 96))
    for replication in range(1500):
        contacts, first = contacts_of(model, 2, replication)
        counts[replication] = np.bincount(contacts["interval"][: first[1]], minlength=96)
    covariance = np.cov(counts.T)
    apart = covariance[~np.eye(96, dtype=bool)].mean()
    assert counts.mean() == pytest.approx(30, rel=0.04)
    assert np.diag(covariance).mean() == pytest.approx(30 + 0.09 * 900, rel=0.1)
    assert apart == pytest.approx(day_share * 0.09 * 900, rel=0.17, abs=1.5)


@pytest.mark.slow
def test_busyness_of_one_day_says_nothing_of_the_next(small):
    model = model_of(small, days=2, rate_cv=0.3, day_share=1.0)
    by_day = np.zeros((800, 2))
    for replication in range(800):
        contacts, first = contacts_of(model, 3, replication)
        by_day[replication] = np.bincount(contacts["interval"][: first[1]] // 96, minlength=2)
    assert abs(np.corrcoef(by_day.T)[0, 1]) < 4 / np.sqrt(800)


@pytest.mark.parametrize("cv", [0.4, 1.5])
@pytest.mark.parametrize("law", ["lognormal", "gamma", "exponential", "fixed"])
def test_handle_times_have_the_mean_of_the_interval_and_the_spread_of_the_law(small, law, cv):
    model = model_of(small, days=7, assumptions=Assumptions(handle_law=law, handle_cv=cv))
    spread = {"exponential": 1.0, "fixed": 0.0}.get(law, cv)
    work = np.concatenate([contacts_of(model, 4, r)[0]["work"] for r in range(8)])
    assert work.mean() == pytest.approx(180, abs=4 * 180 * spread / np.sqrt(len(work)) + 1e-9)
    assert work.std() / work.mean() == pytest.approx(spread, rel=0.04, abs=1e-9)


LAWS = {
    "exponential": lambda cv: stats.expon(),
    "lognormal": lambda cv: stats.lognorm(np.sqrt(np.log(1 + cv**2)), scale=(1 + cv**2) ** -0.5),
    "gamma": lambda cv: stats.gamma(cv**-2, scale=cv**2),
}


@pytest.mark.parametrize("cv", [0.5, 1.6])
@pytest.mark.parametrize("law", LAWS)
def test_patience_follows_its_law(small, law, cv):
    """Kolmogorov and Smirnov's distance of 20,000 contacts; gamma below and above shape 1."""
    voice = Channel(**VOICE.model_dump() | {"patience_law": law, "patience_cv": cv})
    contacts, first = contacts_of(model_of(small, days=7, voice=voice, patience_s=[90.0, np.inf]))
    patience = (contacts["leaves"] - contacts["arrived"])[: first[1]] / 90
    assert stats.kstest(patience, LAWS[law](cv).cdf).pvalue > 1e-4


def test_handle_times_patience_and_arrivals_have_nothing_to_do_with_each_other(small):
    contacts, first = contacts_of(model_of(small, days=7, patience_s=[90.0, np.inf]))
    own = contacts[: first[1]]
    drawn = [own["work"], own["leaves"] - own["arrived"], own["arrived"] % 900]
    apart = stats.spearmanr(np.array(drawn).T).statistic[np.triu_indices(3, 1)]
    assert np.abs(apart).max() < 4 / np.sqrt(len(own))
    following = stats.spearmanr(own["work"][1:], own["work"][:-1]).statistic
    assert abs(following) < 4 / np.sqrt(len(own))


def test_those_who_balk_leave_as_they_come(small):
    voice = Channel(**VOICE.model_dump() | {"balk_share": 0.2})
    contacts, first = contacts_of(model_of(small, days=7, voice=voice))
    balks = contacts["leaves"][: first[1]] == contacts["arrived"][: first[1]]
    assert balks.mean() == pytest.approx(0.2, abs=4 * 0.4 / np.sqrt(first[1]))
    assert np.isinf(contacts["leaves"][: first[1]][~balks]).all()


def test_patience_is_exponential_and_endless_where_nobody_hangs_up(small):
    model = model_of(small, days=7, patience_s=[90.0, np.inf])
    contacts, first = contacts_of(model)
    patience = (contacts["leaves"] - contacts["arrived"])[: first[1]]
    assert patience.mean() == pytest.approx(90, abs=4 * 90 / np.sqrt(first[1]))
    assert (patience > 90).mean() == pytest.approx(np.exp(-1), abs=0.02)
    assert np.isinf(contacts["leaves"][first[1] :]).all()


def test_counts_that_really_came_are_kept_and_unknown_ones_drawn(small):
    model = model_of(small)
    known = np.full(96, np.nan)
    known[:48] = 7
    source = replace(model.sources[0], known=known)
    contacts, _ = draw_contacts((source,), model.centre.customers, 1, 0)
    counts = np.bincount(contacts["interval"], minlength=96)
    assert (counts[:48] == 7).all()
    assert counts[48:].mean() == pytest.approx(30, abs=4 * np.sqrt(30 / 48))


@given(st.floats(0, 86_399))
def test_work_is_due_after_its_open_hours_have_passed(small, arrived):
    """Open 09:00-17:00, due after 6 open hours; checked by counting open seconds."""
    customers = model_of(small, people=1, days=3).centre.customers
    due = due_time(customers.open_s[1], 900.0, arrived, 6 * 3600.0)

    def open_seconds(until: float) -> float:
        return sum(
            max(0.0, min(until, day + 17 * 3600) - max(arrived, day + 9 * 3600))
            for day in (0, 86_400, 172_800)
        )

    assert open_seconds(due) == pytest.approx(6 * 3600, abs=1e-3)
    assert open_seconds(due - 1) < 6 * 3600 - 0.5


def test_work_that_cannot_be_due_within_the_horizon_is_due_after_it(small):
    open_s = model_of(small, people=1, days=1).centre.customers.open_s[1]
    early, late = (due_time(open_s, 900.0, hour * 3600.0, 6 * 3600.0) for hour in (15, 16))
    assert 86_400 < early < late


def test_who_would_come_while_a_channel_is_closed_comes_some_time_in_its_next_opening(small):
    """It is open from nine to five on two days."""
    open_s = model_of(small, people=1, days=2).centre.customers.open_s[1]
    early = [when_open(open_s, 900.0, hour * 3600.0, 0.0) / 3600 for hour in (3, 12.5, 17, 41.5)]
    late = [when_open(open_s, 900.0, hour * 3600.0, 0.75) / 3600 for hour in (3, 12.5, 17, 41.5)]
    assert early == [9.0, 12.5, 33.0, np.inf]
    assert late == [15.0, 12.5, 39.0, np.inf]
    assert when_open(open_s, 900.0, 1e9, 0.5) == np.inf


def test_a_channel_closes_next_at_the_end_of_its_open_hours(small):
    closes = model_of(small, people=1, days=2).sources[1].closes / 3600
    assert list(closes[[0, 36, 67]]) == [17.0, 17.0, 17.0]
    assert list(closes[[68, 96]]) == [41.0, 41.0]
    assert closes[-1] == 48.0  # closed to the end of the horizon


def drawn_people(model: Model, seed: int, replication: int):
    return draw_people(model.plan, model.losses, seed, replication)


def test_absence_takes_whole_shifts_at_its_share(small):
    model = model_of(small, people=100)
    here = sum(len(drawn_people(model, 5, r)[0]) for r in range(100))
    error = np.sqrt(0.2 * 0.8 * 10_000)
    assert here == pytest.approx(0.8 * 10_000, abs=4 * error)


def test_a_chance_of_not_coming_may_be_one_shift_s_own(small):
    """Common random numbers: whoever comes at a chance comes at any smaller one."""
    every = model_of(small, people=100)
    names = dict.fromkeys(sorted(set(every.plan.agent_ids))[:50], 0.5)
    day = small.horizon(1).first_day
    own = Assumptions(absence={(name, day): p for name, p in names.items()})
    some = model_of(small, people=100, assumptions=own)
    came = np.zeros((2, 100))
    for replication in range(100):
        for row, model in enumerate((every, some)):
            came[row, drawn_people(model, 5, replication)[0]["shift"]] += 1
    is_own = np.array([name in names for name in every.plan.agent_ids])
    assert (came[0] == came[1])[~is_own].all()
    assert (came[1] <= came[0])[is_own].all()
    assert came[1, is_own].mean() == pytest.approx(50, abs=4 * np.sqrt(0.25 * 100 / 50))


def test_mean_presence_on_queue_is_the_presence_share_at_every_hour_of_the_shift(small):
    """With nothing to do, people are on queue when scheduled, present and not in a spell."""
    model = model_of(small, people=100)
    work = np.zeros(32)
    for begin, end, kind in small.FULL_DAY:
        for quarter in range(32):
            overlap = min(end, 15 * quarter + 15) - max(begin, 15 * quarter)
            work[quarter] += 60 * max(overlap, 0) * (kind == "work")
    lost = np.zeros(32)
    here = 0
    for replication in range(150):
        people, _, stretches = drawn_people(model, 6, replication)
        here += len(people)
        present = np.isin(np.arange(len(stretches)), _stretches_of(people, stretches))
        spells = stretches[(stretches["kind"] == SPELL) & present]
        for start, end in zip(spells["start"], spells["end"], strict=True):
            for quarter in range(int(start // 900), min(int(end // 900), 31) + 1):
                lost[quarter] += min(end, 900 * quarter + 900) - max(start, 900 * quarter)
    scheduled = work > 0
    share = lost[scheduled] / (here * work[scheduled])
    assert share == pytest.approx(0.1, abs=0.015)


def test_a_kind_with_hours_takes_its_share_inside_them_and_nothing_outside(small):
    """Off queue 10 % of the time, 1 - 0.9 * 0.7 = 37 % from two to four, at every quarter."""
    coaching = ShrinkageKind(kind="coaching", share=0.3, hours=["daily 02:00-04:00"])
    lost = Shrinkage(absence_share=0, unplanned_share=0.1, late_share=0, kinds=(coaching,))
    span, agents = small.horizon(1), small.team(100, ["voice"])
    shifts = [small.shift(a.agent_id, span.start, [(0, 480, "work")]) for a in agents]
    model = model_of(small, people=100, shrinkage=lost, shifts=shifts)
    off = np.zeros(480)
    for replication in range(40):
        _, _, stretches = drawn_people(model, 6, replication)
        spells = stretches[stretches["kind"] == SPELL]
        for minute in range(480):
            now = 60 * minute + 1.0
            off[minute] += ((spells["start"] <= now) & (now < spells["end"])).sum()
    by_quarter = off.reshape(32, 15).mean(axis=1) / 4000
    asked = np.where((np.arange(32) >= 8) & (np.arange(32) < 16), 0.37, 0.1)
    assert by_quarter == pytest.approx(asked, abs=0.03)
    assert off[121] / 4000 == pytest.approx(0.37, abs=4 * 0.5 / np.sqrt(4000))  # at once


def test_a_share_of_shifts_begins_late_by_the_mean_and_the_others_on_time(small):
    lost = Shrinkage(absence_share=0, unplanned_share=0, late_share=0.25, late_min=12)
    model = model_of(small, people=100, shrinkage=lost)
    late = np.concatenate([drawn_people(model, 2, r)[0]["start"] for r in range(40)])
    assert (late > 0).mean() == pytest.approx(0.25, abs=4 * 0.44 / np.sqrt(len(late)))
    some = late[late > 0]
    assert some.mean() == pytest.approx(720, abs=4 * 720 / np.sqrt(len(some)))


def test_people_come_in_order_of_time_and_know_their_shift(small):
    lost = Shrinkage(absence_share=0.2, unplanned_share=0, late_share=0.5, late_min=60)
    model = model_of(small, people=30, days=2, shrinkage=lost)
    people, _, _ = drawn_people(model, 2, 0)
    assert (np.diff(people["start"]) >= 0).all()
    begin = model.plan.activities["start"][model.plan.first[people["shift"]]]
    assert (people["start"] >= begin).all()
    assert len(model.plan.agent_ids) == 60


def test_what_is_missed_by_coming_late_is_not_made_up_for(small):
    """Late by 5 hours or more on average: breaks that began before are shortened or gone."""
    lost = Shrinkage(absence_share=0, unplanned_share=0, late_share=1, late_min=200)
    people, _, stretches = drawn_people(model_of(small, people=50, shrinkage=lost), 3, 0)
    for i, person in enumerate(people):
        spans = _spans(people, stretches, i)
        asked = [(max(60.0 * b, person["start"]), 60.0 * e) for b, e, kind in small.FULL_DAY
                 if kind != "work" and 60.0 * e > person["start"]]  # fmt: skip
        assert [(start, end) for start, end, _ in spans] == asked


def test_shifts_of_the_week_before_are_not_late(small):
    night = small.shift("a0000", small.horizon(1).start - timedelta(hours=2), [(0, 300, "work")])
    lost = Shrinkage(absence_share=0, unplanned_share=0, late_share=1, late_min=60)
    model = model_of(small, people=1, shrinkage=lost, shifts=[night])
    assert drawn_people(model, 1, 0)[0]["start"][0] == 0.0


def _stretches_of(people, stretches) -> list[int]:
    """Positions of the stretches of those who came."""
    ends = np.flatnonzero(stretches["kind"] == END)
    return [k for at in people["off_at"] for k in range(at, ends[np.searchsorted(ends, at)] + 1)]


def test_the_same_contacts_meet_two_schedules(small):
    """Arrivals, patience and handle times do not depend on who works when."""
    few = model_of(small, people=3, patience_s=[90.0, np.inf])
    many = model_of(small, people=30, patience_s=[90.0, np.inf])
    for replication in range(3):
        first, second = (contacts_of(m, 9, replication)[0] for m in (few, many))
        assert first.tobytes() == second.tobytes()


def test_a_changed_shift_changes_the_luck_of_no_other(small):
    span = small.horizon(2)
    agents = small.team(12, ["voice"])
    shifts = [
        small.shift(a.agent_id, start, small.FULL_DAY)
        for a in agents
        for start in span.day_starts[:-1]
    ]
    moved = small.shift("a0003", span.start + timedelta(hours=3), small.FULL_DAY)
    changed = [moved if s.agent_id == "a0003" and s.start == span.start else s for s in shifts]
    before, after = (model_of(small, days=2, shifts=plan) for plan in (shifts, changed))

    for replication in range(20):
        lucks = []
        for model in (before, after):
            floor = empty_replication(model, replication, 1)
            lucks.append(
                {
                    (round(p["start"]), _spans(floor.people, floor.stretches, i))
                    for i, p in enumerate(floor.people)
                }
            )
        assert len(lucks[0] ^ lucks[1]) <= 2  # hers, before and after


def _spans(people, stretches, person: int) -> tuple[tuple[float, float, int], ...]:
    """The stretches off queue of one person."""
    at, found = people["off_at"][person], []
    while stretches["kind"][at] != END:
        found.append(stretches[at].item())
        at += 1
    return tuple(found)


def test_a_moved_break_moves_no_unplanned_spell(small):
    span = small.horizon(1)
    late_lunch = ((0, 300, "work"), (300, 330, "meal"), (330, 480, "work"))
    early_lunch = ((0, 180, "work"), (180, 210, "meal"), (210, 480, "work"))
    plans = [
        model_of(
            small, people=1,
            shrinkage=Shrinkage(absence_share=0, unplanned_share=0.3, late_share=0),
            shifts=[small.shift("a0000", span.start, parts)],
        )
        for parts in (late_lunch, early_lunch)
    ]  # fmt: skip
    outside = []
    for model in plans:
        _, _, stretches = drawn_people(model, 3, 0)
        spells = stretches[stretches["kind"] == SPELL]
        assert (stretches["kind"] == BREAK).sum() == 1
        outside.append({s.item() for s in spells if s["end"] < 180 * 60 or s["start"] > 330 * 60})
    assert outside[0] == outside[1]
    assert outside[0]


def test_two_seeds_and_two_replications_differ(small):
    model = model_of(small)
    drawn = {contacts_of(model, s, r)[0]["arrived"][:5].tobytes() for s in (1, 2) for r in (0, 1)}
    assert len(drawn) == 4


def test_no_stretch_overlaps_the_next_and_each_shift_is_closed_by_its_end(small):
    model = model_of(
        small, people=40, shrinkage=Shrinkage(absence_share=0, unplanned_share=0.5, late_share=0.5)
    )
    people, _, stretches = drawn_people(model, 8, 0)
    assert (stretches["kind"] == END).sum() == len(people)
    for i in range(len(people)):
        spans = _spans(people, stretches, i)
        assert all(a[1] <= b[0] + 1e-9 for a, b in pairwise(spans))
        assert all(start < end for start, end, _ in spans)

"""Tests for wfplan.simulation.simulate: a week through the front door."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.domain.channels import Channel
from wfplan.domain.people import Skill
from wfplan.domain.problem import Shrinkage
from wfplan.domain.schedule import PastShift
from wfplan.errors import InputError
from wfplan.queueing import erlang_a
from wfplan.simulation import Assumptions, simulate
from wfplan.simulation.model import build_model
from wfplan.simulation.one_week import run_replication
from wfplan.simulation.replicate import replicate
from wfplan.simulation.tallies import Count

OPEN = ["daily 08:00-16:00"]
VOICE = Channel(name="voice", open=OPEN)
CHAT = Channel(name="chat", open=OPEN, concurrency_rates=(1.0, 1.6, 1.95))
EMAIL = Channel(name="email", kind="deferred", open=OPEN, due_h=4)
CHANNELS = [VOICE, CHAT, EMAIL]


def open_rate(span, channels, per_hour) -> np.ndarray:
    """Rates per hour while the channels are open."""
    is_open = np.array([span.open_intervals(channel.open) for channel in channels])
    return is_open * np.reshape(np.asarray(per_hour, float), (-1, 1))


@pytest.fixture(scope="module")
def centre(small):
    """Two days of three channels and twenty people with overlapping skills."""
    span = small.horizon(2)
    skills = [["voice"], ["voice", "chat"], ["chat", "email"], ["voice", "chat", "email"]]
    agents = [small.agent(f"a{i:02d}", skills[i % 4]) for i in range(20)]
    shifts = [
        small.shift(a.agent_id, start + timedelta(hours=8), small.FULL_DAY)
        for a in agents for start in span.day_starts[:-1]
    ]  # fmt: skip
    expected = small.demand(
        span, CHANNELS, open_rate(span, CHANNELS, [100, 60, 40]),
        aht_s=[240, 300, 360], patience_s=[120, 200, np.inf], rate_cv=0.2, day_share=0.5,
    )  # fmt: skip
    return small.problem(CHANNELS, agents, Shrinkage()), expected, small.schedule(span, shifts)


def test_every_measure_is_there_for_every_channel_that_can_have_it(centre):
    outcome = simulate(*centre, replications=5)
    week = outcome.measures[outcome.measures["interval_start"].isna()]
    everywhere = {
        "offered", "answered", "abandoned", "still_there", "service_level", "abandon_rate",
        "wait_mean_s", "wait_p95_s", "harm", "occupancy", "staff_present", "blocked",
        "called_back", "fresh", "redials", "recontacts", "chasers", "lost_customers",
        "failure_demand", "escalations", "escalation_wait_s", "promise_kept", "service_level_day",
    }  # fmt: skip
    for channel in ("voice", "chat", "email", ""):
        assert everywhere <= set(week[week["channel"] == channel]["measure"])
    assert {"overtime_min", "break_delay_min"} <= set(week[week["channel"] == ""]["measure"])
    assert outcome.replications == 5


def test_the_week_is_the_sum_of_its_intervals(centre):
    table = simulate(*centre, replications=5).measures
    for channel in ("voice", "chat", "email", ""):
        for measure in ("offered", "answered", "abandoned", "still_there", "harm"):
            rows = table[(table["measure"] == measure) & (table["channel"] == channel)]
            is_week = rows["interval_start"].isna()
            assert rows[~is_week]["value"].sum() == pytest.approx(rows[is_week]["value"].iloc[0])


def test_what_comes_is_answered_lost_or_still_there(centre):
    outcome = simulate(*centre, replications=20)
    for channel in ("voice", "chat", "email", ""):
        fates = [outcome.value(m, channel) for m in ("answered", "abandoned", "still_there")]
        assert sum(fates) == pytest.approx(outcome.value("offered", channel))


def test_the_result_does_not_depend_on_the_number_of_workers(centre):
    one, two, three = (
        simulate(*centre, replications=13, seed=4, workers=w).measures for w in (1, 2, 3)
    )
    pd.testing.assert_frame_equal(one, two, check_exact=True)
    pd.testing.assert_frame_equal(one, three, check_exact=True)


def test_the_same_seed_gives_the_same_outcome_and_another_seed_another(centre):
    first, again = (simulate(*centre, replications=4, seed=7).measures for _ in range(2))
    other = simulate(*centre, replications=4, seed=8).measures
    pd.testing.assert_frame_equal(first, again, check_exact=True)
    assert not first["value"].equals(other["value"])


def test_changing_one_shift_leaves_every_arrival_as_it_was(centre):
    problem, expected, schedule = centre
    fewer = schedule.model_copy(update={"shifts": schedule.shifts[1:]})
    before, after = (simulate(problem, expected, s, replications=6) for s in (schedule, fewer))
    for channel in expected.channels:
        came = [o.by_interval("offered", [channel]) for o in (before, after)]
        assert np.array_equal(came[0], came[1], equal_nan=True)
    assert before.value("staff_present") > after.value("staff_present")


def test_common_contacts_make_the_difference_of_two_schedules_far_less_noisy(small, centre):
    problem, expected, schedule = centre
    fewer = schedule.model_copy(update={"shifts": schedule.shifts[:-4]})
    harm = []
    for plan in (schedule, fewer):
        model = build_model(problem, expected, plan, None, Assumptions())
        counts = replicate(model, 60, 1, lambda *_: None).counts
        harm.append(counts[:, :2, Count.WAIT_S].sum(axis=(1, 2)))
    apart = np.var(harm[0]) + np.var(harm[1])
    assert np.var(harm[1] - harm[0]) < 0.6 * apart


def test_patient_customers_wait_as_long_as_theory_says(small):
    """The longest wait and the wait of 95 in 100 beside Erlang A, over three days."""
    quantile = float(erlang_a.offered_wait_quantile_s(0.9, 10, 170, 180, 120))
    channel = Channel(name="voice", open=["daily 00:00-24:00"], answer_most_s=quantile)
    span, agents = small.horizon(3), small.team(10, ["voice"])
    expected = small.demand(span, [channel], 170, patience_s=120)
    outcome = simulate(
        small.problem([channel], agents), expected, small.always_on(span, agents),
        replications=20, assumptions=Assumptions(handle_law="exponential"),
    )  # fmt: skip
    rows = outcome.measures.set_index(["measure", "channel", "interval_start"])
    late = rows.loc[("served_late_share", "voice", pd.NaT)]
    assert late["value"] == pytest.approx(0.1, abs=2 * late["half_width"])
    assert late["half_width"] < 0.02
    p95 = rows.loc[("wait_p95_s", "voice", pd.NaT)]
    exact = float(erlang_a.offered_wait_quantile_s(0.95, 10, 170, 180, 120))
    assert p95["value"] == pytest.approx(exact, rel=0.05)


def test_an_empty_schedule_serves_nobody(centre):
    problem, expected, schedule = centre
    outcome = simulate(
        problem, expected, schedule.model_copy(update={"shifts": ()}), replications=3
    )
    assert outcome.value("service_level", "voice") == 0.0
    assert outcome.value("abandon_rate", "voice") == 1.0
    assert outcome.value("answered") == 0.0
    assert outcome.value("still_there", "email") == outcome.value("offered", "email") > 0
    assert outcome.value("staff_present") == 0.0
    assert outcome.value("occupancy") == 0.0


def test_no_demand_is_served_perfectly(small, centre):
    problem, expected, schedule = centre
    nothing = small.demand(expected.horizon, CHANNELS, [0, 0, 0])
    outcome = simulate(problem, nothing, schedule, replications=3)
    assert outcome.value("service_level") == 1.0
    for measure in ("offered", "wait_mean_s", "wait_p95_s", "abandon_rate", "harm", "occupancy"):
        assert outcome.value(measure) == 0.0
    assert outcome.value("overtime_min") == 0.0


def test_nobody_and_nothing_is_an_outcome_too(small):
    span = small.horizon(1)
    outcome = simulate(
        small.problem([VOICE], []), small.demand(span, [VOICE], 0), small.schedule(span, []),
        replications=2,
    )  # fmt: skip
    assert outcome.value("service_level") == 1.0


def test_staff_present_without_demand_are_the_scheduled_heads_times_presence(small, centre):
    problem, expected, schedule = centre
    nothing = small.demand(expected.horizon, CHANNELS, [0, 0, 0])
    outcome = simulate(problem, nothing, schedule, replications=300)
    scheduled = 20 * 420 / 480  # an hour of the eight is breaks
    table = outcome.measures
    row = table[(table["measure"] == "staff_present") & table["interval_start"].isna()]
    row = row[row["channel"] == ""].iloc[0]
    assert row["value"] == pytest.approx(
        scheduled * Shrinkage().presence_share, abs=2 * row["half_width"]
    )


@pytest.mark.parametrize(
    ("first", "hours"),
    [(date(2026, 3, 23), 167), (date(2026, 10, 19), 169), (date(2026, 6, 1), 168)],
)
def test_a_week_with_a_clock_change_has_its_own_number_of_hours(small, first, hours):
    """An hour lost or won is lost or won for demand, staff and clock alike."""
    span = small.horizon(7, first=first, zone="Europe/Dublin")
    channel = Channel(name="voice", open=["daily 00:00-24:00"])
    agents = small.team(3, ["voice"])
    expected = small.demand(span, [channel], 12)
    outcome = simulate(
        small.problem([channel], agents), expected, small.always_on(span, agents), replications=40
    )
    offered = outcome.by_interval("offered", ["voice"])
    assert np.isfinite(offered).all()
    assert offered.shape == (1, hours * 4)
    assert outcome.value("offered") == pytest.approx(12 * hours, rel=0.02)
    assert outcome.value("staff_present") == pytest.approx(3, abs=1e-9)


def test_a_night_shift_of_the_week_before_works_on_into_the_horizon(small):
    span = small.horizon(1)
    channel = Channel(name="voice", open=["daily 00:00-24:00"])
    problem = small.problem([channel], small.team(1, ["voice"]))
    past = PastShift(
        agent_id="a0000", start=span.start - timedelta(hours=2), end=span.start + timedelta(hours=6)
    )
    problem = problem.model_copy(update={"past_shifts": (past,)})
    outcome = simulate(
        problem, small.demand(span, [channel], 0), small.schedule(span, []), replications=2
    )
    present = outcome.by_interval("staff_present", ["voice"])[0]
    assert (present[:24] == 1).all()
    assert (present[24:] == 0).all()


def test_a_shift_that_runs_past_the_horizon_counts_up_to_its_end(small):
    span = small.horizon(1)
    agents = small.team(1, ["voice"])
    night = small.shift("a0000", span.start + timedelta(hours=22), [(0, 480, "work")])
    problem = small.problem([VOICE], agents)
    outcome = simulate(
        problem, small.demand(span, [VOICE], 0), small.schedule(span, [night]), replications=2
    )
    present = outcome.by_interval("staff_present", ["voice"])[0]
    assert np.array_equal(np.nan_to_num(present), np.arange(96) >= 88)


def test_a_skill_serves_only_while_it_is_valid(small):
    span = small.horizon(2)
    agent = small.agent("a0", ["voice"]).model_copy(
        update={"skills": (Skill(skill="voice", valid_from=span.dates[1]),)}
    )
    outcome = simulate(
        small.problem([VOICE], [agent]),
        small.demand(span, [VOICE], open_rate(span, [VOICE], [10]), patience_s=60),
        small.schedule(
            span,
            [small.shift("a0", start + timedelta(hours=8), [(0, 480, "work")])
             for start in span.day_starts[:-1]],
        ),
        replications=5,
    )  # fmt: skip
    answered = outcome.by_interval("answered", ["voice"])[0]
    assert np.nansum(answered[:96]) == 0
    assert np.nansum(answered[96:]) > 0


def test_a_slow_person_takes_her_factor_longer(small):
    span = small.horizon(1)
    channel = Channel(name="voice", open=["daily 00:00-24:00"])
    busy = []
    for factor in (1.0, 1.5):
        agents = small.team(4, {"voice": factor})
        expected = small.demand(span, [channel], 20, aht_s=120)
        model = build_model(
            small.problem([channel], agents), expected, small.always_on(span, agents), None,
            Assumptions(),
        )  # fmt: skip
        contacts = run_replication(model, 0, 1).contacts
        done = ~np.isnan(contacts["finished"])
        busy.append((contacts["finished"] - contacts["reached"])[done] / contacts["work"][done])
    assert busy[0] == pytest.approx(1.0)
    assert busy[1] == pytest.approx(1.5)


def test_deferred_work_left_over_at_night_is_done_the_next_morning_and_due_in_open_hours(small):
    """One e-mail an hour before closing, four open hours to answer: due at eleven."""
    span = small.horizon(2)
    agents = small.team(1, ["email"])
    problem = small.problem([EMAIL], agents)
    expected = small.demand(span, [EMAIL], 0.0, aht_s=300)
    actual = np.zeros((1, 192))
    actual[0, 60] = 1  # 15:00
    for start_h, level in ((8, 1.0), (12, 0.0)):
        shift = small.shift("a0000", span.start + timedelta(hours=24 + start_h), [(0, 240, "work")])
        outcome = simulate(
            problem, expected, small.schedule(span, [shift]), replications=8, actual=actual,
            assumptions=Assumptions(handle_cv=0.1),
        )  # fmt: skip
        assert outcome.value("service_level", "email") == level
        assert outcome.value("late", "email") == 1 - level
        assert outcome.value("harm", "email") == EMAIL.late_weight * (1 - level)
        backlog = outcome.by_interval("backlog", ["email"])[0]
        assert (backlog[60 : 96 + 4 * start_h] == 1).all()
        assert backlog[-1] == 0


def test_real_counts_are_simulated_instead_of_drawn_ones(centre):
    problem, expected, schedule = centre
    actual = np.full(expected.offered_mean.shape, np.nan)
    actual[0] = np.arange(actual.shape[1]) % 5
    outcome = simulate(problem, expected, schedule, replications=4, actual=actual)
    offered = outcome.by_interval("offered", ["voice"])[0]
    came = actual[0] > 0
    assert np.array_equal(offered[came], actual[0, came])
    assert outcome.value("offered", "chat") == pytest.approx(
        expected.offered_mean[1].sum(), rel=0.3
    )


def test_the_wait_of_who_hangs_up_counts_until_a_person_is_free_or_the_channel_closes(small):
    """Nobody comes: whoever calls at 15:00 would wait in vain until closing at 16:00."""
    span = small.horizon(2)
    expected = small.demand(span, [VOICE], 0.0, patience_s=60.0)
    actual = np.zeros((1, 192))
    actual[0, 60] = 50
    outcome = simulate(
        small.problem([VOICE], []), expected, small.schedule(span, []), replications=5,
        actual=actual,
    )  # fmt: skip
    assert 0.75 * 3600 < outcome.value("wait_p95_s", "voice") < 1.1 * 3600
    assert outcome.value("wait_mean_s", "voice") == pytest.approx(60, rel=0.3)


def test_progress_is_told_up_to_the_last_replication(centre):
    told = []
    simulate(*centre, replications=12, watch=lambda stage, figures: told.append(figures))
    assert told[-1] == {"replications": 12, "of": 12}
    assert [f["replications"] for f in told] == sorted(f["replications"] for f in told)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), people=st.integers(2, 12))
def test_one_more_person_never_lowers_the_service_of_a_single_queue(small, seed, people):
    """With common contacts, one skill and nobody hanging up, waits fall for every contact."""
    span = small.horizon(1)
    channel = Channel(name="voice", open=["daily 00:00-24:00"])
    waits = []
    for size in (people, people + 1):
        agents = small.team(size, ["voice"])
        expected = small.demand(span, [channel], 20 * people, aht_s=150)
        plan = small.always_on(span, agents)
        model = build_model(small.problem([channel], agents), expected, plan, None, Assumptions())
        contacts = run_replication(model, 0, seed).contacts
        waits.append(np.nan_to_num(contacts["reached"], nan=np.inf))
    assert (waits[1] <= waits[0] + 1e-6).all()


def test_twice_the_people_for_twice_the_contacts_never_lose_more(small):
    """Pooling: doubling load and staff never raises abandonment (SCIENCE 9.4, relation 2)."""
    span = small.horizon(7)
    channel = Channel(name="voice", open=["daily 00:00-24:00"])
    lost = []
    for scale in (1, 2):
        agents = small.team(6 * scale, ["voice"])
        expected = small.demand(span, [channel], 100 * scale, patience_s=120)
        outcome = simulate(
            small.problem([channel], agents),
            expected,
            small.always_on(span, agents),
            replications=5,
        )
        lost.append(outcome.value("abandon_rate"))
    assert lost[1] < lost[0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"replications": 0}, r"replications = 0 simulates nothing"),
        ({"workers": 0}, r"workers = 0 does no work"),
        ({"cluster": "fast"}, r"cluster = 'fast' is no place to work"),
        ({"actual": np.zeros((1, 3))}, r"actual has the shape \(1, 3\), the demand \(3, 192\)"),
        ({"actual": np.full((3, 192), 1.5)}, r"actual\[0, 0\] = 1\.5 is not a count .*\(1 of|576"),
        ({"actual": np.full((3, 192), -1.0)}, r"actual\[0, 0\] = -1 is not a count"),
    ],
)
def test_a_bad_argument_is_named(centre, change, message):
    with pytest.raises(InputError, match=message):
        simulate(*centre, **change)


def test_demand_that_is_not_finite_is_named(small, centre):
    problem, expected, schedule = centre
    rates = open_rate(expected.horizon, CHANNELS, [100, 60, 40])
    rates[1, 40] = np.nan
    broken = small.demand(expected.horizon, CHANNELS, rates)
    with pytest.raises(InputError, match=r"offered_mean\[1, 40\] = nan .*\(1 of 576"):
        simulate(problem, broken, schedule, replications=2)


def test_contacts_without_a_handle_time_are_named(small, centre):
    problem, expected, schedule = centre
    rates = open_rate(expected.horizon, CHANNELS, [100, 60, 40])
    broken = small.demand(expected.horizon, CHANNELS, rates, aht_s=[180, np.nan, 180])
    with pytest.raises(InputError, match=r"aht_s\[1, 32\] = nan is not a handle time"):
        simulate(problem, broken, schedule, replications=2)


def test_a_shift_of_somebody_who_is_not_in_the_plan_is_named(small, centre):
    problem, expected, schedule = centre
    stranger = small.shift("a0l", expected.horizon.start, [(0, 60, "work")])
    broken = schedule.model_copy(update={"shifts": (*schedule.shifts, stranger)})
    with pytest.raises(
        InputError, match=r"agent 'a0l', who is not in the plan.*did you mean 'a\d\d'"
    ):
        simulate(problem, expected, broken, replications=2)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"handle_law": "weibull"}, r"handle_law = 'weibull' is not a law"),
        ({"handle_cv": 0.0}, r"handle_cv = 0\.0 must be above 0"),
        ({"spell_min": float("inf")}, r"spell_min = inf must be above 0 and finite"),
    ],
)
def test_an_assumption_that_cannot_be_is_named(values, message):
    with pytest.raises(InputError, match=message):
        Assumptions(**values)


def test_a_priority_of_an_unknown_channel_is_named(centre):
    with pytest.raises(InputError, match=r"priority names 'voce'.*did you mean 'voice'"):
        simulate(*centre, replications=2, assumptions=Assumptions(priority={"voce": 1}))


def test_the_package_is_imported_without_the_compiler():
    code = "import sys, wfplan.simulation; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("kind", ["training", "meeting", "off_queue"])
def test_people_in_a_session_serve_nobody(small, kind):
    span = small.horizon(1)
    agents = small.team(3, ["voice"])
    begin = span.start + timedelta(hours=8)
    parts = [(0, 120, "work"), (120, 180, kind), (180, 480, "work")]
    expected = small.demand(span, [VOICE], open_rate(span, [VOICE], [20]), aht_s=[120])
    plan = small.schedule(span, [small.shift(a.agent_id, begin, parts) for a in agents])
    outcome = simulate(small.problem([VOICE], agents), expected, plan, replications=5)
    level = outcome.by_interval("service_level", ("voice",))[0]
    first = 10 * 60 // span.interval_min
    count = 60 // span.interval_min
    assert (level[first : first + count - 1] == 0).all()
    assert (level[first - count : first] > 0.5).all()
    assert level[first + count + 1] > 0

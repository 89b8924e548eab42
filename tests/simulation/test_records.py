"""Tests for wfplan.simulation.records: the rows say what the table of measures says."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from wfplan.domain.channels import Channel
from wfplan.domain.problem import Empowered
from wfplan.domain.run_tables import SIMULATED_CONTACTS
from wfplan.errors import InputError
from wfplan.simulation import simulate

OPEN = ["daily 08:00-16:00"]
VOICE = Channel(name="voice", open=OPEN, answer_within_s=20)
CHAT = Channel(name="chat", open=OPEN, concurrency_rates=(1.0, 1.6))
EMAIL = Channel(name="email", kind="deferred", open=OPEN, due_h=2)
CHANNELS = [VOICE, CHAT, EMAIL]
KEPT = 4


@pytest.fixture(scope="module")
def centre(small):
    """A day that is somewhat short of people."""
    span = small.horizon(1)
    skills = [["voice"], ["voice", "chat"], ["chat", "email"], ["voice", "chat", "email"]]
    agents = [small.agent(f"a{i:02d}", skills[i % 4]) for i in range(12)]
    start = span.start + timedelta(hours=8)
    shifts = [small.shift(a.agent_id, start, small.FULL_DAY) for a in agents]
    rates = np.array([span.open_intervals(c.open) for c in CHANNELS]) * [[70], [50], [40]]
    expected = small.demand(
        span, CHANNELS, rates, aht_s=[240, 300, 360], patience_s=[120, 200, np.inf], rate_cv=0.2
    )
    return small.problem(CHANNELS, agents), expected, small.schedule(span, shifts)


@pytest.fixture(scope="module")
def outcome(centre):
    return simulate(*centre, replications=KEPT, seed=3, keep_contacts=KEPT)


def test_the_rows_have_the_columns_of_the_schema(outcome):
    assert tuple(outcome.contacts.columns) == SIMULATED_CONTACTS.names
    for column in SIMULATED_CONTACTS.columns:
        values = outcome.contacts[column.name]
        if column.choices:
            assert set(values) <= set(column.choices)
        if column.is_required:
            assert values.notna().all()
    assert str(outcome.contacts["arrived"].dt.tz) == "UTC"


def test_a_contact_has_one_row_and_a_name_of_its_own(outcome):
    assert not outcome.contacts.duplicated(["replication", "contact_id"]).any()
    assert outcome.contacts["contact_id"].str.fullmatch("[0-9a-f]{16}").all()
    assert set(outcome.contacts["replication"]) == set(range(KEPT))


def table_value(outcome, measure: str, channel: str) -> pd.Series:
    """Values by interval, the week last."""
    table = outcome.measures
    rows = table[(table["measure"] == measure) & (table["channel"] == channel)]
    return rows.set_index("interval_start")["value"]


@pytest.mark.parametrize("channel", ["voice", "chat", "email"])
def test_counts_and_waits_worked_out_from_the_rows_are_those_of_the_table(outcome, channel):
    rows = outcome.contacts[outcome.contacts["channel"] == channel]
    start = rows["arrived"].dt.floor("15min")
    figures = {
        "offered": rows.groupby(start).size() / KEPT,
        "wait_mean_s": rows.groupby(start)["wait_s"].mean(),
    }
    for fate in ("answered", "abandoned", "still_there"):
        figures[fate] = (rows["fate"] == fate).groupby(start).sum() / KEPT
    for measure, by_interval in figures.items():
        told = table_value(outcome, measure, channel)
        told = told[told.index.notna()]
        assert told[by_interval.index].to_numpy() == pytest.approx(by_interval.to_numpy())
    assert outcome.value("offered", channel) == len(rows) / KEPT
    assert outcome.value("wait_mean_s", channel) == pytest.approx(rows["wait_s"].mean())


@pytest.mark.parametrize(("channel", "within_s"), [("voice", 20), ("chat", CHAT.answer_within_s)])
def test_the_service_level_worked_out_from_the_rows_is_that_of_the_table(
    outcome, channel, within_s
):
    rows = outcome.contacts[outcome.contacts["channel"] == channel]
    in_time = (rows["fate"] == "answered") & (rows["wait_s"] <= within_s)
    assert 0.1 < in_time.mean() < 0.99
    assert outcome.value("service_level", channel) == pytest.approx(in_time.mean())


def test_deferred_contacts_worked_out_from_the_rows_are_late_as_in_the_table(centre, outcome):
    rows = outcome.contacts[outcome.contacts["channel"] == "email"]
    end = pd.Timestamp(centre[1].horizon.end)
    in_time = rows["finished"] <= rows["due"]
    late = ~in_time & (rows["due"] < end)
    assert late.any()
    assert outcome.value("late", "email") == late.sum() / KEPT
    assert outcome.value("service_level", "email") == pytest.approx(
        in_time.sum() / (in_time | late).sum()
    )


def test_who_answers_is_there_and_serves_the_channel(centre, outcome):
    problem, _, schedule = centre
    serves = {a.agent_id: {s.skill for s in a.skills} for a in problem.agents}
    at_work = {s.agent_id: (s.start, s.end) for s in schedule.shifts}
    answered = outcome.contacts[outcome.contacts["fate"] == "answered"]
    assert (outcome.contacts["agent_id"] != "").sum() == len(answered)
    for row in answered.itertuples():
        assert row.channel in serves[row.agent_id]
        start, end = at_work[row.agent_id]
        assert start <= row.answered <= end


def test_the_times_of_a_contact_are_in_order_and_fit_its_durations(outcome):
    rows = outcome.contacts
    done = rows[rows["finished"].notna()]
    assert (done["arrived"] <= done["answered"]).all()
    handled = (done["finished"] - done["answered"]).dt.total_seconds()
    waited = (done["answered"] - done["arrived"]).dt.total_seconds()
    assert handled.to_numpy() == pytest.approx(done["handle_s"].to_numpy(), abs=1e-5)
    assert waited.to_numpy() == pytest.approx(done["wait_s"].to_numpy(), abs=1e-5)
    left = rows[rows["fate"] == "abandoned"]
    assert left["left"].notna().all()
    assert rows[rows["fate"] != "abandoned"]["left"].isna().all()


def test_the_same_contacts_meet_two_schedules_under_the_same_names(centre):
    problem, expected, schedule = centre
    fewer = schedule.model_copy(update={"shifts": schedule.shifts[:-3]})
    both = [
        simulate(problem, expected, plan, replications=1, keep_contacts=1).contacts
        for plan in (schedule, fewer)
    ]
    columns = ["contact_id", "channel", "arrived"]
    pd.testing.assert_frame_equal(both[0][columns], both[1][columns])
    assert not both[0]["wait_s"].equals(both[1]["wait_s"])


def test_nothing_is_kept_unless_asked_for(centre):
    assert simulate(*centre, replications=1).contacts.empty


@pytest.mark.parametrize("kept", [-1, 3])
def test_more_than_is_simulated_cannot_be_kept(centre, kept):
    with pytest.raises(InputError, match=rf"keep_contacts = {kept} cannot be kept of 2"):
        simulate(*centre, replications=2, keep_contacts=kept)


@pytest.fixture(scope="module")
def eager(small):
    """A day on which customers come back: redials, recontacts, chasers, full queues, exceptions."""
    span = small.horizon(1)
    voice = Channel(
        name="voice", open=OPEN, waiting_max=6, redial={"voice": 0.5, "chat": 0.2},
        redial_after_min=5, recontact={"voice": 0.1, "email": 0.05}, recontact_after_h=0.5,
        callback_after_s=40, callback_share=0.5,
    )  # fmt: skip
    chat = Channel(name="chat", open=OPEN, concurrency_rates=(1.0, 1.6), redial={"voice": 0.5})
    email = Channel(name="email", kind="deferred", open=OPEN, due_h=0.5, chase={"voice": 0.4})
    channels = [voice, chat, email]
    skills = [["voice"], ["voice", "chat"], ["chat", "email", "empowered"], ["voice", "email"]]
    agents = [small.agent(f"a{i:02d}", skills[i % 4]) for i in range(12)]
    start = span.start + timedelta(hours=8)
    shifts = [small.shift(a.agent_id, start, small.FULL_DAY) for a in agents]
    rates = np.array([span.open_intervals(c.open) for c in channels]) * [[75], [40], [30]]
    expected = small.demand(
        span, channels, rates, aht_s=[240, 300, 360], patience_s=[60, 100, np.inf]
    )
    problem = small.problem(channels, agents).model_copy(
        update={"empowered": Empowered(share_of_contacts=0.05, handle_min=10)}
    )
    return simulate(
        problem, expected, small.schedule(span, shifts), replications=KEPT, seed=1,
        keep_contacts=KEPT,
    )  # fmt: skip


def test_what_comes_is_fresh_or_follows_from_something(eager):
    rows = eager.contacts
    measures = {"fresh": "fresh", "redial": "redials", "recontact": "recontacts",
                "chase": "chasers"}  # fmt: skip
    for channel in ("voice", "chat", "email"):
        causes = rows[rows["channel"] == channel]["cause"].value_counts()
        told = {c: eager.value(m, channel) * KEPT for c, m in measures.items()}
        assert told == pytest.approx({c: causes.get(c, 0) for c in measures})
        assert sum(told.values()) == pytest.approx(eager.value("offered", channel) * KEPT)
    for measure in ("redials", "recontacts", "chasers", "blocked", "called_back", "escalations"):
        assert eager.value(measure) > 0, measure
    came_again = sum(eager.value(m) for m in ("redials", "recontacts", "chasers"))
    assert eager.value("failure_demand") == pytest.approx(came_again / eager.value("offered"))


def test_what_follows_names_what_it_follows_from(eager):
    rows = eager.contacts
    by_id = rows.set_index(["replication", "contact_id"])
    followers = rows[rows["cause"] != "fresh"]
    assert (rows[rows["cause"] == "fresh"]["parent_id"] == "").all()
    parents = by_id.loc[list(zip(followers["replication"], followers["parent_id"], strict=True))]
    fates = parents["fate"].to_numpy()
    cause = followers["cause"].to_numpy()
    assert set(fates[cause == "redial"]) <= {"abandoned", "blocked"}
    assert set(fates[cause == "recontact"]) == {"answered"}
    assert set(fates[cause == "escalation"]) == {"answered"}
    assert (followers["arrived"].to_numpy() >= parents["arrived"].to_numpy()).all()
    assert set(rows[rows["cause"] == "escalation"]["channel"]) == {"empowered"}


def test_lost_customers_are_those_whose_last_attempt_was_lost(eager):
    lost = 0
    for _, week in eager.contacts.groupby("replication"):
        by_id = week.set_index("contact_id")
        tried_again = set(week[week["cause"] == "redial"]["parent_id"])
        for contact_id in week[week["fate"].isin(["abandoned", "blocked"])]["contact_id"]:
            if contact_id in tried_again:
                continue
            row = by_id.loc[contact_id]
            while row["cause"] in ("redial", "recontact"):
                row = by_id.loc[row["parent_id"]]
            lost += row["cause"] == "fresh"
    assert eager.value("lost_customers") * KEPT == pytest.approx(lost)
    assert 0 < eager.value("lost_customers") < eager.value("abandoned") + eager.value("blocked")


def test_escalations_have_rows_of_their_own(eager):
    rows = eager.contacts[eager.contacts["channel"] == "empowered"]
    assert eager.value("offered", "empowered") == pytest.approx(len(rows) / KEPT)
    assert eager.value("escalations") == pytest.approx(len(rows) / KEPT)
    assert eager.value("escalation_wait_s") == pytest.approx(rows["wait_s"].mean())
    assert eager.value("wait_mean_s", "empowered") == pytest.approx(rows["wait_s"].mean())

"""Tests for wfplan.simulation.measures: arithmetic on counts that a reader can check."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from wfplan.domain.channels import Channel
from wfplan.simulation.estimates import WAIT_EDGES_S, moments
from wfplan.simulation.measures import ratios
from wfplan.simulation.model import Assumptions, Model, build_model
from wfplan.simulation.replicate import Results
from wfplan.simulation.table import measure_table
from wfplan.simulation.tallies import Count, Tallies

VOICE = Channel(name="voice", open=["daily 00:00-01:00"], wait_weight=2.0, abandon_weight=7.0)
EMAIL = Channel(name="email", kind="deferred", open=["daily 00:00-01:00"], late_weight=4.0)


@pytest.fixture
def table(small) -> pd.DataFrame:
    """Two replications of a day; numbers in the first two intervals only."""
    span = small.horizon(1)
    agents = small.team(2, ["voice", "email"])
    expected = small.demand(span, [VOICE, EMAIL], [4, 2])
    model = build_model(
        small.problem([VOICE, EMAIL], agents), expected, small.always_on(span, agents), None,
        Assumptions(),
    )  # fmt: skip
    counts = np.zeros((2, 2, len(Count), 96))
    counts[0, 0, Count.OFFERED, :2] = 10, 20
    counts[1, 0, Count.OFFERED, :2] = 30, 0
    counts[0, 0, Count.ANSWERED, :2] = 9, 15
    counts[1, 0, Count.ANSWERED, :2] = 30, 0
    counts[0, 0, Count.ABANDONED, :2] = 1, 5
    counts[:, 0, Count.JUDGED] = counts[:, 0, Count.OFFERED]
    counts[0, 0, Count.IN_TIME, :2] = 8, 10
    counts[1, 0, Count.IN_TIME, :2] = 27, 0
    counts[0, 0, Count.WAIT_S, :2] = 100, 500
    counts[:, 1, Count.OFFERED, 0] = 4
    counts[:, 1, Count.JUDGED, 0] = 4
    counts[:, 1, Count.IN_TIME, 0] = 3
    counts[:, 1, Count.LATE, 0] = 1
    counts[:, 1, Count.BEGUN, 0] = 1
    counts[:, 1, Count.BEGUN, 4] = 3
    on_s = np.zeros((2, 3, 96))
    on_s[:, :, :4] = 1800
    waits = np.zeros((2, 2, 96, len(WAIT_EDGES_S)), np.int32)
    waits[:, 0, 0, 0] = 95
    waits[:, 0, 0, 5] = 5
    busy_s = np.stack([on_s * 0.75, on_s * 0.2], axis=1)  # on calls, on e-mail
    tallies = Tallies(counts, on_s, busy_s, np.array([[60.0, 120.0], [180.0, 0.0]]))
    return tabled(model, expected.is_open, tallies, waits)


def tabled(model: Model, is_open: np.ndarray, tallies: Tallies, waits: np.ndarray) -> pd.DataFrame:
    """The table of tallies."""
    found = list(ratios(model, is_open, tallies))
    results = Results(
        **vars(tallies),
        names=tuple(measure.name for measure in found),
        moments=[moments(measure.top, measure.bottom) for measure in found],
        waits=waits,
    )
    return measure_table(model, is_open, results)


def cell(table: pd.DataFrame, measure: str, channel: str, interval: int | None = None) -> pd.Series:
    rows = table[(table["measure"] == measure) & (table["channel"] == channel)]
    if interval is None:
        rows = rows[rows["interval_start"].isna()]
    else:
        start = pd.Timestamp("2026-03-02", tz="UTC") + interval * pd.Timedelta(minutes=15)
        rows = rows[rows["interval_start"] == start]
    assert len(rows) == 1
    return rows.iloc[0]


def test_shares_are_ratios_of_sums_over_replications(table):
    assert cell(table, "service_level", "voice", 0)["value"] == 35 / 40
    assert cell(table, "service_level", "voice")["value"] == 45 / 60
    assert cell(table, "abandon_rate", "voice")["value"] == 6 / 60
    assert cell(table, "wait_mean_s", "voice")["value"] == 600 / 60
    assert cell(table, "service_level", "")["value"] == (45 + 6) / (60 + 8)


def test_contacts_are_means_over_replications(table):
    assert cell(table, "offered", "voice", 0)["value"] == 20
    assert cell(table, "offered", "")["value"] == 30 + 4
    assert cell(table, "answered", "voice")["value"] == 27


def test_waits_over_all_channels_are_those_of_realtime_contacts(table):
    assert cell(table, "wait_mean_s", "")["value"] == cell(table, "wait_mean_s", "voice")["value"]


def test_quantiles_are_those_of_the_replications_own_ratios(table):
    row = cell(table, "service_level", "voice")
    assert (row["q10"], row["q90"]) == (18 / 30, 27 / 30)


def test_an_interval_without_contacts_has_a_perfect_level_and_no_wait(table):
    assert cell(table, "service_level", "voice", 3)["value"] == 1.0
    assert cell(table, "wait_mean_s", "voice", 3)["value"] == 0.0
    assert cell(table, "abandon_rate", "voice", 3)["value"] == 0.0
    assert cell(table, "wait_p95_s", "voice", 3)["value"] == 0.0


def test_closed_intervals_in_which_nothing_came_have_no_row(table):
    rows = table[(table["measure"] == "service_level") & (table["channel"] == "voice")]
    assert len(rows) == 4 + 1  # the open hour and the week


def test_harm_weighs_minutes_losses_and_lateness(table):
    assert cell(table, "harm", "voice")["value"] == pytest.approx((2 * 600 / 60 + 7 * 6) / 2)
    assert cell(table, "harm", "email")["value"] == 4 * 1
    assert cell(table, "harm", "")["value"] == pytest.approx((2 * 600 / 60 + 7 * 6) / 2 + 4)


def test_backlog_is_what_was_not_begun_at_the_end_of_the_interval(table):
    values = [cell(table, "backlog", "email", t)["value"] for t in range(6)]
    assert values == [3, 3, 3, 3, 0, 0]
    assert cell(table, "backlog", "email")["value"] == 12 / 96
    assert not ((table["measure"] == "backlog") & (table["channel"] == "voice")).any()


def test_staff_are_mean_heads_over_open_time_and_occupancy_their_busy_share(table):
    assert cell(table, "staff_present", "voice", 0)["value"] == 2
    assert cell(table, "staff_present", "")["value"] == 2
    assert cell(table, "occupancy", "voice")["value"] == 0.75


def test_work_that_can_wait_is_available_time_to_a_realtime_channel_only(table):
    assert cell(table, "occupancy", "voice", 0)["value"] == 0.75
    assert cell(table, "occupancy", "email", 0)["value"] == pytest.approx(0.95)
    assert cell(table, "occupancy", "", 0)["value"] == pytest.approx(0.95)
    assert cell(table, "weighted_occupancy", "voice", 0)["value"] == pytest.approx(0.85)


def test_overtime_and_break_delay_are_person_minutes_of_the_week(table):
    assert cell(table, "overtime_min", "")["value"] == 2
    assert cell(table, "break_delay_min", "")["value"] == 1


def test_the_tidy_table_has_the_agreed_columns_and_instants(table):
    assert list(table.columns) == [
        "measure", "channel", "interval_start", "value", "half_width", "unit", "q10", "q90",
    ]  # fmt: skip
    assert str(table["interval_start"].dt.tz) == "UTC"
    assert not table.duplicated(["measure", "channel", "interval_start"]).any()


def test_a_promise_is_kept_in_the_share_of_weeks_in_which_its_level_was_reached(table):
    """Of voice 80 % in time are promised: 8 of 10 and 27 of 30 keep it, 10 of 20 do not."""
    assert cell(table, "promise_kept", "voice", 0)["value"] == 1.0
    assert cell(table, "promise_kept", "voice", 1)["value"] == 0.5
    assert cell(table, "promise_kept", "voice")["value"] == 0.5  # 18 of 30, 27 of 30
    assert cell(table, "promise_kept", "email", 0)["value"] == 0.0  # 3 of 4, 95 % are promised
    assert cell(table, "promise_kept", "", 0)["value"] == 0.0
    assert cell(table, "promise_kept", "", 1)["value"] == 0.5


def test_the_level_of_a_day_stands_at_its_first_interval(table):
    assert cell(table, "service_level_day", "voice", 0)["value"] == 45 / 60
    rows = table[(table["measure"] == "service_level_day") & (table["channel"] == "voice")]
    assert len(rows) == 2
    week = cell(table, "service_level_day", "voice")
    assert (week["value"], week["q10"], week["q90"]) == (45 / 60, 18 / 30, 27 / 30)


def test_what_a_plan_does_not_ask_for_has_a_row_for_the_week_only(table):
    rows = table[(table["measure"] == "blocked") & (table["channel"] == "voice")]
    assert rows["interval_start"].isna().all()
    assert not (table["measure"] == "served_late_share").any()


@pytest.fixture
def with_repeats(small) -> pd.DataFrame:
    """Two weeks of customers who come back, are turned away, passed on and called back."""
    span = small.horizon(1)
    voice = VOICE.model_copy(
        update={"redial": {"voice": 0.5}, "waiting_max": 3, "callback_share": 0.5,
                "callback_after_s": 60.0, "answer_most_s": 90.0}
    )  # fmt: skip
    agents = small.team(2, ["voice", "email"])
    expected = small.demand(span, [voice, EMAIL], [4, 2])
    model = build_model(
        small.problem([voice, EMAIL], agents), expected, small.always_on(span, agents), None,
        Assumptions(),
    )  # fmt: skip
    centre = model.centre
    if len(centre.channels) == 2:
        more = centre._replace(channels=np.append(centre.channels, centre.channels[:1]))
        model = replace(model, centre=more)
    counts = np.zeros((2, 3, len(Count), 96))
    for kind, values in {
        Count.OFFERED: (20, 40), Count.ANSWERED: (14, 20), Count.ABANDONED: (4, 10),
        Count.BLOCKED: (2, 10), Count.FRESH: (16, 26), Count.REDIALS: (3, 10),
        Count.RECONTACTS: (1, 2), Count.CHASERS: (0, 2), Count.LOST_CUSTOMERS: (3, 10),
        Count.CALLED_BACK: (2, 4), Count.ESCALATIONS: (2, 0), Count.ESCALATION_WAIT_S: (60, 0),
        Count.PATIENT: (10, 10), Count.PATIENT_LATE: (1, 4), Count.WAIT_S: (180, 300),
        Count.JUDGED: (20, 40), Count.IN_TIME: (12, 16),
    }.items():  # fmt: skip
        counts[:, 0, kind, 1] = values
    counts[0, 2, [Count.OFFERED, Count.ANSWERED, Count.JUDGED], 2] = 2
    counts[0, 2, Count.WAIT_S, 2] = 60
    on_s = np.full((2, 3, 96), 1800.0)
    waits = np.zeros((2, 3, 96, len(WAIT_EDGES_S)), np.int32)
    tallies = Tallies(counts, on_s, np.zeros((2, 2, 3, 96)), np.zeros((2, 2)))
    return tabled(model, expected.is_open, tallies, waits)


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        ("blocked", 6), ("called_back", 3), ("fresh", 21), ("redials", 6.5), ("recontacts", 1.5),
        ("chasers", 1), ("lost_customers", 6.5), ("escalations", 1), ("failure_demand", 18 / 60),
        ("escalation_wait_s", 30), ("served_late_share", 5 / 20), ("abandon_rate", 14 / 60),
        ("service_level", 28 / 60), ("wait_mean_s", 480 / (60 - 12)),
    ],
)  # fmt: skip
def test_what_a_plan_asks_for_is_measured_by_interval_channel_and_in_all(
    with_repeats, measure, value
):
    for channel, interval in (("voice", 1), ("voice", None), ("", 1), ("", None)):
        assert cell(with_repeats, measure, channel, interval)["value"] == pytest.approx(value)


def test_who_is_turned_away_harms_as_who_hangs_up_does(with_repeats):
    assert cell(with_repeats, "harm", "voice")["value"] == pytest.approx(
        (2.0 * 480 / 60 + 7.0 * (14 + 12)) / 2
    )


def test_waiting_for_empowered_people_has_rows_of_its_own_outside_the_totals(with_repeats):
    assert cell(with_repeats, "offered", "empowered")["value"] == 1
    assert cell(with_repeats, "offered", "")["value"] == 30
    assert cell(with_repeats, "wait_mean_s", "empowered", 2)["value"] == 30
    empowered = with_repeats[with_repeats["channel"] == "empowered"]
    assert {"offered", "answered", "still_there", "wait_mean_s", "wait_p95_s"} <= set(
        empowered["measure"]
    )
    of_staff_and_customers = {"occupancy", "staff_present", "harm", "promise_kept", "redials"}
    assert not set(empowered["measure"]) & of_staff_and_customers
    assert not with_repeats.duplicated(["measure", "channel", "interval_start"]).any()

"""Tests for wfplan.staffing.edits."""

import numpy as np
import pandas as pd
import pytest

from wfplan.domain.channels import Channel
from wfplan.errors import InputError
from wfplan.staffing import staff_need, with_edits

NOON = 24


@pytest.fixture(scope="module")
def need(problem_of, demand_of):
    problem = problem_of(Channel(name="voice", open=["mon-fri 08:00-18:00"]))
    return staff_need(problem, demand_of(problem, 60.0, days=1))


def table(need, decimals=6):
    starts = pd.DatetimeIndex(need.horizon.interval_starts).tz_localize("UTC")
    return pd.DataFrame(
        {
            "channel": "voice",
            "interval_start": starts.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "staff_required": need.staff_required[0].round(decimals),
        }
    )


def test_a_table_that_nobody_touched_changes_nothing(need):
    same = with_edits(need, table(need, decimals=3))
    np.testing.assert_array_equal(same.staff_required, need.staff_required)
    np.testing.assert_array_equal(same.binding, need.binding)


@pytest.mark.parametrize("wanted", [0.0, 40.0])
def test_a_raised_or_lowered_row_binds_as_edited(need, wanted):
    rows = table(need)
    rows.loc[NOON, "staff_required"] = wanted
    edited = with_edits(need, rows)
    assert edited.staff_required[0, NOON] == wanted
    assert edited.binding[0, NOON] == "edited"
    assert (edited.binding == "edited").sum() == 1
    assert need.binding[0, NOON] != "edited"


def test_rows_that_are_left_out_stay(need):
    rows = table(need).iloc[[NOON]].assign(staff_required=50)
    edited = with_edits(need, rows)
    assert edited.staff_required.max() == 50
    assert (edited.staff_required[0, :NOON] == need.staff_required[0, :NOON]).all()


def test_rows_may_come_in_any_order_and_as_instants(need):
    rows = table(need).sample(frac=1, random_state=1)
    rows["interval_start"] = pd.to_datetime(rows["interval_start"])
    same = with_edits(need, rows)
    np.testing.assert_array_equal(same.staff_required, need.staff_required)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("channel", "voise", r"requirement.csv:26: channel: 'voise' is not a channel .* 'voice'\?"),
        ("interval_start", "2026-03-02T12:07:00Z", r":26: interval_start: .* steps of 30 minutes"),
        ("interval_start", "noon", r"interval_start: 'noon' is not the start of an interval"),
        ("staff_required", -1.0, r":26: staff_required: '-1.0' is not a number of staff"),
        ("staff_required", np.nan, r"staff_required: 'nan' is not a number of staff"),
    ],
)
def test_a_row_that_cannot_be_is_named_with_its_line(need, column, value, message):
    rows = table(need).astype({"staff_required": float})
    rows.loc[NOON, column] = value
    with pytest.raises(InputError, match=message):
        with_edits(need, rows)

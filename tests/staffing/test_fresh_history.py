"""Tests for wfplan.staffing.fresh_history: first contacts of a history, before it is forecast."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

import forecasts
from wfplan.domain.channels import Channel
from wfplan.errors import InputError
from wfplan.horizon import Horizon
from wfplan.queueing import repeats
from wfplan.staffing import (
    demand_forecast,
    first_contacts,
    forecast_frames,
    fresh_demand,
    fresh_history,
    staff_need,
    with_repeats,
)
from wfplan.staffing.fresh import _abandoned_at

MONDAY = date(2026, 3, 2)
FIRST = date(2025, 12, 22)
HOURS = ["mon-fri 08:00-18:00"]
VOICE = Channel(
    name="voice", open=HOURS, redial={"voice": 0.6}, recontact={"voice": 0.1}, patience_s=120.0
)


def days_of(weeks: int) -> Horizon:
    return Horizon("Europe/Dublin", FIRST, 7 * weeks, 30)


def rate_of(past: Horizon, level: float) -> np.ndarray:
    """First contacts per half-hour: a hump in the morning."""
    hour = past.interval_minutes / 60
    hump = level * (0.6 + 0.8 * np.exp(-(((hour - 11) / 2.5) ** 2)))
    return np.where(past.open_intervals(VOICE.open), hump, 0.0)


def lived(rng, rate, is_open, lost_share, channel=VOICE):
    """Contact by contact: who hangs up calls again, who was served comes again, when it is open."""
    opens = np.flatnonzero(is_open)
    total, lost = rng.poisson(rate).astype(float), np.zeros(len(rate))
    for t in range(len(rate)):
        lost[t] = rng.binomial(int(total[t]), lost_share[t])
        for count, share, after_s in (
            (lost[t], channel.redial.get("voice", 0.0), channel.redial_after_min * 60),
            (
                total[t] - lost[t],
                channel.recontact.get("voice", 0.0),
                channel.recontact_after_h * 3600,
            ),
        ):
            back = rng.binomial(int(count), share)
            at = t + (rng.random(back) * 1800 + rng.exponential(after_s, back)) / 1800
            for moment in at.astype(int):
                first = np.searchsorted(opens, max(moment, t + 1))
                if first < len(opens):
                    day = (
                        opens[first : first + 20]
                        if opens[first] > moment
                        else opens[first : first + 1]
                    )
                    total[day[rng.integers(len(day))]] += 1
    return total, lost


def frame_of(past, total, lost, name="voice"):
    rows = np.flatnonzero(past.open_intervals(VOICE.open))
    return pd.DataFrame(
        {
            "channel": name,
            "interval_start": pd.DatetimeIndex(past.interval_starts[rows]).tz_localize("UTC"),
            "offered": total[rows],
            "aht_s": 240.0,
            "answered": (total - lost)[rows],
            "abandoned": lost[rows],
        }
    )


@pytest.fixture(scope="module")
def bad_end(problem_of):
    """Ten weeks of one demand; in the last two of them 40 % hung up instead of 4 %."""
    past = days_of(10)
    rate = rate_of(past, 60.0)
    lost_share = np.where(past.interval_days >= 56, 0.4, 0.04)
    total, lost = lived(np.random.default_rng(5), rate, rate > 0, lost_share)
    return problem_of(VOICE, contacts=frame_of(past, total, lost)), rate, past


def found_for(problem):
    horizon = problem.horizon(MONDAY)
    history, future, calendar = forecast_frames(problem, horizon)
    return fresh_history(problem, horizon, history), history, future, calendar, horizon


def forecast_of(problem, history, future, calendar):
    return forecasts.forecast(
        history, future, timezone="Europe/Dublin", calendar=calendar, interval_min=30, weeks=8
    )


def test_first_contacts_of_every_week_are_found_though_service_was_bad(bad_end):
    problem, rate, _ = bad_end
    fresh, history, *_ = found_for(problem)
    week = (history["interval_start"].dt.tz_convert("Europe/Dublin")).dt.isocalendar().week
    first = (fresh.history["offered"] * fresh.scale[0]).groupby(week).sum()
    seen = history["offered"].groupby(week).sum()
    true = rate[-336:].sum()
    assert first.to_numpy() == pytest.approx(true, rel=0.06)  # four standard errors of 5,600
    assert seen.max() > 1.4 * true


def test_a_bad_week_does_not_inflate_the_next_forecast(bad_end):
    problem, rate, _ = bad_end
    fresh, history, future, calendar, _ = found_for(problem)
    true = rate[-336:].sum()
    ours = forecast_of(problem, fresh.history, future, calendar).intervals["offered_mean"].sum()
    naive = forecast_of(problem, history, future, calendar).intervals["offered_mean"].sum()
    assert ours * fresh.scale[0] == pytest.approx(true, rel=0.03)
    usual = true / (1 - 0.6 * 0.04 - 0.1 * 0.96)  # contacts that come of them in ordinary weeks
    assert naive > 1.1 * usual


def test_the_sum_over_the_history_is_that_of_the_formula(bad_end):
    problem, _, _ = bad_end
    fresh, history, *_ = found_for(problem)
    total, lost = history["offered"].sum(), history["abandoned"].sum()
    assert fresh.scale[0] == pytest.approx(1 - 0.6 * lost / total - 0.1 * (1 - lost / total))
    assert fresh.history["offered"].sum() == pytest.approx(total, abs=0.51)
    assert (fresh.history["offered"] >= 0).all()
    assert (fresh.history["offered"] % 1 == 0).all()
    assert (fresh.history["offered"][history["offered"] == 0] == 0).all()
    assert "abandoned" not in fresh.history


def test_the_table_of_redials_leads_back_to_its_fresh_contacts(problem_of, shared):
    past = days_of(4)
    is_open = past.open_intervals(VOICE.open)
    for row in pd.read_csv(shared / "truth" / "redial.csv").itertuples():
        voice = VOICE.model_copy(
            update={
                "redial": {"voice": row.redial_prob_after_abandon},
                "recontact": {"voice": row.recontact_prob_after_service},
            }
        )
        total = np.where(is_open, row.total_per_hour / 2, 0.0)
        problem = problem_of(voice, contacts=frame_of(past, total, total * row.p_abandon))
        fresh, *_ = found_for(problem)
        if row.amplification == 1:
            assert fresh.scale is None
            continue
        assert fresh.scale[0] == pytest.approx(1 / row.amplification, rel=1e-9)


def test_across_channels_sums_obey_the_matrix(problem_of):
    past = days_of(4)
    chat = Channel(
        name="chat", open=HOURS, redial={"voice": 0.4, "chat": 0.2}, recontact={"mail": 0.2}
    )
    mail = Channel(name="mail", open=HOURS, kind="deferred", recontact={"voice": 0.05})
    problem = problem_of(VOICE, chat, mail)
    rng = np.random.default_rng(1)
    rows = [rng.poisson(rate_of(past, level)).astype(float) for level in (60, 30, 40)]
    gone = [
        rng.binomial(row.astype(int), share)
        for row, share in zip(rows, (0.1, 0.3, 0.0), strict=True)
    ]
    parts = [
        frame_of(past, row, lost, name)
        for row, lost, name in zip(rows, gone, ("voice", "chat", "mail"), strict=True)
    ]
    problem = problem.model_copy(update={"contacts": pd.concat(parts, ignore_index=True)})
    fresh, *_ = found_for(problem)
    total = np.array([row.sum() for row in rows])
    lost = np.array([one.sum() for one in gone])
    redial = np.array([[0.6, 0, 0], [0.4, 0.2, 0], [0, 0, 0]])
    recontact = np.array([[0.1, 0, 0], [0, 0, 0.2], [0.05, 0, 0]])
    expected = repeats.fresh_demand(total, lost / total, redial, recontact)
    assert fresh.scale * total == pytest.approx(expected, rel=1e-9)
    sums = fresh.history.groupby("channel")["offered"].sum()
    assert sums[["voice", "chat", "mail"]].to_numpy() * fresh.scale == pytest.approx(
        expected, rel=1e-9
    )


def test_without_anybody_who_comes_back_the_history_stays(problem_of, bad_end):
    contacts = bad_end[0].contacts
    plain = Channel(name="voice", open=HOURS)
    fresh, history, *_ = found_for(problem_of(plain, contacts=contacts))
    assert fresh.history is history
    assert fresh.scale is None
    assert fresh.why_not == ""


def test_without_the_column_abandoned_it_is_as_before_and_said(problem_of, bad_end, demand_of):
    contacts = bad_end[0].contacts.drop(columns="abandoned")
    problem = problem_of(VOICE, contacts=contacts)
    fresh, history, *_ = found_for(problem)
    assert fresh.history is history
    demand = with_repeats(problem, demand_of(problem, 60.0), fresh)
    assert demand.fresh_share is None
    assert "voice: the forecast is of all contacts" in demand.notes[-1]
    assert "Add the column abandoned" in demand.notes[-1]


def test_a_fate_that_is_known_of_most_is_filled_in_for_the_others(problem_of, bad_end):
    contacts = bad_end[0].contacts.copy()
    whole = found_for(problem_of(VOICE, contacts=contacts))[0].scale[0]
    contacts.loc[contacts.index % 4 == 0, "abandoned"] = np.nan
    assert found_for(problem_of(VOICE, contacts=contacts))[0].scale[0] == pytest.approx(
        whole, abs=0.005
    )
    contacts.loc[contacts.index % 4 != 1, "abandoned"] = np.nan
    assert found_for(problem_of(VOICE, contacts=contacts))[0].scale is None


def test_more_abandoned_than_offered_on_a_day_is_refused(problem_of, bad_end):
    contacts = bad_end[0].contacts.copy()
    contacts.loc[:19, "abandoned"] = contacts.loc[:19, "offered"] + 1
    with pytest.raises(
        InputError, match=r"voice on 2025-12-22: abandoned = .* is more than offered"
    ):
        found_for(problem_of(VOICE, contacts=contacts))


def test_a_call_counted_as_lost_one_interval_late_is_not_refused(problem_of, bad_end):
    contacts = bad_end[0].contacts.copy()
    contacts.loc[0, "offered"], contacts.loc[0, "abandoned"] = 1.0, 2.0
    assert found_for(problem_of(VOICE, contacts=contacts))[0].scale is not None


def test_shares_that_explain_more_than_there_was_leave_the_history_and_say_so(problem_of, bad_end):
    contacts = bad_end[0].contacts
    other = contacts.assign(channel="chat", abandoned=contacts["offered"])
    small = contacts.assign(offered=1.0, abandoned=0.0)
    chat = Channel(name="chat", open=HOURS, redial={"voice": 1.0})
    problem = problem_of(VOICE, chat, contacts=pd.concat([small, other], ignore_index=True))
    fresh, history, *_ = found_for(problem)
    assert fresh.history is history
    assert "voice: the forecast is of all contacts" in fresh.why_not
    assert "lower them" in fresh.why_not


def planned(problem):
    fresh, _, future, calendar, horizon = found_for(problem)
    found = forecast_of(problem, fresh.history, future, calendar)
    demand = demand_forecast(problem, horizon, found.intervals, found.channels)
    return with_repeats(problem, demand, fresh), demand, fresh


def test_the_week_is_staffed_for_first_contacts_and_those_who_come_back(bad_end):
    problem, _, _ = bad_end
    week, demand, fresh = planned(problem)
    need = staff_need(problem, week)
    lost = _abandoned_at(problem, week, need)
    total = week.offered_mean
    first = total * week.fresh_share
    assert first == pytest.approx(demand.offered_mean * fresh.scale[0])
    again = 0.6 * (total * lost).sum() + 0.1 * (total * (1 - lost)).sum()
    assert total.sum() == pytest.approx(first.sum() + again, rel=1e-3)
    assert (total[~week.is_open] == 0).all()
    assert (week.offered_q10 <= week.offered_q90).all()
    (row,) = fresh_demand(problem, week, need).channels
    assert row.planned.total == pytest.approx(total.sum(), rel=1e-3)
    assert row.planned.fresh == pytest.approx(first.sum())
    assert row.before.failure_share > 1.2 * row.planned.failure_share


def test_a_simulation_gets_first_contacts_and_who_comes_back_from_before(bad_end):
    problem, _, _ = bad_end
    week, _, _ = planned(problem)
    first = first_contacts(problem, week, staff_need(problem, week)).offered_mean[0]
    fresh = (week.offered_mean * week.fresh_share)[0]
    monday = week.horizon.interval_days == 0
    from_before = first - fresh
    assert (from_before >= -1e-9).all()
    # served on Friday, back on Monday: a tenth of a day and what of Thursday had to wait
    assert 0.05 * fresh[monday].sum() < from_before[monday].sum() < 0.25 * fresh[monday].sum()
    assert from_before[week.horizon.interval_days == 4].sum() < 0.02 * from_before.sum()


def test_a_change_of_volume_changes_first_contacts_with_it(bad_end):
    problem, _, _ = bad_end
    week, _, _ = planned(problem)
    need = staff_need(problem, week)
    more = replace(week, offered_mean=week.offered_mean * 1.1)
    assert first_contacts(problem, more, need).offered_mean == pytest.approx(
        1.1 * first_contacts(problem, week, need).offered_mean, rel=0.01
    )

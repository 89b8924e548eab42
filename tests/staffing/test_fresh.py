"""Tests for wfplan.staffing.fresh: first contacts behind a forecast."""

import numpy as np
import pandas as pd
import pytest

from wfplan.domain.channels import Channel
from wfplan.staffing import first_contacts, fresh_demand, staff_need

HOURS = ["mon-fri 08:00-18:00"]
VOICE = Channel(name="voice", open=HOURS, redial={"voice": 0.5}, recontact={"voice": 0.1})
CHAT = Channel(name="chat", open=HOURS, redial={"voice": 0.4, "chat": 0.2})
MAIL = Channel(name="mail", open=HOURS, kind="deferred", recontact={"voice": 0.05})


def contacts(**abandoned):
    parts = [
        pd.DataFrame(
            {
                "channel": name,
                "interval_start": pd.date_range("2026-02-02", periods=40, freq="30min", tz="UTC"),
                "offered": 10.0,
                "abandoned": 10 * share,
            }
        )
        for name, share in abandoned.items()
    ]
    return pd.concat(parts, ignore_index=True)


def found(problem_of, demand_of, *channels, history, offered=60.0):
    problem = problem_of(*channels, contacts=history)
    demand = demand_of(problem, offered)
    need = staff_need(problem, demand)
    return fresh_demand(problem, demand, need), demand


def test_first_contacts_of_one_channel_follow_the_formula(problem_of, demand_of):
    fresh, demand = found(problem_of, demand_of, VOICE, history=contacts(voice=0.2))
    (row,) = fresh.channels
    total = demand.offered_mean.sum()
    before, planned = row.before, row.planned
    assert before.total == pytest.approx(total)
    assert before.fresh == planned.fresh == pytest.approx(total * (1 - 0.5 * 0.2 - 0.1 * 0.8))
    assert (before.redials, before.recontacts) == pytest.approx((total * 0.1, total * 0.08))
    assert before.abandoned == pytest.approx(0.2)
    assert before.failure_share == pytest.approx(0.18)
    assert row.amplification == pytest.approx(1 / 0.82)
    now = planned.abandoned
    assert now < 0.06
    assert planned.total == pytest.approx(planned.fresh / (1 - 0.5 * now - 0.1 * (1 - now)))
    assert planned.fresh < planned.total < before.total


def test_the_table_of_redials_leads_back_to_its_fresh_contacts(problem_of, demand_of, shared):
    for row in pd.read_csv(shared / "truth" / "redial.csv").itertuples():
        voice = Channel(
            name="voice", open=HOURS, redial={"voice": row.redial_prob_after_abandon},
            recontact={"voice": row.recontact_prob_after_service},
        )  # fmt: skip
        history = contacts(voice=row.p_abandon)
        fresh, _ = found(problem_of, demand_of, voice, history=history, offered=row.total_per_hour)
        if row.amplification == 1:
            assert fresh is None
            continue
        assert fresh.channels[0].amplification == pytest.approx(row.amplification, rel=1e-9)


def test_channels_feed_each_other(problem_of, demand_of):
    fresh, demand = found(
        problem_of, demand_of, VOICE, CHAT, MAIL,
        history=contacts(voice=0.1, chat=0.3, mail=0.0), offered=np.array([[60.0], [30.0], [20.0]]),
    )  # fmt: skip
    total = demand.offered_mean.sum(axis=1)
    voice, chat, mail = fresh.channels
    assert voice.before.fresh == pytest.approx(
        total[0] * (1 - 0.05 - 0.09) - total[1] * 0.3 * 0.4 - total[2] * 0.05
    )
    assert chat.before.fresh == pytest.approx(total[1] * (1 - 0.3 * 0.2))
    assert mail.before.fresh == pytest.approx(total[2])
    assert mail.planned.abandoned == 0


def test_where_nobody_comes_back_nothing_is_said(problem_of, demand_of):
    plain = Channel(name="voice", open=HOURS)
    assert found(problem_of, demand_of, plain, history=contacts(voice=0.2))[0] is None


def test_a_history_that_does_not_say_who_hung_up_is_told(problem_of, demand_of):
    history = contacts(voice=0.2).drop(columns="abandoned")
    fresh, _ = found(problem_of, demand_of, VOICE, history=history)
    assert fresh.channels == ()
    assert "voice: first contacts are not known" in fresh.why_not
    assert "Add the column abandoned" in fresh.why_not


def test_only_what_was_before_the_week_counts(problem_of, demand_of):
    late = contacts(voice=0.9).assign(
        interval_start=pd.date_range("2026-03-02", periods=40, freq="30min", tz="UTC")
    )
    fresh, _ = found(problem_of, demand_of, VOICE, history=pd.concat([contacts(voice=0.2), late]))
    assert fresh.channels[0].before.abandoned == pytest.approx(0.2)


def test_repeats_that_explain_more_than_there_was_are_told(problem_of, demand_of):
    chat = CHAT.model_copy(update={"redial": {"voice": 1.0}})
    fresh, _ = found(
        problem_of, demand_of, VOICE, chat,
        history=contacts(voice=0.1, chat=0.9), offered=np.array([[5.0], [60.0]]),
    )  # fmt: skip
    assert "First contacts cannot be told from the forecast" in fresh.why_not
    assert "lower redial or recontact" in fresh.why_not


def simulated(problem_of, demand_of, *channels, history, offered=60.0):
    """The demand as forecast, and as it is to be simulated, contacts of the week by channel."""
    problem = problem_of(*channels, contacts=history)
    demand = demand_of(problem, offered)
    first = first_contacts(problem, demand, staff_need(problem, demand))
    return demand.offered_mean.sum(axis=1), first.offered_mean.sum(axis=1), first


def test_a_simulation_begins_with_first_contacts(problem_of, demand_of):
    total, first, demand = simulated(problem_of, demand_of, VOICE, history=contacts(voice=0.2))
    assert first == pytest.approx(total * (1 - 0.5 * 0.2 - 0.1 * 0.8))
    assert (demand.offered_q10 <= demand.offered_q90).all()


def test_where_nobody_comes_back_all_contacts_are_first_ones(problem_of, demand_of):
    total, first, _ = simulated(problem_of, demand_of, CHAT.model_copy(update={"redial": {}}),
                                history=contacts(chat=0.1))  # fmt: skip
    assert first == pytest.approx(total)


def test_an_unknown_past_is_taken_to_be_as_at_the_requirement(problem_of, demand_of):
    history = contacts(voice=0.2).drop(columns="abandoned")
    total, first, _ = simulated(problem_of, demand_of, VOICE, history=history)
    assert 0.1 <= 1 - (first / total)[0] < 0.1 + 0.05 * 0.5

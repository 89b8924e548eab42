"""Exact and published numbers of queueing (Erlang B, C, A, chat, uncertain rates, QED)."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

from wfplan.queueing import chat, erlang_a, erlang_c, required

MEASURES = {
    "p_wait": "p_wait",
    "p_abandon": "p_abandon",
    "mean_wait_all_s": "mean_wait_all_s",
    "mean_wait_served_s": "mean_wait_served_s",
    "sl_offered": "sl_offered",
    "sl_served": "sl_served",
    "p_wait_gt_threshold": "p_wait_beyond",
    "occupancy": "occupancy",
    "mean_queue": "mean_queue",
}


def agrees(found: np.ndarray, exact: np.ndarray) -> np.ndarray:
    """Equal to 1e-10 relative or 1e-12 absolute, endless and undefined values included."""
    return np.isclose(found, exact, rtol=1e-10, atol=1e-12, equal_nan=True)


def table(shared, name: str) -> pd.DataFrame:
    return pd.read_csv(shared / "truth" / f"{name}.csv")


@pytest.mark.parametrize("model", ["C", "A"])
def test_every_row_of_the_exact_table_is_reproduced(shared, model):
    rows = table(shared, "erlang").query("model == @model")
    arguments = [rows["staff"], rows["arrivals_per_hour"], rows["aht_s"]]
    if model == "C":
        found = erlang_c.steady_state(*arguments, answer_within_s=rows["threshold_s"])
        quantile = erlang_c.wait_quantile_s(0.95, *arguments)
    else:
        arguments.append(rows["mean_patience_s"])
        found = erlang_a.steady_state(*arguments, answer_within_s=rows["threshold_s"])
        quantile = erlang_a.offered_wait_quantile_s(0.95, *arguments)
    assert len(rows) > 0
    for column, field in MEASURES.items():
        ok = agrees(getattr(found, field), rows[column].to_numpy(float))
        assert ok.all(), (column, rows["case"][~ok].tolist())
    assert agrees(quantile, rows["offered_wait_p95_s"].to_numpy(float)).all()


def test_the_least_staff_of_every_target_is_reproduced(shared):
    rows = table(shared, "staffing")
    per_h = rows["offered_erlang"] / rows["aht_s"] * 3600
    patience = rows["mean_patience_s"].fillna(np.inf)
    for row, rate, calm in zip(rows.itertuples(), per_h, patience, strict=True):
        least = required.for_service_level(
            row.sl_target, rate, row.aht_s, calm, answer_within_s=row.threshold_s
        )
        assert np.ceil(least) == row.min_staff, row
        at, fewer = erlang_a.steady_state(
            [row.min_staff, row.min_staff - 1],
            rate,
            row.aht_s,
            calm,
            answer_within_s=row.threshold_s,
        ).sl_offered
        assert at == pytest.approx(row.sl_at_min_staff, abs=1e-11)
        assert fewer == pytest.approx(row.sl_one_fewer, abs=1e-11)


def test_every_row_of_the_chat_table_is_reproduced(shared):
    """Rates of an agent with 1, 2, 3 chats: 1, 1.7, 2.1; one handle time is the unit of time."""
    for row in table(shared, "chat").rename(columns={"lambda": "rate"}).itertuples():
        found = chat.steady_state(
            row.agents,
            row.rate * 3600,
            1.0,
            1 / row.theta,
            concurrency_rates=(1.0, 1.7, 2.1)[: row.max_concurrency],
        )
        assert found.queue.p_wait == pytest.approx(row.p_wait, rel=1e-10)
        assert found.queue.p_abandon == pytest.approx(row.p_abandon, rel=1e-9)
        assert found.queue.mean_wait_all_s == pytest.approx(row.mean_wait, rel=1e-9)
        assert found.chats_per_agent == pytest.approx(row.mean_chats_per_agent, rel=1e-10)
        assert found.chat_duration_s == pytest.approx(row.mean_chat_duration, rel=1e-10)


def test_square_root_staffing_limits_are_close_at_ten_thousand_agents(shared):
    for row in table(shared, "qed").itertuples():
        staff = 10_000.0
        load = staff - row.beta * np.sqrt(staff)
        patience = np.inf if row.theta_over_mu_or_C == "C" else 300 / float(row.theta_over_mu_or_C)
        found = erlang_a.steady_state(staff, load * 12, 300, patience).p_wait
        assert found == pytest.approx(row.exact_p_wait_n10000, rel=1e-9)
        assert found == pytest.approx(row.limit_p_wait, abs=3e-3)
        if patience == 300:
            assert row.limit_p_wait == pytest.approx(ndtr(-row.beta), rel=1e-9)


def test_the_comparison_of_gans_koole_and_mandelbaum_is_reproduced():
    """MSOM 5(2), 2003: 48 erlangs, 50 agents, 1 minute, patience 2 minutes."""
    impatient = erlang_a.steady_state(50, 2880, 60, 120)
    patient = erlang_c.steady_state(50, 2880, 60)
    assert float(impatient.p_abandon) == pytest.approx(0.031, abs=5e-4)
    assert float(impatient.mean_wait_all_s) == pytest.approx(3.7, abs=0.05)
    assert float(impatient.occupancy) == pytest.approx(0.93, abs=5e-3)
    assert float(patient.mean_wait_all_s) == pytest.approx(20.8, abs=0.05)
    assert float(patient.occupancy) == pytest.approx(0.96)


def test_an_80_20_plan_of_a_thousand_erlangs_loses_a_fifth_of_its_callers():
    """The trap of a service level alone: 815 agents, 18.5 % abandon, everybody always busy."""
    staff = np.ceil(required.for_service_level(0.8, 20_000, 180, 60))
    measures = erlang_a.steady_state(staff, 20_000, 180, 60)
    assert staff == 815
    assert measures.p_abandon == pytest.approx(0.185, abs=1e-3)
    assert measures.occupancy > 0.99999

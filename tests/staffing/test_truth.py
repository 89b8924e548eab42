"""Requirements of the planner against tables computed elsewhere with sixty digits."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import gamma

from wfplan.domain.channels import Channel
from wfplan.domain.problem import Shrinkage
from wfplan.staffing import staff_need
from wfplan.staffing.uncertainty import rate_quantile

ALWAYS = ["daily 00:00-24:00"]
PRESENT = Shrinkage(absence_share=0, unplanned_share=0)


def need_of(problem_of, demand_of, channel, per_h, **demand):
    """Need of a channel on a flat week of half-hours, at an interval in the middle."""
    problem = problem_of(channel, shrinkage=PRESENT)
    return staff_need(problem, demand_of(problem, per_h / 2, days=1, **demand))


def test_every_row_of_the_staffing_table(problem_of, demand_of, shared):
    """Whole agents of the table are the fractional requirement rounded up."""
    for row in pd.read_csv(shared / "truth" / "staffing.csv").itertuples():
        channel = Channel(name="voice", open=ALWAYS, answer_within_s=row.threshold_s,
                          answer_share=row.sl_target, promise=None)  # fmt: skip
        patience = np.inf if row.model == "C" else row.mean_patience_s
        per_h = row.offered_erlang / row.aht_s * 3600
        need = need_of(problem_of, demand_of, channel, per_h,
                       aht_s=row.aht_s, rate_cv=0.0, patience_s=patience)  # fmt: skip
        found = need.staff_promise[0, 24]
        assert row.min_staff - 1 < found <= row.min_staff + 1e-6, row


def test_every_uncertain_rate_keeps_its_promise_with_the_chance_of_the_table(
    problem_of, demand_of, shared
):
    """Staff of a row are just enough to promise 80 % in 20 s with the chance of that row."""
    table = pd.read_csv(shared / "truth" / "uncertain.csv").rename(
        columns={"prob_interval_sl_at_least_0.8": "chance"}
    )
    asked = table[(table["cv_of_rate"] > 0) & table["chance"].between(1e-3, 1 - 1e-3)]
    assert len(asked) >= 9
    for row in asked.itertuples():
        channel = Channel(name="voice", open=ALWAYS, promise=row.chance)
        need = need_of(problem_of, demand_of, channel, row.mean_per_hour,
                       aht_s=180, rate_cv=row.cv_of_rate, patience_s=120)  # fmt: skip
        assert need.staff_promise[0, 24] == pytest.approx(row.staff, rel=1e-7)
        quantile = row.mean_per_hour * rate_quantile(np.array(row.cv_of_rate), row.chance)
        assert quantile == pytest.approx(row.critical_rate_per_hour, rel=1e-8)
        shape = row.cv_of_rate**-2
        law = gamma(shape, scale=row.mean_per_hour / shape)
        assert law.cdf(row.critical_rate_per_hour) == pytest.approx(row.chance, abs=1e-9)


def test_harm_averages_the_abandonment_of_every_uncertain_rate(problem_of, demand_of, shared):
    for row in pd.read_csv(shared / "truth" / "uncertain.csv").itertuples():
        channel = Channel(name="voice", open=ALWAYS, wait_weight=0, abandon_weight=1)
        need = need_of(problem_of, demand_of, channel, row.mean_per_hour,
                       aht_s=180, rate_cv=row.cv_of_rate, patience_s=120)  # fmt: skip
        lost = need.harm[0, 24, row.staff] / need.harm[0, 24, 0]
        assert lost == pytest.approx(row.p_abandon, abs=5e-6)


def test_every_row_of_the_chat_table_is_a_point_of_its_curve(problem_of, demand_of, shared):
    """Times of the table in mean handle times; completions of k chats are the rates below."""
    rates = (1.0, 1.7, 2.1)
    for row in pd.read_csv(shared / "truth" / "chat.csv").rename(
        columns={"lambda": "rate"}
    ).itertuples():  # fmt: skip
        channel = Channel(name="chat", open=ALWAYS, wait_weight=0, abandon_weight=1,
                          concurrency_rates=rates[: row.max_concurrency],
                          abandon_share_max=row.p_abandon)  # fmt: skip
        need = need_of(problem_of, demand_of, channel, row.rate * 12,
                       aht_s=300, rate_cv=0.0, patience_s=300 / row.theta)  # fmt: skip
        lost = need.harm[0, 24, row.agents] / need.harm[0, 24, 0]
        assert lost == pytest.approx(row.p_abandon, rel=2e-3, abs=1e-9)
        assert need.staff_abandonment[0, 24] == pytest.approx(row.agents, abs=0.02)

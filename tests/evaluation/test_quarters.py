"""Tests for wfplan.evaluation.quarters."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from wfplan.domain.quarters import PEOPLE, SERVICE, SPREADS
from wfplan.evaluation import beyond_fair, quarter_people, quarter_service, quarter_spreads

WEEKS = (date(2026, 10, 19), date(2026, 10, 26))


def rows_of(lates, fair, week=WEEKS[0], memory="with", kind="full_time"):
    """Rows of people who carry nothing but late shifts."""
    frame = pd.DataFrame(
        {
            "memory": memory,
            "week": week,
            "agent_id": [f"A{i:03}" for i in range(len(lates))],
            "contract_type": kind,
            "lates": lates,
            "lates_fair": fair,
            "acute_min": np.arange(len(lates), dtype=float),
        }
    )
    return frame.reindex(columns=list(PEOPLE.names)).fillna({"nights": 0.0, "weekends": 0.0})


def one(spreads, measure, week=WEEKS[0], kind=""):
    found = spreads[(spreads["measure"] == measure) & (spreads["week"] == week)]
    return found[found["contract_type"] == kind].iloc[0]


def test_the_rows_of_a_run_have_the_columns_of_their_tables(synthetic, tmp_path):
    run = synthetic.run(tmp_path / "plan.toml")
    people = quarter_people(run, "with")
    assert list(people.columns) == list(PEOPLE.names)
    assert sorted(people["agent_id"]) == ["A001", "A002", "A003"]
    service = quarter_service(run, run.audit, "with")
    assert list(service.columns) == list(SERVICE.names)
    assert set(service["measure"]) >= {"harm", "hard_breaches", "soft_breaches"}
    assert list(quarter_spreads(people).columns) == list(SPREADS.names)


def test_fair_shares_add_up_to_what_the_like_of_somebody_carry(synthetic, tmp_path):
    people = quarter_people(synthetic.run(tmp_path / "plan.toml"), "with")
    for name in ("nights", "weekends", "lates"):
        assert people[f"{name}_fair"].sum() == pytest.approx(people[name].sum())


def test_whoever_is_not_employed_in_a_week_has_no_row(synthetic, tmp_path):
    run = synthetic.run(tmp_path / "plan.toml")
    gone = synthetic.agent("A009", end_date=date(2026, 10, 1))
    problem = run.problem.model_copy(update={"agents": (*run.problem.agents, gone)})
    from dataclasses import replace

    assert "A009" not in set(quarter_people(replace(run, problem=problem), "with")["agent_id"])


def test_burdens_of_the_weeks_so_far_are_summed_and_compared_with_fair_shares():
    people = pd.concat(
        [rows_of([2.0, 0.0], [1.0, 1.0]), rows_of([0.0, 2.0], [1.0, 1.0], week=WEEKS[1])],
        ignore_index=True,
    )
    spreads = quarter_spreads(people)
    assert one(spreads, "lates")["gini"] == pytest.approx(0.5)
    assert one(spreads, "lates_beyond")["most"] == 1.0
    assert one(spreads, "lates", WEEKS[1])["gini"] == 0.0
    assert one(spreads, "lates_beyond", WEEKS[1])["most"] == 0.0
    assert beyond_fair(people)["lates"].tolist() == [0.0, 0.0]


def test_who_could_not_bear_a_burden_is_not_compared():
    spreads = quarter_spreads(rows_of([2.0, 2.0, 0.0], [2.0, 2.0, np.nan]))
    assert one(spreads, "lates")["people"] == 2
    assert one(spreads, "lates")["gini"] == 0.0


def test_the_gini_of_everybody_is_the_mean_of_contract_types_by_people():
    unlike = rows_of([6.0] * 3, [6.0] * 3, kind="evening")
    people = pd.concat([rows_of([2.0, 0.0], [1.0, 1.0]), unlike], ignore_index=True)
    people["agent_id"] = [f"A{i}" for i in range(5)]
    spreads = quarter_spreads(people)
    assert one(spreads, "lates")["gini"] == pytest.approx(0.5 * 2 / 5)


def test_the_most_loaded_tenth_is_at_least_one_person():
    assert one(quarter_spreads(rows_of([0.0] * 4, [0.0] * 4)), "acute_min")["top_tenth"] == 3.0
    assert one(quarter_spreads(rows_of([0.0] * 20, [0.0] * 20)), "acute_min")["top_tenth"] == 18.5


def test_no_rows_have_no_spread():
    assert quarter_spreads(pd.DataFrame(columns=list(PEOPLE.names))).empty

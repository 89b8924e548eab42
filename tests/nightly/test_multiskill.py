"""Two skills against the exact N-model of five designs, R5: within four standard errors."""

from __future__ import annotations

import pandas as pd
import pytest

from wfplan.domain.channels import Channel

WEEKS, DAYS = 100, 7
WARM_S, LEFT_S = 6 * 3600.0, 3600.0


@pytest.mark.nightly
@pytest.mark.parametrize("design", range(5))
def test_two_skills_agree_with_the_exact_n_model(small, floors, shared, tell, design):
    """Rates are read per minute; those of both skills take the second class first."""
    row = pd.read_csv(shared / "truth" / "multiskill.csv").loc[design]
    names = ("one", "two")
    channels = [
        Channel(name=name, open=small.ALWAYS, handle_law="exponential", priority=priority)
        for name, priority in zip(names, (0, -1), strict=True)
    ]
    span = small.horizon(DAYS)
    agents = small.team(int(row["n1_class1_only"]), names[:1], "s")
    agents += small.team(int(row["n2_both"]), names, "g")
    expected = small.demand(
        span,
        channels,
        [60 * row["lambda1"], 60 * row["lambda2"]],
        aht_s=60 / row["mu"],
        patience_s=60 / row["theta"],
    )
    model = floors.model_of(
        small.problem(channels, agents), expected, small.always_on(span, agents)
    )
    weeks = floors.contacts(model, WEEKS, 5)
    found = floors.tallied(weeks, 2, WARM_S, DAYS * 86_400 - LEFT_S, 20.0)
    z = {}
    for c, estimates in enumerate(found, start=1):
        z[f"p_wait_{c}"] = estimates["p_wait"].z(row[f"p_wait_{c}"])
        z[f"p_abandon_{c}"] = estimates["p_abandon"].z(row[f"p_abandon_{c}"])
        z[f"mean_wait_{c}"] = estimates["mean_wait_all_s"].z(60 * row[f"mean_wait_{c}"])
    tell(z)
    assert found[0]["p_abandon"].error < 0.001
    assert {name: value for name, value in z.items() if not abs(value) <= 4} == {}

"""Tests for wfplan.staffing.scenario: what can be tried, and what is said of the rest."""

from __future__ import annotations

import pytest

from wfplan.errors import InputError
from wfplan.intake import load_plan
from wfplan.staffing import with_scenario


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("absent=A01", "absent=A01: there is no such agent: did you mean 'A001'?"),
        ("absent=Z", "absent=Z: there is no such agent: the ids are those of the agents table."),
        ("aht.voic=+5%", "'aht.voic=+5%' names no channel of the plan: did you mean 'voice'?"),
        ("aht.fax=+5%", "'aht.fax=+5%' names no channel of the plan: its channels are voice"),
        ("volume=10", "'volume=10' is not a scenario: write volume=+10%"),
        ("volume=-100%", "'volume=-100%' cannot be tried: use above -100 %"),
    ],
)  # fmt: skip
def test_a_change_that_cannot_be_tried_says_what_can(plan_folder, change, said):
    with pytest.raises(InputError) as caught:
        with_scenario(load_plan(plan_folder()), [change])
    assert str(caught.value).startswith(said)
    assert str(caught.value) == str(caught.value).strip()

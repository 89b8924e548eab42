"""Rules that a plan sets: what means nothing is refused, with where and how to go on."""

from __future__ import annotations

import pytest

from wfplan.errors import InputFaultsError
from wfplan.intake.load import load_plan


@pytest.fixture
def said(plan_folder):
    """What is said of a plan with one more rule; nothing where it can be planned with."""

    def say(keys: str) -> str:
        plan = plan_folder()
        with (plan / "plan.toml").open("a", encoding="utf-8") as file:
            file.write(f"\n[[rules.set]]\n{keys}\n")
        try:
            problem = load_plan(plan)
        except InputFaultsError as error:
            return str(error)
        return "\n".join(str(one) for one in problem.warnings)

    return say


REST = 'rule = "daily_rest"\nvalue = 11\nunit = "hours"\n'
PRESENCE = 'rule = "presence_min"\nvalue = 1\nunit = "people"\n'


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (REST + 'bound = "least"', "bound does nothing for daily_rest; take it out; beside its"),
        (REST + 'kinds = ["late"]\nweeks = 2', "weeks does nothing for daily_rest"),
        (REST + 'scope_value = "Blue"', "'Blue' has no scope: say whether it is a site"),
        (REST + 'scope = "team"', "scope = 'team' has no name: write which in scope_value"),
        (REST + 'scope = "tema"', """"agent"; did you mean 'team'?"""),
        (REST + 'scope = "team"\nscope_value = "Bleu"', "not there; did you mean 'Blue'?"),
        (
            REST + 'valid_from = "2026-12-31"\nvalid_to = "2026-01-01"',
            "valid_to = 2026-01-01 is before valid_from = 2026-12-31",
        ),
        (REST + "valid_from = 2026-12-31", 'without quotes; write it in quotes: "2026-12-31"'),
        (REST + 'valid_from = "31/12/2026"', """'31/12/2026' is not a date; write it in quotes"""),
        (REST + 'bound = "lesat"', """'lesat' is not "least" or "most"; did you mean 'least'?"""),
        (REST + 'hardness = "soft"\nweight = 0', "daily_rest is soft and weighs nothing"),
        (PRESENCE + 'window = "sun 10:00-12:00"', "write it like '07:00-20:00'"),
        (PRESENCE + 'window = "25:00-26:00"', "'25:00-26:00' has a time of day beyond 24:00"),
        (
            'rule = "coverage_n_minus_k"\nvalue = 9\nunit = "people"',
            "value = 9 people lost at once is more than can be looked through. Ask for 4 at most",
        ),
        (
            'rule = "paid_time_week"\nvalue = 40\nunit = "hours"',
            "write min_hours_week and max_hours_week in the table of agents",
        ),
        (
            'rule = "cost_budget"\nvalue = 100\nunit = "money"',
            "nobody's cost_per_hour is known, so that any plan keeps the budget",
        ),
    ],
)
def test_what_does_nothing_is_said_with_its_line_and_a_way_out(said, keys, words):
    told = said(keys)
    assert words in told
    assert "plan.toml:" in told


@pytest.mark.parametrize(
    "keys",
    [
        REST + 'scope = "team"\nscope_value = "Blue"\nvalid_to = "2026-12-31"',
        REST + "weeks = 0\nkinds = []\nover_h = 0.0",  # as the reference plan writes them
        PRESENCE + 'window = "10:00-12:00"\nof = ["voice"]\nscope = "site"\nscope_value = "Dublin"',
        'rule = "late_shifts_week"\nvalue = 2\nunit = "shifts"',
    ],
)
def test_what_a_rule_hears_passes_without_a_word(said, keys):
    assert said(keys) == ""


def test_all_faults_of_the_rules_are_told_at_once(said):
    told = said(
        REST + 'weeks = 2\nbound = "most"\n\n[[rules.set]]\nrule = "nope"\nvalue = 1\nunit = "h"'
    )
    assert "weeks does nothing" in told
    assert "bound does nothing" in told
    assert "'nope' is not a rule" in told

"""``wfplan rules list | show | of``: every value with where it comes from, and quick to begin."""

from __future__ import annotations

import subprocess
import sys

import pytest

from wfplan.domain.limit_kinds import LIMIT_KINDS
from wfplan.intake.pack_files import shipped_packs


def test_list_shows_every_pack_and_every_rule_of_the_closed_list(wfplan):
    said = wfplan("rules", "list")
    assert said.code == 0
    words = {line.split("  ")[0] for line in said.out.splitlines()}
    assert {*shipped_packs(), *LIMIT_KINDS} <= words
    found = wfplan("rules", "list", "--json").object["result"]
    assert [one["id"] for one in found["packs"]] == list(shipped_packs())
    assert {one["rule"] for one in found["limits"]} == set(LIMIT_KINDS)


@pytest.mark.parametrize("name", shipped_packs())
def test_show_explains_every_value_with_article_dates_and_source(wfplan, name):
    found = wfplan("rules", "show", name, "--explain", "--json").object["result"]
    said = wfplan("rules", "show", name, "--explain").out
    assert found["rules"]
    for rule in found["rules"]:
        assert rule["article"] in rule["source"]
        assert found["jurisdiction"] in rule["source"]
        assert rule["valid_from"] == found["valid_from"]
        assert f"{rule['value']:g} {rule['unit']}" in said
        assert rule["note"] in said
        assert rule["source"] in said
    assert said.count(f"in force from {found['valid_from']} ({name}.toml)") == len(found["rules"])


def test_a_pack_there_is_not_is_answered_with_the_one_that_was_meant(wfplan):
    said = wfplan("rules", "show", "eur")
    assert said.code == 3
    assert "There is no law pack 'eur'" in said.err
    assert "eu" in said.err


def test_a_file_of_the_plans_own_is_shown_and_its_faults_are_told(wfplan, tmp_path):
    pack = tmp_path / "works.toml"
    text = (
        'id = "works"\nversion = "1"\n[[rule]]\nrule = "daily_rest"\nvalue = 12\nunit = "hours"\n'
    )
    pack.write_text(text)
    assert "daily_rest            12 hours (hard): works" in wfplan("rules", "show", pack).out
    pack.write_text(text.replace("hours", "bananas"))
    said = wfplan("rules", "show", pack)
    assert said.code == 3
    assert "works.toml:6: rule[0].unit" in said.err


@pytest.mark.parametrize("words", [("list",), ("show", "eu", "--explain")])
def test_what_only_prints_imports_no_models_and_no_arrays(words):
    """Which is most of a second; ``wfplan --help`` itself takes a third of one."""
    text = (
        "import sys; from wfplan.cli.app import run; "
        f"code = run(['rules', *{words!r}, '--quiet']); "
        "heavy = {'wfplan.domain.base', 'numpy', 'pandas'} & set(sys.modules); "
        "sys.exit(str(heavy) if heavy else code)"
    )
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


ROWS = (
    "constraint_id,scope,scope_value,rule,value,unit,strength,weight,valid_from,valid_to,source\n"
    "C1,all,,min_rest_between_shifts,12.5,hours,hard,,,,wellbeing\n"
    "C2,agent,A001,max_late_shifts_per_week,2,count,soft,3,,,preference\n"
    "C3,team,Red,max_late_shifts_per_week,1,count,soft,3,,,preference\n"
    "C4,all,,max_hours_per_week,48,hours,hard,,2026-06-01,,law\n"
    "C5,all,,min_notice_before_publish,7,days,hard,,,,works_agreement\n"
    "C6,all,,max_occupancy,0.8,ratio,soft,1,,,wellbeing\n"
)


@pytest.fixture
def limited(plan_folder):
    """A plan with rows of HR."""
    folder = plan_folder()
    plan = (folder / "plan.toml").read_text(encoding="utf-8")
    plan = plan.replace("[inputs]", '[inputs]\nconstraints = "constraints.csv"', 1)
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    (folder / "constraints.csv").write_text(ROWS, encoding="utf-8")
    return folder


def test_of_somebody_says_what_holds_and_where_each_value_comes_from(wfplan, limited):
    found = wfplan("rules", "of", limited, "A001", "--json").object["result"]["limits"]
    held = {(one["rule"], one["value"]): one for one in found}
    assert held["daily_rest", "12 h 30 min (hard)"]["source"] == (
        "wellbeing, constraint C1, constraints.csv:2"
    )
    assert held["weekly_rest", "35 h (hard)"]["source"].startswith("EU, Directive 2003/88/EC, Art")
    assert held["paid_time_week", "least 35 h, most 40 h (hard)"]["source"] == "contract full_time"
    assert held["work_days_week", "most 5 (hard)"]["source"] == "contract full_time"
    assert held["late_shifts_week", "most 2 (soft)"]["holds"]
    late = held["max_hours_per_week", "48 hours (hard)"]
    assert late["because"] == "not in force in this week"
    assert late["source"] == "law, constraint C4, constraints.csv:5"
    assert held["max_occupancy", "0.8 ratio (soft)"]["holds"]
    assert not any("C3" in one["source"] for one in found)


def test_nobody_of_the_plan_is_answered_with_who_was_meant(wfplan, limited):
    said = wfplan("rules", "of", limited, "A01")
    assert said.code == 3
    assert "nobody of the plan has the id 'A01'" in said.err

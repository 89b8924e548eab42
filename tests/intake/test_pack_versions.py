"""Versions of a law: the one in force at the planned week's dates is planned with."""

from __future__ import annotations

import shutil
from datetime import date, timedelta

import pytest

from wfplan import limiting
from wfplan.errors import InputFaultsError
from wfplan.intake import load_plan, pack_files
from wfplan.rules import rules_of

CHANGE = date(2026, 3, 4)  # the Wednesday of the planned week
WEEK = date(2026, 3, 2)


def pack(version, rest_h, *, first="", last="", name="works"):
    dates = f'valid_from = "{first}"\n' if first else ""
    dates += f'valid_to = "{last}"\n' if last else ""
    return (
        f'id = "{name}"\nversion = "{version}"\njurisdiction = "agreement"\n{dates}'
        f'[[rule]]\nrule = "daily_rest"\nvalue = {rest_h}\nunit = "hours"\narticle = "{version}"\n'
    )


@pytest.fixture
def planned(plan_folder):
    """A function that plans with versions of one pack, by file name."""

    def write(**texts):
        folder = plan_folder()
        for name, text in texts.items():
            (folder / f"{name}.toml").write_text(text)
        named = ", ".join(f'"{name}.toml"' for name in texts)
        plan = (folder / "plan.toml").read_text(encoding="utf-8")
        plan = plan[: plan.index("[[rules.set]]")]  # the plan's own daily rest
        plan = plan.replace('packs = ["eu"]', f"packs = [{named}]")
        (folder / "plan.toml").write_text(plan, encoding="utf-8")
        return load_plan(folder)

    return write


def rest_in(problem, first_day):
    """Hours of daily rest and their article, of somebody without a pack of her own."""
    dates = problem.horizon(first_day).dates
    rules = rules_of(problem, problem.agents[1], dates)
    return [(r.rest_min / 60, r.source) for r in rules if r.name == "daily_rest"]


def said(problem, first_day):
    warnings = limiting.in_force(problem, problem.horizon(first_day)).warnings
    return [one.reason for one in warnings if "law pack" in one.reason]


def test_the_version_in_force_on_the_dates_is_planned_with(planned):
    problem = planned(
        old=pack("1", 11, first="2026-01-01"), new=pack("2", 12, first=CHANGE.isoformat())
    )
    assert problem.site_packs == ("works",)
    assert rest_in(problem, WEEK - timedelta(weeks=1)) == [(11, "agreement, 1")]
    assert rest_in(problem, WEEK + timedelta(weeks=1)) == [(12, "agreement, 2")]
    assert said(problem, WEEK + timedelta(weeks=1)) == []


@pytest.mark.parametrize(("old", "new", "kept"), [(11, 12, "2"), (12, 11, "1")])
def test_a_law_that_changes_inside_the_week_keeps_the_stricter_and_says_so(planned, old, new, kept):
    problem = planned(
        b=pack("2", new, first=CHANGE.isoformat()), a=pack("1", old, first="2026-01-01")
    )
    assert (12, f"agreement, {kept}") in rest_in(problem, WEEK)
    (line,) = said(problem, WEEK)
    assert "works (1, 2) changes on 2026-03-04, inside the planned dates" in line


def test_the_change_on_the_first_date_of_a_week_is_no_change_inside_it(planned):
    problem = planned(a=pack("1", 12, first="2026-01-01"), b=pack("2", 11, first=WEEK.isoformat()))
    assert rest_in(problem, WEEK) == [(11, "agreement, 2")]
    assert rest_in(problem, WEEK - timedelta(weeks=1)) == [(12, "agreement, 1")]
    assert said(problem, WEEK) == []


def test_before_the_first_version_and_after_the_last_it_is_said(planned):
    problem = planned(
        a=pack("1", 11, first="2026-02-09", last="2026-02-28"),
        b=pack("2", 12, first="2026-03-02", last="2026-03-08"),
    )
    assert rest_in(problem, date(2026, 1, 5)) == [(11, "agreement, 1")]
    assert "not in force before 2026-02-09" in said(problem, date(2026, 1, 5))[0]
    assert said(problem, WEEK) == []
    assert rest_in(problem, date(2026, 3, 9)) == [(12, "agreement, 2")]
    assert "not in force after 2026-03-08" in said(problem, date(2026, 3, 9))[0]


BAD = {
    "on the same date": (("2026-01-01", ""), ("2026-01-01", "")),
    "both in force on 2026-02-01": (("2026-01-01", "2026-02-10"), ("2026-02-01", "")),
}


@pytest.mark.parametrize("words", BAD)
def test_versions_that_are_in_force_at_once_are_refused(planned, words):
    (a, a_to), (b, b_to) = BAD[words]
    with pytest.raises(InputFaultsError, match=rf"{words}.*HR112") as caught:
        planned(a=pack("1", 11, first=a, last=a_to), b=pack("2", 12, first=b, last=b_to))
    assert len(caught.value.faults) == 1


def test_a_version_that_comes_with_wfplan_lies_beside_the_one_before(
    plan_folder, tmp_path, monkeypatch
):
    folder = tmp_path / "configs"
    shutil.copytree(pack_files.configs_folder(), folder)
    text = (folder / "rules" / "eu.toml").read_text(encoding="utf-8")
    text = text.replace('"2026-01-01"', f'"{CHANGE}"').replace('"2026.1"', '"2026.2"')
    (folder / "rules" / "eu@2026.2.toml").write_text(text.replace("value = 48", "value = 44"))
    monkeypatch.setattr(pack_files, "configs_folder", lambda: folder)
    monkeypatch.setattr("wfplan.intake.packs.configs_folder", lambda: folder)
    assert "eu" in pack_files.shipped_packs()
    assert "eu@2026.2" not in pack_files.shipped_packs()
    assert [one.version for one in pack_files.versions_of("eu")] == ["2026.1", "2026.2"]
    problem = load_plan(plan_folder())
    for first_day, hours in ((WEEK - timedelta(weeks=1), 48), (WEEK + timedelta(weeks=1), 44)):
        rules = rules_of(problem, problem.agents[0], problem.horizon(first_day).dates)
        assert [r.average_min / 60 for r in rules if r.name == "paid_time_period"] == [hours]

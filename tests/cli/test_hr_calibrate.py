"""Tests for ``wfplan hr calibrate``."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from wfplan.domain.people import PastLoad
from wfplan.domain.schedule import Activity, ActivityCategory, Schedule, Shift
from wfplan.engagement.ledger import ACUTE_KEPT, CHRONIC_KEPT, remembered
from wfplan.intake import load_plan
from wfplan.store import database
from wfplan.store.database import PersonWeek, WeekToPublish

FIRST = date(2025, 8, 4)  # a Monday; the tiny plan's history of contacts ends on 2026-03-01
CANARY = "Zebulon Quixote"


def made_up(folder, *, people=60, weeks=28, odds=0.4, seed=1, is_worked=False):
    """A plan folder with a past, and a table of absences beside it."""
    rng = np.random.default_rng(seed)
    plan = (folder / "plan.toml").read_text(encoding="utf-8")
    plan = plan.replace("[inputs]", '[inputs]\noverload = "overload.csv"')
    for unused in ("locks", "availability", "time_off", "calendar"):
        plan = plan.replace(f'{unused} = "{unused}.csv"\n', "")
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    tables = {name: ["agent_id,start,end"] for name in ("history",)}
    tables |= {"overload": ["agent_id,date,overload_min,acute_min,chronic_min"]}
    agents, skills, missed = [], [], ["agent_id,date,unplanned"]
    for person in range(people):
        name = f"P{person:03d}"
        agents.append(f"{name},{CANARY},,Dublin,Blue,,full_time,37.5,35,40,,,")
        skills.append(f"{name},voice,,")
        for kind, rows in one_past(rng, weeks, odds, is_worked=is_worked).items():
            (missed if kind == "missed" else tables[kind]).extend(f"{name},{row}" for row in rows)
    for name, more in {"agents": agents, "skills": skills}.items():
        path = folder / f"{name}.csv"
        path.write_text(path.read_text(encoding="utf-8") + "\n".join(more) + "\n", encoding="utf-8")
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    absences = folder.parent / "absences.csv"
    absences.write_text("\n".join(missed) + "\n", encoding="utf-8")
    return absences


def one_past(rng, weeks, odds, *, is_worked):
    """One person's shifts, ledger and absences as rows of their tables."""
    days = 7 * weeks
    works = np.concatenate([rng.permutation([True] * 5 + [False] * 2) for _ in range(weeks)])
    load = works * np.clip(rng.gamma(4, 20, days) * np.repeat(rng.gamma(4, 0.25, weeks), 7), 0, 240)
    acute, chronic = remembered(load, ACUTE_KEPT, 60.0), remembered(load, CHRONIC_KEPT, 60.0)
    rows = {"history": [], "overload": [], "missed": []}
    for day in range(days):
        on = FIRST + timedelta(days=day)
        rows["overload"].append(f"{on},{load[day]:.2f},{acute[day]:.3f},{chronic[day]:.3f}")
        if not works[day]:
            continue
        before = acute[day - 1] if day else 60.0
        chance = 1 / (1 + np.exp(3.4 - odds * (before - 60) / 30))
        is_missed = rng.random() < chance
        if is_missed:
            rows["missed"].append(f"{on},true")
        if not (is_missed and is_worked):
            start = datetime.combine(on, datetime.min.time()) + timedelta(
                hours=int(rng.choice([8, 14]))
            )
            end = start + timedelta(hours=8)
            rows["history"].append(f"{start:%Y-%m-%dT%H:%M},{end:%Y-%m-%dT%H:%M}")
    return rows


@pytest.fixture
def past(plan_folder):
    """A function that makes up a plan with a past; the plan folder and the table of absences."""

    def make(**asked):
        folder = plan_folder()
        return folder, made_up(folder, **asked)

    return make


@pytest.mark.slow
def test_an_effect_is_found_told_and_kept(wfplan, past, tmp_path):
    plan, absences = past(odds=0.6)
    page = tmp_path / "page.html"
    said = wfplan("hr", "calibrate", absences, "--plan", plan, "--html", page)
    assert said.code == 0, said.err
    assert said.out.startswith("Effect found.")
    assert "are zero until a plan file names it" in said.out
    (kept,) = plan.glob("calibration-*.json")
    content = json.loads(kept.read_text(encoding="utf-8"))
    assert content["schema"] == "wfplan-calibration/2"
    assert content["verdict"] == "effect_found"
    assert "acute" in content["usable_in_plans"]
    assert kept.stem.endswith(content["data_sha256"][:8])
    acute = content["effects"][0]
    assert acute["low95"] < np.exp(0.6) < acute["high95"]
    assert acute["is_found"]
    assert "Effect found." in page.read_text(encoding="utf-8")
    toml = plan / "plan.toml"
    more = f'\n[engagement]\ncalibration = "{kept.name}"\n'
    toml.write_text(toml.read_text(encoding="utf-8") + more, encoding="utf-8")
    effects = load_plan(plan).load_effects
    assert [one.name for one in effects.used] == content["usable_in_plans"]
    assert effects.mean_acute_min == pytest.approx(60, abs=25)


def test_nothing_that_is_written_or_said_is_about_one_person(wfplan, past, tmp_path):
    plan, absences = past(people=30)
    before = {path.name for path in plan.iterdir()}
    page = tmp_path / "page.html"
    said = wfplan("hr", "calibrate", absences, "--plan", plan, "--html", page, "--json")
    new = [page, *(path for path in plan.iterdir() if path.name not in before)]
    texts = [said.out, said.err, *(path.read_text(encoding="utf-8") for path in new)]
    assert len(texts) == 4
    for text in texts:
        assert CANARY not in text
        assert "P0" not in text


def test_too_few_spells_are_not_fitted_and_it_says_how_many_are_missing(wfplan, past):
    plan, absences = past(people=24, weeks=10)
    said = wfplan("hr", "calibrate", absences, "--plan", plan, "--json", "--dry-run")
    result = said.object["result"]
    assert said.code == 0
    assert result["verdict"] == "not_enough_data"
    assert 0 < result["spells"] < result["spells_needed"] == 200
    assert result["weeks_to_wait"] > 0
    assert all(one["odds_ratio"] is None for one in result["effects"])
    assert result["effects"][0]["detectable_odds_ratio"] > 1
    assert not list(plan.glob("calibration-*.json"))


def test_a_small_centre_is_refused_with_a_reason(wfplan, past):
    plan, absences = past(people=12, weeks=10)
    said = wfplan("hr", "calibrate", absences, "--plan", plan)
    assert said.code == 3
    assert "12 people" in said.err
    assert "fewer than 20 are refused" in said.err
    assert not list(plan.glob("calibration-*.json"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("agent_id,date,diagnosis\nP001,2025-08-05,x\n", r"special-category .*HR201"),
        ("agent_id,date,reason\nP001,2025-08-05,flu\n", r"'reason' is not known.*HR101"),
        ("agent_id,date,unplanned\nP001,2025-08-05,flu\n", r"absences.csv:2: unplanned"),
        ("agent_id\nP001\n", r"date: the column is missing.*HR102"),
        ("agent_id,date\n", r"no rows"),
        ("agent_id,date\nX9,2025-08-05\n", r"nobody in the table of absences has a shift"),
        (
            "agent_id,date,unplanned\nP001,2025-08-05,true\nP001,2025-08-05,false\n",
            r":3: unplanned: .*contrary in line 2.*HR110",
        ),
    ],
)
def test_a_bad_table_of_absences_is_refused(wfplan, past, text, message):
    plan, absences = past(people=20, weeks=2)
    absences.write_text(text, encoding="utf-8")
    said = wfplan("hr", "calibrate", absences, "--plan", plan)
    assert said.code == 3
    assert re.search(message, said.err)
    assert "flu" not in said.err


def test_a_plan_without_a_past_is_told_where_one_comes_from(wfplan, plan_folder, tmp_path):
    absences = tmp_path / "absences.csv"
    absences.write_text("agent_id,date\nA001,2026-02-10\n", encoding="utf-8")
    said = wfplan("hr", "calibrate", absences, "--plan", plan_folder())
    assert said.code == 3
    assert "wfplan publish" in said.err


@pytest.mark.slow
def test_shifts_as_worked_do_not_judge_quick_returns(wfplan, past):
    plan, absences = past(is_worked=True, odds=0.5)
    said = wfplan("hr", "calibrate", absences, "--plan", plan, "--json", "--dry-run")
    result = said.object["result"]
    acute, _, quick = result["effects"]
    assert any("as worked" in note for note in result["notes"])
    assert quick["odds_ratio"] is None
    assert "not estimated" in quick["note"]
    assert acute["low95"] < np.exp(0.5) < acute["high95"]


def told_week(first, people):
    """A week in which everybody works from Monday to Friday."""
    weeks = []
    for person in range(people):
        name = f"P{person:03d}"
        shifts = []
        for offset in range(5):
            start = datetime(first.year, first.month, first.day, 9, tzinfo=UTC)
            start += timedelta(days=offset)
            work = Activity(
                code="WORK", category=ActivityCategory.WORK, is_paid=True,
                start=start, end=start + timedelta(hours=8),
            )  # fmt: skip
            shift_id = f"{name}-{offset}"
            shifts.append(
                Shift(shift_id=shift_id, agent_id=name, shift_date=start.date(), activities=(work,))
            )
        loads = [
            PastLoad(agent_id=name, day=first + timedelta(days=d), acute_min=d, chronic_min=1)
            for d in range(7)
        ]
        weeks.append(PersonWeek(name, tuple(shifts), tuple(loads)))
    schedule = Schedule(
        schedule_id="s", timezone="Europe/Dublin", first_day=first, days=7, revision=1,
        status="published", shifts=tuple(shift for one in weeks for shift in one.shifts),
    )  # fmt: skip
    return WeekToPublish("tiny-bank", schedule, weeks)


def test_published_weeks_are_the_past_where_there_is_a_store(wfplan, plan_folder):
    """The clocks go back on Sunday 25 October 2026; the evening before Monday is known."""
    plan = plan_folder()
    with database.opened(str(plan / "wfplan.db"), is_made=True) as engine:
        for first in (date(2026, 10, 19), date(2026, 10, 26)):
            with database.writing(engine) as connection:
                week = told_week(first, 22)
                database.publish(
                    connection, week, actor="ana", at=datetime(2026, 10, 1, tzinfo=UTC)
                )
    absences = plan.parent / "absences.csv"
    absences.write_text(
        "agent_id,date\nP001,2026-10-20\nP002,2026-10-26\nP003,2026-10-19\n", encoding="utf-8"
    )
    said = wfplan("hr", "calibrate", absences, "--plan", plan, "--json", "--dry-run")
    result = said.object["result"]
    assert said.code == 0, said.err
    assert result["source"] == "2 published weeks, each as it began"
    assert (result["first_day"], result["last_day"]) == ("2026-10-19", "2026-11-01")
    assert result["people"] == 22
    assert result["planned_days"] == 220
    assert result["left_out"]["days_without_ledger"] == 22  # the first Monday has no evening before
    assert result["left_out"]["spells_without_ledger"] == 1
    assert result["spells"] is None  # of fewer than five people


def test_the_log_of_the_store_knows_an_answer_once_and_nobody_in_it(wfplan, past):
    plan, absences = past(people=24, weeks=10)
    with database.opened(str(plan / "wfplan.db"), is_made=True):
        pass
    dry = wfplan("hr", "calibrate", absences, "--plan", plan, "--json", "--dry-run")
    said = [wfplan("hr", "calibrate", absences, "--plan", plan, "--json") for _ in range(2)]
    assert dry.object["result"]["is_in_log"] is False
    assert [one.object["result"]["is_in_log"] for one in said] == [True, False]
    log = wfplan("store", "log", "--plan", plan)
    assert re.search(r"calibrate .*tiny-bank: not enough data in absences from 2025-\d\d", log.out)
    (entry,) = wfplan("store", "log", "--plan", plan, "--json").object["result"]["entries"]
    assert entry["about"]["data_sha256"] == said[0].object["result"]["data_sha256"]
    assert not re.search(r"P0\d\d", json.dumps(entry))
    assert wfplan("doctor", plan, "--verify").code == 0


def test_the_same_data_give_the_same_file(wfplan, past):
    plan, absences = past(people=24, weeks=10)
    texts = []
    for _ in range(2):
        assert wfplan("hr", "calibrate", absences, "--plan", plan).code == 0
        (kept,) = plan.glob("calibration-*.json")
        texts.append(kept.read_bytes())
    assert texts[0] == texts[1]

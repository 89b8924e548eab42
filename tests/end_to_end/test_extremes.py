"""Plans at the edge of what is allowed: nobody, nothing, one, everything, absurd parameters."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from wfplan import pipeline
from wfplan.domain.progress import Control, Stop
from wfplan.errors import InputFaultsError

VOICE = 'kind = "realtime"\nopen = ["mon-fri 08:00-18:00"]'
PEOPLE = ("agents", "skills", "availability", "time_off", "history", "locks")
FAX = '[channels.fax]\nopen = ["daily 00:00-24:00"]\naht_s = 200\n\n[contracts.full_time]'


@pytest.fixture
def build(plan_folder, plan_week, tmp_path, house_rules):
    """A function that changes the tiny plan, builds its week and holds it to the house's rules."""

    def made(*mutations, week=plan_week):
        folder, out = plan_folder(), tmp_path / "run"
        for mutation in mutations:
            mutation(folder)
        run, _ = pipeline.build(folder, week=week, out=out, control=Control(Stop(passes=2)))
        house_rules.check(run, out, tmp_path / "exports")
        return run

    return made


def keep_people(*ids):
    """Take everybody else out of all the tables."""

    def change(folder):
        for name in PEOPLE:
            header, *rows = (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()
            kept = [row for row in rows if row.split(",")[0] in ids]
            (folder / f"{name}.csv").write_text("\n".join([header, *kept, ""]), encoding="utf-8")

    return change


def no_contacts(folder):
    """The same rows, and nobody in them."""
    header, *rows = (folder / "contacts.csv").read_text(encoding="utf-8").splitlines()
    zeros = [",".join((*row.split(",")[:2], "0", "240")) for row in rows]
    (folder / "contacts.csv").write_text("\n".join([header, *zeros, ""]), encoding="utf-8")


def all_on_leave(folder):
    """Approved leave for everybody, longer than the week."""
    rows = [f"A{n:03},2026-03-01,2026-03-09,true,leave,true,approved" for n in range(1, 9)]
    header = "agent_id,start,end,all_day,type,paid,status"
    (folder / "time_off.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    (folder / "locks.csv").write_text("agent_id,date,start,end\n", encoding="utf-8")


def closed_week(folder):
    """Every date of the week in the calendar as closed."""
    rows = [f"2026-03-0{d},closed,Move,,," for d in range(2, 9)]
    header = "date,kind,name,channel,factor,open"
    (folder / "calendar.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")


def test_nobody_can_be_planned(build):
    with pytest.raises(InputFaultsError, match=r"agents.csv:1: has no rows: nobody can be planned"):
        build(keep_people())


def test_demand_without_skilled_people_is_named(build, change):
    with pytest.raises(InputFaultsError, match=r"nobody has the skill 'voice'.*\n?.*HR302"):
        build(change.edit("skills.csv", ",voice,", ",email,", -1))


@pytest.mark.slow
def test_zero_demand_needs_nobody_on_the_lines(build):
    run = build(no_contacts)
    assert not run.demand.offered_mean.any()
    assert not run.need.staff_required.any()
    assert run.outcome.measures.query("measure == 'offered'")["value"].sum() == 0


@pytest.mark.slow
def test_a_channel_that_is_open_and_never_contacted_is_planned_as_if_nobody_came(build, change):
    run = build(change.edit("plan.toml", "[contracts.full_time]", FAX))
    fax = run.demand.channels.index("fax")
    assert not run.demand.offered_mean[fax].any()
    assert run.demand.is_open[fax].any()
    assert not run.need.staff_required[fax].any()
    assert any(note.startswith("fax: the contact history has no rows") for note in run.demand.notes)


@pytest.mark.slow
def test_one_person_works_and_the_rest_is_said_to_be_missing(build):
    run = build(keep_people("A001"))
    assert {shift.agent_id for shift in run.solution.schedule.shifts} == {"A001"}
    assert run.solution.misses


@pytest.mark.slow
def test_when_everybody_is_on_leave_the_week_is_empty_and_its_harm_is_shown(build):
    run = build(all_on_leave)
    assert not run.solution.schedule.shifts
    assert run.outcome.value("abandon_rate", "voice") > 0.9
    assert any("nobody" in miss for miss in run.solution.misses)


@pytest.mark.slow
def test_a_closed_week_has_no_demand(build):
    run = build(closed_week)
    assert not run.demand.is_open.any()
    assert not run.demand.offered_mean[run.demand.channels.index("voice")].any()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("week", "hours"), [(date(2026, 3, 23), 167), (date(2026, 10, 19), 169)], ids=["23", "25"]
)
def test_days_of_23_and_25_hours_are_planned_whole(build, change, week, hours):
    daily = change.edit("plan.toml", VOICE, 'kind = "realtime"\nopen = ["daily 00:00-24:00"]')
    night = change.edit("plan.toml", 'start_window = "07:00-12:00"', 'start_window = "00:00-23:00"')
    run = build(daily, night, week=week)
    assert run.demand.is_open[0].sum() == hours * 4


@pytest.mark.slow
@pytest.mark.parametrize(
    "keys",
    [
        "patience_s = 1.0",
        "aht_s = 14400",
        "aht_s = 0.01",
        "concurrency_rates = [1.0, 1.5, 1.9, 2.2, 2.4]",
        "promise = 0.99",
        "occupancy_max = 0.5",
        "abandon_share_max = 0.0001",
        "staff_min = 8",
        "wait_weight = 0\nabandon_weight = 0",
    ],
)
def test_absurd_but_valid_parameters_give_a_plan(build, change, keys):
    run = build(change.edit("plan.toml", VOICE, f"{VOICE}\n{keys}"))
    assert run.solution.schedule.shifts
    assert np.isfinite(run.solution.objective)

"""Weeks planned one after another: what a week knows of those before it."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from wfplan import evaluation, intake, memory, publications, quarter, runs, store
from wfplan.cli.app import run as run_app
from wfplan.domain.people import PastLoad
from wfplan.domain.progress import Control, Stop
from wfplan.domain.quarters import WITH, WITHOUT
from wfplan.domain.schedule import Activity, ActivityCategory, Schedule, Shift
from wfplan.engagement.ledger import ACUTE_KEPT, ACUTE_MAX_MIN, CHRONIC_KEPT, carried_in
from wfplan.errors import InterruptedPlanError
from wfplan.horizon import wall_instant
from wfplan.store import database
from wfplan.store.database import PersonWeek, WeekToPublish

WEEK = date(2026, 3, 2)
SUNDAY = WEEK + timedelta(days=6)


def shift(agent_id: str, day: date, begin_min: int, minutes: int, zone: str = "Europe/Dublin"):
    begin = wall_instant(day, begin_min, zone)
    work = Activity(
        code="ON_QUEUE", category=ActivityCategory.WORK, is_paid=True, start=begin,
        end=begin + timedelta(minutes=minutes),
    )  # fmt: skip
    return Shift(
        shift_id=f"{agent_id}-{day}", agent_id=agent_id, shift_date=day, activities=(work,)
    )


def published(
    address: Path, weeks: dict[date, list[Shift]], loads: dict[str, PastLoad] | None = None
):
    """Weeks of the tiny plan published as they are."""
    for first, shifts in weeks.items():
        people = [
            PersonWeek(
                who, tuple(s for s in shifts if s.agent_id == who),
                ((loads[who],) if loads and who in loads else ()),
            )
            for who in sorted({s.agent_id for s in shifts} | set(loads or {}))
        ]  # fmt: skip
        schedule = Schedule(
            schedule_id=f"tiny-{first}", timezone="Europe/Dublin", first_day=first, days=7,
            shifts=tuple(shifts),
        )  # fmt: skip
        week = WeekToPublish("tiny-bank", schedule, people, {})
        with (
            database.opened(str(address), is_made=True) as engine,
            database.writing(engine) as connection,
        ):
            database.publish(connection, week, actor="t", at=datetime.now(UTC))


def follow(plan: Path, first: date):
    """The next week as a build begins it."""
    return runs.begin(plan, week=first)


def breaches(parts, shifts):
    """Rules of the next week that these shifts break, by somebody who knows the store."""
    schedule = Schedule(
        schedule_id="next", timezone="Europe/Dublin", first_day=parts.horizon.first_day, days=7,
        shifts=tuple(shifts),
    )  # fmt: skip
    found = evaluation.audit(parts.problem, parts.horizon, schedule)
    return {(one.rule, one.agent_id) for one in found.breaches if one.agent_id}


def test_a_late_sunday_and_an_early_monday_are_seen_across_the_boundary(plan_folder):
    plan, following = plan_folder(), WEEK + timedelta(weeks=1)
    published(plan / memory.FILE, {WEEK: [shift("A003", SUNDAY, 840, 480)]})
    early = [shift("A003", following, 480, 480)]  # 22:00 to 08:00: 10 of 12 hours
    assert ("daily_rest", "A003") in breaches(follow(plan, following), early)
    late = [shift("A003", following, 600, 480)]
    assert ("daily_rest", "A003") not in breaches(follow(plan, following), late)


def test_without_a_store_the_boundary_is_not_known(plan_folder):
    plan, following = plan_folder(), WEEK + timedelta(weeks=1)
    early = [shift("A003", following, 480, 480)]
    assert ("daily_rest", "A003") not in breaches(follow(plan, following), early)


def test_the_ledger_goes_on_where_the_published_week_ended(plan_folder):
    plan, following = plan_folder(), WEEK + timedelta(weeks=2)
    load = PastLoad(agent_id="A003", day=SUNDAY, acute_min=40.0, chronic_min=20.0)
    published(plan / memory.FILE, {WEEK: []}, {"A003": load})
    parts = follow(plan, following)
    acute, chronic = carried_in(parts.problem, parts.horizon)["A003"]
    assert chronic == pytest.approx(20.0 * CHRONIC_KEPT**7)  # a week that nobody published
    assert acute < 40.0


def test_a_person_who_left_or_came_changes_nothing_for_the_others(plan_folder):
    plan, following = plan_folder(), WEEK + timedelta(weeks=1)
    published(
        plan / memory.FILE,
        {WEEK: [shift("A099", SUNDAY, 600, 480), shift("A003", SUNDAY, 600, 480)]},
    )
    parts = follow(plan, following)
    known = {one.agent_id for one in parts.problem.past_shifts if one.start.date() == SUNDAY}
    assert known == {"A003"}


def test_what_the_plans_own_history_says_counts_before_the_store(plan_folder):
    plan = plan_folder()
    own = intake.load_plan(plan).past_shifts
    first = WEEK - timedelta(weeks=1)
    published(plan / memory.FILE, {first: [shift("A003", first, 540, 480)]})
    parts = follow(plan, WEEK)
    assert len(parts.problem.past_shifts) == len(own)  # they overlap on that Monday


def test_week_53_and_the_clock_change_are_weeks_like_others(plan_folder):
    plan = plan_folder()
    for day in (date(2026, 12, 28), date(2026, 10, 19)):  # ISO 2026-W53; clocks go back on the 25th
        last, following = day + timedelta(days=6), day + timedelta(weeks=1)
        published(plan / memory.FILE, {day: [shift("A003", last, 840, 480)]})
        parts = follow(plan, following)
        assert ("daily_rest", "A003") in breaches(parts, [shift("A003", following, 480, 480)])


def test_people_in_another_zone_are_read_on_their_own_clock(plan_folder):
    plan, following = plan_folder(), WEEK + timedelta(weeks=1)
    table = plan / "agents.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("Blue,,full_time", "Blue,America/Port_of_Spain,full_time"))
    zone = "America/Port_of_Spain"
    published(plan / memory.FILE, {WEEK: [shift("A003", SUNDAY, 840, 480, zone)]})
    parts = follow(plan, following)
    assert ("daily_rest", "A003") in breaches(parts, [shift("A003", following, 480, 480, zone)])


def test_a_week_published_again_is_told_by_its_last_revision(plan_folder):
    plan, following = plan_folder(), WEEK + timedelta(weeks=1)
    for begin in (840, 480):
        published(plan / memory.FILE, {WEEK: [shift("A003", SUNDAY, begin, 480)]})
    parts = follow(plan, following)
    assert ("daily_rest", "A003") not in breaches(parts, [shift("A003", following, 480, 480)])


def test_a_week_published_after_the_next_one_names_it(tmp_path):
    address = tmp_path / memory.FILE
    following = WEEK + timedelta(weeks=1)
    published(address, {WEEK: [], following: []})
    latest = publications.published(str(address), "tiny-bank")
    assert publications.planned_on(str(address), latest[0]) == [following]
    assert publications.planned_on(str(address), latest[1]) == []


def test_a_store_is_read_as_far_back_as_the_plan_looks(plan_folder):
    plan, first = plan_folder(), WEEK + timedelta(weeks=20)
    near, far = first - timedelta(weeks=17), first - timedelta(weeks=19)
    published(plan / memory.FILE, {day: [shift("A003", day, 540, 420)] for day in (far, near)})

    def known():
        return {one.start.date() for one in follow(plan, first).problem.past_shifts} & {near, far}

    assert known() == {near}
    text = (plan / "plan.toml").read_text(encoding="utf-8")
    year = "rule = 'paid_time_period'\nvalue = 44\nunit = 'hours'\nweeks = 52\n"
    (plan / "plan.toml").write_text(f"{text}\n[[rules.set]]\n{year}", encoding="utf-8")
    assert known() == {near, far}
    (plan / "plan.toml").write_text(f"{text}\n[objective]\nfairness_weeks = 9.5\n")
    assert known() == {near, far}


def average_rule(parts, shifts):
    """What the rule of the average says of these shifts of A003."""
    return ("paid_time_period", "A003") in breaches(parts, shifts)


def test_forty_eight_hours_are_averaged_over_the_published_weeks(plan_folder):
    plan, first = plan_folder(), WEEK + timedelta(weeks=17)
    days = [WEEK + timedelta(weeks=k) for k in range(1, 17)]
    for hours, is_over in ((9, False), (10, True)):  # 45 and 50 hours in sixteen weeks
        published(
            plan / memory.FILE,
            {day: [shift("A003", day + timedelta(days=d), 480, 60 * hours) for d in range(5)]
             for day in days},
        )  # fmt: skip
        week = [shift("A003", first + timedelta(days=d), 480, 600) for d in range(4)]
        assert average_rule(follow(plan, first), week) is is_over


def test_a_run_of_days_goes_on_across_the_boundary(plan_folder):
    plan, following = plan_folder(), WEEK + timedelta(weeks=1)
    days = [WEEK + timedelta(days=d) for d in range(3, 7)]  # Thursday to Sunday
    published(plan / memory.FILE, {WEEK: [shift("A003", day, 540, 420) for day in days]})
    parts = follow(plan, following)
    found = {
        count: {
            rule
            for rule, who in breaches(
                parts,
                [shift("A003", following + timedelta(days=d), 540, 420) for d in range(count)],
            )
            if who == "A003"
        }
        for count in (1, 5)
    }
    assert not found[1] & {"weekly_rest", "consecutive_work_days"}
    assert found[5] & {"weekly_rest", "consecutive_work_days"}  # nine days in a row


def test_a_cap_of_the_ledger_is_broken_by_what_was_carried_in(plan_folder):
    plan, following = plan_folder(), WEEK + timedelta(weeks=1)
    load = PastLoad(agent_id="A003", day=SUNDAY, acute_min=100.0, chronic_min=20.0)
    published(plan / memory.FILE, {WEEK: []}, {"A003": load})
    parts = follow(plan, following)
    rested = dict.fromkeys(parts.horizon.dates, 0.0)
    acute, _ = carried_in(parts.problem, parts.horizon)["A003"]
    rested[following] = acute * ACUTE_KEPT
    assert acute == pytest.approx(100.0)
    assert rested[following] < ACUTE_MAX_MIN < acute  # one day off is enough


def planned(plan: Path, kinds: tuple[str, ...], weeks: int = 2, **more):
    """A quarter of few weeks, searched for a moment."""
    question = quarter.Question(plan, weeks, memories=kinds, passes=1)
    book = quarter.Book(question, is_resumed=more.get("is_resumed", False), is_forced=False)
    stop = more.get("stop") or Stop(passes=1)
    return book, list(quarter.plan_weeks(book, Control(stop)))


@pytest.fixture(scope="module")
def late_plan(tiny_plan, tmp_path_factory):
    """
    The tiny plan, open until ten at night: somebody has to work late.

    A007 leaves after the second week, A008 comes in the third, that has a bank holiday.
    """
    plan = tmp_path_factory.mktemp("late") / "plan"
    shutil.copytree(tiny_plan, plan)
    text = (plan / "plan.toml").read_text(encoding="utf-8")
    text = text.replace('"mon-fri 08:00-18:00"', '"mon-fri 12:00-22:00"')
    text = text.replace('"mon-fri 09:00-17:00"', '"mon-fri 13:00-21:00"')
    text = text.replace('start_window = "07:00-12:00"', 'start_window = "10:00-16:00"')
    text = text.replace('start_window = "08:00-14:00"', 'start_window = "11:00-18:00"')
    text = text.replace('locks = "locks.csv"\n', "").replace(
        "replications = 20", "replications = 3"
    )
    (plan / "plan.toml").write_text(text, encoding="utf-8")
    people = (plan / "agents.csv").read_text(encoding="utf-8")
    people = people.replace("part_time,20,16,24,,,", "part_time,20,16,24,,2026-03-15,", 1)
    people = people.replace("part_time,20,16,24,,,", "part_time,20,16,24,2026-03-16,,", 1)
    (plan / "agents.csv").write_text(people, encoding="utf-8")
    contacts = plan / "contacts.csv"
    rows = contacts.read_text(encoding="utf-8").splitlines()
    later = [_later(row) for row in rows[1:]]
    contacts.write_text("\n".join([rows[0], *later]) + "\n", encoding="utf-8")
    (plan / "calendar.csv").write_text("date,kind,name,channel,factor,open\n", encoding="utf-8")
    return plan


def _later(row: str) -> str:
    channel, at, *rest = row.split(",")
    begin = datetime.fromisoformat(at) + timedelta(hours=4)
    return ",".join([channel, begin.isoformat(timespec="minutes"), *rest])


@pytest.mark.slow
def test_a_small_quarter_is_planned_kept_and_gone_on_with(late_plan):
    book, first = planned(late_plan, (WITH, WITHOUT))
    assert [(one.memory, one.at) for one in first] == [
        (WITH, 1), (WITH, 2), (WITHOUT, 1), (WITHOUT, 2),
    ]  # fmt: skip
    second = first[1].run
    worked = first[0].run.solution.schedule.shifts
    known = {(one.agent_id, one.start) for one in second.problem.past_shifts}
    assert {(one.agent_id, one.start) for one in worked} <= known
    assert first[3].run.problem.past_shifts == book.problem.past_shifts
    assert not first[1].audit.hard_breaches
    carried = carried_in(second.problem, second.horizon)
    ledger = first[0].run.ledger
    last = ledger[ledger["date"] == ledger["date"].max()].set_index("agent_id")["chronic_min"]
    assert carried["A001"][1] == pytest.approx(last["A001"], abs=1e-5)
    again = runs.go_on(book.week_folder(WITH, book.weeks[1]))
    assert {(one.agent_id, one.start) for one in worked} <= {
        (one.agent_id, one.start) for one in again.problem.past_shifts
    }
    book, rest = planned(late_plan, (WITH,), weeks=3, is_resumed=True)
    assert [one.at for one in rest] == [3]
    assert not rest[0].audit.hard_breaches
    rows = book.quarter.people
    rows = rows[rows["memory"] == WITH]
    there = [set(rows.loc[rows["week"] == day, "agent_id"]) for day in book.weeks]
    assert ["A007" in who for who in there] == [True, True, False]
    assert ["A008" in who for who in there] == [False, False, True]
    for one in (*first, *rest):
        agreement = {breach.rule for breach in one.audit.breaches}
        assert "ledger_agreement" in one.run.audit.checked
        assert "ledger_agreement" not in agreement  # R26


@pytest.mark.slow
def test_a_week_that_cannot_be_planned_is_named_and_the_rest_is_kept(late_plan, tmp_path, capsys):
    plan = tmp_path / "plan"
    shutil.copytree(late_plan, plan, ignore=shutil.ignore_patterns("runs"))
    second = WEEK + timedelta(weeks=1)
    table = plan / "availability.csv"
    rows = [f"A003,unavailable,,{second + timedelta(days=d)},00:00,24:00,,," for d in range(7)]
    table.write_text(table.read_text(encoding="utf-8") + "\n".join(rows) + "\n", encoding="utf-8")
    out = tmp_path / "q"
    code = run_app(["quarter", str(plan), "--weeks", "3", "--passes", "1", "--out", str(out)])
    said = capsys.readouterr()
    assert code == 4
    assert "1 of 3 weeks are planned and kept" in said.err
    assert f"the week from {second} is the next" in said.err
    assert "A003" in said.err
    assert "[objective] gives fairness no price" in said.err
    assert (out / "quarter.html").exists()
    assert (out / "with-memory" / WEEK.isoformat() / "report.html").exists()
    assert not (out / "with-memory" / second.isoformat()).exists()


@pytest.mark.slow
def test_a_stop_keeps_the_weeks_before_and_says_where_it_stands(late_plan, tmp_path):
    stop = Stop(passes=1)
    stop.interrupt.set()
    question = quarter.Question(late_plan, 2, folder=tmp_path / "q", passes=1)
    book = quarter.Book(question, is_resumed=False, is_forced=False)
    with pytest.raises(InterruptedPlanError, match="Stopped before the week from 2026-03-02"):
        list(quarter.plan_weeks(book, Control(stop)))
    assert book.missing(WITH) == book.weeks


@pytest.mark.nightly
def test_a_quarter_with_memory_is_evener_and_keeps_the_rules_and_the_service(tmp_path):
    intake.write_example("omnichannel", tmp_path / "demo")
    out = tmp_path / "quarter"
    code = run_app(["quarter", str(tmp_path / "demo"), "--compare", "--out", str(out), "--json"])
    assert code == 0
    asked = json.loads((out / "quarter.json").read_text(encoding="utf-8"))["asked"]
    people, service = store.open_quarter(out, asked, is_resumed=True, is_forced=False)
    spreads = evaluation.quarter_spreads(people)
    last = spreads[(spreads["week"] == spreads["week"].max()) & (spreads["contract_type"] == "")]
    reach = last.set_index(["measure", "memory"])["most"]
    for name in ("weekends_beyond", "lates_beyond"):
        assert reach[name, WITH] < reach[name, WITHOUT], name
    means = service[service["channel"] == ""].groupby(["measure", "memory"])["value"].mean()
    assert means["hard_breaches", WITH] == 0
    level = means["service_level", WITH], means["service_level", WITHOUT]
    assert level[0] == pytest.approx(level[1], abs=0.01)

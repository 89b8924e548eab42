"""Tests for wfplan.report.own_load: what a person's page says of her load, and teams' loads."""

from dataclasses import replace
from datetime import timedelta

import pytest

from wfplan.domain.people import PastLoad
from wfplan.domain.problem import RuleSetting
from wfplan.domain.promises import PastPromise
from wfplan.evaluation import PeopleFacts, WeekOfPromises
from wfplan.report.own_load import PICTURE_PX, TEAM_LEAST, own_loads, team_loads


def with_problem(run, **more):
    return replace(run, problem=run.problem.model_copy(update=more))


def with_weeks_before(run, who, days=21, table="2026.1"):
    first = run.horizon.first_day
    loads = tuple(
        PastLoad(agent_id=who, day=first - timedelta(days=n), overload_min=30, acute_min=20 + n,
                 chronic_min=10, table=table)
        for n in range(days, 0, -1)
    )  # fmt: skip
    return with_problem(run, past_loads=loads)


@pytest.fixture(scope="module")
def who(small):
    own = small.solution.schedule.by_agent()
    return max(own, key=lambda one: len(own[one]))


def test_the_ledger_is_told_beside_the_caps_that_hold_for_the_person(small, who):
    said = own_loads(WeekOfPromises.of(small))[who].ledger
    assert "of at most 150" in said or "None in this week" in said
    assert "a day of at most 90" in said
    assert "of at most 60" in said
    cap = RuleSetting(rule="overload_max", value=44, unit="minutes", of=("acute",), scope="agent",
                      scope_value=who)  # fmt: skip
    told = own_loads(WeekOfPromises.of(with_problem(small, plan_rules=(cap,))))
    assert "a day of at most 44" in told[who].ledger
    other = next(one for one in told if one != who)
    assert "a day of at most 90" in told[other].ledger


def test_the_picture_has_the_weeks_before_and_this_one(small, who):
    loads = own_loads(WeekOfPromises.of(with_weeks_before(small, who)))
    picture = loads[who].picture
    assert (picture.days, picture.before) == (28, 21)
    assert [style for style, _ in picture.lines] == ["acute", "chronic"]
    assert all(path.startswith("M0 ") and path.endswith("H28") for _, path in picture.lines)
    assert all(0 <= y <= PICTURE_PX for _, y in picture.caps)
    assert "acute at most 41 and chronic 10" in picture.said
    assert picture.top >= 90
    assert all(one.picture is None for name, one in loads.items() if name != who)


def test_a_gap_in_the_weeks_before_is_a_gap_in_the_picture(small, who):
    run = with_weeks_before(small, who)
    loads = [one for one in run.problem.past_loads if (run.horizon.first_day - one.day).days != 10]
    picture = own_loads(WeekOfPromises.of(with_problem(run, past_loads=tuple(loads))))[who].picture
    assert all(path.count("M") == 2 for _, path in picture.lines)


def test_no_more_than_six_weeks_before_are_shown(small, who):
    picture = own_loads(WeekOfPromises.of(with_weeks_before(small, who, 70)))[who].picture
    assert (picture.before, picture.days) == (42, 49)


def test_every_wish_is_told_and_only_those_refused_have_a_reason(run):
    promises = WeekOfPromises.of(run)
    loads = own_loads(promises)
    lines = [line for one in loads.values() for line in one.wishes]
    assert len(lines) == sum(len(own) for own in promises.facts.wishes.values()) > 0
    assert {line.is_granted for line in lines} == {True, False}
    for line in lines:
        assert bool(line.why_not) is not line.is_granted
        assert line.what.startswith(("free ", "work within "))


def test_what_is_owed_is_told_from_before_and_for_the_next_week(run):
    stated = [who for who, own in WeekOfPromises.of(run).facts.wishes.items() if own]
    one, other, *_ = (who for who in stated)
    before = run.horizon.first_day - timedelta(days=7)
    kept = tuple(
        PastPromise(agent_id=who, first_day=before, counts={"wishes": 8.0, "granted": granted})
        for who, granted in ((one, 0.0), *((who, 8.0) for who in stated if who != one))
    )
    loads = own_loads(WeekOfPromises.of(with_problem(run, past_promises=kept)))
    assert "from the weeks before" in loads[one].owed
    assert "by next week: each wish counts" in loads[one].owed
    assert "from the weeks before" not in loads[other].owed


def test_without_weeks_before_this_weeks_refusals_are_owed(run):
    promises = WeekOfPromises.of(run)
    loads = own_loads(promises)
    owed = {who for who, book in promises.after.items() if book.owed >= 0.05}
    assert owed
    assert all("by next week" in loads[who].owed for who in owed)
    quiet = [who for who, own in promises.facts.wishes.items() if not own]
    assert all(loads[who].owed == "" for who in quiet)


def test_teams_of_fewer_than_five_are_counted_and_not_shown(run):
    agents = [
        agent.model_copy(update={"team": "Few" if i < TEAM_LEAST - 1 else "Many"})
        for i, agent in enumerate(run.problem.agents)
    ]
    shown, hidden = team_loads(PeopleFacts(with_problem(run, agents=tuple(agents))))
    assert ([one.team for one in shown], hidden) == (["Many"], 1)
    agents[TEAM_LEAST - 1] = agents[TEAM_LEAST - 1].model_copy(update={"team": "Few"})
    shown, hidden = team_loads(PeopleFacts(with_problem(run, agents=tuple(agents))))
    assert ([one.team for one in shown], hidden) == (["Few", "Many"], 0)


def test_a_teams_numbers_are_those_of_its_people(run):
    shown, _ = team_loads(PeopleFacts(run))
    team = shown[0]
    who = {agent.agent_id for agent in run.problem.agents if agent.team == team.team}
    own = run.ledger[run.ledger["agent_id"].isin(who)].groupby("agent_id")["overload_min"].sum()
    assert team.people == len(who)
    assert team.mean_min == pytest.approx(own.sum() / len(who))
    assert (team.least_min, team.most_min) == pytest.approx((own.min(), own.max()))
    assert team.breaches == sum(one.agent_id in who for one in run.audit.breaches)
    cap = RuleSetting(rule="overload_max", value=0.01, unit="minutes", of=("chronic",))
    capped = team_loads(PeopleFacts(with_problem(run, plan_rules=(cap,))))[0][0]
    peaks = run.ledger[run.ledger["agent_id"].isin(who)].groupby("agent_id")["chronic_min"].max()
    assert capped.over_caps == int((peaks > 1e-6).sum())

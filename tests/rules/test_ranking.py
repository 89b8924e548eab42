"""Tests for wfplan.rules.ranking: whose wishes come first."""

from datetime import date, timedelta

import pytest

from wfplan.domain.people import Availability, Skill
from wfplan.domain.problem import RuleSetting
from wfplan.errors import InputError
from wfplan.rules import TeamRoster, team_rules_of
from wfplan.rules.ranking import Ranking

LATE = tuple(
    Availability(kind="avoid", weekday=d, start_min=18 * 60, end_min=24 * 60) for d in range(7)
)
MORNING = tuple(
    Availability(kind="prefer", weekday=d, start_min=8 * 60, end_min=16 * 60) for d in range(7)
)


def setting(**more):
    given = {"rule": "ranking", "value": 4, "unit": "times", "hardness": "soft"}
    return RuleSetting(**(given | more))


def people(bench, **of_first):
    first = {"hire_date": date(2010, 1, 1), "availability": LATE} | of_first
    return [
        bench.agent("A1", **first),
        bench.agent("A2", hire_date=date(2015, 1, 1), availability=LATE),
        bench.agent("A3", hire_date=date(2020, 1, 1)),
    ]


def found(bench, specs, agents, **more):
    """Breaches of shifts by agent, as (agent, minutes)."""
    problem = bench.plan(people=agents, rules=[setting(**more)])
    shifts = [bench.make_shift(spec, agent_id=name) for name, *some in specs for spec in some]
    roster = TeamRoster.of(problem, problem.horizon(bench.MONDAY), shifts)
    (rule,) = team_rules_of(problem)
    return [(b.agent_id, b.amount) for b in rule.team_breaches(roster)]


EARLY_SHIFT, LATE_SHIFT = (0, "08:00", 480), (0, "14:00", 480)


def test_weights_fall_evenly_from_the_first_to_the_last(bench):
    rule = Ranking.from_setting(setting())
    assert rule.weights(people(bench)) == pytest.approx({"A1": 4.0, "A2": 2.0, "A3": 1.0})
    declared = Ranking.from_setting(setting(of=("A3", "A1")))
    assert declared.weights(people(bench)) == pytest.approx({"A3": 4.0, "A1": 2.0, "A2": 1.0})


def test_people_hired_on_one_date_or_on_none_share_a_rank(bench):
    crew = [bench.agent("A1"), bench.agent("A2"), bench.agent("A3", hire_date=date(2020, 1, 1))]
    assert Ranking(times=3, hardness="soft").weights(crew) == {"A3": 3.0, "A1": 1.0, "A2": 1.0}
    assert Ranking(times=3, hardness="soft").weights(crew[:2]) == {"A1": 1.0, "A2": 1.0}


def test_only_those_of_the_scope_are_ranked(bench):
    crew = [bench.agent("A1", team="red"), bench.agent("A2", team="blue")]
    rule = Ranking.from_setting(setting(scope="team", scope_value="red"))
    assert set(rule.weights(crew)) == {"A1"}


@pytest.mark.parametrize(
    ("specs", "breaches"),
    [
        ([("A1", LATE_SHIFT), ("A3", EARLY_SHIFT)], [("A1", 240)]),
        ([("A1", EARLY_SHIFT), ("A3", LATE_SHIFT)], []),
        ([("A1", LATE_SHIFT), ("A2", EARLY_SHIFT), ("A3", LATE_SHIFT)], [("A1", 240)]),
        ([("A3", LATE_SHIFT), ("A1", EARLY_SHIFT)], []),  # nobody comes after the last
        ([("A1", LATE_SHIFT), ("A3", (0, "12:00", 480))], [("A1", 120)]),  # partly
        ([("A1", LATE_SHIFT), ("A3", (1, "08:00", 480))], []),  # another date
        ([("A1", (0, "10:00", 480)), ("A3", EARLY_SHIFT)], []),  # ends with the window
        ([], []),
    ],
)
def test_a_better_shift_of_one_who_comes_after_is_told(bench, specs, breaches):
    assert found(bench, specs, people(bench)) == breaches


def test_wishes_are_held_against_what_is_preferred_too(bench):
    crew = people(bench, availability=MORNING)
    assert found(bench, [("A1", LATE_SHIFT), ("A3", EARLY_SHIFT)], crew) == [("A1", 360)]


def test_people_of_other_skills_or_contracts_have_no_shift_to_give(bench):
    specs = [("A1", LATE_SHIFT), ("A3", EARLY_SHIFT)]
    crew = people(bench, skills=(Skill(skill="chat"), Skill(skill="voice")))
    assert found(bench, specs, crew) == []


def test_a_clock_change_does_not_move_a_wish(bench):
    """On the night of the change the shift has an hour less in the window."""
    row = Availability(kind="avoid", day=bench.SPRING + timedelta(days=6), start_min=0, end_min=360)
    crew = people(bench, availability=(row,))
    problem = bench.plan(people=crew, rules=[setting()])
    late = bench.make_shift((5, "22:00", 480), agent_id="A1", monday=bench.SPRING)
    free = bench.make_shift((5, "08:00", 480), agent_id="A3", monday=bench.SPRING)
    roster = TeamRoster.of(problem, problem.horizon(bench.SPRING), [late, free])
    (breach,) = team_rules_of(problem)[0].team_breaches(roster)
    assert breach.amount == 300
    assert breach.why.startswith("ranking: agent A1 works 5 h")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"hardness": "hard"}, "cannot promise them. Write 'soft'"),
        ({"unit": "hours"}, "unit = 'hours' is no weight"),
        ({"value": 0.5}, "value = 0.5 is not from 1 to 1000"),
    ],
)
def test_a_ranking_that_means_nothing_is_refused(more, message):
    with pytest.raises(InputError, match=message):
        Ranking.from_setting(setting(**more))

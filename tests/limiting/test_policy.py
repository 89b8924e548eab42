"""A policy file: what it may not say, what it changes, and that reports name it."""

from __future__ import annotations

import pytest

from wfplan import limiting
from wfplan.errors import InputFaultsError
from wfplan.intake import load_plan
from wfplan.report.provenance import survey_lines
from wfplan.rules import rules_of

SURVEY = (
    "wave,group_type,group,parent,headcount,respondents,instrument,scale,score,scale_min,"
    "scale_max\n"
    "2026Q1,site,Dublin,,40,34,cbi,work_burnout,48,0,100\n"
    "2026Q1,team,Blue,Dublin,20,17,cbi,work_burnout,58,0,100\n"
    "2026Q1,team,Red,Dublin,20,17,cbi,work_burnout,38,0,100\n"
)
HEAD = 'id = "harbour"\nversion = "2"\ndecided_by = "works council"\n'
RULE = {
    "scale": '"cbi.work_burnout"', "at_least": "55", "group_type": '"team"',
    "rule": '"training_minutes_per_week"', "change": '"+15"',
}  # fmt: skip


def rule(**more):
    given = {key: value for key, value in (RULE | more).items() if value}
    return "[[rule]]\n" + "".join(f"{key} = {value}\n" for key, value in given.items())


@pytest.fixture
def with_policy(plan_folder):
    """A function that writes a plan with survey scores and a policy."""

    def write(text, survey=SURVEY, constraints=""):
        folder = plan_folder()
        plan = (folder / "plan.toml").read_text(encoding="utf-8")
        named = '[inputs]\nsurvey_groups = "survey_groups.csv"'
        if constraints:
            named += '\nconstraints = "constraints.csv"'
            (folder / "constraints.csv").write_text(constraints, encoding="utf-8")
        plan = plan.replace("[inputs]", named, 1)
        plan = plan.replace('packs = ["eu"]', 'packs = ["eu"]\nsurvey_policy = "policy.toml"')
        (folder / "plan.toml").write_text(plan, encoding="utf-8")
        (folder / "survey_groups.csv").write_text(survey, encoding="utf-8")
        (folder / "policy.toml").write_text(text, encoding="utf-8")
        return folder

    return write


BAD = {
    "no rules": (HEAD, "the policy has no rules"),
    "nobody who decided": (HEAD.replace('decided_by = "works council"\n', "") + rule(),
                           "decided_by"),
    "a key there is not": (HEAD + rule(colour='"red"'), "colour"),
    "more work for the group": (HEAD + rule(change='"-15"'), "would ask more of the group"),
    "a higher occupancy": (
        HEAD + rule(rule='"max_occupancy"', change='"at least 0.9"'), "would ask more of the group",
    ),
    "beyond the bound": (
        HEAD + rule(rule='"max_occupancy"', change='"at most 0.5"'), "beyond the bound of 0.7",
    ),
    "who gets which shift": (
        HEAD + rule(rule='"max_late_shifts_per_week"', change='"at most 1"'),
        "survey scores may not change max_late_shifts_per_week",
    ),
    "no change": (HEAD + rule(change='"a little less"'), "is no change"),
    "a single person": (HEAD + rule(group_type='"agent"'), "group_type"),
    "neither from nor to": (HEAD + rule(at_least=""), "at_least"),
    "no TOML": (HEAD + "[[rule]\n", "policy.toml"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_policy_that_may_not_be_is_refused_at_its_line(with_policy, name):
    text, said = BAD[name]
    with pytest.raises(InputFaultsError) as caught:
        load_plan(with_policy(text))
    found = [str(fault) for fault in caught.value.faults]
    assert any(said in one and one.startswith("policy.toml") for one in found), found


def week_of(folder, first_day):
    problem = load_plan(folder)
    return limiting.in_force(problem, problem.horizon(first_day))


def training_of(problem, agent_id):
    agent = next(one for one in problem.agents if one.agent_id == agent_id)
    return [r.minutes for r in rules_of(problem, agent) if r.name == "activity_time_min"]


def test_a_score_loosens_the_work_of_its_group_alone_and_the_report_names_the_policy(
    with_policy, plan_week
):
    problem = week_of(with_policy(HEAD + rule()), plan_week)
    assert training_of(problem, "A001") == [15]  # team Blue
    assert training_of(problem, "A005") == []  # team Red
    (effect,) = problem.survey.effects
    assert effect.said == (
        "team Blue: training_minutes_per_week none -> 15 minutes, because cbi.work_burnout >= 55 "
        "(policy harbour 2)"
    )

    class Made:
        pass

    run = Made()
    run.problem = problem
    head, line = survey_lines(run)
    assert "The policy harbour 2 (works council) changes 1 limit." in head
    assert line == effect.said


def test_effects_add_up_to_their_bound_and_no_further(with_policy, plan_week):
    problem = week_of(with_policy(HEAD + 3 * rule(change='"+50"')), plan_week)
    assert [one.after for one in problem.survey.effects] == [50, 100, 120]
    assert "at its bound of 120" in problem.survey.effects[-1].said
    assert max(training_of(problem, "A001")) == 120


def test_a_hidden_group_changes_nothing(with_policy, plan_week):
    survey = SURVEY.replace("20,17,cbi,work_burnout,58", "9,9,cbi,work_burnout,58")
    problem = week_of(with_policy(HEAD + rule(), survey.replace("40,34", "29,26")), plan_week)
    assert problem.survey.effects == ()
    assert "changes nothing" in problem.survey.said


def test_a_cap_that_stands_already_is_not_loosened_the_other_way(with_policy, plan_week):
    rows = (
        "constraint_id,scope,scope_value,rule,value,unit,strength,weight,valid_from,valid_to,"
        "source,note\nC1,all,,max_occupancy,0.75,ratio,soft,1,,,wellbeing,\n"
    )
    text = HEAD + rule(rule='"max_occupancy"', change='"at most 0.82"')
    problem = week_of(with_policy(text, constraints=rows), plan_week)
    assert problem.channel("voice").occupancy_max == 0.75
    assert problem.survey.effects == ()

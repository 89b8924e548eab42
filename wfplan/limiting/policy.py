"""What a policy makes of survey scores in a week: less work of a kind for a group, never shifts.

Only groups that may be shown are looked at. Every effect is bounded
(:mod:`wfplan.domain.loosening`) and named in the report, with the policy that made it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wfplan.domain.limit_kinds import LIMIT_KINDS
from wfplan.domain.limits import Constraint
from wfplan.domain.loosening import BOUNDS, Change
from wfplan.domain.surveys import Policy, PolicyRule, SurveyEffect, SurveyGroup
from wfplan.limiting.caps import with_caps
from wfplan.limiting.people import is_in, served
from wfplan.rules.hr_limits import OF_CHANNELS, reference_weeks, setting_of

if TYPE_CHECKING:
    from wfplan.domain.people import Agent
    from wfplan.domain.problem import PlanningProblem
    from wfplan.horizon import Horizon


def loosened(problem: PlanningProblem, horizon: Horizon) -> PlanningProblem:
    """The problem with what a policy changes for groups, and with what it changed."""
    survey = problem.survey
    if survey is None or survey.policy is None:
        return problem
    effects: list[SurveyEffect] = []
    for rule in survey.policy.rules:
        for group in survey.shown:
            if rule.speaks_of(group):
                problem, effect = _changed(problem, horizon, survey.policy, rule, group)
                effects += [effect] if effect else []
    return problem.model_copy(
        update={"survey": survey.model_copy(update={"effects": tuple(effects)})}
    )


def _changed(
    problem: PlanningProblem,
    horizon: Horizon,
    policy: Policy,
    rule: PolicyRule,
    group: SurveyGroup,
) -> tuple[PlanningProblem, SurveyEffect | None]:
    """The problem after one rule of a policy for one group, and its effect, if any."""
    people = [a for a in problem.agents if is_in(a, group.group_type, group.group)]
    if not people:
        return problem, None
    change = Change.of(rule.rule, rule.change)
    names = served(problem, people, horizon)
    is_of_channels = rule.rule == OF_CHANNELS
    before = (
        _occupancy(problem, names) if is_of_channels else _current(problem, horizon, rule, people)
    )
    after = change.after(before)
    if after == before or (is_of_channels and not names):
        return problem, None
    if is_of_channels:
        problem = with_caps(problem, dict.fromkeys(names, after))
    else:
        problem = _with_row(problem, _row(policy, rule, group, after, len(problem.constraints)))
    is_bound = change.is_step and after == BOUNDS[rule.rule]
    effect = SurveyEffect(
        group_type=group.group_type,
        group=group.group,
        when=rule.when,
        rule=rule.rule,
        before=before,
        after=after,
        unit=LIMIT_KINDS[rule.rule].unit,
        bound=f"at its bound of {after:g}" if is_bound else "",
        policy=policy.name,
        channels=names if is_of_channels else (),
    )
    return problem, effect


def _occupancy(problem: PlanningProblem, names: tuple[str, ...]) -> float | None:
    """The least cap of some channels."""
    caps = [problem.channel(name).occupancy_max for name in names]
    return min((cap for cap in caps if cap is not None), default=None)


def _current(
    problem: PlanningProblem, horizon: Horizon, rule: PolicyRule, people: list[Agent]
) -> float | None:
    """What the rows in force ask for the one of some people who has least of it."""
    first, last = horizon.dates[0], horizon.dates[-1]
    kind = LIMIT_KINDS[rule.rule]
    rows = [r for r in problem.constraints if r.rule == rule.rule and r.holds(first, last)]
    values = []
    for agent in people:
        own = [row.value for row in rows if is_in(agent, row.scope, row.scope_value)]
        if not own:
            return None
        values.append(min(own) if kind.is_most else max(own))
    return max(values) if kind.is_most else min(values)


def _row(
    policy: Policy, rule: PolicyRule, group: SurveyGroup, value: float, number: int
) -> Constraint:
    """What a policy changes, as a row of the table of limits."""
    return Constraint(
        constraint_id=f"{policy.id}-{number}",
        scope=group.group_type,
        scope_value="" if group.group_type == "all" else group.group,
        rule=rule.rule,
        value=value,
        unit=LIMIT_KINDS[rule.rule].unit,
        strength=policy.strength,
        weight=policy.weight,
        source="wellbeing",
        file=policy.file,
        note=f"{policy.name}: {rule.when}",
    )


def _with_row(problem: PlanningProblem, row: Constraint) -> PlanningProblem:
    """The problem with a row more, that takes no other row's place."""
    setting = setting_of(row, reference_weeks(problem))
    if setting is None:
        return problem
    own = setting.model_copy(update={"source": row.note, "constraint": ""})
    return problem.model_copy(
        update={
            "constraints": (*problem.constraints, row),
            "plan_rules": (*problem.plan_rules, own),
        }
    )

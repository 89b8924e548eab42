"""All rules by name, those that hold for a person, and what her week may be.

Rules of the contract always hold. Values of law packs and of the plan file come
on top: of the hard ones the strictest, of the soft ones the strictest if it
asks for more than the hard one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wfplan.domain.problem import PlanningProblem, RuleSetting
from wfplan.errors import InputError, did_you_mean
from wfplan.rules.availability import Availability
from wfplan.rules.base import HARD, Rule, SettableRule
from wfplan.rules.break_required import BreakRequired
from wfplan.rules.break_window import BreakWindow
from wfplan.rules.consecutive_work_days import ConsecutiveWorkDays
from wfplan.rules.daily_rest import DailyRest
from wfplan.rules.employment import Employment
from wfplan.rules.escalation_presence_min import EscalationPresenceMin
from wfplan.rules.limits import WorkLimits
from wfplan.rules.locked import Locked
from wfplan.rules.night_work import NightWork
from wfplan.rules.one_shift_a_day import OneShiftADay
from wfplan.rules.paid_time_day import PaidTimeDay
from wfplan.rules.paid_time_period import PaidTimePeriod
from wfplan.rules.paid_time_week import PaidTimeWeek
from wfplan.rules.person import Person
from wfplan.rules.presence_min import PresenceMin
from wfplan.rules.shift_length import ShiftLength
from wfplan.rules.shift_start_window import ShiftStartWindow
from wfplan.rules.shift_stop_window import ShiftStopWindow
from wfplan.rules.skill_required import SkillRequired
from wfplan.rules.start_increment import StartIncrement
from wfplan.rules.time_off import TimeOff
from wfplan.rules.weekly_rest import WeeklyRest
from wfplan.rules.work_days_week import WorkDaysWeek

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wfplan.domain.people import Agent
    from wfplan.horizon import Horizon

_PERSON_RULES: tuple[type[Rule], ...] = (
    ShiftLength, ShiftStartWindow, StartIncrement, ShiftStopWindow, OneShiftADay, BreakWindow,
    PaidTimeWeek, WorkDaysWeek, ConsecutiveWorkDays, Availability, TimeOff, Employment,
    SkillRequired, Locked, PaidTimeDay, PaidTimePeriod, DailyRest, WeeklyRest, NightWork,
    BreakRequired,
)  # fmt: skip

RULES: Mapping[str, type[Rule]] = {rule.name: rule for rule in _PERSON_RULES}
"""The rules that concern one person, by their names in WORK-RULES, in the order of checking."""

TEAM_RULES: tuple[PresenceMin | EscalationPresenceMin, ...] = (
    PresenceMin(),
    EscalationPresenceMin(),
)
"""The rules that couple people. The planner reads them as floors with a price (StaffNeed)."""

SETTABLE: Mapping[str, type[SettableRule]] = {
    name: rule for name, rule in RULES.items() if issubclass(rule, SettableRule)
}
"""The rules whose value a law pack or the plan file may set."""


def rules_of(problem: PlanningProblem, agent: Agent) -> tuple[Rule, ...]:
    """
    The rules that hold for an agent: contract, law packs and plan file.

    Raises
    ------
    InputError
        When a pack is unknown, or a setting names a rule that has no value to
        set, a wrong unit or a value that means nothing.
    """
    contract = problem.contract_of(agent)
    rules: list[Rule] = [
        ShiftLength.of(contract),
        ShiftStartWindow.of(contract),
        StartIncrement.of(contract),
        OneShiftADay(),
        BreakWindow(),
        PaidTimeWeek.of(agent),
        Availability(),
        TimeOff(),
        Employment(),
        SkillRequired(),
        Locked(),
    ]
    if contract.stop_latest is not None:
        rules.append(ShiftStopWindow(window=contract.stop_latest))
    days = WorkDaysWeek.of(contract)
    settable: list[SettableRule] = [days, ConsecutiveWorkDays.of(contract)]
    settable += [_set(setting) for setting in _settings(problem, agent)]
    strictest = _strictest(settable)
    daily_rest_min = max(
        (r.rest_min for r in strictest if isinstance(r, DailyRest) and r.hardness == HARD),
        default=0,
    )
    return (*rules, *(_completed(rule, days.least, daily_rest_min) for rule in strictest))


def _completed(rule: SettableRule, least_days: int, daily_rest_min: int) -> SettableRule:
    """The rule with what it takes from others: the contract's least days, the daily rest."""
    if isinstance(rule, WorkDaysWeek) and rule.hardness == HARD:
        return replace(rule, least=least_days)
    if isinstance(rule, WeeklyRest):
        return rule.beside(daily_rest_min)
    return rule


def work_limits(problem: PlanningProblem, agent: Agent, horizon: Horizon) -> WorkLimits:
    """
    What an agent's week may be, all hard rules that hold for her among it.

    Raises
    ------
    InputError
        As :func:`rules_of`.
    """
    contract = problem.contract_of(agent)
    limits = WorkLimits(
        agent_id=agent.agent_id,
        timezone=agent.timezone,
        contract=contract,
        dates=horizon.dates,
        lengths_min=contract.lengths_min,
        start_windows=(contract.start_window,),
        start_step_min=contract.start_step_min,
    )
    person = Person.of(problem, agent, horizon)
    for rule in rules_of(problem, agent):
        if rule.hardness == HARD:
            limits = rule.tighten(limits, person)
    return limits


def _settings(problem: PlanningProblem, agent: Agent) -> list[RuleSetting]:
    """The values of the site's packs, the agent's own pack and the plan file."""
    names = dict.fromkeys((*problem.site_packs, *filter(None, [agent.rule_pack])))
    for name in names:
        if name not in problem.packs:
            known = ", ".join(problem.packs) or "none"
            hint = did_you_mean(name, problem.packs)
            raise InputError(
                f"agent {agent.agent_id}: rule pack '{name}' is not one of the packs that were "
                f"read ({known}). {hint or 'Name one of them, or add the pack.'}"
            )
    return [rule for name in names for rule in problem.packs[name].rules] + [*problem.plan_rules]


def _set(setting: RuleSetting) -> SettableRule:
    """The rule that a setting gives a value to."""
    rule = SETTABLE.get(setting.rule)
    if rule is None:
        hint = did_you_mean(setting.rule, SETTABLE) or f"Use one of {', '.join(SETTABLE)}."
        raise InputError(f"rule '{setting.rule}' has no value that can be set. {hint}")
    return rule.from_setting(setting)


def _strictest(rules: list[SettableRule]) -> list[SettableRule]:
    """Per name the strictest hard rule, and the strictest soft one that asks for more."""
    best: dict[tuple[str, str], SettableRule] = {}
    for rule in rules:
        key = (rule.name, rule.hardness)
        best[key] = max(best.get(key, rule), rule, key=lambda r: r.strictness)
    return [
        rule
        for (name, hardness), rule in best.items()
        if hardness == HARD
        or (name, HARD) not in best
        or rule.strictness > best[name, HARD].strictness
    ]

"""All rules by name, those that hold for a person, and what her week may be.

Rules of the contract always hold. Values of law packs and of the plan file come
on top: of the hard ones the strictest, of the soft ones the strictest if it
asks for more than the hard one. Of HR's soft ones the narrower takes the place of
the wider.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wfplan.domain.contracts import KIND_NAMES
from wfplan.domain.problem import PlanningProblem, RuleSetting
from wfplan.errors import InputError, did_you_mean
from wfplan.rules.activity_concurrency import ActivityConcurrency
from wfplan.rules.activity_time_min import ActivityTimeMin
from wfplan.rules.availability import Availability
from wfplan.rules.base import HARD, Rule, SettableRule
from wfplan.rules.break_required import BreakRequired
from wfplan.rules.break_spacing import BreakSpacing
from wfplan.rules.break_time import BreakTime
from wfplan.rules.break_window import BreakWindow
from wfplan.rules.changes_week_max import ChangesWeekMax
from wfplan.rules.clock import WEEK_DAYS
from wfplan.rules.complete_weekend import CompleteWeekend
from wfplan.rules.consecutive_days_off import ConsecutiveDaysOff
from wfplan.rules.consecutive_work_days import ConsecutiveWorkDays
from wfplan.rules.consecutive_work_weekends import ConsecutiveWorkWeekends
from wfplan.rules.contiguous_work import ContiguousWork
from wfplan.rules.continuous_contact_max import ContinuousContactMax
from wfplan.rules.cost_budget import CostBudget
from wfplan.rules.coverage_n_minus_k import CoverageNMinusK
from wfplan.rules.daily_rest import DailyRest
from wfplan.rules.day_off_after import DayOffAfter
from wfplan.rules.day_off_before import DayOffBefore
from wfplan.rules.days_off_period import DaysOffPeriod
from wfplan.rules.development_min import DevelopmentMin
from wfplan.rules.employment import Employment
from wfplan.rules.escalation_presence_min import EscalationFloor, EscalationPresenceMin
from wfplan.rules.forbidden_sequence import ForbiddenSequence
from wfplan.rules.high_intensity_max import HighIntensityMax
from wfplan.rules.hot_work_max import HotWorkMax
from wfplan.rules.late_shifts_week import LateShiftsWeek
from wfplan.rules.limits import WorkLimits
from wfplan.rules.locked import Locked
from wfplan.rules.meal import Meal
from wfplan.rules.night_work import NightWork
from wfplan.rules.nights_week import NightsWeek
from wfplan.rules.nonstandard_shifts_max import NonstandardShiftsMax
from wfplan.rules.one_shift_a_day import OneShiftADay
from wfplan.rules.optional_day import OptionalDay
from wfplan.rules.overload_max import OverloadMax
from wfplan.rules.overtime_max import OvertimeMax
from wfplan.rules.paid_time_day import PaidTimeDay
from wfplan.rules.paid_time_granularity import PaidTimeGranularity
from wfplan.rules.paid_time_period import PaidTimePeriod
from wfplan.rules.paid_time_week import PaidTimeWeek
from wfplan.rules.pairing import Pairing
from wfplan.rules.person import Person
from wfplan.rules.precedence import narrowest
from wfplan.rules.preference import Preference
from wfplan.rules.presence_min import PresenceFloor, PresenceMin
from wfplan.rules.promise_change_price import PromiseChangePrice
from wfplan.rules.quick_returns_28d import QuickReturns28d
from wfplan.rules.ranking import Ranking
from wfplan.rules.readiness import Readiness
from wfplan.rules.required_sequence import RequiredSequence
from wfplan.rules.risk_factor import RiskFactor
from wfplan.rules.rotation import Rotation
from wfplan.rules.seats_max import SeatsMax
from wfplan.rules.sequences import WORDS
from wfplan.rules.shift_count_period import ShiftCountPeriod
from wfplan.rules.shift_length import ShiftLength
from wfplan.rules.shift_start_window import ShiftStartWindow
from wfplan.rules.shift_stop_window import ShiftStopWindow
from wfplan.rules.skill_required import SkillRequired
from wfplan.rules.skill_validity import SkillValidity
from wfplan.rules.split_gap import SplitGap
from wfplan.rules.split_shift import SplitShift
from wfplan.rules.start_distance import StartDistance
from wfplan.rules.start_increment import StartIncrement
from wfplan.rules.start_variance import StartVariance
from wfplan.rules.team_roster import TeamRule
from wfplan.rules.time_off import TimeOff
from wfplan.rules.time_off_limit import TimeOffLimit
from wfplan.rules.weekly_rest import WeeklyRest
from wfplan.rules.work_days_week import WorkDaysWeek
from wfplan.rules.work_weekends_period import WorkWeekendsPeriod

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from wfplan.domain.channels import Channel
    from wfplan.domain.contracts import Contract
    from wfplan.domain.people import Agent
    from wfplan.horizon import Horizon

_PERSON_RULES: tuple[type[Rule], ...] = (
    ShiftLength, ShiftStartWindow, StartIncrement, ShiftStopWindow, OneShiftADay, BreakWindow,
    PaidTimeWeek, WorkDaysWeek, ConsecutiveWorkDays, Availability, TimeOff, Employment,
    SkillRequired, SkillValidity, Readiness, Locked, PaidTimeDay, PaidTimePeriod, DailyRest,
    WeeklyRest, NightWork, BreakRequired, BreakTime, Meal, BreakSpacing, ContiguousWork,
    ContinuousContactMax, PaidTimeGranularity, OvertimeMax, ConsecutiveDaysOff, DaysOffPeriod,
    WorkWeekendsPeriod, ConsecutiveWorkWeekends, CompleteWeekend, StartDistance, StartVariance,
    DayOffAfter, DayOffBefore, ShiftCountPeriod, LateShiftsWeek, NightsWeek, NonstandardShiftsMax,
    QuickReturns28d, Rotation, ForbiddenSequence, RequiredSequence, RiskFactor, HighIntensityMax,
    OverloadMax, Preference, PromiseChangePrice, OptionalDay, SplitShift, SplitGap,
    DevelopmentMin, HotWorkMax, ActivityTimeMin, ChangesWeekMax,
)  # fmt: skip

RULES: Mapping[str, type[Rule]] = {rule.name: rule for rule in _PERSON_RULES}
"""The rules that concern one person, by their names in WORK-RULES, in the order of checking."""

TEAM_RULES: tuple[PresenceMin | EscalationPresenceMin, ...] = (
    PresenceMin(),
    EscalationPresenceMin(),
)
"""The rules that couple people. The planner reads them as floors with a price (StaffNeed)."""

TEAM_SETTABLE: tuple[type[TeamRule], ...] = (
    SeatsMax, TimeOffLimit, ActivityConcurrency, Pairing, CostBudget, PresenceFloor,
    EscalationFloor, CoverageNMinusK, Ranking,
)  # fmt: skip
"""The rules that couple people and have a value to set."""

_OF_CHANNELS = (PresenceFloor, EscalationFloor, CoverageNMinusK)

SETTABLE: Mapping[str, type[SettableRule]] = {
    **{name: rule for name, rule in RULES.items() if issubclass(rule, SettableRule)},
    **{rule.name: rule for rule in TEAM_SETTABLE},
}
"""The rules whose value a law pack or the plan file may set, those of the team among them."""


def rules_of(
    problem: PlanningProblem, agent: Agent, dates: tuple[date, ...] = ()
) -> tuple[Rule, ...]:
    """
    The rules that hold for an agent: contract, law packs and plan file.

    Parameters
    ----------
    dates
        Those of the horizon: rules that are not in force on any of them are
        left out. Without dates all are given.

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
        SkillValidity(),
        Readiness(),
        Locked(),
    ]
    if contract.stop_latest is not None:
        rules.append(ShiftStopWindow(window=contract.stop_latest))
    days = WorkDaysWeek.of(contract)
    own_kinds = {kind.name for one in problem.contracts.values() for kind in one.kinds}
    settable: list[SettableRule] = [days, ConsecutiveWorkDays.of(contract)]
    held: list[tuple[RuleSetting, SettableRule]] = []
    for setting in _settings(problem, agent):
        _check_kinds(setting, own_kinds)
        rule = _set(setting)
        if not isinstance(rule, TeamRule) and concerns(setting, agent):
            held += [(setting, rule)] if not dates or rule.holds(dates) else []
    settable += narrowest(held)
    settable[0] = replace(days, most=min(days.most + _flex_days(settable), WEEK_DAYS))
    strictest = _strictest(settable)
    daily_rest_min = max(
        (r.rest_min for r in strictest if isinstance(r, DailyRest) and r.hardness == HARD),
        default=0,
    )
    return (*rules, *(_completed(rule, days.least, daily_rest_min) for rule in strictest))


def _flex_days(rules: Sequence[SettableRule]) -> int:
    """Working days a week beyond the contract's: the fewest that settings allow, hard first."""
    flex = [rule for rule in rules if isinstance(rule, OptionalDay)]
    hard = [rule.days for rule in flex if rule.hardness == HARD]
    return min(hard or [rule.days for rule in flex], default=0)


def team_rules_of(problem: PlanningProblem, dates: tuple[date, ...] = ()) -> tuple[TeamRule, ...]:
    """
    The settable rules of the team that hold: those of the site's packs and of the plan file.

    Raises
    ------
    InputError
        As :func:`rules_of`.
    """
    check_settings(problem)
    settings = [rule for name in problem.site_packs for rule in problem.packs[name].rules]
    rules = [_set(setting) for setting in (*settings, *problem.plan_rules)]
    held = [r for r in rules if isinstance(r, TeamRule) and (not dates or r.holds(dates))]
    return tuple(rule for rule in _strictest(held) if isinstance(rule, TeamRule))


def check_settings(problem: PlanningProblem) -> None:
    """
    Refuse values of the plan that speak of a kind, a scope, a channel or an agent there is not.

    Raises
    ------
    InputError
        With the name that was meant, where one is close.
    """
    names = setting_names(problem.agents, problem.channels, problem.contracts)
    for setting in problem.plan_rules:
        check_setting(setting, names)


def setting_names(
    agents: Iterable[Agent], channels: Iterable[Channel], contracts: Mapping[str, Contract]
) -> dict[str, set[str]]:
    """The names that rules of a plan may speak of, by scope."""
    people = tuple(agents)
    return {
        "site": {agent.site for agent in people},
        "team": {agent.team for agent in people},
        "contract": set(contracts),
        "skill": {skill.skill for agent in people for skill in agent.skills},
        "agent": {agent.agent_id for agent in people},
        "channel": {channel.name for channel in channels},
        "kind": {kind.name for contract in contracts.values() for kind in contract.kinds},
    }


def check_setting(setting: RuleSetting, names: Mapping[str, set[str]]) -> None:
    """
    Refuse a value that speaks of what is not among the names of :func:`setting_names`.

    Raises
    ------
    InputError
        As :func:`check_settings`.
    """
    _check_kinds(setting, names["kind"])
    if setting.scope != "all":
        _check_name(setting, "scope_value", setting.scope_value, names[setting.scope])
    of_rule = {RiskFactor.name: "channel", Pairing.name: "agent", Ranking.name: "agent"}
    of_rule |= dict.fromkeys((one.name for one in _OF_CHANNELS), "channel")
    for name in setting.of if setting.rule in of_rule else ():
        _check_name(setting, "of", name, names[of_rule[setting.rule]])


def _check_kinds(setting: RuleSetting, own: Iterable[str]) -> None:
    """Refuse kinds of shift that no contract has."""
    if setting.kinds:
        known = {*KIND_NAMES, *WORDS, *own}
        for name in setting.kinds:
            _check_name(setting, "kinds", name, known)


def _check_name(setting: RuleSetting, key: str, name: str, known: set[str]) -> None:
    """Refuse a name that is not known."""
    if name not in known:
        some = ", ".join(sorted(known - {""})[:12]) or "none"
        close = did_you_mean(name, known)
        hint = f"; {close}" if close else f". There are {some}."
        raise InputError(f"rule {setting.rule}: {key} names '{name}', which is not there{hint}")


def concerns(setting: RuleSetting, agent: Agent) -> bool:
    """Whether an agent is in the scope of a setting."""
    value = setting.scope_value
    if setting.scope == "skill":
        return any(skill.skill == value for skill in agent.skills)
    of_agent = {
        "site": agent.site,
        "team": agent.team,
        "contract": agent.contract_type,
        "agent": agent.agent_id,
    }
    return setting.scope == "all" or of_agent[setting.scope] == value


def _completed(rule: SettableRule, least_days: int, daily_rest_min: int) -> SettableRule:
    """The rule with what it takes from others: the contract's least days, the daily rest."""
    if isinstance(rule, WorkDaysWeek) and rule.hardness == HARD:
        return replace(rule, least=least_days)
    if isinstance(rule, WeeklyRest):
        return rule.beside(daily_rest_min)
    return rule


def work_limits(
    problem: PlanningProblem,
    agent: Agent,
    horizon: Horizon,
    person: Person | None = None,
    *,
    without: Collection[str] = (),
) -> WorkLimits:
    """
    What an agent's week may be, and what it costs by the rules that hold for her.

    ``person`` are the facts about her where more is known than the problem
    holds, such as what was published. Rules ``without`` which she is to be
    looked at are given by name.

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
    person = person or Person.of(problem, agent, horizon)
    rules = [r for r in rules_of(problem, agent, horizon.dates) if r.name not in without]
    for rule in rules:
        limits = rule.tighten(limits, person) if rule.hardness == HARD else limits
    for rule in rules:  # what is only wished for takes what the law leaves
        limits = rule.soften(limits, person) if rule.hardness != HARD else limits
    automata = [rule.automaton(person) for rule in rules]
    prices = [rule.prices(person) for rule in rules]
    return replace(
        limits,
        automata=tuple(one for one in automata if one is not None),
        prices=(*limits.prices, *(one for one in prices if one is not None)),
    )


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


def _strictest(rules: Sequence[SettableRule]) -> list[SettableRule]:
    """Per family the strictest hard rule, and the strictest soft one that asks for more."""
    best: dict[tuple[tuple[object, ...], str], SettableRule] = {}
    for rule in rules:
        key = (rule.family, rule.hardness)
        best[key] = max(best.get(key, rule), rule, key=lambda r: r.strictness)
    return [
        rule
        for (family, hardness), rule in best.items()
        if hardness == HARD
        or (family, HARD) not in best
        or rule.strictness > best[family, HARD].strictness
    ]

"""Conflicts: people for whom no week is legal, and which rules would have to give.

Each rule is given up in turn: as far as its limits can be loosened by halves (only the
least, only the most), then, by name, whole. Where none is enough alone, rules are
left out as long as no week appears; those that remain are in the way together, and
none of them could be spared (deletion filter; Chinneck and Dravnieks, 1991,
doi:10.1287/ijoc.3.2.157).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from wfplan.domain.problem import PlanningProblem
from wfplan.errors import InfeasibleError
from wfplan.horizon import DAY_MIN, Horizon
from wfplan.rules import rules_of, work_limits
from wfplan.rules.base import HARD
from wfplan.rules.limits import NO_LIMIT, Bounds, WorkLimits
from wfplan.scheduling.person.grid import Grid
from wfplan.scheduling.person.patterns import agent_space
from wfplan.scheduling.team.oracle import Oracle
from wfplan.scheduling.team.team import Member, Team

_SHOWN = 20
_WORDS = {
    "shift_start_window": "widen the window of starts",
    "shift_stop_window": "widen stop_latest, or the window of ends",
    "split_gap": "let gaps be shorter or longer",
    "readiness": "move ready_from of her skills",
    "skill_required": "renew her skills",
    "employment": "correct her dates of employment",
    "paid_time_day": "raise or lower the hours of a day",
    "paid_time_period": "raise or lower the average hours",
    "night_work": "allow longer nights",
    "break_required": "give long shifts a break",
    "break_time": "give long shifts longer breaks",
    "meal": "let meals be shorter, or at other hours",
    "break_spacing": "let breaks lie elsewhere",
    "contiguous_work": "let breaks lie elsewhere",
    "continuous_contact_max": "let breaks lie elsewhere",
    "paid_time_granularity": "take smaller steps of paid time",
    "overtime_max": "allow more overtime",
    "quick_returns_28d": "allow more quick returns",
    "risk_factor": "lift what she must not be given",
    "preference": "ask for a smaller share of her wishes",
    "promise_change_price": "keep more of what was published, or ask for her consent",
}


def require_legal_weeks(team: Team, problem: PlanningProblem | None = None) -> None:
    """
    Check that everybody has a legal week.

    Without the ``problem`` only the rules that loosen by halves are named.

    Raises
    ------
    InfeasibleError
        Naming every person without one (the first twenty), and for each the
        single rules whose loosening would admit a week, or a smallest set of
        rules that leaves none.
    """
    text = _said(team.members, team.grid, problem)
    if text:
        raise InfeasibleError(text)


def why_no_week(problem: PlanningProblem, horizon: Horizon) -> str:
    """Who has no legal week in a horizon, and why; an empty text where everybody has one."""
    grid = Grid.around(horizon)
    members = []
    for agent in problem.agents:
        limits = work_limits(problem, agent, horizon)
        space = agent_space(limits, grid)
        members.append(Member(agent, limits, space, (), np.zeros(grid.slots), 0.0))
    return _said(members, grid, problem)


def _said(members: Sequence[Member], grid: Grid, problem: PlanningProblem | None) -> str:
    """Who has no legal week, and why."""
    oracle = Oracle()
    nothing = np.zeros(grid.slots)
    different = {id(member.space): member for member in members}
    lost = {one for one, m in different.items() if oracle.best(m, nothing)[1] is None}
    stuck = [member for member in members if id(member.space) in lost]
    if not stuck:
        return ""
    people: dict[str, list[str]] = {}
    for member in stuck[:_SHOWN]:
        people.setdefault(_explain(member, grid, oracle, problem), []).append(member.agent_id)
    lines = [f"{', '.join(ids)}: {why}" for why, ids in people.items()]
    more = f"\n... and {len(stuck) - _SHOWN} more people" if len(stuck) > _SHOWN else ""
    count = "1 person has" if len(stuck) == 1 else f"{len(stuck)} people have"
    return f"{count} no legal week under the hard rules:\n" + "\n".join(lines) + more


def _explain(member: Member, grid: Grid, oracle: Oracle, problem: PlanningProblem | None) -> str:
    """What stands in one person's way, and what would help."""
    wanted = member.limits.paid_week_min / 60
    fits = _most_paid_h(member, grid, oracle)
    what = "her hard rules leave no week at all"
    if fits is not None and fits < wanted:
        what = f"at least {wanted:g} paid hours are wanted, at most {fits:g} fit"
    elif fits is not None:
        what = _stuck_week(member, grid, oracle) or what
    helps = [
        words
        for words, limits in _loosened(member.limits)
        if _has_week(member, limits, grid, oracle)
    ]
    rules = _Rules(problem, member, grid, oracle) if problem is not None else None
    if rules is not None:
        helps += rules.single(" ".join(helps))
    if helps:
        return what + "; enough alone: " + "; or ".join(helps)
    together = rules.together() if rules is not None else ()
    if not together:
        return what + "; no single rule is in the way: loosen several, or take her out of agents"
    return (
        f"{what}; no single rule is in the way: these leave no week together, and any other rule "
        f"may stay: {', '.join(together)}. Loosen some of them, or take her out of agents"
    )


class _Rules:
    """The hard rules of a member by name, to be tried without."""

    def __init__(
        self, problem: PlanningProblem, member: Member, grid: Grid, oracle: Oracle
    ) -> None:
        self._problem, self._member, self._grid, self._oracle = problem, member, grid, oracle
        rules = rules_of(problem, member.agent, member.limits.dates)
        self.names = tuple(dict.fromkeys(rule.name for rule in rules if rule.hardness == HARD))

    def single(self, named: str) -> list[str]:
        """Rules that are enough alone and have not been named yet, in words."""
        return [
            f"{_WORDS.get(name, 'loosen the rule')} ({name})"
            for name in self.names
            if name not in named and self._has_week_without({name})
        ]

    def together(self) -> tuple[str, ...]:
        """A smallest set of rules that leaves no week; none where the contract leaves none."""
        spared: set[str] = set()
        if not self._has_week_without(set(self.names)):
            return ()
        for name in self.names:
            if not self._has_week_without(spared | {name}):
                spared.add(name)
        return tuple(name for name in self.names if name not in spared)

    def _has_week_without(self, names: set[str]) -> bool:
        limits = work_limits(self._problem, self._member.agent, self._grid.horizon, without=names)
        return _has_week(self._member, limits, self._grid, self._oracle)


def _stuck_week(member: Member, grid: Grid, oracle: Oracle) -> str | None:
    """The first planning week that cannot hold its least hours, were no other to hold any."""
    limits = member.limits
    for week, (first, (least, _)) in enumerate(
        zip(limits.week_firsts, limits.paid_weeks, strict=False)
    ):
        alone = tuple(
            (least if k == week else 0, most) for k, (_, most) in enumerate(limits.paid_weeks)
        )
        trial = replace(limits, paid_weeks=alone, paid_week_min=0)
        if least and not _has_week(member, trial, grid, oracle):
            hours = round(least / 60, 2)
            return f"the week from {first} cannot hold the {hours:g} paid hours that it needs"
    return None


def _loosened(limits: WorkLimits) -> Iterator[tuple[str, WorkLimits]]:
    """The limits with one rule given up at a time, in the order of what is easiest to change."""
    whole = limits.contract.lengths_min

    def without(words: str, **changes: Any) -> tuple[str, WorkLimits]:
        return words, replace(limits, **changes)

    if limits.paid_week_min:
        weeks = _rebound(limits.paid_weeks, least=0)
        words = "lower min_hours_week (paid_time_week)"
        yield without(words, paid_week_min=0, paid_weeks=weeks)
    if limits.locked:
        yield without("release her locks (locked)", locked=())
    if limits.blocked or limits.days_off:
        rules = "availability, time_off, skill_required, employment"
        words = f"widen her availability, time off or skill dates ({rules})"
        yield without(words, blocked=(), absences=(), days_off=frozenset())
    yield from _loosened_days(limits)
    if set(limits.lengths_min) < set(whole):
        words = "give long shifts a break, or allow them (break_required, paid_time_day)"
        yield without(
            words,
            lengths_min=whole,
            break_over_min=None,
            paid_day_max=DAY_MIN,
            barred_lengths=frozenset(),
        )
    yield without("shorten the daily rest (daily_rest)", daily_rest_min=0, earliest_start=None)
    yield without(
        "shorten the weekly rest (weekly_rest)",
        weekly_rest_min=0,
        weekly_rest_due=None,
        weekly_rest_spans=(),
    )
    if limits.start_distance_min:
        yield without("let starts lie closer (start_distance)", start_distance_min=0)
    words = "raise max_hours_week or the hours of the law pack (paid_time_week, paid_time_period)"
    weeks = _rebound(limits.paid_weeks, most=NO_LIMIT)
    yield without(words, paid_week_max=NO_LIMIT, paid_weeks=weeks)


def _loosened_days(limits: WorkLimits) -> Iterator[tuple[str, WorkLimits]]:
    """The limits with one rule of days and sequences of days given up at a time."""
    days, weeks = len(limits.dates), limits.work_days_weeks
    if limits.work_days_min:
        looser = replace(limits, work_days_min=0, work_days_weeks=_rebound(weeks, least=0))
        yield "lower work_days_min (work_days_week)", looser
    if limits.work_days_max < days:
        looser = replace(
            limits, work_days_max=NO_LIMIT, work_days_weeks=_rebound(weeks, most=NO_LIMIT)
        )
        yield "raise work_days_max (work_days_week)", looser
    if limits.run_days_before or limits.consecutive_days_max < days:
        looser = replace(limits, run_days_before=0, consecutive_days_max=NO_LIMIT)
        yield "raise consecutive_days_max (consecutive_work_days)", looser
    for rule in dict.fromkeys(one.rule for one in limits.automata):
        kept = tuple(one for one in limits.automata if one.rule != rule)
        yield f"loosen {rule.replace('+', ', ')}", replace(limits, automata=kept)


def _rebound(
    bounds: tuple[Bounds, ...], *, least: int | None = None, most: int | None = None
) -> tuple[Bounds, ...]:
    """Bounds with another least or most in every week."""
    return tuple(
        (low if least is None else least, high if most is None else most) for low, high in bounds
    )


def _has_week(member: Member, limits: WorkLimits, grid: Grid, oracle: Oracle) -> bool:
    trial = replace(member, limits=limits, space=agent_space(limits, grid))
    return oracle.best(trial, np.zeros(grid.slots))[1] is not None


def _most_paid_h(member: Member, grid: Grid, oracle: Oracle) -> float | None:
    """The most paid hours that a legal week could have, were no minimum asked."""
    weeks = _rebound(member.limits.paid_weeks, least=0)
    limits = replace(member.limits, paid_week_min=0, paid_weeks=weeks)
    space = agent_space(limits, grid)
    eager = replace(member, limits=limits, space=space, paid_cost=-1.0, burden=np.zeros(grid.slots))
    _, week = oracle.best(eager, np.zeros(grid.slots))
    if week is None:
        return None
    paid_min = [space.lengths.paid_min[space.opt_len[option]] for option, _ in week.shifts]
    return float(sum(paid_min)) / 60

"""Conflicts: people for whom no week is legal, and which single rule would have to give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from wfplan.errors import InfeasibleError
from wfplan.horizon import DAY_MIN
from wfplan.rules.limits import WorkLimits
from wfplan.scheduling.oracle import Oracle
from wfplan.scheduling.patterns import agent_space
from wfplan.scheduling.team import Member, Team

_SHOWN = 20


def require_legal_weeks(team: Team) -> None:
    """
    Check that everybody has a legal week.

    Raises
    ------
    InfeasibleError
        Naming every person without one (the first twenty), and for each the
        single rules whose loosening would admit a week.
    """
    oracle = Oracle()
    nothing = np.zeros(team.grid.slots)
    stuck = [m for m in team.members if oracle.best(m, nothing)[1] is None]
    if not stuck:
        return
    lines = [f"{member.agent_id}: {_explain(member, team, oracle)}" for member in stuck[:_SHOWN]]
    more = f"\n... and {len(stuck) - _SHOWN} more people" if len(stuck) > _SHOWN else ""
    count = "1 person has" if len(stuck) == 1 else f"{len(stuck)} people have"
    raise InfeasibleError(
        f"{count} no legal week under the hard rules:\n" + "\n".join(lines) + more
    )


def _explain(member: Member, team: Team, oracle: Oracle) -> str:
    """What stands in one person's way, and what would help."""
    wanted = member.limits.paid_week_min / 60
    fits = _most_paid_h(member, team, oracle)
    what = "her hard rules leave no week at all"
    if fits is not None:
        what = f"at least {wanted:g} paid hours are wanted, at most {fits:g} fit"
    helps = [
        words
        for words, limits in _loosened(member.limits)
        if _has_week(member, limits, team, oracle)
    ]
    if not helps:
        return what + "; no single rule is in the way: loosen several, or take her out of agents"
    return what + "; enough alone: " + "; or ".join(helps)


def _loosened(limits: WorkLimits) -> Iterator[tuple[str, WorkLimits]]:
    """The limits with one rule given up at a time, in the order of what is easiest to change."""
    days = len(limits.dates)
    whole = limits.contract.lengths_min

    def without(words: str, **changes: Any) -> tuple[str, WorkLimits]:
        return words, replace(limits, **changes)

    if limits.paid_week_min:
        yield without("lower min_hours_week (paid_time_week)", paid_week_min=0)
    if limits.locked:
        yield without("release her locks (locked)", locked=())
    if limits.blocked or limits.days_off:
        rules = "availability, time_off, skill_required, employment"
        words = f"widen her availability, time off or skill dates ({rules})"
        yield without(words, blocked=(), days_off=frozenset())
    if limits.work_days_min:
        yield without("lower work_days_min (work_days_week)", work_days_min=0)
    if limits.work_days_max < days:
        yield without("raise work_days_max (work_days_week)", work_days_max=days)
    if set(limits.lengths_min) < set(whole):
        words = "give long shifts a break, or allow them (break_required, paid_time_day)"
        yield without(words, lengths_min=whole, break_over_min=None, paid_day_max=DAY_MIN)
    if limits.run_days_before or limits.consecutive_days_max < days:
        words = "raise consecutive_days_max (consecutive_work_days)"
        yield without(words, run_days_before=0, consecutive_days_max=days)
    yield without("shorten the daily rest (daily_rest)", daily_rest_min=0, earliest_start=None)
    yield without(
        "shorten the weekly rest (weekly_rest)",
        weekly_rest_min=0,
        weekly_rest_due=None,
        weekly_rest_spans=(),
    )
    words = "raise max_hours_week or the hours of the law pack (paid_time_week, paid_time_period)"
    yield without(words, paid_week_max=7 * DAY_MIN)


def _has_week(member: Member, limits: WorkLimits, team: Team, oracle: Oracle) -> bool:
    trial = replace(member, limits=limits, space=agent_space(limits, team.grid))
    return oracle.best(trial, np.zeros(team.grid.slots))[1] is not None


def _most_paid_h(member: Member, team: Team, oracle: Oracle) -> float | None:
    """The most paid hours that a legal week could have, were no minimum asked."""
    limits = replace(member.limits, paid_week_min=0)
    space = agent_space(limits, team.grid)
    eager = replace(
        member, limits=limits, space=space, paid_cost=-1.0, burden=np.zeros(team.grid.slots)
    )
    _, week = oracle.best(eager, np.zeros(team.grid.slots))
    if week is None:
        return None
    paid_min = [space.lengths.paid_min[space.opt_len[option]] for option, _ in week.shifts]
    return float(sum(paid_min)) / 60

"""Hard rules of the team that no plan can keep, seen before any search.

Necessary conditions only, each with numbers that a planner can check: a least
number of heads where fewer people may work at all, a most where everybody's
least hours do not fit, and money where least hours alone cost more.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from wfplan.errors import InfeasibleError
from wfplan.rules import TeamRule, team_rules_of
from wfplan.rules.base import HARD
from wfplan.rules.coupling import NO_LIMIT, PARTS, PRESENT
from wfplan.rules.time_off_limit import TimeOffLimit
from wfplan.scheduling.team.couples import Budget
from wfplan.scheduling.team.team import Member, Team

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

_SHOWN = 10


def require_possible(team: Team) -> None:
    """
    Check that no hard rule of the team asks for what nobody's weeks can give.

    Raises
    ------
    InfeasibleError
        Naming each such rule, with where and by how much.
    """
    couples = team.couples
    hard = [k for k, (rule, _) in enumerate(couples.counts) if rule.hardness == HARD]
    lines: list[str] = []
    if hard:
        could = np.array([_could_be(member, team.grid.slots) for member in team.members])
        for k in hard:
            lines += [*_too_few(team, k, could), *_too_tight(team, k, could)]
            lines += _locked_over(team, k, could)
    lines += [
        line for one in couples.budgets if one.rule.hardness == HARD for line in _dear(team, one)
    ]
    lines += _absences(team)
    if lines:
        raise InfeasibleError(
            "hard rules of the team that no plan can keep:\n"
            + "\n".join(dict.fromkeys(lines))
            + "\nGive way by as much as is said, or write hardness = 'soft' with a weight. "
            "The smallest set in the way: wfplan explain PLAN infeasible"
        )


def turned_down(team: Team) -> tuple[str, ...]:
    """One line per limit of absences that leaves no room for some requests."""
    lines = []
    for rule in _limits(team):
        horizon, agents = team.grid.horizon, [member.agent for member in team.members]
        refused = [
            f"{agent.agent_id} from {horizon.local(off.start):%a %d %b %H:%M}"
            for agent, off in rule.turned_down(agents, horizon.start, horizon.end)
        ]
        if refused:
            more = f" and {len(refused) - _SHOWN} more" if len(refused) > _SHOWN else ""
            lines.append(
                f"{_named(rule)}: no room for {len(refused)} of the requests to be away: "
                f"{', '.join(refused[:_SHOWN])}{more}"
            )
    return tuple(lines)


def _absences(team: Team) -> Iterator[str]:
    """Where more people have approved time off than may be away."""
    horizon, agents = team.grid.horizon, [member.agent for member in team.members]
    for rule in _limits(team):
        over = list(rule.overfull(agents, horizon.start, horizon.end))
        if over:
            moment = horizon.local(min(off.start for off in over))
            yield (
                f"{_named(rule)}: {len(over)} approved absences more than the {rule.most} allowed "
                f"at once, the first from {moment:%a %d %b %H:%M}; withdraw as many"
            )


def _limits(team: Team) -> list[TimeOffLimit]:
    dates = team.grid.horizon.dates
    rules = team_rules_of(team.facts.problem, dates)
    return [rule for rule in rules if isinstance(rule, TimeOffLimit)]


def _could_be(member: Member, slots: int) -> BoolArray:
    """The slots in which some shift of a member lies, (slot,)."""
    space = member.space
    change = np.zeros(slots + 1, dtype=np.int64)
    np.add.at(change, space.opt_start, 1)
    np.add.at(change, space.opt_start + space.lengths.slots[space.opt_len], -1)
    covered: BoolArray = np.cumsum(change[:-1]) > 0
    return covered


def _too_few(team: Team, k: int, could: BoolArray) -> Iterator[str]:
    """Where more people are wanted than may be there."""
    couples = team.couples
    rule, one = couples.counts[k]
    wanted = -couples.limit[k]
    able = could[(couples.sign[k] < 0).any(axis=1)].sum(axis=0)
    short = np.where(wanted > 0, wanted - able, 0)
    if short.max(initial=0) > 0:
        slot = int(np.argmax(short))
        moment = team.grid.horizon.local(team.grid.instant(slot))
        hours = float((short > 0).sum()) * couples.hour_share
        yield (
            f"{_named(rule)}: {wanted[slot]} {one.what} are wanted at {moment:%a %d %b %H:%M}, "
            f"when the hours of {able[slot]} allow it; too few for {hours:.1f} hours in all"
        )


def _too_tight(team: Team, k: int, could: BoolArray) -> Iterator[str]:
    """Where everybody's least hours do not fit below a limit."""
    couples = team.couples
    rule, one = couples.counts[k]
    paid = [code for code, part in enumerate(PARTS, 1) if part in PRESENT]
    everywhere = couples.seen[k, paid].all() and (couples.sign[k] >= 0).all()
    limits = couples.limit[k, team.grid.lead : team.grid.lead + team.grid.horizon.slot_count]
    if not everywhere or (limits == NO_LIMIT).any():
        return
    concerned = np.flatnonzero((couples.sign[k] > 0).all(axis=1))
    slot_min = team.grid.horizon.slot_min
    inside = np.zeros(team.grid.slots, dtype=np.bool_)
    inside[team.grid.lead : team.grid.lead + len(limits)] = True
    needed = 0.0
    for i in concerned:
        if could[i][~inside].any():
            continue  # hours outside the horizon are not counted
        space = team.members[i].space
        needed += space.paid_low * space.unit_min / slot_min
    room = float(np.minimum(could[concerned].sum(axis=0)[inside], limits).sum())
    if needed > room:
        yield (
            f"{_named(rule)}: {len(concerned)} {one.what} must be there for at least "
            f"{needed * couples.hour_share:.1f} hours, and {room * couples.hour_share:.1f} fit"
        )


def _locked_over(team: Team, k: int, could: BoolArray) -> Iterator[str]:
    """Where locks alone put more people than may be there."""
    couples = team.couples
    rule, one = couples.counts[k]
    paid = [code for code, part in enumerate(PARTS, 1) if part in PRESENT]
    if not couples.seen[k, paid].all():
        return
    there = np.minimum(couples.sign[k].min(axis=1), 0) @ could.astype(np.int64)
    for sign, member in zip(couples.sign[k], team.members, strict=True):
        for lock in member.limits.locked:
            if lock.start is not None and lock.end is not None:
                of_day = max(int(sign[member.limits.dates.index(lock.day)]), 0)
                there[team.grid.span(lock.start, lock.end)] += of_day
    over = np.where(couples.limit[k] < NO_LIMIT, there - couples.limit[k], 0)
    if over.max(initial=0) > 0:
        slot = int(np.argmax(over))
        moment = team.grid.horizon.local(team.grid.instant(slot))
        yield (
            f"{_named(rule)}: locks alone make {there[slot]} {one.what} at "
            f"{moment:%a %d %b %H:%M}, where {max(int(couples.limit[k, slot]), 0)} may be"
        )


def _dear(team: Team, budget: Budget) -> Iterator[str]:
    """Where least hours alone cost more than a budget."""
    weeks = int(budget.week_of.max(initial=0)) + 1
    least = sum(
        float(rate) * member.space.paid_low * member.space.unit_min / 60
        for rate, member in zip(budget.rate, team.members, strict=True)
    )
    if least > budget.most * weeks + 1e-6:
        span = "the week" if weeks == 1 else f"{weeks} weeks"
        yield (
            f"{_named(budget.rule)}: least hours of everybody cost {least:,.2f}, more than the "
            f"{budget.most * weeks:,.2f} of {span}"
        )


def _named(rule: TeamRule) -> str:
    return f"{rule.name} ({rule.source})"

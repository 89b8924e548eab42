"""Conflicts of hard rules that couple people, beside everybody's own rules.

A piece is one rule of the team, or rows of people: their locks, their time off,
their availability, their least hours. Pieces are given up one after the other.
Whether a plan remains is asked of necessary conditions first, then of the search
and of CP-SAT over the weeks of those concerned (:mod:`wfplan.scheduling.coupling`): a plan
is proof that there is one; that there is none is proven by a condition, or where
CP-SAT saw all weeks of all people concerned. Where neither comes in time it is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from wfplan.domain.conflicts import Change, Conflict, ConflictMember, Relaxation
from wfplan.domain.people import TimeOffStatus
from wfplan.domain.problem import PlanningProblem, RuleSetting
from wfplan.domain.progress import Stop, no_watch
from wfplan.domain.results import StaffNeed
from wfplan.errors import InfeasibleError
from wfplan.horizon import Horizon
from wfplan.rules import TEAM_SETTABLE
from wfplan.rules.base import HARD
from wfplan.scheduling.conflict import conflicts_of_people
from wfplan.scheduling.conflict import words as say
from wfplan.scheduling.conflict.asking import PRICES
from wfplan.scheduling.conflict.relaxing import least
from wfplan.scheduling.conflict.smallest import smallest
from wfplan.scheduling.conflict.ways_of_values import looser, step_of
from wfplan.scheduling.coupling.impossible import require_possible
from wfplan.scheduling.coupling.repair import repair
from wfplan.scheduling.search.search import Search
from wfplan.scheduling.search.state import keep_nothing
from wfplan.scheduling.team.team import assemble

SECONDS = 15.0  # of wall time in which a conflict of the team is looked for
_PASSES = 2
_UNKNOWN = (
    "No plan was found that keeps these hard rules of the team, and it was not proven in time that "
    "there is none. A build tries for longer, and says by how much the nearest plan misses them."
)
_NAMES = {rule.name for rule in TEAM_SETTABLE}
Edit = Callable[[PlanningProblem], PlanningProblem]


@dataclass(frozen=True)
class _Piece:
    """Something that can be given up: its words, the plan without it, what that costs."""

    member: ConflictMember
    without: Edit
    setting: RuleSetting | None = None
    text: str = ""  # of giving it up
    cost: float = 0.0


@dataclass
class _Plans:
    """Looks for plans of a team; counts how often, and remembers what was not proven."""

    horizon: Horizon
    stop: Stop
    solves: int = 0
    said: str = ""

    def seems_possible(self, problem: PlanningProblem) -> bool:
        """Whether no necessary condition speaks against a plan."""
        self.solves += 1
        try:
            require_possible(assemble(problem, _nothing_needed(problem, self.horizon)))
        except InfeasibleError as error:
            self.said = self.said or str(error).splitlines()[1]
            return False
        return True

    def may_have_plan(self, problem: PlanningProblem) -> bool:
        """Whether it is not proven that there is no plan."""
        return self.has_plan(problem) is not False

    def has_plan(self, problem: PlanningProblem) -> bool | None:
        """Whether a plan keeps the hard rules of the team; None where that is not proven."""
        if not self.seems_possible(problem):
            return False
        team = assemble(problem, _nothing_needed(problem, self.horizon))
        if team.couples.is_empty:
            return True
        if self.stop.is_due:
            return None
        search = Search(team, 0)
        stop = Stop(passes=_PASSES, interrupt=self.stop.interrupt)
        search.settle(stop, no_watch, None, keep_nothing)
        is_none = False
        if search.tally.broken:
            _, is_none = repair(search, stop, no_watch)
        if not search.tally.broken:
            return True
        return False if is_none else None


def find_conflicts(
    problem: PlanningProblem, horizon: Horizon, *, seconds: float = SECONDS
) -> tuple[Conflict, ...]:
    """Every conflict of hard rules of a horizon: of people, else that of the team."""
    return conflicts_of_people(problem, horizon) or conflict_of_team(
        problem, horizon, seconds=seconds
    )


def conflict_of_team(
    problem: PlanningProblem, horizon: Horizon, *, seconds: float = SECONDS
) -> tuple[Conflict, ...]:
    """
    The conflict of the rules that couple people, where everybody alone has a week.

    Empty where there is a plan. Where within ``seconds`` neither a plan was found nor
    proven that there is none, its note says so.
    """
    pieces = list(_pieces(problem, horizon))
    rules = [one for one in pieces if one.setting]
    if not rules:
        return ()
    plans = _Plans(horizon, Stop(seconds=seconds))
    is_seen = not plans.seems_possible(problem)
    there_is_one = False if is_seen else plans.has_plan(problem)
    if there_is_one:
        return ()
    if there_is_one is None:
        members = tuple(one.member for one in rules)
        return (_conflict(members, (), plans, _UNKNOWN, is_proven=False),)
    ask = plans.seems_possible if is_seen else plans.may_have_plan
    known: dict[frozenset[str], bool] = {}

    def is_feasible(some: Sequence[_Piece]) -> bool:
        key = frozenset(one.member.text for one in some)
        if key not in known:
            known[key] = ask(_with_only(problem, pieces, some))
        return known[key]

    core = smallest(pieces, is_feasible)
    shown = [
        plans.has_plan(_with_only(problem, pieces, [one for one in core if one is not piece]))
        for piece in core
    ]
    note = f"In numbers: {plans.said}." if plans.said else ""
    if not all(shown):
        note += " It was not proven in time that every one of them is needed."
    members = tuple(one.member for one in core)
    found = _relaxed(problem, core, plans)
    return (_conflict(members, found, plans, note.strip(), is_proven=all(shown)),)


def _conflict(
    members: tuple[ConflictMember, ...],
    relaxations: tuple[Relaxation, ...],
    plans: _Plans,
    note: str,
    *,
    is_proven: bool,
) -> Conflict:
    """A conflict of the team, about those whose rows are among its members."""
    people = dict.fromkeys(one.agent_id for one in members if one.agent_id)
    return Conflict(
        tuple(people), members, relaxations, is_proven, plans.solves, note, is_of_team=True
    )


def _with_only(
    problem: PlanningProblem, pieces: Sequence[_Piece], some: Sequence[_Piece]
) -> PlanningProblem:
    """A plan in which all other pieces are given up."""
    for piece in pieces:
        if piece not in some:
            problem = piece.without(problem)
    return problem


def _relaxed(
    problem: PlanningProblem, core: Sequence[_Piece], plans: _Plans
) -> tuple[Relaxation, ...]:
    """Changes of one member each with which a plan was found, the cheapest first."""
    found = [one for piece in core if (one := _least_change(problem, piece, plans))]
    return tuple(sorted(found, key=lambda one: one.cost))


def _least_change(problem: PlanningProblem, piece: _Piece, plans: _Plans) -> Relaxation | None:
    """The least change of a piece with which there is a plan, or none speaks against one."""
    if not plans.seems_possible(piece.without(problem)):
        return None
    rule, setting = piece.member.rule, piece.setting
    relaxed = piece.without(problem)
    before, after, text, cost = piece.member.text, "", piece.text, piece.cost
    if setting is not None:
        step, each = step_of(setting)
        values = looser(setting, step)

        def is_enough(k: int) -> bool:
            new = setting.model_copy(update={"value": values[k - 1]})
            return plans.seems_possible(_replaced(problem, setting, new))

        k = least(len(values), is_enough) if values else None
        if k is not None:
            before, after = _amount(setting, setting.value), _amount(setting, values[k - 1])
            new = setting.model_copy(update={"value": values[k - 1]})
            relaxed = _replaced(problem, setting, new)
            text = f"let {_named(setting)} be {after} instead of {before}"
            cost = k * each * PRICES["an hour, a day or a step of a rule of the plan"]
    where = "plan.toml" if setting else f"{piece.member.source.replace('-', '_').split()[0]}.csv"
    change = Change(rule, text, where, rule, before, after, cost + PRICES["any change"],
                    piece.member.agent_id)  # fmt: skip
    is_solved = plans.has_plan(relaxed)
    return None if is_solved is False else Relaxation((change,), is_verified=bool(is_solved))


def _pieces(problem: PlanningProblem, horizon: Horizon) -> Iterator[_Piece]:
    """The rules of the team, and rows of people that could give way to them."""
    packs = [rule for name in problem.site_packs for rule in problem.packs[name].rules]
    for setting in (*packs, *problem.plan_rules):
        if setting.rule in _NAMES and setting.hardness == HARD:
            yield _of_rule(setting)
    yield from _rows(problem, horizon)


def _of_rule(setting: RuleSetting) -> _Piece:
    """A rule of the team."""
    member = ConflictMember(
        rule=setting.rule, label=setting.rule, reason="", text=_said(setting),
        source=setting.source or "plan", value=setting.value, unit=setting.unit,
    )  # fmt: skip
    price = PRICES["an hour, a day or a step of a rule of the plan"]
    return _Piece(
        member, lambda problem: _replaced(problem, setting, None), setting,
        f"lift {_said(setting)}, or make it soft", 10 * price,
    )  # fmt: skip


def _rows(problem: PlanningProblem, horizon: Horizon) -> Iterator[_Piece]:
    """Locks, time off, availability and least hours of people."""
    for lock in problem.locks:
        if lock.day in horizon.dates:
            agent = next(one for one in problem.agents if one.agent_id == lock.agent_id)
            text = f"{say.lock(lock, agent.timezone)} of {lock.agent_id}"
            member = _member("locked", text, "locks table", lock.agent_id)
            yield _Piece(member, _without_lock(lock), None, f"release {text}", PRICES["a lock"])
    for agent in problem.agents:
        who = agent.agent_id
        for off in agent.time_off:
            if off.status is TimeOffStatus.APPROVED and off.end > horizon.start:
                text = f"{say.absence(off, agent.timezone)} of {who}"
                days = max((off.end - off.start).days, 1)
                rest = tuple(one for one in agent.time_off if one != off)
                yield _Piece(
                    _member("time_off", text, "time-off table", who), _agent(who, time_off=rest),
                    None, f"withdraw {text}", days * PRICES["a day of time off"],
                )  # fmt: skip
        if agent.availability:
            text = f"the availability of {who}"
            yield _Piece(
                _member("availability", text, "availability table", who),
                _agent(who, availability=()), None, f"ask {who} to be available at any time",
                24 * PRICES["an hour of availability"],
            )  # fmt: skip
        if agent.min_hours_week:
            text = f"the least hours of {who} (min_hours_week = {agent.min_hours_week:g})"
            yield _Piece(
                _member("paid_time_week", text, "contract", who), _agent(who, min_hours_week=0.0),
                None, f"lower min_hours_week of {who}",
                agent.min_hours_week * PRICES["an hour of her least or most hours"],
            )  # fmt: skip


def _member(rule: str, text: str, source: str, agent_id: str) -> ConflictMember:
    """A member made of rows of a person."""
    return ConflictMember(rule, rule, "", text, source, agent_id)


def _without_lock(lock: object) -> Edit:
    return lambda problem: problem.model_copy(
        update={"locks": tuple(one for one in problem.locks if one != lock)}
    )


def _agent(agent_id: str, **values: object) -> Edit:
    """A plan in which a person has other values."""
    return lambda problem: problem.model_copy(
        update={
            "agents": tuple(
                one.model_copy(update=values) if one.agent_id == agent_id else one
                for one in problem.agents
            )
        }
    )


def _replaced(
    problem: PlanningProblem, old: RuleSetting, new: RuleSetting | None
) -> PlanningProblem:
    """A plan with another value of a rule, or without it."""

    def rules(known: tuple[RuleSetting, ...]) -> tuple[RuleSetting, ...]:
        swapped = ((new,) if new else ()) if old in known else ()
        return (*(one for one in known if one != old), *swapped)

    packs = {
        name: pack.model_copy(update={"rules": rules(pack.rules)})
        for name, pack in problem.packs.items()
    }
    return problem.model_copy(update={"packs": packs, "plan_rules": rules(problem.plan_rules)})


def _named(setting: RuleSetting) -> str:
    """A rule of the team with what it is about."""
    of = f" of {say.listed(setting.of)}" if setting.of else ""
    window = ""
    if setting.window:
        window = f" from {say.clock(setting.window[0])} to {say.clock(setting.window[1])}"
    scope = f" in {setting.scope} {setting.scope_value}" if setting.scope_value else ""
    return f"{setting.rule}{of}{scope}{window}"


def _said(setting: RuleSetting) -> str:
    """The rule with its value."""
    if setting.rule == "pairing":
        return f"{_named(setting)} {setting.unit}"
    return f"{_named(setting)} = {_amount(setting, setting.value)}"


def _amount(setting: RuleSetting, value: float) -> str:
    """A value of the rule with its unit; one person is no ``1 people``."""
    if setting.unit.strip().lower() in ("people", "person"):
        return "1 person" if value == 1 else f"{value:g} people"
    return say.amount(value, setting.unit)


def _nothing_needed(problem: PlanningProblem, horizon: Horizon) -> StaffNeed:
    """A need of nobody: only the rules speak."""
    shape = (len(problem.channels), horizon.interval_count)
    nothing = [np.zeros(shape) for _ in range(8)]
    promise, occupancy, abandonment, tail, due, required, load, volume = nothing
    return StaffNeed(
        horizon=horizon,
        channels=tuple(channel.name for channel in problem.channels),
        harm=np.zeros((*shape, 2)),
        volume=volume,
        load_erlangs=load,
        staff_promise=promise,
        staff_occupancy=occupancy,
        staff_abandonment=abandonment,
        staff_tail=tail,
        staff_due=due,
        staff_required=required,
        binding=np.full(shape, "none"),
        staff_min=np.zeros(shape),
        empowered_min=np.zeros(horizon.interval_count),
        presence_share=1.0,
    )

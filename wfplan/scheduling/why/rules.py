"""Which rules bind a person, and which forbid an alternative: each is dropped in turn.

What her best week gains without a rule, at the prices that everybody else makes, is
the rule's shadow price. The week without it is put before the auditor's face of the
same rule, which says in its own words what is in the way and by how much.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from wfplan.domain.reasons import Move, RuleReason, Span
from wfplan.domain.results import Breach
from wfplan.domain.schedule import Activity, ActivityCategory, Shift
from wfplan.rules import AgentWeek, rules_of, work_limits
from wfplan.rules.base import HARD
from wfplan.scheduling.person.patterns import agent_space
from wfplan.scheduling.team.decode import schedule_of
from wfplan.scheduling.team.oracle import Week
from wfplan.scheduling.team.own_prices import with_own_prices
from wfplan.scheduling.team.team import Member
from wfplan.scheduling.why.choice import Choice, restricted
from wfplan.scheduling.why.effects import by_date
from wfplan.scheduling.why.standing import Standing

BINDS = 0.05  # harm points a week: less is not worth a word


class PersonRules:
    """The rules of one person, to be looked at without some of them."""

    def __init__(self, standing: Standing, i: int) -> None:
        self.standing, self.i = standing, i
        self.member = standing.team.members[i]
        agent, dates = self.member.agent, self.member.limits.dates
        self.rules = rules_of(standing.problem, agent, dates)
        self.hard = tuple(dict.fromkeys(r.name for r in self.rules if r.hardness == HARD))
        soft = dict.fromkeys(r.name for r in self.rules if r.hardness != HARD)
        self.names = (*self.hard, *(name for name in soft if name not in self.hard))
        self._known: dict[frozenset[str], Member] = {}

    def without(self, names: Collection[str]) -> Member:
        """The person as she would be without some rules."""
        key = frozenset(names)
        if key not in self._known:
            problem, team = self.standing.problem, self.standing.team
            limits = work_limits(problem, self.member.agent, team.grid.horizon, without=key)
            limits = with_own_prices(problem, self.member.agent, limits)
            space = agent_space(limits, team.grid)
            paid = self.member.paid_cost / self.member.space.unit_min * space.unit_min
            self._known[key] = replace(self.member, limits=limits, space=space, paid_cost=paid)
        return self._known[key]

    def binding(self, day: int | None = None) -> tuple[RuleReason, ...]:
        """Rules without which her best week, or her date of it, would be another, dearest first."""
        standing, search = self.standing, self.standing.search
        with standing.trial():
            kept = search.take_out(self.i)
            gain, own = search.gain(self.member), search.tally.own(self.i)
            value, _ = search.oracle.best(self.member, gain, own)
            found = []
            for name in self.names:
                free = self.without({name})
                more, week = search.oracle.best(free, gain, own)
                owed = free.owed_cost - self.member.owed_cost
                if week is None or more - owed - value < BINDS:
                    continue
                moves = self._moves(free, week, kept)
                dates = {move.day for move in moves}
                if day is None or self.member.limits.dates[day] in dates:
                    found.append(self._reason(name, more - owed - value, free, week, moves))
        return tuple(sorted(found, key=lambda one: -(one.points or 0.0)))

    def forbidding(self, choice: Choice, shift_min: int = 0) -> tuple[RuleReason, ...]:
        """
        The rules without any of which, alone or together, the choice would be legal.

        Where no rule of hers is in the way, the shift itself is none that she may have:
        then what the rules of single days say of it, of ``shift_min`` elapsed minutes.
        """
        alone = [reason for name in self.hard if (reason := self._permits(choice, {name}))]
        if alone:
            return tuple(alone)
        whole = self._shape(choice, shift_min)
        return whole or self._together(choice)

    def _permits(self, choice: Choice, names: set[str]) -> RuleReason | None:
        """The rules, said as one, if the choice is legal without them."""
        search = self.standing.search
        free = self.without(names)
        member, ids = restricted(free, choice)
        with self.standing.trial():
            kept = search.take_out(self.i)
            gain, own = search.gain(self.member), search.tally.own(self.i)
            _, week = search.oracle.best(member, gain, own)
        if week is None:
            return None
        own_shifts = tuple((int(ids[option]), starts) for option, starts in week.shifts)
        week = replace(week, shifts=own_shifts)
        moves = self._moves(free, week, kept)
        return self._reason(" and ".join(sorted(names)), None, free, week, moves)

    def _together(self, choice: Choice) -> tuple[RuleReason, ...]:
        """A smallest set of rules in the way together (deletion filter)."""
        if self._permits(choice, set(self.hard)) is None:
            return ()
        dropped = set(self.hard)
        for name in self.hard:
            if self._permits(choice, dropped - {name}) is not None:
                dropped.discard(name)
        return tuple(RuleReason(name, HARD, None) for name in self.hard if name in dropped)

    def _shape(self, choice: Choice, shift_min: int) -> tuple[RuleReason, ...]:
        """What rules of single days say of a shift of some start and length."""
        if choice.start is None or not shift_min:
            return ()
        standing, grid = self.standing, self.standing.team.grid
        start = grid.instant(choice.start)
        day = self.member.limits.dates[choice.day]
        end = start + timedelta(minutes=shift_min)
        shift = Shift(
            shift_id="asked", agent_id=self.member.agent_id, shift_date=day,
            activities=(Activity(code="ON_QUEUE", category=ActivityCategory.WORK, is_paid=True,
                                 start=start, end=end),),
        )  # fmt: skip
        others = by_date(standing, self.i, standing.begun.weeks[self.i])
        shifts = [one for date, one in others.items() if date != day]
        breaches = self._breaches(None, [*shifts, shift])
        told: dict[str, RuleReason] = {}
        for breach in breaches:
            if breach.rule not in _OF_BREAKS and breach.rule not in told:
                told[breach.rule] = _of_breach(breach)
        return tuple(told.values())

    def _breaches(self, name: str | None, shifts: Sequence[Shift]) -> list[Breach]:
        """What a week breaks of a rule, or of all hard ones."""
        standing = self.standing
        ordered = sorted(shifts, key=lambda shift: shift.start)
        week = AgentWeek.of(
            standing.problem, self.member.agent, standing.team.grid.horizon, ordered
        )
        wanted = [
            rule for rule in self.rules
            if (rule.name == name if name else rule.hardness == HARD)
        ]  # fmt: skip
        return [breach for rule in wanted for breach in rule.breaches(week)]

    def _reason(
        self, name: str, points: float | None, free: Member, week: Week, moves: tuple[Move, ...]
    ) -> RuleReason:
        """A rule with what the week without it would break."""
        breaches = self._breaches(name, self._shifts(free, week))
        hardness = next((r.hardness for r in self.rules if r.name == name), HARD)
        if not breaches:
            return RuleReason(name, hardness, points, moves=moves)
        told = _of_breach(breaches[0])
        return replace(told, points=points, moves=moves, hardness=hardness)

    def _shifts(self, member: Member, week: Week) -> tuple[Shift, ...]:
        """The shifts of a week of hers."""
        part = replace(self.standing.team, members=(member,))
        return schedule_of(self.standing.problem, part, [week]).shifts

    def _moves(self, free: Member, week: Week, kept: Week) -> tuple[Move, ...]:
        """How a week without some rules differs from hers."""
        before = by_date(self.standing, self.i, kept)
        after = {shift.shift_date: shift for shift in self._shifts(free, week)}
        moves = []
        for day in sorted(before.keys() | after.keys()):
            was, now = before.get(day), after.get(day)
            spans = (
                Span(was.start, was.end) if was else None,
                Span(now.start, now.end) if now else None,
            )
            if spans[0] != spans[1]:
                moves.append(Move(free.agent_id, day, *spans))
        return tuple(moves)


_OF_BREAKS = frozenset(
    {"break_window", "break_required", "break_time", "break_spacing", "meal", "contiguous_work",
     "continuous_contact_max", "split_gap", "split_shift", "locked_activity"}
)  # fmt: skip
"""Rules that a shift without its breaks cannot be judged by."""


def _of_breach(breach: Breach) -> RuleReason:
    """A rule in the auditor's words."""
    return RuleReason(
        breach.rule, breach.hardness, None, why=breach.why, amount=breach.amount, unit=breach.unit
    )

"""Why a person has her shift of a date, or a day off; and her week."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.people import AvailabilityKind, TimeOffStatus
from wfplan.domain.reasons import (
    Alternative,
    AlternativeKind,
    BreakReason,
    DayReason,
    HourWorth,
    Span,
    WeekReason,
)
from wfplan.domain.schedule import Shift
from wfplan.errors import InputError, did_you_mean
from wfplan.horizon import wall_instant
from wfplan.scheduling.team.decode import CATEGORIES
from wfplan.scheduling.terms.strain import channel_shares
from wfplan.scheduling.why.choice import Choice, option_on
from wfplan.scheduling.why.effects import by_date
from wfplan.scheduling.why.prices import Question, Wanted
from wfplan.scheduling.why.rules import PersonRules
from wfplan.scheduling.why.standing import Standing
from wfplan.scheduling.why.swaps import partners

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SHIFTED_MIN = (60, 120)  # by which a shift is tried earlier and later
SHIFTED_NEAR_MIN = (30,)  # and where the shift itself is asked about
BREAK_STEPS_MIN = (-30, -15, 15, 30)


def why_person(standing: Standing, agent_id: str) -> WeekReason:
    """
    A person's week: every date with what the other choice would cost, and what rules hold it.

    Raises
    ------
    InputError
        When nobody is planned under that id.
    """
    i = _place(standing, agent_id)
    member, rules = standing.team.members[i], PersonRules(standing, i)
    days = []
    for d in range(len(member.limits.dates)):
        asked = list(_other_choice(standing, i, d))
        asked += list(_wishes(standing, i, d))
        days.append(_day(standing, i, d, asked, rules, is_whole=False))
    unit_h = member.space.unit_min / 60
    paid = [shift.paid_min for shift in by_date(standing, i, standing.weeks[i]).values()]
    return WeekReason(
        agent_id=agent_id,
        paid_h=sum(paid) / 60,
        paid_h_least=member.space.paid_low * unit_h,
        paid_h_most=member.space.paid_high * unit_h,
        days=tuple(days),
        rules=rules.binding(),
    )


def why_day(standing: Standing, agent_id: str, day: date, *, is_shift: bool = False) -> DayReason:
    """
    A person's date: what it is worth, which rules hold it, and what else would cost.

    Where the ``is_shift`` itself is asked about, half an hour earlier and later, too.

    Raises
    ------
    InputError
        When nobody is planned under that id, or the date is not of the plan.
    """
    i = _place(standing, agent_id)
    dates = standing.team.members[i].limits.dates
    if day not in dates:
        raise InputError(
            f"{day} is not a date of this plan, which runs from {dates[0]} to {dates[-1]}. "
            f"Ask for one of these, such as person:{agent_id}@{dates[0]}."
        )
    d, rules = dates.index(day), PersonRules(standing, i)
    asked = [*_other_choice(standing, i, d)]
    asked += [*_shifted(standing, i, d, (*(SHIFTED_NEAR_MIN if is_shift else ()), *SHIFTED_MIN))]
    asked += [*_lengths(standing, i, d), *_swaps(standing, i, d), *_wishes(standing, i, d)]
    return _day(standing, i, d, asked, rules, is_whole=True)


Asked = tuple[AlternativeKind, int, str, Wanted]
"""The kind of an alternative, by how many minutes, with whom, and what is chosen."""


def _place(standing: Standing, agent_id: str) -> int:
    """The place of a person in the team."""
    if agent_id not in standing.place:
        hint = did_you_mean(agent_id, standing.place)
        some = ", ".join(list(standing.place)[:5])
        raise InputError(
            f"agent '{agent_id}' is not planned here; {hint or f'ids look like {some}.'}"
        )
    return standing.place[agent_id]


def _day(
    standing: Standing, i: int, d: int, asked: list[Asked], rules: PersonRules, *, is_whole: bool
) -> DayReason:
    """A date with the alternatives that are asked for."""
    member, week = standing.team.members[i], standing.weeks[i]
    day = member.limits.dates[d]
    shift = by_date(standing, i, week).get(day)
    question = Question(standing, i, d)
    priced = question.price([wanted for *_, wanted in asked])
    alternatives = []
    for (kind, by_min, partner, wanted), found in zip(asked, priced, strict=True):
        one = Alternative(kind, member.agent_id, day, by_min, partner)
        if found is not None:
            alternatives.append(replace(one, effect=found.effect, moves=found.moves))
        elif kind is not AlternativeKind.SWAP:
            length = _minutes_of(standing, wanted)
            forbidden = rules.forbidding(wanted[0][1], length) if is_whole else ()
            alternatives.append(replace(one, forbidden=forbidden))
    worth = _Worth(standing, i)
    locked = {lock.day for lock in member.limits.locked}
    return DayReason(
        agent_id=member.agent_id,
        day=day,
        shift_id=shift.shift_id if shift else "",
        shift=Span(shift.start, shift.end) if shift else None,
        is_locked=day in locked,
        worth=worth.of_shift(shift) if shift else 0.0,
        hours=tuple(worth.hours(shift)) if shift and is_whole else (),
        breaks=tuple(worth.breaks(d)) if shift and is_whole else (),
        rules=rules.binding(d) if is_whole else (),
        alternatives=tuple(alternatives),
        notes=tuple(_notes(standing, i, day, question.slack)) if is_whole else (),
    )


def _notes(standing: Standing, i: int, day: date, slack: float) -> Iterator[str]:
    """What has to be known beside the numbers."""
    if i in standing.strays:
        yield "stray"
    if slack >= 1.0:
        yield f"slack {slack:.6g}"


def _minutes_of(standing: Standing, wanted: Wanted) -> int:
    """Elapsed minutes of the shift that is chosen; 0 where that is left open."""
    length = wanted[0][1].length
    return 0 if length is None else length * standing.team.grid.horizon.slot_min


def _other_choice(standing: Standing, i: int, d: int) -> Iterator[Asked]:
    """A day off where she works, a shift where she is free."""
    if _works(standing, i, d):
        yield AlternativeKind.DAY_OFF, 0, "", ((i, Choice(d, is_off=True)),)
    else:
        yield AlternativeKind.WORK, 0, "", ((i, Choice(d)),)


def _works(standing: Standing, i: int, d: int) -> bool:
    member = standing.team.members[i]
    return member.limits.dates[d] in by_date(standing, i, standing.weeks[i])


def _now(standing: Standing, i: int, d: int) -> tuple[int, int] | None:
    """First slot and length of her shift of a date, in slots."""
    member = standing.team.members[i]
    shift = by_date(standing, i, standing.weeks[i]).get(member.limits.dates[d])
    if shift is None:
        return None
    grid = standing.team.grid
    first = grid.slot(shift.start)
    return first, grid.slot_from(shift.end) - first


def _shifted(standing: Standing, i: int, d: int, by_min: tuple[int, ...]) -> Iterator[Asked]:
    """The same shift earlier and later."""
    now, slot_min = _now(standing, i, d), standing.team.grid.horizon.slot_min
    if now is None:
        return
    for kind, sign in ((AlternativeKind.EARLIER, -1), (AlternativeKind.LATER, 1)):
        for minutes in by_min:
            if minutes % slot_min:
                continue
            start = now[0] + sign * minutes // slot_min
            yield kind, minutes, "", ((i, Choice(d, start=start, length=now[1])),)


def _lengths(standing: Standing, i: int, d: int) -> Iterator[Asked]:
    """The next shorter and longer shift, and the shortest and longest wherever they are best."""
    now, slot_min = _now(standing, i, d), standing.team.grid.horizon.slot_min
    if now is None:
        return
    member = standing.team.members[i]
    lengths = [m for m in member.limits.contract.lengths_min if m % slot_min == 0]
    minutes = now[1] * slot_min
    shorter, longer = [m for m in lengths if m < minutes], [m for m in lengths if m > minutes]
    if shorter:
        choice = Choice(d, start=now[0], length=shorter[-1] // slot_min)
        yield AlternativeKind.SHORTER, minutes - shorter[-1], "", ((i, choice),)
    if longer:
        choice = Choice(d, start=now[0], length=longer[0] // slot_min)
        yield AlternativeKind.LONGER, longer[0] - minutes, "", ((i, choice),)
    for other in dict.fromkeys([*shorter[:-1][:1], *longer[1:][-1:]]):
        yield AlternativeKind.LENGTH, other, "", ((i, Choice(d, length=other // slot_min)),)


def _swaps(standing: Standing, i: int, d: int) -> Iterator[Asked]:
    """Exchanges of her shift with those colleagues who seem the best partners."""
    for j, hers, theirs in partners(standing, i, d):
        agent_id = standing.team.members[j].agent_id
        yield AlternativeKind.SWAP, 0, agent_id, ((i, hers), (j, theirs))


def _wishes(standing: Standing, i: int, d: int) -> Iterator[Asked]:
    """What she asked for on the date, where the plan does not give it."""
    member, now = standing.team.members[i], _now(standing, i, d)
    if now is None:
        return
    agent, grid = member.agent, standing.team.grid
    day = member.limits.dates[d]
    spans: list[tuple[datetime, datetime]] = [
        (off.start, off.end) for off in agent.time_off if off.status is TimeOffStatus.REQUESTED
    ]
    for row in agent.availability:
        if row.kind is AvailabilityKind.AVOID and row.applies(day):
            bounds = (wall_instant(day, m, agent.timezone) for m in (row.start_min, row.end_min))
            spans.append((next(bounds), next(bounds)))
    slots = [grid.span(start, end) for start, end in spans]
    clear = tuple((s.start, s.stop) for s in slots if s.start < now[0] + now[1] and now[0] < s.stop)
    if clear:
        choice = Choice(d, must_work=False, clear=clear)
        yield AlternativeKind.WISH, 0, "", ((i, choice),)


class _Worth:
    """What a person saves customers slot by slot, everybody else as they are."""

    def __init__(self, standing: Standing, i: int) -> None:
        self.standing, self.i = standing, i
        self.member, self.week = standing.team.members[i], standing.weeks[i]
        with standing.trial():
            standing.search.take_out(i)
            self.gain: FloatArray = standing.search.gain(self.member).copy()
        self.saved = np.zeros(len(self.gain))
        self.saved[self.week.on_queue] = self.gain[self.week.on_queue]

    def of_shift(self, shift: Shift) -> float:
        """Harm points that the shift saves."""
        return float(self.saved[self.standing.team.grid.span(shift.start, shift.end)].sum())

    def hours(self, shift: Shift) -> Iterator[HourWorth]:
        """The shift by clock hours."""
        grid = self.standing.team.grid
        whole = grid.span(shift.start, shift.end)
        per_hour = max(60 // grid.horizon.slot_min, 1)
        edges = range(whole.start - (whole.start - grid.lead) % per_hour, whole.stop, per_hour)
        share = channel_shares(self.standing.team, self.standing.search.coverage)
        for edge in edges:
            first, last = max(edge, whole.start), min(edge + per_hour, whole.stop)
            yield HourWorth(
                Span(grid.instant(first), grid.instant(last)),
                float(self.saved[first:last].sum()),
                self._channels(share, first, last),
            )

    def _channels(self, share: FloatArray, first: int, last: int) -> tuple[tuple[str, float], ...]:
        """Which channels her group serves in some slots, the largest share first."""
        team = self.standing.team
        grid, total = team.grid, np.zeros(len(team.channels))
        days = np.searchsorted(team.day_edges[1:-1], np.arange(first, last), side="right")
        for s, d in zip(range(first, last), days.tolist(), strict=True):
            kind = self.member.kinds[min(d, len(self.member.kinds) - 1)]
            t = (s - grid.lead) // grid.horizon.slots_per_interval
            if kind >= 0 and 0 <= t < grid.horizon.interval_count:
                total += share[team.kinds[kind].group][:, t]
        if total.sum() <= 0:
            return ()
        parts = zip(team.channels, total / total.sum(), strict=True)
        told = [(name, float(part)) for name, part in parts if part > 0.005]
        return tuple(sorted(told, key=lambda one: -one[1]))

    def breaks(self, d: int) -> Iterator[BreakReason]:
        """The breaks of a date's shift, and what they would cost customers elsewhere."""
        found = option_on(self.member, self.week.shifts, d)
        if found is None:
            return
        space, grid = self.member.space, self.standing.team.grid
        option, starts = found
        row, first = int(space.opt_len[option]), int(space.opt_start[option])
        sums = np.concatenate([[0.0], np.cumsum(self.gain)])
        for b, (at, part) in enumerate(zip(starts, space.lengths.breaks[row], strict=True)):
            length, earliest, latest = space.lengths.break_slots[row, b]
            cost = float(sums[first + at + length] - sums[first + at])
            others = []
            for by in BREAK_STEPS_MIN:
                to = at + by // grid.horizon.slot_min
                if by % grid.horizon.slot_min == 0 and earliest <= to <= latest:
                    there = float(sums[first + to + length] - sums[first + to])
                    others.append((by, there - cost))
            begin = first + at
            span = Span(grid.instant(begin), grid.instant(begin + int(length)))
            yield BreakReason(str(CATEGORIES[part.kind]), span, cost, tuple(others))

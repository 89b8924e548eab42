"""Effects: what a change of the plan means to customers and staff, in their own units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.reasons import Effect, Move, Span
from wfplan.domain.schedule import Schedule, Shift
from wfplan.scheduling.team.decode import schedule_of
from wfplan.scheduling.team.oracle import Week
from wfplan.scheduling.terms.customers import losses, slot_harm
from wfplan.scheduling.terms.own_terms import OwnTerms, own_terms
from wfplan.scheduling.why.standing import Standing

FloatArray = NDArray[np.float64]

HOUR_COUNTS = 1.0  # contacts: an hour with fewer says nothing of the worst
_MOVED = 1e-9  # effective staff


@dataclass(frozen=True)
class Look:
    """The plan at a moment of a trial; ``in_time`` are shares, (channel, interval)."""

    weeks: tuple[Week, ...]
    customers: float
    people: float
    coupled: float
    lost: float
    late: float
    staff: FloatArray  # (channel, interval)
    in_time: FloatArray

    @property
    def points(self) -> float:
        """Harm points of the whole plan."""
        own = sum(week.cost for week in self.weeks)
        return self.customers + self.people + self.coupled + own


def look(standing: Standing, known: Look | None = None) -> Look:
    """The plan as it is now; only intervals whose staff differ from a known look are read."""
    standing.tidy()
    team, coverage = standing.team, standing.search.coverage
    lost, late, _ = losses(team, *slot_harm(team, coverage))
    staff = team.by_interval(coverage.staff.T)
    if known is None:
        in_time = np.array([standing.service.in_time(row, c) for c, row in enumerate(staff)])
    else:
        in_time = known.in_time.copy()
        for c, row in enumerate(staff):
            at = np.flatnonzero(np.abs(row - known.staff[c]) > _MOVED)
            if len(at):
                in_time[c, at] = standing.service.in_time(row[at], c, at)
    return Look(
        weeks=tuple(standing.weeks),
        customers=standing.customers(),
        people=standing.people(),
        coupled=standing.coupled(),
        lost=float(lost.sum()),
        late=float(late.sum()),
        staff=staff,
        in_time=in_time,
    )


def effect(standing: Standing, before: Look, after: Look) -> Effect:
    """What the later look has more than the earlier one."""
    changed = changed_people(before, after)
    own = _own(standing, changed, after.weeks), _own(standing, changed, before.weeks)
    diff = {name: value - getattr(own[1], name) for name, value in vars(own[0]).items()}
    points = after.points - before.points
    customers, people = after.customers - before.customers, after.people - before.people
    known = ("wishes", "paid_time", "overtime", "changes")
    rest = points - customers - people - sum(diff[name] for name in known)
    first, then = _hours(standing, before), _hours(standing, after)
    worst, at = _hardest(standing, first, then)
    return Effect(
        points=points,
        customers=customers,
        people=people,
        **{name: diff[name] for name in known},
        rules=rest,
        lost_contacts=after.lost - before.lost,
        late_contacts=after.late - before.late,
        service_level=_average(standing, after) - _average(standing, before),
        worst_hour=_worst(then) - _worst(first),
        hardest_change=worst,
        against_wishes_h=diff["against_h"],
        broken_wishes=diff["broken"],
        paid_h=diff["paid_h"],
        overtime_h=diff["overtime_h"],
        changed_days=diff["changed"],
        hardest=at,
    )


def changed_people(before: Look, after: Look) -> list[int]:
    """The places of people whose weeks differ."""
    pairs = zip(before.weeks, after.weeks, strict=True)
    return [i for i, (a, b) in enumerate(pairs) if a is not b and a.shifts != b.shifts]


def moves(standing: Standing, before: Look, after: Look, first: Sequence[int]) -> tuple[Move, ...]:
    """The dates that differ between two looks, those of some people first."""
    changed = changed_people(before, after)
    order = [*(i for i in first if i in changed), *(i for i in changed if i not in first)]
    found = []
    for i in order:
        was, now = (by_date(standing, i, one.weeks[i]) for one in (before, after))
        for day in sorted(was.keys() | now.keys()):
            pair = was.get(day), now.get(day)
            if (pair[0] and _span(pair[0])) != (pair[1] and _span(pair[1])):
                found.append(
                    Move(
                        standing.team.members[i].agent_id, day,
                        _span(pair[0]) if pair[0] else None, _span(pair[1]) if pair[1] else None,
                    )
                )  # fmt: skip
    return tuple(found)


def by_date(standing: Standing, i: int, week: Week) -> Mapping[date, Shift]:
    """The shifts of a person's week by the date on which they start."""
    if i in standing.strays and not week.shifts:
        agent_id = standing.team.members[i].agent_id
        own = standing.schedule.by_agent().get(agent_id, [])
        return {shift.shift_date: shift for shift in own}
    return {shift.shift_date: shift for shift in _decoded(standing, [i], {i: week}).shifts}


def _span(shift: Shift) -> Span:
    return Span(shift.start, shift.end)


def _decoded(standing: Standing, people: Sequence[int], weeks: Mapping[int, Week]) -> Schedule:
    """The schedule of some people alone."""
    part = replace(standing.team, members=tuple(standing.team.members[i] for i in people))
    return schedule_of(standing.problem, part, [weeks[i] for i in people])


def _own(standing: Standing, people: Sequence[int], weeks: Sequence[Week]) -> OwnTerms:
    """What some people's own weeks cost."""
    part = replace(standing.team, members=tuple(standing.team.members[i] for i in people))
    schedule = _decoded(standing, people, {i: weeks[i] for i in people})
    return own_terms(part, schedule)


def _average(standing: Standing, one: Look) -> float:
    """Contact-weighted service over all channels."""
    volume = standing.service.volume
    known = np.isfinite(one.in_time) & (volume > 0)
    total = float(volume[known].sum())
    return float((one.in_time[known] * volume[known]).sum() / total) if total else 1.0


def _hours(standing: Standing, one: Look) -> FloatArray:
    """Service of clock hours, (channel, hour); NaN where too few come."""
    volume = standing.service.volume
    good = np.where(volume > 0, np.nan_to_num(one.in_time) * volume, 0.0)
    width = max(60 // standing.need.horizon.interval_min, 1)
    edges = np.arange(0, volume.shape[1], width)
    many = np.add.reduceat(volume, edges, axis=1)
    share = np.full(many.shape, np.nan)
    np.divide(np.add.reduceat(good, edges, axis=1), many, out=share, where=many >= HOUR_COUNTS)
    return share


def _worst(hours: FloatArray) -> float:
    """The worst hour of any channel; 1 where nobody comes."""
    known = hours[np.isfinite(hours)]
    return float(known.min()) if len(known) else 1.0


def _hardest(
    standing: Standing, before: FloatArray, after: FloatArray
) -> tuple[float, tuple[str, datetime] | None]:
    """The largest fall of an hour's service, and where; 0 and None where none falls."""
    fall = np.nan_to_num(after - before)
    if not fall.size or fall.min() >= -_MOVED:
        return 0.0, None
    c, hour = np.unravel_index(int(fall.argmin()), fall.shape)
    width = max(60 // standing.need.horizon.interval_min, 1)
    at = standing.need.horizon.interval_instant(int(hour) * width)
    return float(fall[c, hour]), (standing.team.channels[int(c)], at)

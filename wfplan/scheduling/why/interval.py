"""Why so many people are on queue in an interval, and what more or fewer would mean."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.reasons import (
    Alternative,
    AlternativeKind,
    ChannelNeedThere,
    IntervalReason,
    Keeper,
    OneMore,
    Span,
)
from wfplan.errors import InputError, did_you_mean
from wfplan.scheduling.team.oracle import is_allowed
from wfplan.scheduling.team.team import Member
from wfplan.scheduling.terms.customers import losses, slot_harm
from wfplan.scheduling.terms.strain import channel_shares
from wfplan.scheduling.why.choice import Choice, option_on
from wfplan.scheduling.why.effects import Look, effect, look
from wfplan.scheduling.why.prices import Question
from wfplan.scheduling.why.standing import Standing

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

CHEAPEST = 3  # moves that are told
TRIED = 20  # people whose week is solved again for it
NAMED = 3  # people of each reason

_FLOORS = {
    "promise": "staff_promise",
    "occupancy": "staff_occupancy",
    "abandonment": "staff_abandonment",
    "answer_tail": "staff_tail",
    "due": "staff_due",
}


def why_interval(standing: Standing, moment: datetime, channel: str = "") -> IntervalReason:
    """
    An interval by an instant in it: who is there, what was asked for, and what else would cost.

    Raises
    ------
    InputError
        When the instant is not in the week, or there is no such channel.
    """
    there = _There.of(standing, moment, channel)
    first = look(standing)
    need, t = standing.need, there.interval
    begin = need.horizon.interval_instant(t)
    return IntervalReason(
        span=Span(begin, begin + timedelta(minutes=need.horizon.interval_min)),
        channel=channel,
        on_queue=tuple(there.on_queue()),
        on_break=tuple(there.on_break()),
        channels=tuple(there.channels(first)),
        empowered=float(standing.search.coverage.empowered[there.slots].mean()),
        empowered_min=float(need.empowered_min[t]),
        changes=tuple(there.one_more_or_fewer(first)),
        moves=tuple(there.cheapest_moves()),
        keepers=tuple(there.keepers()),
    )


class _There:
    """An interval of a plan, for all channels or one."""

    def __init__(self, standing: Standing, interval: int, serves: BoolArray) -> None:
        self.standing, self.interval, self.serves = standing, interval, serves
        grid = standing.team.grid
        first = grid.lead + interval * grid.horizon.slots_per_interval
        self.slots: IntArray = np.arange(first, first + grid.horizon.slots_per_interval)
        days = len(standing.team.day_edges) - 1
        day = int(np.searchsorted(standing.team.day_edges[1:-1], first, side="right"))
        self.day = min(day, days - 1)

    @classmethod
    def of(cls, standing: Standing, moment: datetime, channel: str) -> _There:
        """The interval that holds an instant."""
        horizon, names = standing.need.horizon, standing.team.channels
        if not horizon.start <= moment < horizon.end:
            local = horizon.local(moment)
            raise InputError(
                f"{local:%Y-%m-%dT%H:%M} is not in this plan, which runs from "
                f"{horizon.dates[0]} to {horizon.dates[-1]}. Ask for a time of these dates, "
                f"such as interval:{horizon.dates[0]}T10:00."
            )
        if channel and channel not in names:
            hint = did_you_mean(channel, names) or f"There are {', '.join(names)}."
            raise InputError(f"channel '{channel}' is not one of the plan; {hint}")
        serves = np.array([not channel or name == channel for name in names])
        at = int((moment - horizon.start) // timedelta(minutes=horizon.interval_min))
        return cls(standing, at, serves)

    def kind_of(self, i: int) -> int:
        """What a person is there, -1 where she serves nothing that is asked about."""
        kind = int(self.standing.kind_at[i, self.day])
        if kind < 0:
            return -1
        group = self.standing.team.kinds[kind].group
        speeds = self.standing.team.speed[group]
        return kind if bool((speeds[self.serves] > 0).any()) else -1

    def on_queue(self) -> Iterator[tuple[str, tuple[tuple[str, float], ...]]]:
        """Who is on queue, and among which channels her time is spread."""
        standing, team = self.standing, self.standing.team
        share = channel_shares(team, standing.search.coverage)[:, :, self.interval]
        for i, member in enumerate(team.members):
            kind = self.kind_of(i)
            if kind < 0 or not standing.on_queue[i, self.slots].any():
                continue
            own = share[team.kinds[kind].group]
            own = own / own.sum() if own.sum() > 0 else own
            told = [(n, float(p)) for n, p in zip(team.channels, own, strict=True) if p > 0.005]
            yield member.agent_id, tuple(sorted(told, key=lambda one: -one[1]))

    def on_break(self) -> Iterator[str]:
        """Who has a shift then, but is on a break or in an activity."""
        for i, member in enumerate(self.standing.team.members):
            is_serving = bool(self.standing.on_queue[i, self.slots].any())
            if self.kind_of(i) >= 0 and self._is_on_shift(i) and not is_serving:
                yield member.agent_id

    def _is_on_shift(self, i: int) -> bool:
        """Whether a shift of hers holds the interval."""
        space = self.standing.team.members[i].space
        first, last = int(self.slots[0]), int(self.slots[-1])
        return any(
            space.opt_start[o] <= first and space.legal.end[o] > last
            for o, _ in self.standing.weeks[i].shifts
        )

    def channels(self, first: Look) -> Iterator[ChannelNeedThere]:
        """Every channel that is asked about."""
        standing, need, t = self.standing, self.standing.need, self.interval
        team, coverage = standing.team, standing.search.coverage
        lost, late, _ = losses(team, *slot_harm(team, coverage))
        inside = self.slots - team.grid.lead
        prices = team.by_interval(coverage.prices())[:, t] * len(self.slots)
        for c, name in enumerate(team.channels):
            if not self.serves[c]:
                continue
            floors = [
                (floor, float(getattr(need, field)[c, t])) for floor, field in _FLOORS.items()
            ]
            floors.append(("staff_min", float(need.staff_min[c, t] * need.presence_share)))
            level = float(first.in_time[c, t])
            yield ChannelNeedThere(
                channel=name,
                volume=float(need.volume[c, t]),
                staff=float(first.staff[c, t]),
                required=float(need.staff_required[c, t]),
                binding=str(need.binding[c, t]),
                floors=tuple(one for one in floors if one[1] > 0),
                service_level=level if np.isfinite(level) else None,
                lost_contacts=float((lost + late)[c, inside].sum()),
                price=float(prices[c]),
            )

    def one_more_or_fewer(self, first: Look) -> Iterator[OneMore]:
        """One more person in the interval alone, where she helps most; one fewer, least missed."""
        standing, team = self.standing, self.standing.team
        kinds = sorted({kind for i in range(len(team.members)) if (kind := self.kind_of(i)) >= 0})
        for heads in (1, -1):
            tried = [(k, one) for k in kinds if (one := self._with(k, heads, first)) is not None]
            if tried:
                kind, after = min(tried, key=lambda one: one[1].points)
                speeds = team.speed[team.kinds[kind].group]
                names = tuple(n for n, v in zip(team.channels, speeds, strict=True) if v > 0)
                yield OneMore(heads, names, effect(standing, first, after))

    def _with(self, kind: int, heads: int, first: Look) -> Look | None:
        """The plan with one of a kind more or fewer; None where there is none to leave."""
        coverage = self.standing.search.coverage
        if heads < 0 and coverage.slots.present[kind, self.slots].min() < 1:
            return None
        with self.standing.trial():
            (coverage.add if heads > 0 else coverage.remove)(kind, self.slots)
            return look(self.standing, first)

    def cheapest_moves(self) -> list[Alternative]:
        """The cheapest legal weeks of people who are not there, with what they would cost."""
        standing = self.standing
        ranked = sorted(self._candidates(), key=lambda one: (-one[0], one[1]))[:TRIED]
        tried = []
        for _, i, d in ranked:
            fall = self._alone(i, d)
            if fall is not None:
                tried.append((fall, i, d))
        tried.sort()
        moves = []
        for _, i, d in tried[:CHEAPEST]:
            question = Question(standing, i, d)
            found = question.price([((i, self._there(d)),)])[0]
            if found is not None:
                member = standing.team.members[i]
                day = member.limits.dates[d]
                moves.append(
                    Alternative(
                        AlternativeKind.THERE, member.agent_id, day,
                        effect=found.effect, moves=found.moves,
                    )
                )  # fmt: skip
        moves.sort(key=lambda one: one.effect.points if one.effect else np.inf)
        return moves[:CHEAPEST]

    def _there(self, d: int) -> Choice:
        """On queue throughout the interval, with the shift of a date."""
        return Choice(d, covers=(int(self.slots[0]), int(self.slots[-1])))

    def _alone(self, i: int, d: int) -> float | None:
        """What her own week with her there is worth less; None where there is none."""
        standing = self.standing
        with standing.trial():
            old = standing.search.take_out(i)
            week = standing.best_with(i, self._there(d))
            if week is None:
                return None
            gain = standing.search.gain(standing.team.members[i])
            own = standing.search.tally.own(i)
            now = standing.worth_of(i, old, gain, own)
            return now - standing.worth_of(i, week, gain, own)

    def _candidates(self) -> Iterator[tuple[float, int, int]]:
        """Who could be there with the shift of which date, and a guess of what that is worth."""
        standing = self.standing
        sums = np.cumsum(standing.begun.arrays["gain"], axis=1)
        known: dict[tuple[int, int, int], float | None] = {}
        for i, member in enumerate(standing.team.members):
            kind = self.kind_of(i)
            if kind < 0 or i in standing.strays or standing.on_queue[i, self.slots].all():
                continue
            for d in (self.day - 1, self.day):
                if not 0 <= d < len(member.limits.dates):
                    continue
                key = id(member.space), kind, d
                if key not in known:
                    known[key] = self._best_cover(member, d, sums[kind])
                best = known[key]
                if best is not None:
                    yield best - self._day_worth(i, d, sums[kind]), i, d

    def _best_cover(self, member: Member, d: int, sums: FloatArray) -> float | None:
        """The most that a shift of a date which holds the interval saves, breaks left out."""
        space, choice = member.space, self._there(d)
        first, last = space.day_ptr[d], space.day_ptr[d + 1]
        keep = np.flatnonzero(choice.keeps(space)[first:last]) + first
        if not len(keep):
            return None
        start, end = space.opt_start[keep], space.legal.end[keep]
        return float((sums[end - 1] - sums[start]).max())

    def _day_worth(self, i: int, d: int, sums: FloatArray) -> float:
        """The same of the shift that she has."""
        member = self.standing.team.members[i]
        found = option_on(member, self.standing.weeks[i].shifts, d)
        if found is None:
            return 0.0
        space = member.space
        return float(sums[space.legal.end[found[0]] - 1] - sums[space.opt_start[found[0]]])

    def keepers(self) -> list[Keeper]:
        """What keeps everybody away who serves what is asked about and is not there."""
        standing = self.standing
        away: dict[tuple[str, str], list[str]] = {}
        for i, member in enumerate(standing.team.members):
            if self.kind_of(i) >= 0 and not standing.on_queue[i, self.slots].any():
                away.setdefault(self._kept_by(i, member), []).append(member.agent_id)
        order = sorted(away.items(), key=lambda one: (-len(one[1]), one[0]))
        return [Keeper(reason, rule, len(ids), tuple(ids[:NAMED])) for (reason, rule), ids in order]

    def _kept_by(self, i: int, member: Member) -> tuple[str, str]:
        """What keeps a person away: a reason and its rule, if it is one."""
        standing, limits = self.standing, member.limits
        if self._is_on_shift(i):
            return "break", "break_window"
        grid, day = standing.team.grid, limits.dates[min(self.day, len(limits.dates) - 1)]
        begin = grid.instant(int(self.slots[0]))
        end = grid.instant(int(self.slots[-1]) + 1)
        if any(lock.day == day for lock in limits.locked):
            return "locked", "locked"
        if any(start < end and begin < stop for start, stop in limits.absences):
            return "time_off", "time_off"
        if day in limits.days_off:
            return "away", "employment"
        if any(start < end and begin < stop for start, stop in limits.blocked):
            return "unavailable", "availability"
        if not standing.can_be[i, self.slots].all():
            return "hours", "shift_start_window"
        if i in standing.strays:
            return "elsewhere", ""
        return self._costs_or_rules(i, member)

    def _costs_or_rules(self, i: int, member: Member) -> tuple[str, str]:
        """Whether she could be there with her other dates as they are."""
        days = [d for d in (self.day, self.day - 1) if 0 <= d < len(member.limits.dates)]
        shifts = self.standing.weeks[i].shifts
        for d in days:
            mine = option_on(member, shifts, d)
            others = [o for o, _ in shifts if mine is None or o != mine[0]]
            first, last = member.space.day_ptr[d], member.space.day_ptr[d + 1]
            keep = np.flatnonzero(self._there(d).keeps(member.space)[first:last]) + first
            if any(is_allowed(member, [*others, int(o)]) for o in keep):
                works = any(option_on(member, shifts, one) is not None for one in days)
                return ("other_hours", "") if works else ("free_day", "")
        return "other_days", "rules"

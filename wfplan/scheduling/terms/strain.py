"""How hard a minute on queue is at a plan's occupancy, for everybody and on every interval."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from wfplan.engagement import planned_occupancy
from wfplan.engagement.rescue import rescue_share
from wfplan.scheduling.service.coverage import Coverage
from wfplan.scheduling.team.team import Member, Team
from wfplan.scheduling.terms.duties import Duties

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Strain:
    """
    Strain rates of a plan, by interval.

    ``of_group`` are strain-minutes per minute on queue of each group,
    ``hard_share`` the part of it on hard queues, (group, interval) both, the
    last column for all slots outside the horizon. ``share`` is the time of a
    group on each channel, (group, channel, interval).
    """

    team: Team
    share: FloatArray
    of_group: FloatArray
    hard_share: FloatArray
    rescue: (
        FloatArray  # (interval + 1,) part of their time that empowered people give to rescue work
    )
    interval_at: IntArray  # (slot,) interval of the horizon, the last column elsewhere
    group_at: IntArray  # (person, slot day) group of a member on each date of the site

    @classmethod
    def of(cls, team: Team, coverage: Coverage) -> Strain:
        """The strain of a plan at its own occupancy."""
        facts, grid = team.facts, team.grid
        staff = team.by_interval(coverage.staff.T)
        occupancy = planned_occupancy(facts.problem, facts.need, staff)
        rate = facts.table.rate(occupancy) * facts.weight[:, None]
        share = channel_shares(team, coverage)
        nowhere = np.zeros((len(share), 1))
        last = grid.horizon.interval_count
        at = np.full(grid.slots, last, dtype=np.int64)
        inside = np.arange(grid.horizon.slot_count)
        at[grid.lead + inside] = inside // grid.horizon.slots_per_interval
        before = np.arange(grid.lead)  # weighed as the same hours at the horizon's end
        at[before] = (before - grid.lead) // grid.horizon.slots_per_interval % last
        return cls(
            team=team,
            share=share,
            of_group=np.hstack([(share * rate).sum(axis=1), nowhere]),
            hard_share=np.hstack([(share * facts.is_hard[:, None]).sum(axis=1), nowhere]),
            rescue=_rescue(team, coverage),
            interval_at=at,
            group_at=_groups(team),
        )

    def minutes(self, duties: Duties) -> FloatArray:
        """Overload minutes of everybody's dates, (person, day): the ledger of the plan."""
        weight = self.day_weights(duties)[duties.person, duties.day]
        carried = duties.person[duties.carried_from :]
        weight[duties.carried_from :] = self.team.facts.eve_weight[carried]
        return self._summed(duties, self._rates(duties) * weight)

    def hard_minutes(self, duties: Duties) -> FloatArray:
        """Minutes on hard queues of everybody's dates, (person, day)."""
        group, interval = self._where(duties)
        return self._summed(duties, self._known(self.hard_share, group, interval))

    def rescue_minutes(self, duties: Duties) -> FloatArray:
        """Minutes of rescue work of everybody's dates, (person, day)."""
        slot_day = np.searchsorted(self.team.day_edges[1:-1], duties.slot, side="right")
        share = self.rescue[self.interval_at[duties.slot]]
        return self._summed(duties, share * self._is_empowered[duties.person, slot_day])

    def rescue_between(self, i: int, member: Member, day: IntArray) -> FloatArray:
        """Minutes of rescue work of a member's options if on queue throughout, (option,)."""
        start, end, sums = member.space.opt_start, member.space.legal.end, self._rescue_sums
        return np.where(self._is_empowered[i, day], sums[end] - sums[start], 0.0)

    @cached_property
    def _is_empowered(self) -> NDArray[np.bool_]:
        """Who is empowered on which date of the site, (person, slot day)."""
        kinds = self.team.kinds
        rows = [
            [kind >= 0 and kinds[kind].is_empowered for kind in member.kinds]
            for member in self.team.members
        ]
        return np.array(rows, dtype=np.bool_).reshape(len(rows), len(self.team.day_edges) - 1)

    @cached_property
    def _rescue_sums(self) -> FloatArray:
        """Minutes of rescue work of who is there, added up from slot to slot, (slot + 1,)."""
        minutes = self.rescue[self.interval_at] * self.team.grid.horizon.slot_min
        return np.concatenate([[0.0], np.cumsum(minutes)])

    def day_weights(self, duties: Duties) -> FloatArray:
        """Weight of each date by the working days in a row before it, (person, day)."""
        table = np.array(self.team.facts.table.day_weights)
        run, weights = self.team.facts.run_before.copy(), np.zeros(duties.worked.shape)
        for d in range(duties.worked.shape[1]):
            weights[:, d] = table[np.minimum(run, len(table) - 1)]
            run = np.where(duties.worked[:, d], run + 1, 0)
        return weights

    def between(self, i: int, member: Member, day: IntArray) -> FloatArray:
        """Strain-minutes of a member's options if she is on queue throughout, (option,)."""
        return self._over_options(i, member, day, self._strain_sums)

    def hard_between(self, i: int, member: Member, day: IntArray) -> FloatArray:
        """Minutes on hard queues of a member's options if on queue throughout, (option,)."""
        return self._over_options(i, member, day, self._hard_sums)

    @cached_property
    def _strain_sums(self) -> FloatArray:
        """Strain-minutes by the clock of each zone, added up, (zone, group, slot + 1)."""
        clocks = np.column_stack([self.team.facts.clock, np.zeros(len(self.team.facts.clock))])
        return self._sums(self.of_group[None] * clocks[:, None])

    @cached_property
    def _hard_sums(self) -> FloatArray:
        """The same of minutes on hard queues, which no clock changes."""
        expected = self._hard_expected
        return self._sums(expected[None].repeat(len(self.team.facts.clock), axis=0))

    @property
    def _hard_expected(self) -> FloatArray:
        """
        The part of time on hard queues, also where nobody of a group is yet, (group, interval).

        There it is taken to be as it is on average where some are, in intervals with hard
        contacts: else a group's empty hours would look like an escape from a cap.
        """
        facts = self.team.facts
        is_there = self.share.sum(axis=1) > 0
        asks = ((facts.need.load_erlangs > 0) & (facts.is_hard[:, None] > 0)).any(axis=0)
        inside = self.hard_share[:, : is_there.shape[1]]
        usual = (inside * is_there).sum(axis=1) / np.maximum(is_there.sum(axis=1), 1)
        expected = self.hard_share.copy()
        expected[:, : is_there.shape[1]] = np.where(~is_there & asks, usual[:, None], inside)
        return expected

    def _sums(self, rates: FloatArray) -> FloatArray:
        """Minutes of (zone, group, interval) rates, added up from slot to slot."""
        minutes = rates[:, :, self.interval_at] * self.team.grid.horizon.slot_min
        sums = np.zeros((*minutes.shape[:-1], minutes.shape[-1] + 1))
        np.cumsum(minutes, axis=-1, out=sums[..., 1:])
        return sums

    def relief(self, duties: Duties, per_min: FloatArray) -> FloatArray:
        """
        What a unit of strain rate costs the people of each channel, (channel, interval).

        ``per_min`` are harm points of a minute of strain, (person, day).
        """
        group, interval = self._where(duties)
        count = self.team.grid.horizon.interval_count
        clock = self._clock(duties, interval)
        price = per_min[duties.person, duties.day] * clock * self.team.grid.horizon.slot_min
        known = (group >= 0) & (interval < count)
        relief = np.zeros((len(self.team.channels), count))
        for c in range(len(relief)):
            part = self.share[group[known], c, interval[known]] * price[known]
            relief[c] = np.bincount(interval[known], part, count)
        return relief

    def _rates(self, duties: Duties) -> FloatArray:
        """Strain rate of each row of the duties."""
        group, interval = self._where(duties)
        rate = self._known(self.of_group, group, interval)
        return rate * self._clock(duties, interval)

    def _clock(self, duties: Duties, interval: IntArray) -> FloatArray:
        """Weight of the hour of each row of the duties."""
        facts = self.team.facts
        return self._known(facts.clock, facts.clock_row[duties.person], interval)

    def _where(self, duties: Duties) -> tuple[IntArray, IntArray]:
        """Group, -1 for none, and interval of each row of the duties."""
        slot_day = np.searchsorted(self.team.day_edges[1:-1], duties.slot, side="right")
        return self.group_at[duties.person, slot_day], self.interval_at[duties.slot]

    def _known(self, table: FloatArray, row: IntArray, interval: IntArray) -> FloatArray:
        """Values of a (row, interval) table, 0 outside the horizon and for no row."""
        last = self.team.grid.horizon.interval_count
        values = table[row, np.minimum(interval, last - 1)]
        return np.where((interval < last) & (row >= 0), values, 0.0)

    def _summed(self, duties: Duties, rate: FloatArray) -> FloatArray:
        """Minutes of a rate, (person, day)."""
        people, days = duties.worked.shape
        cell = duties.person * days + duties.day
        minutes = rate * self.team.grid.horizon.slot_min
        total: FloatArray = np.bincount(cell, minutes, people * days).astype(np.float64)
        return total.reshape(people, days)

    def _over_options(self, i: int, member: Member, day: IntArray, sums: FloatArray) -> FloatArray:
        """Minutes of a rate, added up, over the spans of options, (option,)."""
        of_day, zone = self.group_at[i], self.team.facts.clock_row[i]
        start, end = member.space.opt_start, member.space.legal.end
        if (of_day == of_day[0]).all():
            mine = sums[zone, of_day[0]]
            return mine[end] - mine[start] if of_day[0] >= 0 else np.zeros(len(day))
        group = of_day[day]
        found = sums[zone, group, end] - sums[zone, group, start]
        return np.where(group >= 0, found, 0.0)


def channel_shares(team: Team, coverage: Coverage) -> FloatArray:
    """The part of a group's time on queue that each channel gets, (group, channel, interval)."""
    shares = []
    for group in range(len(team.speed)):
        spread = team.by_interval(coverage.spread[:, group].T)
        total = spread.sum(axis=0) + team.by_interval(coverage.idle[:, group][None])[0]
        shares.append(np.divide(spread, total, out=np.zeros_like(spread), where=total > 0))
    return np.array(shares)


def _rescue(team: Team, coverage: Coverage) -> FloatArray:
    """The part of their time that empowered people give to rescue work, 0 after the horizon."""
    present = team.by_interval(coverage.empowered[None])[0]
    return np.append(rescue_share(team.need.empowered_min, present), 0.0)


def _groups(team: Team) -> IntArray:
    """The group of every member on each date, -1 without a skill, (person, day)."""
    return np.array(
        [
            [team.kinds[kind].group if kind >= 0 else -1 for kind in member.kinds]
            for member in team.members
        ],
        dtype=np.int64,
    ).reshape(len(team.members), len(team.day_edges) - 1)

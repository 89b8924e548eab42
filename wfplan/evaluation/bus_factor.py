"""Bus factor: the fewest absences that push an interval below its promise.

SCIENCE 4.4. In an interval the people on queue can keep all promises together
when of every set of channels those who serve one of them add up to what all of
them ask (Hall's theorem for the spread of people over channels; the capacity of
a person in a set is that of the channel of it where she is fastest). The fewest
absences are then, over all sets, how many of the best of them go before the
rest falls short: a set cover that greedy solves, because of one set the
most able are always the ones to miss. Empowered people are a promise of their own.

With more than CHANNELS_ALL channels only single ones, pairs and all of them are
looked at, so that the factor may be told too high.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.results import Run
from wfplan.engagement.rescue import on_queue_share

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

CHANNELS_ALL = 5
_EPS = 1e-6


@dataclass(frozen=True)
class BusFactor:
    """
    Absences that each interval stands, until one more breaks a promise.

    ``of_interval`` (interval,): the fewest absences that break one, 0 where the
    plan is below a promise already, -1 where nothing is promised. ``weakest``
    names the channels of the worst interval's set; ``""`` is empowered cover.
    """

    of_interval: IntArray
    weakest: tuple[str, ...] = ()
    worst_at: datetime | None = None

    @property
    def promised(self) -> IntArray:
        """The factors of the intervals that keep their promises."""
        return self.of_interval[self.of_interval > 0]

    @property
    def least(self) -> int | None:
        """The fewest of them; None where no interval keeps a promise."""
        return int(self.promised.min()) if len(self.promised) else None

    @property
    def below(self) -> int:
        """Intervals that are below a promise with everybody there."""
        return int((self.of_interval == 0).sum())


def bus_factor(run: Run) -> BusFactor:
    """The bus factor of every interval of a run."""
    sets = list(_sets(run))
    if not sets:
        return BusFactor(np.full(run.need.horizon.interval_count, -1, dtype=np.int64))
    table = np.array([fewest(able, asked) for _, able, asked in sets])
    known = np.where(table < 0, np.iinfo(np.int64).max, table)
    of_interval = known.min(axis=0)
    of_interval = np.where(of_interval == np.iinfo(np.int64).max, -1, of_interval)
    kept = np.flatnonzero(of_interval > 0)
    if not len(kept):
        return BusFactor(of_interval)
    at = int(kept[np.argmin(of_interval[kept])])
    names = sets[int(np.argmin(known[:, at]))][0]
    moment = run.need.horizon.start + timedelta(minutes=at * run.need.horizon.interval_min)
    return BusFactor(of_interval, names, moment)


def _sets(run: Run) -> Iterator[tuple[tuple[str, ...], FloatArray, FloatArray]]:
    """Sets of channels: names, what each person can do in it, (person, interval), what it asks."""
    horizon, need = run.need.horizon, run.need
    shifts = run.solution.schedule.by_agent()
    there = np.array(
        [on_queue_share(horizon, shifts.get(a.agent_id, [])) for a in run.problem.agents]
    )
    there = there.reshape(len(run.problem.agents), horizon.interval_count)
    able = [there * _speed(run, name) * need.presence_share for name in need.channels]
    count = len(need.channels)
    sizes = range(1, count + 1) if count <= CHANNELS_ALL else (1, 2, count)
    for chosen in chain.from_iterable(combinations(range(count), size) for size in sizes):
        asked = np.maximum(need.staff_promise, need.staff_due)[list(chosen)].sum(axis=0)
        if asked.any():
            best = np.max([able[c] for c in chosen], axis=0)
            yield tuple(need.channels[c] for c in chosen), best, asked
    if need.empowered_min.any():
        yield ("",), there * _has(run, run.problem.empowered.skill), need.empowered_min


def _speed(run: Run, channel: str) -> FloatArray:
    """How fast each person serves a channel, (person, interval); 0 without the skill."""
    days = run.need.horizon.dates
    of_days = [
        [
            1 / skill.aht_factor if skill and (skill.ready_from or day) <= day else 0.0
            for day in days
            for skill in [agent.skill(channel, day)]
        ]
        for agent in run.problem.agents
    ]
    table = np.array(of_days, dtype=np.float64).reshape(len(of_days), len(days))
    return np.asarray(table[:, run.need.horizon.interval_days])


def _has(run: Run, name: str) -> FloatArray:
    """Whether each person has a skill, (person, interval)."""
    return (_speed(run, name) > 0).astype(np.float64)


def fewest(able: FloatArray, asked: FloatArray) -> IntArray:
    """Absences of the most able that leave less than is asked, (interval,); -1: nothing asked."""
    left = able.sum(axis=0) - np.cumsum(-np.sort(-able, axis=0), axis=0)
    is_short = np.vstack([able.sum(axis=0), left]) < asked - _EPS
    first = np.argmax(is_short, axis=0)
    return np.where(asked > _EPS, first, -1).astype(np.int64)

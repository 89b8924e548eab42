"""Many replications of a week, side by side, and what was counted in each.

The engine holds no lock, so threads run in parallel. Replications are dealt to
a fixed number of *sections* whatever the number of workers; results are
therefore the same on one core and on sixteen.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.progress import Watch
from wfplan.simulation.compiled import kernel
from wfplan.simulation.frames import (
    BUSY_DEFERRED,
    BUSY_REALTIME,
    ON_QUEUE,
    FloatArray,
    IntArray,
    Records,
)
from wfplan.simulation.model import Model
from wfplan.simulation.one_week import run_replication

SECTIONS = 10  # enough for a 95 % interval of a quantile, and for as many workers
WAIT_EDGES_S = np.concatenate(([0.0], np.geomspace(1.0, 14 * 86_400.0, 95)))


class Count(IntEnum):
    """What is counted per channel and interval of arrival."""

    OFFERED = 0
    ANSWERED = 1
    ABANDONED = 2
    STILL_THERE = 3
    IN_TIME = 4  # answered within the target; deferred: done when due
    JUDGED = 5  # deferred: done or past due; realtime: all offered
    LATE = 6  # deferred: past due, done or not
    WAIT_S = 7  # until answered, lost or the end of the horizon
    BEGUN = 8  # answered in this interval, whenever it arrived


@dataclass(frozen=True)
class Tallies:
    """Counts of all replications; the last channel of staff times is everybody."""

    counts: FloatArray  # (replication, channel, Count, interval)
    waits: NDArray[np.int64]  # (section, channel, interval, bin): offered waits, up to closing
    on_s: FloatArray  # (replication, channel + 1, interval), person-seconds on queue
    busy_s: FloatArray  # (replication, real-time or deferred, channel + 1, interval)
    late_s: FloatArray  # (replication, 2): overtime, break delay


def replicate(
    model: Model, replications: int, seed: int, watch: Watch, workers: int | None = None
) -> Tallies:
    """Tallies of all replications, run in parallel threads."""
    from joblib import Parallel, delayed

    parts = np.array_split(np.arange(replications), min(SECTIONS, replications))
    jobs = Parallel(n_jobs=workers or -1, prefer="threads", return_as="generator")(
        delayed(_section)(model, part, seed) for part in parts
    )
    sections, done = [], 0
    for section, part in zip(jobs, parts, strict=True):
        sections.append(section)
        done += len(part)
        watch("simulate", {"replications": done, "of": replications})
    counts, waits, on_s, busy_s, late_s = zip(*sections, strict=True)
    return Tallies(
        np.concatenate(counts),
        np.stack(waits),
        np.concatenate(on_s),
        np.concatenate(busy_s),
        np.concatenate(late_s),
    )


def _section(
    model: Model, replications: NDArray[np.int64], seed: int
) -> tuple[FloatArray, NDArray[np.int64], FloatArray, FloatArray, FloatArray]:
    """Tallies of some replications."""
    channels, intervals = len(model.channels), model.horizon.interval_count
    size = len(replications)
    counts = np.zeros((size, channels, len(Count), intervals))
    waits = np.zeros((channels, intervals, len(WAIT_EDGES_S)), np.int64)
    on_s = np.zeros((size, channels + 1, intervals))
    busy_s = np.zeros((size, 2, channels + 1, intervals))
    late_s = np.zeros((size, 2))
    within_s = np.array([channel.answer_within_s for channel in model.channels])
    closes = np.array([source.closes for source in model.sources])
    able = np.vstack((model.centre.serves.T, np.ones(len(model.centre.serves)))).astype(float)
    for row, replication in enumerate(replications):
        floor = run_replication(model, int(replication), seed)
        _count_fates(floor.week, floor.channels, floor.contacts, within_s, counts[row])
        _count_waits(floor.week, floor.channels, floor.contacts, closes, WAIT_EDGES_S, waits)
        _check_conservation(counts[row], int(replication))
        on_s[row] = able @ floor.seconds[:, ON_QUEUE]
        busy_s[row, 0] = able @ floor.seconds[:, BUSY_REALTIME]
        busy_s[row, 1] = able @ floor.seconds[:, BUSY_DEFERRED]
        late_s[row] = floor.week[0]["overtime"], floor.week[0]["break_delay"]
    return counts, waits, on_s, busy_s, late_s


def _check_conservation(counts: FloatArray, replication: int) -> None:
    """Every contact that came was answered, lost or is still there."""
    fates = counts[:, Count.ANSWERED] + counts[:, Count.ABANDONED] + counts[:, Count.STILL_THERE]
    assert np.array_equal(counts[:, Count.OFFERED], fates), f"contacts lost in {replication}"


@kernel
def _count_fates(
    week: Records, channels: Records, contacts: Records, within_s: FloatArray, counts: FloatArray
) -> None:
    """What became of every contact, added up by channel and interval of arrival."""
    end_s, c = week[0].end, 0
    for i in range(len(contacts)):
        while i >= channels[c].last:
            c += 1
        contact = contacts[i]
        cell = counts[c, :, contact.interval]
        is_answered = contact.person >= 0
        cell[Count.OFFERED] += 1
        if is_answered:
            cell[Count.ANSWERED] += 1
            counts[c, Count.BEGUN, int(contact.reached / week[0].interval)] += 1
        elif contact.leaves < end_s:
            cell[Count.ABANDONED] += 1
        else:
            cell[Count.STILL_THERE] += 1
        until = contact.reached if is_answered else min(contact.leaves, end_s)
        cell[Count.WAIT_S] += until - contact.arrived
        if channels[c].is_deferred:
            is_in_time = contact.finished <= contact.due
            is_late = not is_in_time and contact.due < end_s
            cell[Count.JUDGED] += is_in_time or is_late
            cell[Count.LATE] += is_late
        else:
            is_in_time = is_answered and until - contact.arrived <= within_s[c]
            cell[Count.JUDGED] += 1
        cell[Count.IN_TIME] += is_in_time


@kernel
def _count_waits(
    week: Records,
    channels: Records,
    contacts: Records,
    closes: FloatArray,
    edges: FloatArray,
    waits: IntArray,
) -> None:
    """
    Histogram of offered waits by channel and interval of arrival.

    A contact that hung up counts with the wait until a person was free for it,
    but not beyond closing time: a night without staff is not a wait.
    """
    step, c = np.log(edges[2] / edges[1]), 0
    for i in range(len(contacts)):
        while i >= channels[c].last:
            c += 1
        contact = contacts[i]
        until = contact.reached if contact.reached >= 0 else week[0].end
        if contact.person < 0:
            left = min(contact.leaves, week[0].end)
            until = min(until, max(left, closes[c, contact.interval]))
        wait, at = until - contact.arrived, 0
        if wait > 0:
            at = 1 + int(max(np.log(wait / edges[1]) / step + 1, 0.0))
        waits[c, contact.interval, min(at, len(edges) - 1)] += 1

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
from wfplan.simulation.draws import draw_contacts, draw_people
from wfplan.simulation.engine import run_week
from wfplan.simulation.frames import (
    BUSY_DEFERRED,
    BUSY_REALTIME,
    ON_QUEUE,
    FloatArray,
    Floor,
    IntArray,
    Records,
    empty_floor,
)
from wfplan.simulation.model import Model

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
    waits: NDArray[np.int64]  # (section, channel, interval, bin) of offered waits
    on_s: FloatArray  # (replication, channel + 1, interval), person-seconds on queue
    busy_s: FloatArray
    late_s: FloatArray  # (replication, 2): overtime, break delay


def empty_replication(model: Model, replication: int, seed: int) -> Floor:
    """The floor of one week before its first event: contacts and people drawn."""
    assumptions = model.assumptions
    contacts, first = draw_contacts(
        model.sources, seed, replication, assumptions.handle_law, assumptions.handle_cv
    )
    people, factor, stretches = draw_people(
        model.plan,
        seed,
        replication,
        absence_share=model.absence_share,
        unplanned_share=model.unplanned_share,
        spell_s=assumptions.spell_min * 60,
    )
    return empty_floor(model.centre, people, factor, stretches, contacts, first)


def run_replication(model: Model, replication: int, seed: int) -> Floor:
    """One week: its contacts with what became of them, its people, their time."""
    floor = empty_replication(model, replication, seed)
    run_week(floor)
    return floor


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
    busy_s = np.zeros_like(on_s)
    late_s = np.zeros((size, 2))
    within_s = np.array([channel.answer_within_s for channel in model.channels])
    able = np.vstack((model.centre.serves.T, np.ones(len(model.centre.serves)))).astype(float)
    for row, replication in enumerate(replications):
        floor = run_replication(model, int(replication), seed)
        _count(
            floor.channels, floor.contacts, within_s, model.centre.end_s,
            model.centre.interval_s, WAIT_EDGES_S, counts[row], waits,
        )  # fmt: skip
        _check_conservation(counts[row], int(replication))
        on_s[row] = able @ floor.seconds[:, ON_QUEUE]
        busy_s[row] = able @ (floor.seconds[:, BUSY_REALTIME] + floor.seconds[:, BUSY_DEFERRED])
        late_s[row] = floor.week[0]["overtime"], floor.week[0]["break_delay"]
    return counts, waits, on_s, busy_s, late_s


def _check_conservation(counts: FloatArray, replication: int) -> None:
    """Every contact that came was answered, lost or is still there."""
    fates = counts[:, Count.ANSWERED] + counts[:, Count.ABANDONED] + counts[:, Count.STILL_THERE]
    assert np.array_equal(counts[:, Count.OFFERED], fates), f"contacts lost in {replication}"


@kernel
def _count(
    channels: Records,
    contacts: Records,
    within_s: FloatArray,
    end_s: float,
    interval_s: float,
    edges: FloatArray,
    counts: FloatArray,
    waits: IntArray,
) -> None:
    """What became of every contact, added up by channel and interval of arrival."""
    step = np.log(edges[2] / edges[1])
    c = 0
    for i in range(len(contacts)):
        while i >= channels[c].last:
            c += 1
        contact = contacts[i]
        cell = counts[c, :, contact.interval]
        is_answered = contact.person >= 0
        cell[0] += 1
        if is_answered:
            cell[1] += 1
            counts[c, 8, int(contact.reached / interval_s)] += 1
        elif contact.leaves < end_s:
            cell[2] += 1
        else:
            cell[3] += 1
        gone = contact.reached if is_answered else min(contact.leaves, end_s)
        cell[7] += gone - contact.arrived
        if channels[c].is_deferred:
            in_time = contact.finished <= contact.due
            late = not in_time and contact.due < end_s
            cell[5] += in_time or late
            cell[6] += late
        else:
            in_time = is_answered and contact.reached - contact.arrived <= within_s[c]
            cell[5] += 1
        cell[4] += in_time
        offered_wait = (contact.reached if contact.reached >= 0 else end_s) - contact.arrived
        b = 0
        if offered_wait > 0:
            b = 1 + int(max(np.log(offered_wait / edges[1]) / step + 1, 0.0))
        waits[c, contact.interval, min(b, len(edges) - 1)] += 1

"""Many replications of a week, side by side, added up as they come.

Replications are dealt to blocks whose sizes depend on nothing but their number;
blocks are worked by however many workers there are and added up in order. So
results are the same on one core and on sixteen, to the last bit, and memory
does not grow with replications: counts of the first ``KEPT`` are kept for
quantiles, of the others only their moments.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.progress import Watch
from wfplan.simulation.estimates import Moments, merged, moments
from wfplan.simulation.frames import BoolArray
from wfplan.simulation.measures import ratios
from wfplan.simulation.model import Model
from wfplan.simulation.one_week import run_replication
from wfplan.simulation.parallel import THREADS, in_order
from wfplan.simulation.tallies import Tallies, Yardsticks, empty_tallies, empty_waits, tally

KEPT = 200  # replications whose own ratios give the quantiles
BATCHES = 10  # of replications, for the interval of a quantile
PIECES = 50  # at least, where there are as many replications: work for as many workers
BLOCK = 20  # replications at most: how much is in memory of what is not added up yet


class Block(NamedTuple):
    """Replications that are worked in one go."""

    first: int
    last: int  # one after
    batch: int


@dataclass(frozen=True)
class Job:
    """What all blocks share."""

    model: Model
    is_open: BoolArray  # (channel, interval)
    seed: int


@dataclass(frozen=True)
class Results(Tallies):
    """Tallies of the first ``KEPT`` replications, and what was added up over all."""

    names: tuple[str, ...]  # of measures
    moments: list[Moments]  # (measure,)
    waits: NDArray[np.int32]  # (batch, channel, interval, bin): offered waits, up to closing

    @property
    def kept(self) -> Tallies:
        """The tallies of the first replications."""
        return Tallies(*(getattr(self, field.name) for field in fields(Tallies)))


class _Done(NamedTuple):
    """What a block hands back."""

    kept: Tallies | None
    names: tuple[str, ...]
    moments: list[Moments]
    waits: NDArray[np.int32]


def replicate(
    model: Model,
    replications: int,
    seed: int,
    watch: Watch,
    workers: int | None = None,
    *,
    is_open: BoolArray | None = None,
    cluster: str = THREADS,
) -> Results:
    """
    What happened in all replications.

    ``is_open``, (channel, interval), says over which intervals the mean staff
    of the week is taken; all by default.
    """
    shape = len(model.channels), model.horizon.interval_count
    job = Job(model, np.ones(shape, np.bool_) if is_open is None else is_open, seed)
    blocks = list(blocks_of(replications))
    kept = empty_tallies(model, min(replications, KEPT), np.float32)
    waits = np.stack([empty_waits(model) for _ in range(blocks[-1].batch + 1)])
    names: tuple[str, ...] = ()
    added: list[Moments] = []
    done = in_order(run_block, job, blocks, workers=workers, cluster=cluster)
    for block, result in zip(blocks, done, strict=True):
        _keep(kept, block.first, result.kept)
        waits[block.batch] += result.waits
        names = result.names
        added = _added(added, result.moments)
        watch("simulate", {"replications": block.last, "of": replications})
    return Results(**vars(kept), names=names, moments=added, waits=waits)


def blocks_of(replications: int) -> Iterator[Block]:
    """Blocks in order; none crosses from one batch into the next."""
    size = min(max(replications // PIECES, 1), BLOCK)
    edges = np.linspace(0, replications, min(BATCHES, replications) + 1).astype(int)
    for batch, (first, last) in enumerate(pairwise(edges.tolist())):
        for start in range(first, last, size):
            yield Block(start, min(start + size, last), batch)


def run_block(job: Job, block: Block) -> _Done:
    """Some replications, one after the other, and what they add up to."""
    model, size = job.model, block.last - block.first
    tallies, waits = empty_tallies(model, size), empty_waits(model)
    yardsticks = Yardsticks.of(model)
    for row in range(size):
        floor = run_replication(model, block.first + row, job.seed)
        tally(floor, yardsticks, tallies, row, waits)
    found = [
        (measure.name, moments(measure.top, measure.bottom))
        for measure in ratios(model, job.is_open, tallies)
    ]
    names, added = zip(*found, strict=True)
    return _Done(tallies if block.first < KEPT else None, names, list(added), waits)


def _added(so_far: list[Moments], more: list[Moments]) -> list[Moments]:
    """Both together, measure by measure."""
    if not so_far:
        return more
    return [merged(*pair) for pair in zip(so_far, more, strict=True)]


def _keep(kept: Tallies, first: int, tallies: Tallies | None) -> None:
    """Write tallies of a block where they belong, as far as there is room."""
    if tallies is None:
        return
    for field in fields(Tallies):
        room = getattr(kept, field.name)[first:]
        part = getattr(tallies, field.name)[: len(room)]
        room[: len(part)] = part

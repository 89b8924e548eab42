"""Everything random of a replication: contacts, their keys, who comes and when she is off.

Common random numbers: each stream hangs on (seed, replication, channel,
component) or (seed, replication, agent, shift date) and on nothing else, so the
same contacts meet two schedules, and a changed shift changes the luck of no
other. Contacts and shifts have keys, and their luck comes from those
(:mod:`wfplan.simulation.chance`).

Arrivals are Poisson given a busyness of mean 1, the product of a Gamma factor
of the day and one of the interval [1]_; within an interval they are uniform.

References
----------
.. [1] Avramidis, A. N., A. Deslauriers, and P. L'Ecuyer (2004). Modeling daily
       arrivals to a telephone call center. *Management Science*, 50(7): 896-908.
       https://doi.org/10.1287/mnsc.1040.0236
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from wfplan.compiled import kernel, part
from wfplan.simulation.chance import uniform
from wfplan.simulation.customers import write_fresh
from wfplan.simulation.frames import (
    CONTACT,
    END,
    PERSON,
    SPELL,
    STRETCH,
    WORK,
    BoolArray,
    Customers,
    FloatArray,
    IntArray,
    Records,
    whole,
)

_ABSENT, _LATE, _DELAY, _SPELLS = 0, 1, 2, 3  # counters of a shift's key, the last and up


class Component(IntEnum):
    """The streams of a channel in a replication."""

    DAY_BUSYNESS = 0
    INTERVAL_BUSYNESS = 1
    COUNT = 2
    KEYS = 3


@dataclass(frozen=True)
class ContactSource:
    """Demand of one channel as the draws need it; arrays over intervals, times in seconds."""

    name: str
    mean: FloatArray  # expected contacts
    known: FloatArray  # counts that really came, NaN: draw
    day: IntArray  # local date of the interval
    day_variance: FloatArray  # of the day's busyness
    interval_variance: FloatArray  # of the interval's own
    open_s: FloatArray  # (interval + 1,), seconds that the channel was open by each start
    interval_s: float

    @property
    def closes(self) -> FloatArray:
        """When the channel closes next, at or after the end of each interval; (interval,)."""
        ends = np.arange(1, len(self.open_s)) * self.interval_s
        is_open = np.diff(self.open_s) > 0
        is_last = is_open & np.append(~is_open[1:], True)
        at = np.searchsorted(np.flatnonzero(is_last), np.arange(len(ends)))
        closings = np.append(ends[is_last], ends[-1])
        return np.asarray(closings[at], dtype=np.float64)


@dataclass(frozen=True)
class ShiftPlan:
    """Shifts as scheduled, by start."""

    agent_ids: tuple[str, ...]  # (person,)
    key: NDArray[np.uint64]  # (person,), from agent, date and number of the shift on that date
    group: IntArray
    factor: FloatArray  # (person, channel), handle time relative to average speed
    may_be_late: BoolArray  # not who came before the horizon began
    absence_share: FloatArray  # (person,), chance of not coming
    first: IntArray  # (person + 1,), first activity
    activities: Records  # of dtype STRETCH


@dataclass(frozen=True)
class Losses:
    """What of scheduled time is lost on the day."""

    late_share: float
    late_s: float  # mean, of those who are late
    spell_s: float  # mean
    since_s: FloatArray  # (span,), when each span of one share off queue begins, the first at 0
    share: FloatArray  # (span,), of time off queue in spells


def text_key(text: str) -> int:
    """64 bits that stand for a text, the same on every machine."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def draw_contacts(
    sources: tuple[ContactSource, ...],
    customers: Customers,
    seed: int,
    replication: int,
    room: int = 0,
) -> tuple[Records, IntArray]:
    """
    The fresh contacts of one replication, and the first of each channel (channel + 1,).

    ``room`` is the number of empty records behind them.
    """
    streams = [_streams(source.name, seed, replication) for source in sources]
    counts = [_counts(source, own) for source, own in zip(sources, streams, strict=True)]
    first = np.zeros(len(sources) + 1, np.int64)
    np.cumsum([count.sum() for count in counts], out=first[1:])
    contacts = np.zeros(first[-1] + room, CONTACT)
    for c, source in enumerate(sources):
        keys = streams[c][Component.KEYS].integers(0, 2**64, 2, np.uint64)
        of_channel = contacts[first[c] : first[c + 1]]
        write_fresh(customers, c, counts[c], keys, source.interval_s, of_channel)
    return contacts, first


def _streams(channel: str, seed: int, replication: int) -> list[np.random.Generator]:
    """One generator per component."""
    keys = [(replication, text_key(channel), int(component)) for component in Component]
    return [np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key)) for key in keys]


def _counts(source: ContactSource, streams: list[np.random.Generator]) -> IntArray:
    """Contacts of a channel per interval: what came, or drawn."""
    drawn = streams[Component.COUNT].poisson(source.mean * _busyness(source, streams))
    return np.where(np.isnan(source.known), drawn, source.known).astype(np.int64)


def _busyness(source: ContactSource, streams: list[np.random.Generator]) -> FloatArray:
    """Factors of mean 1 on the rate, (interval,); a day's intervals share one quantile."""
    days = int(source.day.max(initial=0)) + 1
    by_day = streams[Component.DAY_BUSYNESS].random(days)[source.day]
    by_interval = streams[Component.INTERVAL_BUSYNESS].random(len(source.day))
    return _gamma(by_day, source.day_variance) * _gamma(by_interval, source.interval_variance)


def _gamma(uniform: FloatArray, variance: FloatArray) -> FloatArray:
    """Quantiles of Gamma laws of mean 1."""
    factor = np.ones(len(uniform))
    some = variance > 1e-12
    shape = 1 / variance[some]
    factor[some] = gammaincinv(shape, uniform[some]) / shape
    return factor


def draw_people(
    plan: ShiftPlan, losses: Losses, seed: int, replication: int
) -> tuple[Records, FloatArray, Records]:
    """Who comes and when, her factors, and when she is off queue: as scheduled, and in spells."""
    people_stream = np.random.SeedSequence(seed, spawn_key=(replication, text_key("people")))
    keys = plan.key ^ people_stream.generate_state(1, np.uint64)[0]
    luck = np.empty((len(keys), _SPELLS))
    _draw_luck(keys, luck)
    begin = plan.activities["start"][plan.first[:-1]]
    end = plan.activities["end"][plan.first[1:] - 1]
    is_late = plan.may_be_late & (luck[:, _LATE] < losses.late_share)
    come = begin - np.where(is_late, losses.late_s * np.log(luck[:, _DELAY]), 0.0)
    first, stretches = _lay_out(keys, plan, come, losses)
    is_present = (luck[:, _ABSENT] >= plan.absence_share) & (come < end)
    order = np.flatnonzero(is_present)
    order = order[np.argsort(come[order], kind="stable")]
    people = np.zeros(len(order), PERSON)
    people["start"], people["shift_end"] = come[order], end[order]
    people["group"], people["off_at"] = plan.group[order], first[:-1][order]
    people["row"] = -1
    people["shift"] = order
    return people, plan.factor[order], stretches


@kernel
def _draw_luck(keys: NDArray[np.uint64], luck: FloatArray) -> None:
    """Uniforms per key, (person, counter)."""
    for i in range(len(keys)):
        for counter in range(luck.shape[1]):
            luck[i, counter] = uniform(keys[i], counter)


def _lay_out(
    keys: NDArray[np.uint64], plan: ShiftPlan, come: FloatArray, losses: Losses
) -> tuple[IntArray, Records]:
    """Stretches off queue of every shift in order, each shift closed by its end."""
    first, room = np.zeros(len(plan.first), np.int64), 64
    while True:
        off = np.empty(2 * len(plan.activities) + len(first) + room, STRETCH)
        spells = np.empty((room, 2))
        if _write_stretches(
            keys, plan.first, plan.activities, come, losses.since_s, losses.share,
            losses.spell_s, first, off, spells,
        ):  # fmt: skip
            return first, off[: first[-1]].copy()
        room *= 4


@kernel
def _write_stretches(
    keys: NDArray[np.uint64],
    first: IntArray,
    activities: Records,
    come: FloatArray,
    since_s: FloatArray,
    share: FloatArray,
    spell_s: float,
    off_first: IntArray,
    off: Records,
    spells: FloatArray,
) -> bool:
    """Write the stretches off queue of every shift, and the first of each; whether all fit."""
    at = whole(0)
    for person in range(len(keys)):
        shift = activities[first[person] : first[person + 1]]
        start, end = shift[0].start, shift[len(shift) - 1].end
        count = _draw_spells(keys[person], start, end, since_s, share, spell_s, spells)
        if count == len(spells) or at + (count + 1) * len(shift) + 1 > len(off):
            return False
        at = _merge(shift, spells[:count], come[person], off, at)
        off_first[person + 1] = at
    return True


@part
def _draw_spells(
    key: np.uint64,
    start: float,
    end: float,
    since_s: FloatArray,
    share: FloatArray,
    spell_s: float,
    found: FloatArray,
) -> int:
    """
    Unplanned spells off queue over a shift, (spell, start and end); how many, as far as they fit.

    Spells and gaps alternate from the start of the shift, whatever its breaks
    are, so that a moved break moves no spell. Inside a span gaps are so long
    that the share off queue stays; where it changes, as many go off, or come
    back, as make it the next one.
    """
    span, draw, count = whole(0), whole(_SPELLS), whole(0)
    while span + 1 < len(since_s) and since_s[span + 1] <= start:
        span += 1
    is_off = uniform(key, draw) < share[span]
    now, begun = start, start
    while now < end and count < len(found):
        draw += 1
        was_off = is_off
        mean = spell_s if is_off else spell_s * (1 - share[span]) / max(share[span], 1e-12)
        now -= mean * np.log(uniform(key, draw))
        is_off = not is_off
        if span + 1 < len(since_s) and now >= since_s[span + 1]:
            now, before, after = since_s[span + 1], share[span], share[span + 1]
            span += 1
            draw += 1
            changes = 1 - after / before if was_off else (after - before) / (1 - before)
            is_off = was_off != (uniform(key, draw) < changes)
        if is_off and not was_off:
            begun = now
        if was_off and (now >= end or not is_off):
            found[count, 0], found[count, 1] = begun, now
            count += 1
    return int(count)


@part
def _merge(shift: Records, spells: FloatArray, come: float, off: Records, at: int) -> int:
    """
    Write the stretches off queue of a shift from position ``at``; returns the next one.

    What of them a person has missed by coming late she does not make up for.
    """
    for a in range(len(shift)):
        begin, stop, kind = max(shift[a].start, come), shift[a].end, shift[a].kind
        if kind != WORK and begin < stop:
            off[at].start, off[at].end, off[at].kind = begin, stop, kind
            at += 1
        if kind != WORK:
            continue
        for j in range(len(spells)):
            start, end = max(spells[j, 0], begin), min(spells[j, 1], stop)
            if start < end:
                off[at].start, off[at].end, off[at].kind = start, end, SPELL
                at += 1
    off[at].start, off[at].end, off[at].kind = shift[len(shift) - 1].end, np.inf, END
    return at + 1

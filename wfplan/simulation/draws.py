"""Everything random of a replication, drawn before it runs.

Common random numbers: each stream hangs on (seed, replication, channel,
component) or (seed, replication, agent, shift date) and on nothing else, so the
same contacts meet two schedules, and a changed shift changes the luck of no
other. Streams of contacts are spawned ``SeedSequence`` children; the many small
ones of shifts come from hashed counters [2]_.

Arrivals are Poisson given a busyness of mean 1, the product of a Gamma factor
of the day and one of the interval [1]_; within an interval they are uniform.

References
----------
.. [1] Avramidis, A. N., A. Deslauriers, and P. L'Ecuyer (2004). Modeling daily
       arrivals to a telephone call center. *Management Science*, 50(7): 896-908.
       https://doi.org/10.1287/mnsc.1040.0236
.. [2] Steele, G. L., D. Lea, and C. H. Flood (2014). Fast splittable
       pseudorandom number generators. *OOPSLA 2014*: 453-472.
       https://doi.org/10.1145/2660193.2660195
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from hashlib import blake2b
from math import log, sqrt

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.special import gammaincinv

from wfplan.simulation.frames import (
    CONTACT,
    END,
    FRESH,
    PERSON,
    SPELL,
    WORK,
    FloatArray,
    IntArray,
    Records,
    Whole,
)


class Component(IntEnum):
    """The streams of a channel in a replication."""

    DAY_BUSYNESS = 0
    INTERVAL_BUSYNESS = 1
    COUNT = 2
    ARRIVAL = 3
    HANDLE = 4
    PATIENCE = 5
    KEY = 6


@dataclass(frozen=True)
class ContactSource:
    """Demand of one channel as the draws need it; arrays over intervals, times in seconds."""

    name: str
    mean: FloatArray  # expected contacts
    known: FloatArray  # counts that really came, NaN: draw
    aht_s: FloatArray
    day: IntArray  # local date of the interval
    day_variance: FloatArray  # of the day's busyness
    interval_variance: FloatArray  # of the interval's own
    patience_s: float
    open_s: FloatArray  # (interval + 1,), seconds that the channel was open by each start
    due_s: float  # open seconds until a contact is due, inf for realtime
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

    key: NDArray[np.uint64]  # (person,), from agent, date and number of the shift on that date
    group: IntArray
    factor: FloatArray  # (person, channel), handle time relative to average speed
    first: IntArray  # (person + 1,), first activity
    activities: Records  # of dtype STRETCH


def text_key(text: str) -> int:
    """64 bits that stand for a text, the same on every machine."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def draw_contacts(
    sources: tuple[ContactSource, ...], seed: int, replication: int, law: str, cv: float
) -> tuple[Records, IntArray]:
    """The contacts of one replication, and the first of each channel (channel + 1,)."""
    streams = [_streams(source.name, seed, replication) for source in sources]
    counts = [_counts(source, own) for source, own in zip(sources, streams, strict=True)]
    first = np.zeros(len(sources) + 1, np.int64)
    np.cumsum([count.sum() for count in counts], out=first[1:])
    contacts = np.zeros(first[-1], CONTACT)
    for c, source in enumerate(sources):
        of_channel = contacts[first[c] : first[c + 1]]
        handled = _handle_factor(streams[c][Component.HANDLE], len(of_channel), law, cv)
        _fill(of_channel, source, counts[c], streams[c], handled)
        of_channel["channel"] = c
    return contacts, first


def _streams(channel: str, seed: int, replication: int) -> list[np.random.Generator]:
    """One generator per component."""
    keys = [(replication, text_key(channel), int(component)) for component in Component]
    return [np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key)) for key in keys]


def _counts(source: ContactSource, streams: list[np.random.Generator]) -> IntArray:
    """Contacts of a channel per interval: what came, or drawn."""
    drawn = streams[Component.COUNT].poisson(source.mean * _busyness(source, streams))
    return np.where(np.isnan(source.known), drawn, source.known).astype(np.int64)


def _fill(
    contacts: Records,
    source: ContactSource,
    counts: IntArray,
    streams: list[np.random.Generator],
    handled: FloatArray,
) -> None:
    """Write a channel's contacts by arrival, nothing having become of them."""
    n = len(contacts)
    interval = np.repeat(np.arange(len(counts)), counts)
    arrived = np.sort(interval + streams[Component.ARRIVAL].random(n)) * source.interval_s
    contacts["interval"], contacts["arrived"] = interval, arrived
    contacts["work"] = source.aht_s[interval] * handled
    contacts["leaves"] = np.inf
    if np.isfinite(source.patience_s):
        drawn = streams[Component.PATIENCE].standard_exponential(n)
        contacts["leaves"] = arrived + source.patience_s * drawn
    contacts["due"] = due_times(source, arrived)
    contacts["reached"] = contacts["finished"] = np.nan
    contacts["person"] = contacts["parent"] = -1
    contacts["key"] = streams[Component.KEY].integers(0, 2**64, n, np.uint64)
    contacts["cause"] = FRESH
    contacts["is_blocked"] = contacts["is_called_back"] = False


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


def _handle_factor(stream: np.random.Generator, n: int, law: str, cv: float) -> FloatArray:
    """Handle times relative to their mean."""
    if law == "exponential":
        return stream.standard_exponential(n)
    sigma = sqrt(log(1 + cv * cv))
    factor: FloatArray = np.exp(sigma * stream.standard_normal(n) - sigma**2 / 2)
    return factor


def due_times(source: ContactSource, arrived: FloatArray) -> FloatArray:
    """When contacts are due: after ``due_s`` seconds of opening; the world opens at the end."""
    if not np.isfinite(source.due_s):
        return np.full(len(arrived), np.inf)
    starts = np.arange(len(source.open_s)) * source.interval_s
    needed = np.interp(arrived, starts, source.open_s) + source.due_s
    at = np.searchsorted(source.open_s, needed, side="left")
    last = np.minimum(at, len(starts) - 1)
    # Inside the interval `at - 1` the channel is open, so time runs as the opening does.
    due: FloatArray = starts[last] - (source.open_s[last] - needed)
    return due


def draw_people(
    plan: ShiftPlan,
    seed: int,
    replication: int,
    *,
    absence_share: float,
    unplanned_share: float,
    spell_s: float,
) -> tuple[Records, FloatArray, Records]:
    """Who comes, her factors, and when she is off queue: as scheduled, and unplanned spells."""
    people_stream = np.random.SeedSequence(seed, spawn_key=(replication, text_key("people")))
    keys = plan.key ^ people_stream.generate_state(1, np.uint64)[0]
    first, stretches = _lay_out(keys, plan.first, plan.activities, unplanned_share, spell_s)
    is_present = _uniforms(keys) >= absence_share
    people = np.zeros(int(is_present.sum()), PERSON)
    people["start"] = plan.activities["start"][plan.first[:-1]][is_present]
    people["shift_end"] = plan.activities["end"][plan.first[1:] - 1][is_present]
    people["group"] = plan.group[is_present]
    people["off_at"] = first[:-1][is_present]
    people["row"] = -1
    people["shift"] = np.flatnonzero(is_present)
    return people, plan.factor[is_present], stretches


@njit(cache=True, nogil=True)
def _hash(key: np.uint64, counter: Whole) -> float:
    """A uniform of (0, 1) for a key and a counter: the mixer of splitmix64, twice."""
    z = key
    for _ in range(2):
        z = z + np.uint64(0x9E3779B97F4A7C15) * (np.uint64(counter) + np.uint64(1))
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (float(z >> np.uint64(11)) + 0.5) / 9007199254740992.0


@njit(cache=True, nogil=True)
def _uniforms(keys: NDArray[np.uint64]) -> FloatArray:
    """One uniform per key."""
    drawn = np.empty(len(keys))
    for i in range(len(keys)):
        drawn[i] = _hash(keys[i], np.int64(0))
    return drawn


@njit(cache=True, nogil=True)
def _lay_out(
    keys: NDArray[np.uint64], first: IntArray, activities: Records, share: float, spell_s: float
) -> tuple[IntArray, Records]:
    """Stretches off queue of every shift in order, each shift closed by its end."""
    off_first = np.zeros(len(first), np.int64)
    off = np.empty(2 * len(activities) + len(first) + 64, activities.dtype)
    at: Whole = np.int64(0)
    for person in range(len(keys)):
        shift = activities[first[person] : first[person + 1]]
        spells = _spells(keys[person], shift[0].start, shift[-1].end, share, spell_s)
        while at + (len(spells) + 1) * len(shift) + 1 > len(off):
            off = np.concatenate((off, np.empty_like(off)))
        at = _merge(shift, spells, off, at)
        off_first[person + 1] = at
    return off_first, off[:at].copy()


@njit(cache=True, nogil=True)
def _spells(key: np.uint64, start: float, end: float, share: float, spell_s: float) -> FloatArray:
    """
    Unplanned spells off queue over a shift, (spell, start and end).

    Spells and gaps alternate in equilibrium from the start of the shift,
    whatever its breaks are, so that a moved break moves no spell.
    """
    gap_s = spell_s * (1 - share) / max(share, 1e-12)
    draw: Whole = np.int64(1)
    is_off = _hash(key, draw) < share
    found = np.empty((8, 2))
    count, now = 0, start
    while now < end:
        draw += 1
        stop = now - np.log(_hash(key, draw)) * (spell_s if is_off else gap_s)
        if is_off:
            if count == len(found):
                found = np.concatenate((found, np.empty_like(found)))
            found[count, 0], found[count, 1] = now, stop
            count += 1
        is_off = not is_off
        now = stop
    return found[:count]


@njit(cache=True, nogil=True)
def _merge(shift: Records, spells: FloatArray, off: Records, at: Whole) -> Whole:
    """Write the stretches off queue of a shift from position ``at``; returns the next one."""
    for a in range(len(shift)):
        if shift[a].kind != WORK:
            off[at] = shift[a]
            at += 1
            continue
        for j in range(len(spells)):
            start, end = max(spells[j, 0], shift[a].start), min(spells[j, 1], shift[a].end)
            if start < end:
                off[at].start, off[at].end, off[at].kind = start, end, SPELL
                at += 1
    off[at].start, off[at].end, off[at].kind = shift[-1].end, np.inf, END
    return at + 1

"""The engine once more, slow and obvious: lists, minima, and an event for every abandonment.

It shares the rules of the floor with :mod:`wfplan.simulation.engine` and no
code: contacts in hand lose remaining work as time passes (instead of a work
clock), queues are lists (instead of ranges), and customers hang up when they do
(instead of being found gone).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

SPELL, BREAK, FIXED, END = 1, 2, 3, 4


@dataclass
class Person:
    number: int
    start: float
    shift_end: float
    skills: list[int]
    factor: list[float]
    stretches: list[tuple[float, float, int]]
    is_here: bool = False
    is_on: bool = False
    wants_off: bool = False
    back_at: float = np.inf
    hands: dict[int, float] = field(default_factory=dict)  # contact: work left
    channel: int = -1
    ticket: int = 0
    on_s: float = 0.0
    busy_s: float = 0.0


class Twin:
    def __init__(self, floor: Any) -> None:
        """Read an empty floor."""
        self.channels = [dict(zip(c.dtype.names, c.item(), strict=True)) for c in floor.channels]
        self.rates = floor.rates
        self.end = float(floor.week[0]["end"])
        self.contacts = floor.contacts
        self.channel_of = np.repeat(
            np.arange(len(floor.channels)),
            floor.channels["last"] - floor.channels["head"],
        )
        ends = np.flatnonzero(floor.stretches["kind"] == END)
        self.people = [
            Person(
                number=p,
                start=float(row["start"]),
                shift_end=float(row["shift_end"]),
                skills=list(np.flatnonzero(floor.serves[row["group"]])),
                factor=list(floor.factor[p]),
                stretches=[
                    s.item()
                    for s in floor.stretches[row["off_at"] : ends[ends >= row["off_at"]][0] + 1]
                ],
            )
            for p, row in enumerate(floor.people)
        ]
        self.waiting: list[list[int]] = [[] for _ in self.channels]
        self.now, self.tickets = 0.0, 0
        n = len(self.contacts)
        self.answered = np.full(n, np.nan)
        self.finished = np.full(n, np.nan)
        self.by = np.full(n, -1)
        self.lost = np.zeros(n, bool)
        self.overtime = self.break_delay = 0.0

    def run(self) -> Twin:
        arrivals = sorted(
            range(len(self.contacts)),
            key=lambda i: (self.contacts["arrived"][i], self.channel_of[i]),
        )
        starts = list(self.people)
        while True:
            events = []
            if starts:
                events.append((starts[0].start, 0, "start", starts[0]))
            for p in self.people:
                if p.hands:
                    events.append((self.now + self.time_left(p), 1, "complete", p))
                if p.is_here and not p.is_on:
                    events.append((p.back_at, 1, "back", p))
                if p.is_on and not p.wants_off:
                    events.append((p.stretches[0][0], 1, "off", p))
            for queue in self.waiting:
                events += [(self.contacts["leaves"][i], 2, "leave", i) for i in queue]
            if arrivals:
                events.append((self.contacts["arrived"][arrivals[0]], 3, "arrive", arrivals[0]))
            soonest = min(events, key=lambda e: e[:2], default=(np.inf, 0, "", None))
            time, _, kind, what = soonest
            self.pass_time(min(time, self.end) - self.now)
            if time >= self.end:
                return self
            self.now = time
            if kind == "start":
                starts.pop(0).is_here = True
                self.follow_shift(what)
            elif kind == "complete":
                self.complete(what)
            elif kind == "back":
                what.stretches.pop(0)
                self.follow_shift(what)
            elif kind == "off":
                if what.hands:
                    what.wants_off = True
                else:
                    self.follow_shift(what)
            elif kind == "leave":
                self.waiting[self.channel_of[what]].remove(what)
                self.lost[what] = True
            else:
                self.waiting[self.channel_of[what]].append(arrivals.pop(0))
                self.place(self.channel_of[what])

    def speed(self, p: Person) -> float:
        return self.rates[p.channel, len(p.hands) - 1] / len(p.hands)

    def time_left(self, p: Person) -> float:
        return max(min(p.hands.values()), 0.0) / self.speed(p)

    def pass_time(self, seconds: float) -> None:
        for p in self.people:
            p.on_s += seconds if p.is_on else 0.0
            if p.hands:
                p.busy_s += seconds
                done = seconds * self.speed(p)
                p.hands = {i: left - done for i, left in p.hands.items()}

    def follow_shift(self, p: Person) -> None:
        p.wants_off = False
        while p.stretches[0][0] <= self.now:
            start, end, kind = p.stretches[0]
            if kind == END:
                self.overtime += self.now - start
                p.is_on = p.is_here = False
                return
            until = min(end if kind == FIXED else end + (self.now - start), p.shift_end)
            if until > self.now:
                self.break_delay += self.now - start if kind == BREAK else 0.0
                p.is_on, p.back_at = False, until
                return
            p.stretches.pop(0)
        p.is_on = True
        self.seek(p)

    def next_for(self, p: Person, deferred: bool) -> int:
        able = [
            (self.channels[c]["priority"], self.contacts["due" if deferred else "arrived"][q[0]], c)
            for c, q in enumerate(self.waiting)
            if q and c in p.skills and self.channels[c]["is_deferred"] == deferred
        ]
        return min(able)[2] if able else -1

    def seek(self, p: Person) -> None:
        for deferred in (False, True):
            channel = self.next_for(p, deferred)
            if channel >= 0:
                self.take(p, channel)
                if not deferred:
                    self.fill(p)
                return
        self.queue_up(p)

    def fill(self, p: Person) -> None:
        while len(p.hands) < self.channels[p.channel]["holds"]:
            if self.next_for(p, False) != p.channel:
                return
            self.take(p, p.channel)

    def take(self, p: Person, channel: int) -> None:
        i = self.waiting[channel].pop(0)
        self.answered[i], self.by[i] = self.now, p.number
        p.channel = channel
        p.hands[i] = self.contacts["work"][i] * p.factor[channel]
        self.queue_up(p)

    def queue_up(self, p: Person) -> None:
        p.ticket = self.tickets
        self.tickets += 1

    def complete(self, p: Person) -> None:
        done = min(p.hands, key=p.hands.__getitem__)
        del p.hands[done]
        self.finished[done] = self.now
        if p.hands:
            self.queue_up(p)
            if not p.wants_off:
                self.fill(p)
        elif p.wants_off:
            self.follow_shift(p)
        else:
            self.seek(p)

    def place(self, channel: int) -> None:
        while self.waiting[channel]:
            able = []
            for p in self.people:
                if not p.is_on or p.wants_off or channel not in p.skills:
                    continue
                level = len(p.hands)
                if level and (
                    p.channel != channel
                    or self.channels[channel]["is_deferred"]
                    or level >= self.channels[channel]["holds"]
                    or self.next_for(p, False) != channel
                ):
                    continue
                able.append((level, len(p.skills), p.ticket, p.number))
            if not able:
                return
            self.take(self.people[min(able)[3]], channel)

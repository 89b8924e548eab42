"""The engine once more, slow and obvious: lists, minima, and an event for everything that happens.

It shares the rules of the floor with :mod:`wfplan.simulation.engine` and no
code: contacts in hand lose remaining work as time passes (instead of a work
clock), queues are lists (instead of links), customers hang up when they do
(instead of being found gone), and whatever follows from a contact is planned
when it is certain (instead of being looked up later).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.stats import norm

SPELL, BREAK, FIXED, END = 1, 2, 3, 4
ABLE, HELPS = 1, 2
FRESH, REDIAL, RECONTACT, CHASE, ESCALATION = range(5)
WORD = 2**64


def bits(key: int, counter: int) -> int:
    """Steele, Lea and Flood (2014), figure 15: the state after so many steps, mixed."""
    z = (key + 0x9E3779B97F4A7C15 * (counter + 1)) % WORD
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) % WORD
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) % WORD
    return z ^ (z >> 31)


def uniform(key: int, counter: int) -> float:
    return ((bits(key, counter) >> 11) + 0.5) / 2**53


def gamma(shape: float, key: int, counter: int) -> float:
    """Marsaglia and Tsang (2000), section 6 for shapes below 1."""
    if shape < 1:
        small = uniform(key, counter) ** (1 / shape)
        return small * _gamma_from_1(shape + 1, key, counter)
    return _gamma_from_1(shape, key, counter)


def _gamma_from_1(shape: float, key: int, counter: int) -> float:
    d = shape - 1 / 3
    for k in range(64 * (1 + counter), WORD, 2):
        z = norm.ppf(uniform(key, k))
        v = (1 + z / np.sqrt(9 * d)) ** 3
        if v > 0 and np.log(uniform(key, k + 1)) < z * z / 2 + d * (1 - v + np.log(v)):
            return d * v
    raise AssertionError


def relative(law: int, shape: float, key: int, counter: int) -> float:
    if law == 0:
        return 1.0
    if law == 1:
        return -np.log(uniform(key, counter))
    if law == 2:
        return float(np.exp(shape * norm.ppf(uniform(key, counter)) - shape**2 / 2))
    return gamma(shape, key, counter) / shape


@dataclass
class Person:
    number: int
    start: float
    shift_end: float
    skills: dict[int, int]
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
    overtime: float = 0.0
    break_delay: float = 0.0


@dataclass
class Contact:
    channel: int
    arrived: float
    work: float
    leaves: float
    due: float
    key: int
    parent: int = -1
    cause: int = FRESH
    answered: float = np.nan
    finished: float = np.nan
    by: int = -1
    is_lost: bool = False
    is_blocked: bool = False
    is_called_back: bool = False


class Twin:
    def __init__(self, floor: Any) -> None:
        """Read an empty floor."""
        self.channels = [dict(zip(c.dtype.names, c.item(), strict=True)) for c in floor.channels]
        customers = floor.customers
        self.kinds = [dict(zip(k.dtype.names, k.item(), strict=True)) for k in customers.kinds]
        self.aht_s, self.open_s, self.turns = customers[1:]
        self.rates = floor.rates
        self.week = floor.week[0]
        self.end = float(self.week["end"])
        self.contacts = [
            Contact(*(c[n].item() for n in ("channel", "arrived", "work", "leaves", "due", "key")))
            for c in floor.contacts[: self.week["contacts"]]
        ]
        self.fresh = sorted(
            range(len(self.contacts)),
            key=lambda i: (self.contacts[i].arrived, self.contacts[i].channel),
        )
        ends = np.flatnonzero(floor.stretches["kind"] == END)
        self.people = [
            Person(
                number=p,
                start=float(row["start"]),
                shift_end=float(row["shift_end"]),
                skills={c: a for c, a in enumerate(floor.able[row["group"]]) if a},
                factor=list(floor.factor[p]),
                stretches=[
                    s.item()
                    for s in floor.stretches[row["off_at"] : ends[ends >= row["off_at"]][0] + 1]
                ],
            )
            for p, row in enumerate(floor.people)
        ]
        self.waiting: list[list[int]] = [[] for _ in self.channels]
        self.returns: list[tuple[float, int, int, int]] = []  # time, parent, cause, channel
        self.chases: list[tuple[float, int]] = []  # due time, contact
        self.ripe: set[int] = set()  # contacts of which helpers have been told
        self.reserve = floor.reserve
        self.now, self.tickets = 0.0, 0
        self.next_interval = float(self.week["interval"])

    def run(self) -> Twin:
        starts = list(self.people)
        while True:
            events: list[tuple[tuple[float, ...], str, Any]] = []
            if starts:
                events.append(((starts[0].start, 0), "start", starts[0]))
            n = len(self.people)
            for p in self.people:
                if p.hands:
                    events.append(((self.now + self.time_left(p), 1, p.number), "complete", p))
                if p.is_here and not p.is_on:
                    events.append(((p.back_at, 1, n + p.number), "back", p))
                if p.is_on and not p.wants_off:
                    events.append(((p.stretches[0][0], 1, n + p.number), "off", p))
            for c, queue in enumerate(self.waiting):
                events += [((self.contacts[i].leaves, 6), "leave", i) for i in queue]
                ripe = [self.ripe_at(i) for i in queue if i not in self.ripe]
                if ripe:
                    events.append(((min(ripe), 1, 2 * n + c), "overflow", c))
            events += [((due, 3), "due", i) for due, i in self.chases]
            if self.week["has_reserve"]:
                events.append(((self.next_interval, 1, 2 * n + len(self.channels)), "interval", 0))
            if self.returns:
                events.append(((min(self.returns)[0], 4), "return", min(self.returns)))
            if self.fresh:
                events.append(((self.contacts[self.fresh[0]].arrived, 5), "arrive", self.fresh[0]))
            if not events:
                self.pass_time(self.end - self.now)
                return self
            (time, *_), kind, what = min(events, key=lambda e: e[0])
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
            elif kind == "interval":
                self.next_interval += float(self.week["interval"])
                self.place_deferred()
            elif kind == "overflow":
                self.ripe |= {i for i in self.waiting[what] if self.ripe_at(i) <= self.now}
                self.place(what, most_in_hand=0)
            elif kind == "leave":
                self.lose(what)
            elif kind == "due":
                self.chases.remove((time, what))
                contact = self.contacts[what]
                is_done = not np.isnan(contact.finished) or contact.is_lost or contact.is_blocked
                if not is_done:
                    self.plan(what, CHASE, 0.0)
            elif kind == "return":
                self.returns.remove(what)
                self.arrive(self.begin(*what))
            else:
                self.arrive(self.fresh.pop(0))

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

    # Customers

    def arrive(self, i: int) -> None:
        contact = self.contacts[i]
        line = self.channels[contact.channel]
        others = list(self.waiting[contact.channel])
        self.waiting[contact.channel].append(i)
        self.place(contact.channel)
        if line["is_deferred"] and contact.due < self.end:
            self.chases.append((contact.due, i))
        still = [j for j in others if j in self.waiting[contact.channel]]
        if contact.by < 0 and line["places"] >= 0 and len(still) >= line["places"]:
            self.waiting[contact.channel].remove(i)
            contact.is_blocked = True
            self.plan(i, REDIAL, self.kinds[contact.channel]["redial_s"])

    def lose(self, i: int) -> None:
        contact = self.contacts[i]
        self.waiting[contact.channel].remove(i)
        contact.is_lost = True
        self.plan(i, REDIAL, self.kinds[contact.channel]["redial_s"])

    def plan(self, i: int, cause: int, mean_s: float) -> None:
        """A customer turns, or does not turn, to a channel after a while."""
        contact = self.contacts[i]
        drawn = uniform(contact.key, 8 + cause)
        open_to = np.flatnonzero(self.turns[contact.channel, cause - 1] > drawn)
        if not len(open_to):
            return
        time = self.now
        if mean_s:
            time -= mean_s * np.log(uniform(contact.key, 16 + cause))
        time = self.opening(int(open_to[0]), time, uniform(contact.key, 32 + cause))
        if time < self.end:
            self.returns.append((time, i, cause, int(open_to[0])))

    def opening(self, channel: int, time: float, drawn: float) -> float:
        is_open = np.diff(self.open_s[channel]) > 0
        length = float(self.week["interval"])
        for t, opened in enumerate(is_open):
            if opened and t * length <= time < (t + 1) * length:
                return time
            if opened and time < t * length:
                closed = np.flatnonzero(~is_open[t:])
                many = closed[0] if len(closed) else len(is_open) - t
                return float(t + drawn * many) * length
        return np.inf

    def begin(self, time: float, parent: int, cause: int, channel: int) -> int:
        """A contact that follows from another."""
        key = bits(self.contacts[parent].key, 24 + cause)
        kind = self.kinds[channel]
        if cause == ESCALATION:
            work = -self.week["escalated_s"] * np.log(uniform(key, 0))
            contact = Contact(channel, time, work, np.inf, np.inf, key, parent, cause)
        else:
            interval = int(time / self.week["interval"])
            work = relative(kind["handle_law"], kind["handle_shape"], key, 0)
            work *= self.aht_s[channel, interval]
            due = self.due(channel, time)
            leaves = time + self.patience(channel, key)
            contact = Contact(channel, time, work, leaves, due, key, parent, cause)
        self.contacts.append(contact)
        return len(self.contacts) - 1

    def patience(self, channel: int, key: int) -> float:
        kind = self.kinds[channel]
        if kind["balk_share"] > uniform(key, 2):
            return 0.0
        if np.isinf(kind["patience_s"]):
            return np.inf
        drawn = kind["patience_s"] * relative(kind["patience_law"], kind["patience_shape"], key, 1)
        is_taken = kind["callback_share"] > uniform(key, 3)
        return np.inf if is_taken and drawn > kind["callback_after_s"] else drawn

    def due(self, channel: int, arrived: float) -> float:
        left, length = self.kinds[channel]["due_s"], float(self.week["interval"])
        if np.isinf(left):
            return np.inf
        is_open = np.diff(self.open_s[channel]) > 0
        for t in range(int(arrived / length), len(is_open)):
            if is_open[t]:
                start = max(arrived, t * length)
                if left <= (t + 1) * length - start:
                    return start + left
                left -= (t + 1) * length - start
        return len(is_open) * length + left

    # People

    def follow_shift(self, p: Person) -> None:
        p.wants_off = False
        while p.stretches[0][0] <= self.now:
            start, end, kind = p.stretches[0]
            if kind == END:
                p.overtime += self.now - start
                p.is_on = p.is_here = False
                return
            until = min(end if kind == FIXED else end + (self.now - start), p.shift_end)
            if until > self.now:
                p.break_delay += self.now - start if kind == BREAK else 0.0
                p.is_on, p.back_at = False, until
                return
            p.stretches.pop(0)
        p.is_on = True
        self.seek(p)

    def ripe_at(self, i: int) -> float:
        contact = self.contacts[i]
        return contact.arrived + self.channels[contact.channel]["overflow_s"]

    def is_allowed(self, p: Person, channel: int) -> bool:
        """Whether a person may take the contact that waits longest on a channel."""
        if channel not in p.skills:
            return False
        if p.skills[channel] == HELPS and self.now < self.ripe_at(self.waiting[channel][0]):
            return False
        if not self.channels[channel]["is_deferred"]:
            return True
        others = [q for q in self.free() if q is not p]
        t = int(self.now / self.week["interval"])
        return all(
            sum(c in q.skills for q in others) >= self.reserve[c, t] for c in self.realtime(p)
        )

    def realtime(self, p: Person) -> set[int]:
        lines = range(len(self.aht_s))
        return {c for c in p.skills if c in lines and not self.channels[c]["is_deferred"]}

    def free(self) -> list[Person]:
        return [q for q in self.people if q.is_on and not q.hands and q is not self.busy]

    busy: Person | None = None  # who looks for work just now

    def next_for(self, p: Person, deferred: bool) -> int:
        able = [
            (self.channels[c]["priority"], contact.due if deferred else contact.arrived, c)
            for c, q in enumerate(self.waiting)
            if q and self.channels[c]["is_deferred"] == deferred and self.is_allowed(p, c)
            for contact in [self.contacts[q[0]]]
        ]
        return min(able)[2] if able else -1

    def seek(self, p: Person) -> None:
        self.busy = p
        for deferred in (False, True):
            channel = self.next_for(p, deferred)
            if channel >= 0:
                self.busy = None
                self.take(p, channel)
                if not deferred:
                    self.fill(p)
                return
        self.busy = None
        self.queue_up(p)
        self.place_deferred()

    def place_deferred(self) -> None:
        while True:
            able = [
                (self.channels[c]["priority"], self.contacts[q[0]].due, c)
                for c, q in enumerate(self.waiting)
                if q and self.channels[c]["is_deferred"] and self.who(c)
            ]
            if not able:
                return
            channel = min(able)[2]
            who = self.who(channel)
            assert who
            self.take(who, channel)

    def fill(self, p: Person) -> None:
        while len(p.hands) < self.channels[p.channel]["holds"]:
            if self.next_for(p, False) != p.channel:
                return
            self.take(p, p.channel)

    def take(self, p: Person, channel: int) -> None:
        i = self.waiting[channel].pop(0)
        contact, kind = self.contacts[i], self.kinds[channel]
        contact.answered, contact.by = self.now, p.number
        contact.is_called_back = (
            self.now > contact.arrived + kind["callback_after_s"]
            and uniform(contact.key, 3) < kind["callback_share"]
        )
        p.channel = channel
        p.hands[i] = contact.work * p.factor[channel]
        self.queue_up(p)

    def queue_up(self, p: Person) -> None:
        p.ticket = self.tickets
        self.tickets += 1

    def complete(self, p: Person) -> None:
        done = min(p.hands, key=p.hands.__getitem__)
        del p.hands[done]
        contact = self.contacts[done]
        contact.finished = self.now
        self.busy = p  # not free before what follows is on its way
        if contact.cause != ESCALATION:
            self.plan(done, RECONTACT, self.kinds[contact.channel]["recontact_s"])
            if uniform(contact.key, 4) < self.week["escalated_share"]:
                last = len(self.channels) - 1
                self.arrive(self.begin(self.now, done, ESCALATION, last))
        self.busy = None
        if p.hands:
            self.queue_up(p)
            if not p.wants_off:
                self.fill(p)
        elif p.wants_off:
            self.follow_shift(p)
        else:
            self.seek(p)

    def who(self, channel: int, most_in_hand: int = 99) -> Person | None:
        """Who takes the contact that waits longest on a channel."""
        able = []
        for p in self.people:
            if not p.is_on or p.wants_off or channel not in p.skills or p is self.busy:
                continue
            level = len(p.hands)
            if level > most_in_hand:
                continue
            if level and (
                p.channel != channel
                or self.channels[channel]["is_deferred"]
                or level >= self.channels[channel]["holds"]
                or self.next_for(p, False) != channel
            ):
                continue
            if level == 0 and not self.is_allowed(p, channel):
                continue
            able.append((level, len(p.skills), p.ticket, p.number))
        return self.people[min(able)[3]] if able else None

    def place(self, channel: int, most_in_hand: int = 99) -> None:
        while self.waiting[channel] and (who := self.who(channel, most_in_hand)):
            self.take(who, channel)

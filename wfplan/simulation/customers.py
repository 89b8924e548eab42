"""Customers: when a contact comes, how long it takes, how long it waits, what follows from it.

A contact that follows another (:mod:`wfplan.simulation.repeats`) is a contact
like any other of its channel: it is written here, from its own key.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wfplan.compiled import kernel, part
from wfplan.simulation.chance import BALK, CALLBACK, HANDLE, PATIENCE, bits, factor, uniform
from wfplan.simulation.frames import FRESH, Customers, FloatArray, IntArray, Records


@kernel
def write_fresh(
    customers: Customers,
    channel: int,
    counts: IntArray,
    keys: NDArray[np.uint64],
    interval_s: float,
    contacts: Records,
) -> None:
    """
    Write a channel's contacts of its own, by arrival; counts per interval.

    Given their number, arrivals in an interval lie like the partial sums of
    one more exponential gaps, scaled to its length. The two ``keys`` are of
    gaps and of contacts.
    """
    first, gap = 0, 0
    for interval in range(len(counts)):
        n, total = counts[interval], 0.0
        for i in range(first, first + n):
            total -= np.log(uniform(keys[0], gap))
            gap += 1
            contacts[i].arrived = total
        if n > 0:
            total -= np.log(uniform(keys[0], gap))
            gap += 1
        for i in range(first, first + n):
            contacts[i].arrived = (interval + contacts[i].arrived / total) * interval_s
            contacts[i].interval = interval
            contacts[i].channel = channel
            contacts[i].key = bits(keys[1], i)
            contacts[i].cause = FRESH
            contacts[i].parent = -1
            write_customer(customers, contacts, i, interval_s)
        first += n


@part
def write_customer(customers: Customers, contacts: Records, i: int, interval_s: float) -> None:
    """Work, patience and due time of a contact whose channel, key and arrival are written."""
    contact = contacts[i]
    kind, key, arrived = customers.kinds[contact.channel], contact.key, contact.arrived
    handled = factor(kind.handle_law, kind.handle_shape, key, HANDLE)
    contact.work = handled * customers.aht_s[contact.channel, contact.interval]
    contact.due = due_time(customers.open_s[contact.channel], interval_s, arrived, kind.due_s)
    contact.leaves = np.inf
    if kind.patience_s < np.inf:
        patience = kind.patience_s * factor(kind.patience_law, kind.patience_shape, key, PATIENCE)
        if patience <= kind.callback_after_s or not accepts_callback(customers, contact):
            contact.leaves = arrived + patience
    if kind.balk_share > 0 and uniform(key, BALK) < kind.balk_share:
        contact.leaves = arrived
    nobody_has_had(contact)


@part
def nobody_has_had(contact: Any) -> None:
    """Nothing has become of a contact yet."""
    contact.reached = contact.finished = np.nan
    contact.person = contact.behind = -1
    contact.is_blocked = contact.is_called_back = False


@part
def accepts_callback(customers: Customers, contact: Any) -> bool:
    """Whether the customer would rather be called back, if asked."""
    share = customers.kinds[contact.channel].callback_share
    return bool(share > 0 and uniform(contact.key, CALLBACK) < share)


@part
def due_time(open_s: FloatArray, interval_s: float, arrived: float, due_s: float) -> float:
    """When a contact is due: after ``due_s`` seconds of opening; the world opens at the end."""
    if due_s == np.inf:
        return np.inf
    at, last = int(arrived / interval_s), len(open_s) - 1
    inside = (arrived / interval_s - at) * (open_s[at + 1] - open_s[at])
    needed = open_s[at] + inside + due_s
    low, high = at, last
    while low < high:
        middle = (low + high) // 2
        if open_s[middle] < needed:
            low = middle + 1
        else:
            high = middle
    # Inside the interval before `low` the channel is open, so time runs as the opening does.
    return float(low * interval_s - (open_s[low] - needed))


@part
def when_open(open_s: FloatArray, interval_s: float, time: float, drawn: float) -> float:
    """
    When a customer comes who would come at ``time``: then, if the channel is open.

    Else some time in its next opening, at the share ``drawn`` of it; inf where
    there is none.
    """
    if time >= (len(open_s) - 1) * interval_s:
        return np.inf
    at = int(time / interval_s)
    if open_s[at + 1] > open_s[at]:
        return time
    while at < len(open_s) - 1 and open_s[at + 1] == open_s[at]:
        at += 1
    if at == len(open_s) - 1:
        return np.inf
    closes = at
    while closes < len(open_s) - 1 and open_s[closes + 1] > open_s[closes]:
        closes += 1
    return (at + drawn * (closes - at)) * interval_s

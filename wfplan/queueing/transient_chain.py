"""One interval of the queue in time: its law before, through and after, and what is read off it.

A fractional agent is one who is there with that probability at any moment: what
holds for ``n`` between whole numbers is the straight line between them. The
law is kept where it weighs something, so that the state space follows the queue.

References
----------
.. [1] Fox, B. L., and P. W. Glynn (1988). Computing Poisson probabilities.
       *Communications of the ACM* 31(4): 440-445 (weights outwards from the
       largest). https://doi.org/10.1145/42404.42409
.. [2] Mandelbaum, A., and S. Zeltyn (2007). Service engineering in action: the
       Palm/Erlang-A queue, with applications to call centers (waits behind j others).
       https://doi.org/10.1007/978-3-540-29860-1_2
"""

from __future__ import annotations

from dataclasses import dataclass
from math import expm1, floor, sqrt

import numpy as np
from numpy.typing import NDArray

from wfplan.queueing.transient_kernels import (
    END,
    MU,
    NEGLIGIBLE,
    NOW,
    PAD,
    RATE,
    STAFF,
    SUMS,
    THETA,
    run_clock,
)

FloatArray = NDArray[np.float64]

P_WAIT, QUEUE, BUSY, FINISHING, LEVEL, END_SYSTEM, END_WAIT, END_QUEUE = range(8)
COLUMNS = 8  # of a table of measures


@dataclass(frozen=True)
class TransientState:
    """
    The law of one queue at a moment.

    ``law[i]`` is the probability of ``low + i`` contacts in the system;
    ``overrun[e, w]`` that of w waiting while e + 1 agents more are busy than
    the whole agents of ``staff``. Together they sum to 1.
    """

    law: FloatArray
    low: int
    overrun: FloatArray
    staff: float

    @property
    def top(self) -> int:
        """The most contacts in the system that weigh something."""
        chain = self.low + len(self.law) - 1
        return max(chain, floor(self.staff) + sum(self.overrun.shape)) if self.levels else chain

    @property
    def levels(self) -> int:
        """Agents beyond the whole staff who may still be busy."""
        return int(self.overrun.shape[0])


@dataclass(frozen=True)
class Laws:
    """Laws of the chain (END, SUMS by first axis) from no contact on, and of the overrun."""

    chain: FloatArray
    overrun: FloatArray


def empty(staff: float) -> TransientState:
    """A system without contacts."""
    return TransientState(np.ones(1), 0, np.zeros((0, 0)), staff)


def shift_change(state: TransientState, staff: float, *, finish: bool) -> TransientState:
    """The state under a new staff; those too many ``finish`` or hand back what they have."""
    if not finish or staff == state.staff or (staff > state.staff and not state.levels):
        return TransientState(state.law, state.low, state.overrun, staff)
    old, new = floor(state.staff), floor(staff)
    part, stay = state.staff - old, staff - new
    size = state.top + 2
    chain, busy = np.zeros(size), np.zeros((max(0, old + 1 + state.levels - new), size))
    for k, weight in enumerate(state.law, state.low):
        if staff > state.staff or k <= min(old, new):
            chain[k] += weight
        elif k <= old:
            _place(chain, busy, k, 0, np.array([weight]), new, stay)
    first = max(state.low, old + 1)
    crowded = state.law[first - state.low :]
    if staff < state.staff and len(crowded):
        share = stay / part if old == new else stay
        _place(chain, busy, old, first - old, crowded * (1 - part), new, stay)
        if part > 0:
            _place(chain, busy, old + 1, first - old - 1, crowded * part, new, share)
    share = max(0.0, (stay - part) / (1 - part)) if old == new else stay
    for e, weights in enumerate(state.overrun):
        _place(chain, busy, old + 1 + e, 0, weights, new, share)
    return _trimmed(chain, busy, staff)


def _place(
    chain: FloatArray,
    busy: FloatArray,
    b: int,
    w: int,
    weights: FloatArray,
    whole: int,
    stay: float,
) -> None:
    """Put weights of b busy and w, w + 1, ... waiting where ``whole`` agents and a part stay."""
    share = 1.0 if b <= whole else stay if b == whole + 1 else 0.0
    if share > 0:
        chain[b + w : b + w + len(weights)] += share * weights
    if share < 1:
        busy[b - whole - 1, w : w + len(weights)] += (1 - share) * weights


def _trimmed(chain: FloatArray, busy: FloatArray, staff: float) -> TransientState:
    """The part of a state that weighs something, at least one state of the chain."""
    kept = np.flatnonzero(chain > NEGLIGIBLE)
    low, high = (int(kept[0]), int(kept[-1])) if len(kept) else (0, 0)
    level, wait = np.nonzero(busy > NEGLIGIBLE)
    live = busy[: level.max(initial=-1) + 1, : wait.max(initial=-1) + 1]
    return TransientState(chain[low : high + 1], low, live, staff)


def advance(
    state: TransientState, row: FloatArray, duration_s: float
) -> tuple[TransientState, Laws]:
    """The state after one interval of constant rates, and the laws of the interval."""
    roof = _roof(state.top, row, duration_s)
    while True:
        clock, tick, down = _ticks(row, roof, state.levels)
        line, busy = np.zeros((4, roof + 2 * PAD + 1)), _padded(state.overrun, roof)
        line[NOW, state.low + PAD :][: len(state.law)] = state.law
        window = (state.low, state.low + len(state.law) - 1, *_busy_window(state.overrun))
        at, over = poisson_weights(clock * duration_s)
        if run_clock(line, busy, tick, down, at, over, window):
            break
        roof = int(1.3 * roof) + 40
    laws = Laws(line[:, PAD:-PAD], busy[:, :-1, PAD:-PAD])
    return _trimmed(laws.chain[END], laws.overrun[END], state.staff), laws


def _roof(top: int, row: FloatArray, duration_s: float) -> int:
    """A state above all that will weigh something, by the fluid; a guess, raised if too low."""
    rate, staff, mu, theta = row.tolist()
    if rate <= staff * mu:
        rest = rate / mu
    elif theta > 0:
        rest = staff + (rate - staff * mu) / theta
    else:
        rest = top + (rate - staff * mu) * duration_s
    peak = min(top + rate * duration_s, rest)
    return int(max(top + 8, peak + 8 * sqrt(peak) + 20))


def _ticks(row: FloatArray, roof: int, levels: int) -> tuple[float, FloatArray, FloatArray]:
    """Ticks per second; the row per tick; the chance to fall in a tick by padded state."""
    staff = float(row[STAFF])
    states = np.arange(-PAD, roof + PAD + 1, dtype=np.float64).clip(min=0.0)
    served = np.minimum(states, staff)
    down = served * row[MU] + (states - served) * row[THETA]
    most = (floor(staff) + levels) * row[MU] + max(roof + PAD - floor(staff), 0) * row[THETA]
    clock = float(row[RATE] + max(down.max(), most if levels else 0.0)) or 1e-9
    tick = row / clock
    tick[STAFF] = staff
    return clock, tick, down / clock


def _padded(overrun: FloatArray, roof: int) -> FloatArray:
    """Room for the law of those who finish: one level more, and empty edges."""
    levels, width = overrun.shape
    busy = np.zeros((4, levels + 1, (roof if levels else 0) + 2 * PAD + 1))
    busy[NOW, :levels, PAD : PAD + width] = overrun
    return busy


def _busy_window(overrun: FloatArray) -> tuple[int, int, int]:
    """The first level that weighs something, those after the last, the same of contacts waiting."""
    level = np.flatnonzero(overrun.any(axis=1))
    return (int(level[0]), len(overrun), int(overrun.shape[1])) if len(level) else (0, 0, 0)


def poisson_weights(mean: float) -> tuple[FloatArray, FloatArray]:
    """Chances of 0, 1, ... ticks, and those of more than each over the mean: weights of time."""
    mode, reach = floor(mean), int(10 * sqrt(mean) + 40)
    counts = np.arange(max(mode - reach, 0), mode + reach + 1)
    here = mode - counts[0]
    chances = np.ones(len(counts))
    chances[here + 1 :] = np.cumprod(mean / counts[here + 1 :])
    if here:
        chances[:here] = np.cumprod(counts[1 : here + 1][::-1] / mean)[::-1]
    chances /= chances.sum()
    kept = np.flatnonzero(chances > NEGLIGIBLE)[-1] + 1
    at = np.zeros(counts[0] + kept)
    at[counts[0] :] = chances[:kept]
    over = np.append(np.cumsum(at[:0:-1])[::-1], 0.0)
    if len(at) == 1:
        over[0] = 1.0  # nothing happens
    return at, over / over.sum()


def measure(laws: Laws, row: FloatArray, within_s: float | None) -> FloatArray:
    """Measures of an interval, shape (measure,)."""
    out = np.zeros(COLUMNS)
    staff, whole = float(row[STAFF]), floor(row[STAFF])
    part = staff - whole
    contacts, busy = np.arange(laws.chain.shape[1]), whole + 1 + np.arange(laws.overrun.shape[1])
    in_system = np.zeros(4)
    for law, wait, queue in ((SUMS, P_WAIT, QUEUE), (END, END_WAIT, END_QUEUE)):
        crowd, finishing = laws.chain[law, whole:], laws.overrun[law].sum(axis=1)
        out[wait] = crowd.sum() - part * crowd[:1].sum() + finishing.sum()
        out[queue] = waiting(laws, law, staff)
        behind = laws.overrun[law].sum(axis=0)
        in_system[law] = contacts @ laws.chain[law] + busy @ finishing
        in_system[law] += np.arange(len(behind)) @ behind
    out[FINISHING] = (busy - staff) @ laws.overrun[SUMS].sum(axis=1)
    out[BUSY], out[END_SYSTEM] = in_system[SUMS] - out[QUEUE], in_system[END]
    out[LEVEL] = np.nan if within_s is None else _level(laws, row, within_s)
    return out


def waiting(laws: Laws, law: int, staff: float) -> float:
    """Mean contacts in the queue."""
    crowd = laws.chain[law, floor(staff) + 1 :]
    behind = laws.overrun[law].sum(axis=0)
    first = floor(staff) + 1 - staff
    return float((first + np.arange(len(crowd))) @ crowd + np.arange(len(behind)) @ behind)


def _level(laws: Laws, row: FloatArray, within_s: float) -> float:
    """Share of arrivals answered in time, by the states they find and the staff of the interval."""
    seen = laws.chain[SUMS].copy()
    whole, part = floor(row[STAFF]), row[STAFF] - floor(row[STAFF])
    for e, weights in enumerate(laws.overrun[SUMS]):
        first = whole + 1 + e
        seen[first:] += weights[: max(len(seen) - first, 0)]
    fewer = np.ones(len(seen))
    fewer[whole:] = answered_shares(whole, row, within_s, len(seen[whole:]))
    if part == 0:
        return float(seen @ fewer)
    more = np.ones(len(seen))
    more[whole + 1 :] = answered_shares(whole + 1, row, within_s, len(seen[whole + 1 :]))
    return float(seen @ ((1 - part) * fewer + part * more))


def answered_shares(staff: int, row: FloatArray, within_s: float, count: int) -> FloatArray:
    """
    Share answered in time of those who find all busy and 0 .. count - 1 waiting.

    The offered wait behind j others is a sum of exponentials with rates
    ``n mu + i theta``; it ends in time when a negative binomial count exceeds j
    (a Poisson count for endless patience) [2]_. In logarithms, so that a tail
    may be as deep as it likes.
    """
    full, theta = staff * float(row[MU]), float(row[THETA])
    if full == 0 or within_s == 0 or count <= 0:
        return np.zeros(max(count, 0))
    ahead = np.arange(count)
    gone = -expm1(-theta * within_s)
    drained = full * gone / theta if theta > 0 else full * within_s
    logs = np.append(0.0, np.cumsum(np.log(drained / ahead[1:] + gone)))
    highest = logs.max()
    late = np.cumsum(np.exp(logs - highest))
    with np.errstate(divide="ignore"):
        late = np.exp(np.minimum(np.log(late) + highest - (full + theta) * within_s, 0.0))
    answered: FloatArray = full / (full + (ahead + 1) * theta) * (1 - late)
    return answered

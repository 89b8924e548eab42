"""The worth of single shifts at given prices per slot, each with its best placed breaks.

Shifts are valued from prefix sums of the prices; every break goes where it
costs least in its window.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wfplan.scheduling.person.legal import kernel

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_TIE = 1e-9  # harm points: breaks prefer the middle of their window when all is equal


@kernel
def value_shifts(
    gain: FloatArray,
    burden: FloatArray,
    opt_start: IntArray,
    opt_len: IntArray,
    len_slots: IntArray,
    break_count: IntArray,
    break_slots: IntArray,
    break_kind: IntArray,
    rest: FloatArray,
    opt_value: FloatArray,
    opt_break: IntArray,
) -> None:
    """
    Value of every shift with its best breaks.

    ``gain`` is what a slot on queue saves, ``burden`` what a slot of the shift
    costs the person (wishes). ``break_slots[l, b]`` are the length, the
    earliest and the latest start of break b in a shift of length l, in slots
    from its start; the chosen starts go to ``opt_break``. ``rest`` is what a slot
    of a break costs by its kind, (kind, slot).
    """
    slots = gain.shape[0]
    net = np.zeros(slots + 1)
    rested = np.zeros((rest.shape[0], slots + 1))
    for s in range(slots):
        net[s + 1] = net[s] + gain[s] - burden[s]
        for what in range(rest.shape[0]):
            rested[what, s + 1] = rested[what, s] + gain[s] + rest[what, s]
    for o in range(opt_start.shape[0]):
        start, kind = opt_start[o], opt_len[o]
        total = net[start + len_slots[kind]] - net[start]
        for b in range(break_count[kind]):
            length, first, last = break_slots[kind, b]
            what = break_kind[kind, b]
            best, where = np.inf, first
            for at in range(first, last + 1):
                lost = rested[what, start + at + length] - rested[what, start + at]
                is_central = abs(2 * at - first - last) < abs(2 * where - first - last)
                if lost < best - _TIE or (lost < best + _TIE and is_central):
                    where = at
                best = min(best, lost)
            total -= best
            opt_break[o, b] = where
        opt_value[o] = total

"""What cells buy at given prices and the best tail weights, as a kernel.

The models are those of :mod:`wfplan.scheduling.bound.buyers`, which owns the arrays:
``harm`` and ``floors`` are (cell, staff), everything else is (cell,).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wfplan.compiled import kernel, part

FloatArray = NDArray[np.float64]

_ROUNDS = 60
_CLOSE = 1e-6  # of the tail level
_NEAR = 1e-3  # of a tail level: how near the next one is expected


@part
def _at(curve: FloatArray, staff: float) -> float:
    """Value of a curve at real staff."""
    step = min(int(staff), curve.shape[0] - 2)
    value: float = curve[step] + (curve[step + 1] - curve[step]) * (staff - step)
    return value


@part
def _staff(
    harm: FloatArray, floors: FloatArray, factor: float, price: float, stiffness: float, near: float
) -> float:
    """Where cost, price and what holds the staff near some are least together."""
    low, high = 0, harm.shape[0] - 1
    while low < high:
        j = (low + high) // 2
        slope = factor * (harm[j + 1] - harm[j]) + floors[j + 1] - floors[j]
        if slope + price + stiffness * (j + 1 - near) < 0:
            low = j + 1
        else:
            high = j
    if stiffness <= 0 or low == harm.shape[0] - 1:
        return float(low)
    slope = factor * (harm[low + 1] - harm[low]) + floors[low + 1] - floors[low]
    staff: float = min(max(near - (price + slope) / stiffness, float(low)), low + 1.0)
    return staff


@part
def _held_at(harm: FloatArray, wanted: float) -> float:
    """The staff at which harm falls to what is wanted."""
    low, high = 0, harm.shape[0] - 1
    while low < high:
        j = (low + high) // 2
        if harm[j + 1] > wanted:
            low = j + 1
        else:
            high = j
    if low == harm.shape[0] - 1:
        return float(low)
    fall = harm[low] - harm[low + 1]
    if fall <= 0:
        return float(low)
    staff: float = low + min(max((harm[low] - wanted) / fall, 0.0), 1.0)
    return staff


@part
def _weight(
    harm: FloatArray,
    floors: FloatArray,
    wanted: float,
    pull: float,
    stiffness: float,
    balance: float,
    top: float,
) -> float:
    """The tail weight that holds a cell at the harm that is wanted."""
    staff = _held_at(harm, wanted)
    step = min(int(staff), harm.shape[0] - 2)
    fall = harm[step + 1] - harm[step]
    if fall >= 0:
        return 0.0
    factor = (pull - stiffness * staff - floors[step + 1] + floors[step]) / fall
    weight: float = min(max((factor - 1 + balance) / balance, 0.0), top)
    return weight


@part
def _over(
    harm: FloatArray,
    floors: FloatArray,
    prices: FloatArray,
    near: FloatArray,
    volume: FloatArray,
    high: FloatArray,
    low: FloatArray,
    level: float,
    stiffness: float,
    balance: float,
    top: float,
    weights: FloatArray,
) -> float:
    """Weights at a tail level, and by how much they exceed what is admitted."""
    total = 0.0
    for c in range(prices.shape[0]):
        if volume[c] > 0:
            if low[c] > level:
                weights[c] = top
            elif high[c] < level:
                weights[c] = 0.0
            else:
                pull = stiffness * near[c] - prices[c]
                weights[c] = _weight(harm[c], floors[c], level * volume[c], pull, stiffness,
                                     balance, top)  # fmt: skip
            total += (weights[c] - 1) * volume[c]
    return total


@part
def _settle(
    harm: FloatArray,
    floors: FloatArray,
    prices: FloatArray,
    near: FloatArray,
    volume: FloatArray,
    high: FloatArray,
    low: FloatArray,
    highest: float,
    guess: float,
    stiffness: float,
    balance: float,
    top: float,
    fewer: FloatArray,
    weights: FloatArray,
) -> float:
    """The tail level at which the weights average 1 over contacts, and those weights."""
    under, above = 0.0, highest * (1 + 1e-9)
    width = _NEAR
    for _ in range(_ROUNDS):
        if above - under <= _CLOSE * above:
            break
        middle = (under + above) / 2
        if under < guess * (1 - width) < above and width < 1:
            middle = guess * (1 - width)
        elif under < guess * (1 + width) < above and width < 1:
            middle = guess * (1 + width)
        elif above - under > 2.5 * width * guess:
            width *= 8
        if _over(harm, floors, prices, near, volume, high, low, middle, stiffness, balance, top,
                 weights) > 0:  # fmt: skip
            under = middle
        else:
            above = middle
    level = (under + above) / 2
    more = _over(harm, floors, prices, near, volume, high, low, under, stiffness, balance, top,
                  weights)  # fmt: skip
    less = _over(harm, floors, prices, near, volume, high, low, above, stiffness, balance, top,
                  fewer)  # fmt: skip
    # Both are best at the level between them, and so is what lies between both.
    share = min(max(-less / (more - less), 0.0), 1.0) if more > less else 0.0
    for c in range(prices.shape[0]):
        weights[c] = share * weights[c] + (1 - share) * fewer[c]
    return level


@kernel
def buy_cells(
    harm: FloatArray,
    floors: FloatArray,
    least: FloatArray,
    volume: FloatArray,
    prices: FloatArray,
    near: FloatArray,
    stiffness: float,
    balance: float,
    top: float,
    guess: float,
    few: FloatArray,
    many: FloatArray,
    high: FloatArray,
    low: FloatArray,
    fewer: FloatArray,
    staff: FloatArray,
    weights: FloatArray,
) -> tuple[float, float]:
    """
    Value of what the cells buy and the tail level; staff and weights go to the last two.

    ``volume`` is 0 for cells outside the tail and ``guess`` a level near the
    right one; ``few``, ``many``, ``high``, ``low`` and ``fewer`` are working memory.
    """
    highest = 0.0
    for c in range(prices.shape[0]):
        factor = least[c]
        few[c] = _staff(harm[c], floors[c], factor, prices[c], stiffness, near[c])
        weights[c] = fewer[c] = 0.0
        if volume[c] > 0:
            factor += balance * top
            many[c] = _staff(harm[c], floors[c], factor, prices[c], stiffness, near[c])
            high[c] = _at(harm[c], few[c]) / volume[c]
            low[c] = _at(harm[c], many[c]) / volume[c]
            highest = max(highest, high[c])
    level = 0.0
    if highest > 0:
        level = _settle(harm, floors, prices, near, volume, high, low, highest, guess, stiffness,
                        balance, top, fewer, weights)  # fmt: skip
    value = 0.0
    for c in range(prices.shape[0]):
        staff[c] = few[c]
        if volume[c] > 0:
            staff[c] = min(max(_held_at(harm[c], level * volume[c]), few[c]), many[c])
        factor = least[c] + balance * weights[c]
        value += factor * _at(harm[c], staff[c]) + _at(floors[c], staff[c])
        value += prices[c] * staff[c] + stiffness / 2 * (staff[c] - near[c]) ** 2
    return value, level

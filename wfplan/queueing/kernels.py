"""Compiled sums behind the queueing formulas: positive terms only, largest term first.

All queues here are birth-death chains in which contacts that find everybody
busy wait and hang up at rate theta each. In units of theta, ``c`` is the
completion rate of a full team and ``eta`` the arrival rate. With weight 1 for
"all busy, nobody waits", the weight of j waiting is
``w[j] = w[j-1] * eta / (c + j)`` and the team that is not full weighs ``idle``.
Sums over j run outwards from the largest weight, which is set to 1: nothing
overflows in the deepest overload, and the number of terms grows with the
square root of ``eta`` only.

References
----------
.. [1] Mandelbaum, A., and S. Zeltyn (2007). Service engineering in action: the
       Palm/Erlang-A queue, with applications to call centers. In *Advances in
       Services Innovations*, 17-45. https://doi.org/10.1007/978-3-540-29860-1_2
.. [2] Jagerman, D. L. (1974). Some properties of the Erlang loss function.
       *Bell System Technical Journal* 53(3): 525-551 (real numbers of staff).
       https://doi.org/10.1002/j.1538-7305.1974.tb02756.x
.. [3] Loader, C. (2000). Fast and accurate computation of binomial
       probabilities (saddle-point form of the Poisson density).
"""

from __future__ import annotations

from math import exp, expm1, floor, gamma, inf, lgamma, log, log1p, pi

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

NEGLIGIBLE = 1e-18  # of a sum: smaller terms are below the last digit
HUGE = 1e250  # of an idle weight relative to "all busy": nobody waits


@njit(cache=True, nogil=True)
def fractional_idle(part: float, load: float) -> float:
    """1 / B(part, load) - 1 for a part of one agent in [0, 1): the integral form of [2]_."""
    s = 1.0 + part
    if load < 1.0:
        term = 1.0 / s
        total = term
        k = 1.0
        while term > NEGLIGIBLE * total:
            term *= load / (s + k)
            total += term
            k += 1.0
        return exp(load - part * log(load)) * gamma(s) - load * total - 1.0
    b = load - part  # Lentz's method for the continued fraction of Gamma(s, load)
    up = 1e300
    down = 1.0 / b
    value = down
    for i in range(1, 1000):
        a = i * (s - i)
        b += 2.0
        down = 1.0 / (a * down + b)
        up = b + a / up
        value *= up * down
        if abs(up * down - 1.0) < 1e-16:
            break
    return load * value - 1.0


@njit(cache=True, nogil=True)
def idle_weight(staff: float, load: float) -> float:
    """Weight of all states with an idle agent, 1 / B(staff, load) - 1; inf beyond 1e250."""
    left = staff
    term = 1.0
    total = 0.0
    while left >= 1.0:
        term *= left / load
        total += term
        left -= 1.0
        if total > HUGE:
            return inf
        if left < load and term < NEGLIGIBLE * total:
            return total
    if left > 0.0:
        total += term * fractional_idle(left, load)
    return total


@njit(cache=True, nogil=True)
def waiting_sums(c: float, eta: float) -> tuple[float, float, float]:
    """
    Sums over the number waiting, in units of the largest weight.

    Returns the weight of all states with everybody busy, the part of it whose
    arrivals will hang up (``(j + 1) / (c + j + 1)`` of those who find j
    waiting), and the weight of the state in which nobody waits.
    """
    mode = float(floor(eta - c)) if eta > c else 0.0
    weight = 1.0
    total = 1.0
    lost = (mode + 1.0) / (c + mode + 1.0)
    j = mode
    while True:
        j += 1.0
        weight *= eta / (c + j)
        total += weight
        lost += weight * (j + 1.0) / (c + j + 1.0)
        if weight < NEGLIGIBLE * total:
            break
    weight = 1.0
    j = mode
    while j > 0.0 and weight > NEGLIGIBLE * total:
        weight *= (c + j) / eta
        j -= 1.0
        total += weight
        lost += weight * (j + 1.0) / (c + j + 1.0)
    return total, lost, weight if j == 0.0 else 0.0


@njit(cache=True, nogil=True)
def harmonic(c: float, count: float) -> float:
    """Sum of 1 / (c + i) for i = 1 to ``count``: digamma(c + count + 1) - digamma(c + 1)."""
    total = 0.0
    low = c + 1.0
    left = count
    while left > 0.0 and (low < 12.0 or left <= 4.0):
        total += 1.0 / low
        low += 1.0
        left -= 1.0
    if left <= 0.0:
        return total
    high = low + left
    u = 1.0 / (low * low)
    v = 1.0 / (high * high)
    total += log1p(left / low) + left / (2.0 * low * high)
    total += (u - v) / 12.0 - (u * u - v * v) / 120.0 + (u**3 - v**3) / 252.0
    return total - (u**4 - v**4) / 240.0 + (u**5 - v**5) / 132.0


@njit(cache=True, nogil=True)
def served_wait_sum(c: float, eta: float) -> float:
    """Sum of weight x wait of those who are served, in units of patience and the largest weight."""
    mode = float(floor(eta - c)) if eta > c else 0.0
    ladder = harmonic(c, mode + 1.0)
    total = c / (c + mode + 1.0) * ladder
    weight = 1.0
    rungs = ladder
    j = mode
    while weight > NEGLIGIBLE:
        j += 1.0
        weight *= eta / (c + j)
        rungs += 1.0 / (c + j + 1.0)
        total += weight * c / (c + j + 1.0) * rungs
    weight = 1.0
    rungs = ladder
    j = mode
    while j > 0.0 and weight > NEGLIGIBLE:
        weight *= (c + j) / eta
        rungs -= 1.0 / (c + j + 1.0)
        j -= 1.0
        total += weight * c / (c + j + 1.0) * rungs
    return total


@njit(cache=True, nogil=True)
def log_poisson_density(x: float, mean: float) -> float:
    """Logarithm of ``mean**x * exp(-mean) / gamma(x + 1)``, without cancellation [3]_."""
    if x < 16.0:
        return x * log(mean) - mean - lgamma(x + 1.0)
    u = 1.0 / (x * x)
    stirling = (1 / 12 - u * (1 / 360 - u * (1 / 1260 - u * (1 / 1680 - u / 1188)))) / x
    ratio = (x - mean) / (x + mean)
    if abs(ratio) < 0.1:
        deviance = (x - mean) * ratio
        term = 2.0 * x * ratio
        for i in range(1, 20):
            term *= ratio * ratio
            deviance += term / (2 * i + 1)
    else:
        deviance = x * log(x / mean) + mean - x
    return -stirling - deviance - 0.5 * log(2.0 * pi * x)


@njit(cache=True, nogil=True)
def log_gamma_share(c: float, y: float) -> float:
    """Logarithm of the regularised lower incomplete gamma function P(c, y)."""
    total, _, _ = waiting_sums(c, y)
    mode = float(floor(y - c)) if y > c else 0.0
    return log_poisson_density(c + mode, y) + log(total)


@njit(cache=True, nogil=True)
def wait_beyond(c: float, eta: float, horizon: float) -> tuple[float, float]:
    """
    Of those who find everybody busy: shares whose offered wait exceeds a time.

    ``horizon`` is that time over the mean patience. The first share counts
    all, the second those of them who stay until they are served. With
    ``x = exp(-horizon)`` they are ``P(c, eta x) / P(c, eta)`` and
    ``(c / eta) P(c + 1, eta x) / P(c, eta)``.
    """
    if c == 0.0:
        return 1.0, 0.0
    x = exp(-horizon)
    y = eta * x
    total, _, base = waiting_sums(c, eta)
    later, _, base_later = waiting_sums(c, y)
    if base * base_later > 0.0:
        served, _, base_served = waiting_sums(c + 1.0, y)
        decay = exp(-c * horizon - eta * expm1(-horizon)) * base / total
        return decay * later / base_later, decay * x * c / (c + 1.0) * served / base_served
    base_log = log_gamma_share(c, eta)
    if y == 0.0:
        return exp(c * (log(eta) - horizon) - lgamma(c + 1.0) - base_log), 0.0
    later_log = log_gamma_share(c, y) - base_log
    served_log = log_gamma_share(c + 1.0, y) - base_log
    return min(1.0, exp(later_log)), min(1.0, c / eta * exp(served_log))


@njit(cache=True, nogil=True)
def queue_shares(
    idle: float, top: float, c: float, eta: float, horizon: float
) -> tuple[float, float, float, float]:
    """
    Shares of all contacts, for one queue.

    ``idle`` is the weight of all states below a full team, ``top`` that of a
    full team with nobody waiting. Returns who has to wait, who hangs up, who
    is served but later than the time, and who has waited longer than it,
    served or not.
    """
    if idle == inf:
        return 0.0, 0.0, 0.0, 0.0
    total, lost, base = waiting_sums(c, eta)
    everything = base * idle + top * total
    p_wait = top * total / everything
    later, served = wait_beyond(c, eta, horizon)
    beyond = p_wait * later * exp(-horizon)
    return p_wait, min(1.0, top * lost / everything), p_wait * served, beyond


@njit(cache=True, nogil=True)
def queue_table(
    idle: FloatArray,
    top: FloatArray,
    capacity: FloatArray,
    load: FloatArray,
    patience_in_aht: FloatArray,
    horizon: FloatArray,
) -> FloatArray:
    """
    Rows of :func:`queue_shares`, and the mean wait of the served over the patience.

    ``capacity`` is the completion rate of a full team and ``load`` the arrival
    rate, both per handle time.
    """
    table = np.zeros((5, len(load)))
    for i in range(len(load)):
        if idle[i] == inf:
            continue
        c = capacity[i] * patience_in_aht[i]
        eta = load[i] * patience_in_aht[i]
        shares = queue_shares(idle[i], top[i], c, eta, horizon[i])
        for k in range(4):
            table[k, i] = shares[k]
        total, lost, base = waiting_sums(c, eta)
        served = (base * idle[i] + top[i] * (total - lost)) / top[i] if top[i] > 0.0 else inf
        table[4, i] = served_wait_sum(c, eta) / served if served > 0.0 else np.nan
    return table


@njit(cache=True, nogil=True)
def abandon_share(idle: float, top: float, c: float, eta: float) -> float:
    """Share of all contacts that hang up; weights as in :func:`queue_shares`."""
    if idle == inf:
        return 0.0
    total, lost, base = waiting_sums(c, eta)
    return min(1.0, top * lost / (base * idle + top * total))


@njit(cache=True, nogil=True)
def chat_idle(staff: int, load: float, rates: FloatArray) -> tuple[float, float, float]:
    """
    Weights of a team of chat agents, with level-balanced routing.

    ``rates[k]`` are completions of an agent who holds k chats (``rates[0]`` =
    0), relative to one who holds one. Returns the weight of "all full, nobody
    waits", that of all states below it, and the sum of weight x chats over
    the latter.
    """
    slots = len(rates) - 1
    top = term = 1.0
    total = chats = 0.0
    for j in range(staff * slots, 0, -1):
        held = j // staff
        more = j - held * staff
        rate = (staff - more) * rates[held]
        if more > 0:
            rate += more * rates[held + 1]
        term *= rate / load
        total += term
        chats += term * (j - 1)
        if total > HUGE:
            top, term, total, chats = top / HUGE, term / HUGE, total / HUGE, chats / HUGE
        if rate < load and term < NEGLIGIBLE * total:
            break
    return top, total, chats

"""The slow, obvious queue: a Markov chain solved as linear equations, for whole staff."""

import numpy as np
from scipy.linalg import solve_banded
from scipy.stats import poisson


def stationary(births: np.ndarray, deaths: np.ndarray) -> np.ndarray:
    """Stationary law of a birth-death chain: what enters a state leaves it."""
    bands = np.zeros((3, len(births) + 1))
    bands[0, 1:], bands[2, :-1] = deaths, births
    bands[1, :-1] -= births
    bands[1, 1:] -= deaths
    falls = np.flatnonzero(births < deaths)
    unit = int(falls[0]) if len(falls) else len(births)  # the likeliest state: keeps the digits
    bands[0, unit + 1 : unit + 2] = bands[2, max(unit - 1, 0) : unit] = 0.0
    bands[1, unit] = 1.0
    law = solve_banded((1, 1), bands, np.eye(len(births) + 1)[unit])
    return law / law.sum()


def served_within(full_rate: float, theta: float, longest: int, time: float) -> np.ndarray:
    """P(served within ``time``) of a contact that finds 0..longest waiting (uniformisation)."""
    ahead = np.arange(longest + 1.0)
    step = full_rate + ahead * theta  # one fewer ahead of her, or served from 0
    clock = step.max() + theta
    jumps = np.arange(int(clock * time + 12 * np.sqrt(clock * time) + 30))
    chances = poisson.pmf(jumps, clock * time)
    share, total = np.zeros(longest + 2), np.zeros(longest + 1)
    share[0] = 1.0  # share[k + 1]: of those with k ahead, share[0]: served
    for chance in chances:
        total += chance * share[1:]
        share[1:] = (step * share[:-1] + (clock - step - theta) * share[1:]) / clock
    return total


def measures(
    staff: int, rate: float, mu: float, theta: float, time: float, states: int, levels=(0.0, 1.0)
) -> dict[str, float]:
    """Measures of the chain with ``states`` states; ``levels`` are rates of 0, 1, ... chats."""
    slots = staff * (len(levels) - 1)
    deaths = []
    for j in range(1, states + 1):
        held, more = divmod(min(j, slots), staff) if staff else (0, 0)
        team = (staff - more) * levels[held] + (more * levels[held + 1] if more else 0.0)
        deaths.append(team * mu + max(j - slots, 0) * theta)
    law = stationary(np.full(states, rate), np.array(deaths))
    queue = law[slots:]
    lost = theta * float(np.arange(len(queue)) @ queue) / rate
    answered = served_within(staff * levels[-1] * mu, theta, len(queue) - 1, time)
    return {
        "p_wait": float(queue.sum()),
        "p_abandon": lost,
        "mean_wait_all_s": lost / theta,
        "sl_offered": float(law[:slots].sum() + queue @ answered),
    }

"""The simulator against theory: Erlang C and A, the N-model, chats, a day with changing staff.

Every comparison is within four standard errors (SCIENCE 9.3, R4 and R5).
Standard errors are those of a ratio of sums over replications; the start of
each replication, when the centre is still empty, is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from itertools import product
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.integrate import simpson
from scipy.linalg import expm
from scipy.sparse import csr_array
from scipy.sparse.linalg import expm_multiply
from scipy.stats import chi2, hypergeom

from wfplan.domain.channels import Channel
from wfplan.domain.progress import no_watch
from wfplan.simulation.model import Assumptions, build_model
from wfplan.simulation.one_week import run_replication
from wfplan.simulation.replicate import replicate
from wfplan.simulation.tallies import Count, Tallies

EXPONENTIAL = Assumptions(handle_law="exponential")
ALWAYS = ["daily 00:00-24:00"]
WARM = 24  # first interval that counts: six hours, many relaxation times
Estimate = tuple[float, float]


def ratio(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> Estimate:
    """Ratio of sums over replications, and its standard error."""
    if not bottom.any():
        return np.nan, np.nan
    value = top.sum() / bottom.sum()
    return value, np.sqrt(np.sum((top - value * bottom) ** 2)) / bottom.sum()


def figures(tallies: Tallies, channel: int = 0, last: int | None = None) -> dict[str, Estimate]:
    """Estimates of what theory knows, after the warm-up."""
    counts = tallies.counts[:, channel, :, WARM:last].sum(axis=-1)
    offered = counts[:, Count.OFFERED]
    busy_s = tallies.busy_s.sum(axis=1)
    seconds = [x[:, channel, WARM:last].sum(axis=-1) for x in (busy_s, tallies.on_s)]
    return {
        "p_abandon": ratio(counts[:, Count.ABANDONED], offered),
        "mean_wait_all_s": ratio(counts[:, Count.WAIT_S], offered),
        "sl_offered": ratio(counts[:, Count.IN_TIME], offered),
        "occupancy": ratio(*seconds),
    }


def agrees(estimate: Estimate, truth: float) -> bool:
    value, error = estimate
    return abs(value - truth) <= 4 * max(error, 1e-9)


# Hours simulated a replication: long against the relaxation time, short enough for a test.
HOURS = {
    "C01": 336, "C03": 168, "C04": 168, "C15": 504, "A03": 168, "A04": 168, "A12": 504, "A16": 168,
    "C06": 36, "C07": 60, "A01": 18, "A06": 9, "A07": 9,
}  # fmt: skip
QUICK = ("C03", "C04", "C15", "A03", "A04", "A12", "A16")
REPLICATIONS = 25  # fewer, and the standard errors would be too uncertain to judge by


def one_queue(small: ModuleType, row: pd.Series, hours: int) -> Tallies:
    """A row of erlang.csv as a centre that is always open, for some hours."""
    channel = Channel(name="voice", open=ALWAYS, answer_within_s=row["threshold_s"])
    span = small.horizon(-(-hours // 24))
    agents = small.team(int(row["staff"]), ["voice"])
    patience = row["mean_patience_s"] if row["model"] == "A" else np.inf
    per_hour = np.where(np.arange(span.interval_count) < 4 * hours, row["arrivals_per_hour"], 0)
    expected = small.demand(span, [channel], per_hour, aht_s=row["aht_s"], patience_s=patience)
    model = build_model(
        small.problem([channel], agents), expected, small.always_on(span, agents), None, EXPONENTIAL
    )
    return replicate(model, REPLICATIONS, 20260302, no_watch)


def erlang_row(shared: Path, case: str) -> pd.Series:
    table = pd.read_csv(shared / "truth" / "erlang.csv")
    return table.set_index("case").loc[case]


@pytest.fixture(scope="module")
def erlang(small, shared) -> Callable[[str], dict[str, tuple[Estimate, float]]]:
    """What was simulated for a row of erlang.csv, beside the truth; each row once."""

    @cache
    def compare(case: str) -> dict[str, tuple[Estimate, float]]:
        row = erlang_row(shared, case)
        found = figures(one_queue(small, row, HOURS[case]), last=4 * HOURS[case])
        return {name: (estimate, row[name]) for name, estimate in found.items()}

    return compare


@pytest.mark.parametrize(
    "case",
    [pytest.param(c, marks=() if c in QUICK else pytest.mark.slow) for c in HOURS],
)
def test_one_queue_agrees_with_erlang(erlang, case):
    compared = erlang(case)
    assert {name: pair for name, pair in compared.items() if not agrees(*pair)} == {}


@pytest.mark.slow
def test_the_deviations_from_erlang_are_together_as_large_as_chance_makes_them(erlang):
    """Sum of z squared of the mean waits, inside the 0.1 to 99.9 % range of its law (R4)."""
    pairs = [erlang(case)["mean_wait_all_s"] for case in HOURS]
    z = np.array([(value - truth) / error for (value, error), truth in pairs])
    assert chi2.ppf(0.001, len(z)) < np.sum(z**2) < chi2.ppf(0.999, len(z))


def test_nobody_on_shift_loses_every_contact_of_finite_patience(small, shared):
    row = erlang_row(shared, "A13")
    found = figures(one_queue(small, row, 48), last=4 * 48 - 8)
    assert found["p_abandon"][0] == 1.0
    assert found["sl_offered"][0] == 0.0
    assert agrees(found["mean_wait_all_s"], row["mean_wait_all_s"])


@pytest.mark.slow
@pytest.mark.parametrize("design", range(5))
def test_two_skills_agree_with_the_exact_n_model(small, shared, design):
    """
    Class 1 prefers its own people, people of both skills prefer class 2.

    Rates of ``multiskill.csv`` are read per minute.
    """
    row = pd.read_csv(shared / "truth" / "multiskill.csv").loc[design]
    channels = [Channel(name=name, open=ALWAYS) for name in ("one", "two")]
    span = small.horizon(5)
    agents = small.team(int(row["n1_class1_only"]), ["one"], "s")
    agents += small.team(int(row["n2_both"]), ["one", "two"], "g")
    expected = small.demand(
        span,
        channels,
        [60 * row["lambda1"], 60 * row["lambda2"]],
        aht_s=60 / row["mu"],
        patience_s=60 / row["theta"],
    )
    model = build_model(
        small.problem(channels, agents), expected, small.always_on(span, agents), None,
        Assumptions(handle_law="exponential", priority={"two": -1}),
    )  # fmt: skip
    tallies = replicate(model, 25, 7, no_watch)
    first, second = figures(tallies, 0), figures(tallies, 1)
    assert agrees(first["p_abandon"], row["p_abandon_1"])
    assert agrees(second["p_abandon"], row["p_abandon_2"])
    assert agrees(first["mean_wait_all_s"], 60 * row["mean_wait_1"])
    assert agrees(second["mean_wait_all_s"], 60 * row["mean_wait_2"])
    assert agrees(second["occupancy"], row["occ_group2"])  # only people of both serve class 2


def chat_centre(
    small, arrivals: float, agents: int, rates: tuple[float, ...], theta: float
) -> Tallies:
    """Chats with rates per minute and mean patience 1 / theta minutes."""
    channel = Channel(name="chat", open=ALWAYS, concurrency_rates=rates)
    span, people = small.horizon(3), small.team(agents, ["chat"])
    expected = small.demand(span, [channel], 60 * arrivals, aht_s=60.0, patience_s=60 / theta)
    model = build_model(
        small.problem([channel], people), expected, small.always_on(span, people), None, EXPONENTIAL
    )
    return replicate(model, 25, 11, no_watch)


def levels_chain(arrivals: float, agents: int, rates: tuple[float, ...], theta: float) -> Estimate:
    """
    Exact abandonment and wait (min) when a chat goes to who holds fewest and then stays.

    The state is how many people hold 0, 1, ... K chats, and how many customers
    wait. ``chat.csv`` moves chats so that hands are always level, which no
    centre does; this chain does not.
    """
    most, patience_room = len(rates), 120
    states = [s for s in product(range(agents + 1), repeat=most + 1) if sum(s) == agents]
    full = (0,) * most + (agents,)
    keys = [(s, 0) for s in states] + [(full, q) for q in range(1, patience_room)]
    index = {key: i for i, key in enumerate(keys)}
    generator = np.zeros((len(keys), len(keys)))
    for (state, waiting), i in index.items():
        for target, rate in _moves(state, waiting, arrivals, rates, theta, full):
            if target in index:
                generator[i, index[target]] += rate
                generator[i, i] -= rate
    system = np.vstack((generator.T, np.ones(len(keys))))
    share = np.linalg.lstsq(system, np.append(np.zeros(len(keys)), 1.0), rcond=None)[0]
    queue = sum(share[index[key]] * key[1] for key in keys)
    return theta * queue / arrivals, queue / arrivals


def _moves(
    state: tuple[int, ...],
    waiting: int,
    arrivals: float,
    rates: tuple[float, ...],
    theta: float,
    full: tuple[int, ...],
) -> Iterator[tuple[tuple[tuple[int, ...], int], float]]:
    """Where a state goes, and how fast."""

    def moved(level: int, step: int) -> tuple[int, ...]:
        changed = list(state)
        changed[level] -= 1
        changed[level + step] += 1
        return tuple(changed)

    if state == full:
        yield (state, waiting + 1), arrivals
    else:
        yield (moved(next(k for k, n in enumerate(state) if n), 1), 0), arrivals
    if waiting:
        yield (state, waiting - 1), state[-1] * rates[-1] + waiting * theta
        return
    for level in range(1, len(state)):
        if state[level]:
            yield (moved(level, -1), 0), state[level] * rates[level - 1]


@pytest.mark.slow
@pytest.mark.parametrize("arrivals", [6, 9])
@pytest.mark.parametrize("rates", [(1.0,), (1.0, 1.7), (1.0, 1.7, 2.1)])
def test_chats_agree_with_the_exact_chain_and_are_no_better_than_level_hands(
    small, shared, arrivals, rates
):
    abandon, wait_min = levels_chain(arrivals, 5, rates, 0.5)
    found = figures(chat_centre(small, arrivals, 5, rates, 0.5))
    assert agrees(found["p_abandon"], abandon)
    assert agrees(found["mean_wait_all_s"], 60 * wait_min)
    table = pd.read_csv(shared / "truth" / "chat.csv")
    table = table.set_index(["lambda", "agents", "max_concurrency"])
    if (arrivals, 5, len(rates)) in table.index:
        level = table.loc[(arrivals, 5, len(rates)), "p_abandon"]
        assert level <= abandon * (1 + 1e-6)
        assert abandon == pytest.approx(level, rel=0.25)


CALLS = [20, 40, 60, 80, 80, 60, 40, 20, 10, 5]
STAFF = {
    "follows load": [8, 14, 21, 28],
    "flat": [15] * 10,
    "short at peak": [8, 14, 21, 22, 22],
}


def changing_day(
    small: ModuleType, calls: list[int], staff: list[int], days: int
) -> dict[int, Estimate]:
    """Abandonments over arrivals of every interval, both counted when they happen."""
    span = small.horizon(1)
    channel = Channel(name="voice", open=ALWAYS)
    per_hour = np.zeros(span.interval_count)
    per_hour[: len(calls)] = np.array(calls) * 4.0
    agents = small.team(max(staff), ["voice"])
    expected = small.demand(span, [channel], per_hour, aht_s=300.0, patience_s=120.0)
    shifts = []
    for number, agent in enumerate(agents):
        at = [t for t, people in enumerate(staff) if people > number]
        start = span.start + timedelta(minutes=15 * at[0])
        shifts.append(small.shift(agent.agent_id, start, [(0, 15 * len(at), "work")]))
    problem, plan = small.problem([channel], agents), small.schedule(span, shifts)
    model = build_model(problem, expected, plan, None, EXPONENTIAL)
    came, lost = np.zeros((2, days, len(staff)))
    for day in range(days):
        contacts = run_replication(model, day, 3).contacts
        gone = contacts["leaves"][(contacts["person"] < 0)]
        for counts, times in ((came, contacts["arrived"]), (lost, gone)):
            counts[day] = np.histogram(times, bins=np.arange(len(staff) + 1) * 900.0)[0]
    return {t: ratio(lost[:, t], came[:, t]) for t in range(len(staff))}


@pytest.mark.slow
@pytest.mark.parametrize("scenario", STAFF)
def test_a_day_from_empty_agrees_with_the_exact_transient(small, shared, scenario):
    truth = pd.read_csv(shared / "truth" / "transient_day.csv")
    truth = truth[truth["scenario"] == scenario].set_index("interval")
    staff = STAFF[scenario]
    found = changing_day(small, CALLS, staff, 5000)
    compared = [t for t in truth.index if t < len(staff)]
    assert len(compared) >= 3
    for t in compared:
        assert truth.loc[t, "staff"] == staff[t]
        assert agrees(found[t], truth.loc[t, "p_abandon_finish_call"]), (t, found[t])


def leaving_chain(rate: float, before: int, after: int, hold_s: float) -> float:
    """
    Exact share lost in the 15 minutes after some of the staff leave (rates per second).

    Before, M/M/n+M from empty over ``hold_s`` seconds; at the change the people
    who leave are a random part of all; then (busy staying, busy leaving, waiting).
    """
    mu, theta, room = 1 / 300, 1 / 120, 80
    k = np.arange(room)
    down = np.minimum(k, before) * mu + np.maximum(k - before, 0) * theta
    generator = np.diag(np.full(room - 1, rate), 1) + np.diag(down[1:], -1)
    generator -= np.diag(generator.sum(axis=1))
    crowd = expm(generator * hold_s)[0]

    leaving = before - after
    shape = (after + 1, leaving + 1, room)
    chain = np.zeros((*shape, *shape))
    for s, g, w in product(range(after + 1), range(leaving + 1), range(room)):
        moves = [((s, g - 1, w), g * mu), ((s, g, w - 1), w * theta)]
        moves.append(((s + 1, g, w) if s < after else (s, g, w + 1), rate))
        moves.append(((s, g, w - 1) if w else (s - 1, g, w), s * mu))
        for to, speed in moves:
            if speed and to[2] < room:
                chain[(s, g, w, *to)] += speed
                chain[s, g, w, s, g, w] -= speed
    start = np.zeros(shape)
    for people, share in enumerate(crowd):
        busy, waiting = min(people, before), max(people - before, 0)
        for g in range(leaving + 1):
            if 0 <= busy - g <= after:
                start[busy - g, g, waiting] += share * hypergeom.pmf(g, before, leaving, busy)
    states = start.size
    flow = csr_array(chain.reshape(states, states).T)
    path = expm_multiply(flow, start.ravel(), start=0, stop=900.0, num=181, endpoint=True)
    queue = path.reshape(-1, *shape).sum(axis=(1, 2)) @ np.arange(room)
    return float(simpson(queue, dx=5.0) * theta / (rate * 900))


@pytest.mark.slow
def test_people_who_leave_finish_their_call_as_the_exact_chain_says(small):
    """Six people for an hour, then three: named people leave, each after her own call."""
    found = changing_day(small, [20] * 5, [6, 6, 6, 6, 3], 2500)
    assert agrees(found[4], leaving_chain(20 / 900, 6, 3, 3600.0))
    assert agrees(found[3], leaving_chain(20 / 900, 6, 6, 2700.0))

"""Channels side by side: threads, processes, a cluster, more or fewer cores give the same bits."""

from __future__ import annotations

import importlib.util
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from joblib import Parallel, delayed, parallel_config
from scipy.linalg import blas
from threadpoolctl import threadpool_info, threadpool_limits

from forecasts import forecast
from forecasts.one_thread import one_thread

SLOTS = 48


def frames_of(days, queues):
    """Queues in half-hours, and the week after them."""
    rng = np.random.default_rng(4)
    starts = pd.date_range("2025-01-06", periods=(days + 7) * SLOTS, freq="30min", tz="UTC")
    shape = 1.2 + np.sin(np.linspace(0, 2 * np.pi, SLOTS))
    history, future = [], []
    for number in range(queues):
        busy = rng.gamma(200, 1 / 200, days) * (1 + 0.3 * (np.arange(days) % 7 < 5))
        counts = rng.poisson(10 * (1 + number) * busy[:, None] * shape).ravel()
        name = f"queue {number}"
        history.append(pd.DataFrame({"channel": name, "interval_start": starts[: days * SLOTS],
                                     "offered": counts, "aht_s": 200.0}))  # fmt: skip
        future.append(pd.DataFrame({"channel": name, "interval_start": starts[days * SLOTS :],
                                    "is_open": True}))  # fmt: skip
    return pd.concat(history, ignore_index=True), pd.concat(future, ignore_index=True)


@pytest.fixture(scope="module")
def frames():
    return frames_of(84, 2)


def numbers_of(frames, run=map):
    found = forecast(*frames, timezone="UTC", interval_min=30, run=run)
    tables = found.intervals, found.channels, found.models
    numbers = [table.select_dtypes("number").to_numpy(float).tobytes() for table in tables]
    return [*numbers, found.correlation.tobytes(), found.notes]


@pytest.fixture(scope="module")
def alone(frames):
    with threadpool_limits(1):
        return numbers_of(frames)


def side_by_side(work, tasks):
    return Parallel(n_jobs=2)(delayed(work)(task) for task in tasks)


@pytest.mark.nightly  # it takes years of history for sums to be split
def test_more_cores_for_linear_algebra_change_no_bit():
    years = frames_of(1096, 1)
    found = []
    for cores in (1, 4):
        with threadpool_limits(cores):
            found.append(numbers_of(years))
    assert found[0] == found[1]


@pytest.mark.slow
def test_threads_change_no_bit(frames, alone):
    with ThreadPoolExecutor(3) as pool:
        assert numbers_of(frames, pool.map) == alone


@pytest.mark.slow
def test_two_processes_change_no_bit(frames, alone):
    assert numbers_of(frames, side_by_side) == alone


@pytest.mark.slow
def test_a_dask_cluster_changes_no_bit(frames, alone):
    if importlib.util.find_spec("distributed") is None:
        pytest.skip("distributed is not installed: pip install 'wfplan[cluster]'")
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None,
            host="127.0.0.1", protocol="tcp",
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
        parallel_config(backend="dask", client=client),
    ):  # fmt: skip
        assert numbers_of(frames, side_by_side) == alone


def threads_of_blas():
    return {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}


def test_linear_algebra_has_one_thread_inside_and_its_own_afterwards():
    blas.dscal(1.0, np.ones(1))
    with threadpool_limits(3, user_api="blas"):
        with one_thread():
            with one_thread():
                assert threads_of_blas() == {1}
            assert threads_of_blas() == {1}
        assert threads_of_blas() == {3}


def test_a_fault_inside_gives_the_threads_back():
    with threadpool_limits(3, user_api="blas"):
        with pytest.raises(ZeroDivisionError), one_thread():
            raise ZeroDivisionError
        assert threads_of_blas() == {3}


def test_the_first_to_leave_does_not_free_those_who_are_still_inside():
    with threadpool_limits(3, user_api="blas"):
        first, second = one_thread(), one_thread()
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        assert threads_of_blas() == {1}
        second.__exit__(None, None, None)
        assert threads_of_blas() == {3}

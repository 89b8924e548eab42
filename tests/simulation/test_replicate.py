"""Tests for wfplan.simulation.replicate: blocks, workers and memory change no result."""

from __future__ import annotations

import importlib.util
import pickle
import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfplan.domain.channels import Channel
from wfplan.domain.progress import no_watch
from wfplan.simulation import Assumptions
from wfplan.simulation import replicate as module
from wfplan.simulation.estimates import moments, ratio
from wfplan.simulation.measures import ratios
from wfplan.simulation.model import Model, build_model
from wfplan.simulation.replicate import BATCHES, BLOCK, PIECES, Results, blocks_of, replicate
from wfplan.simulation.table import measure_table

VOICE = Channel(name="voice", open=["daily 08:00-16:00"])


@pytest.fixture(scope="module")
def model(small) -> Model:
    span = small.horizon(1)
    agents = small.team(4, ["voice"])
    expected = small.demand(span, [VOICE], 4 * 12, patience_s=100, rate_cv=0.2)
    return build_model(
        small.problem([VOICE], agents), expected, small.always_on(span, agents), None, Assumptions()
    )


@given(replications=st.integers(1, 3000))
def test_every_replication_is_in_one_block_and_no_block_is_in_two_batches(replications):
    blocks = list(blocks_of(replications))
    numbers = [n for block in blocks for n in range(block.first, block.last)]
    assert numbers == list(range(replications))
    assert max(block.last - block.first for block in blocks) <= BLOCK
    assert len({block.batch for block in blocks}) == min(BATCHES, replications)
    assert len(blocks) >= min(replications, PIECES)


def tables_are_equal(a: Results, b: Results) -> bool:
    """Whether all numbers are the same, to the last bit."""
    same = [np.array_equal(a.waits, b.waits), np.array_equal(a.counts, b.counts)]
    for one, other in zip(a.moments, b.moments, strict=True):
        pairs = zip(vars(one).values(), vars(other).values(), strict=True)
        same += [np.array_equal(*pair) for pair in pairs]
    return all(same)


@pytest.mark.parametrize("workers", [2, 3, 7])
def test_the_number_of_workers_changes_no_bit(model, workers):
    alone = replicate(model, 23, 5, no_watch, 1)
    assert tables_are_equal(alone, replicate(model, 23, 5, no_watch, workers))


@pytest.mark.slow
def test_processes_give_the_same_bits_as_threads(model):
    threads = replicate(model, 12, 5, no_watch, 2)
    assert tables_are_equal(threads, replicate(model, 12, 5, no_watch, 2, cluster="processes"))


@pytest.fixture
def scheduler() -> Iterator[str]:
    """The address of a Dask cluster of two workers."""
    if importlib.util.find_spec("distributed") is None:
        pytest.skip("distributed is not installed: pip install 'wfplan[cluster]'")
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None,
        host="127.0.0.1", protocol="tcp",
    ) as cluster:  # fmt: skip
        yield cluster.scheduler_address


@pytest.mark.slow
def test_a_dask_cluster_gives_the_same_bits_as_threads(model, scheduler):
    threads = replicate(model, 12, 5, no_watch, 2)
    assert tables_are_equal(threads, replicate(model, 12, 5, no_watch, cluster=scheduler))


def test_what_workers_receive_can_be_sent(model):
    job = module.Job(model, np.ones((1, 96), np.bool_), 3)
    block = module.Block(0, 2, 0)
    here = module.run_block(job, block)
    there = module.run_block(pickle.loads(pickle.dumps(job)), block)
    assert np.array_equal(here.waits, there.waits)


def test_blocks_add_up_to_what_all_replications_say_at_once(model):
    results = replicate(model, 60, 2, no_watch)
    is_open = np.ones((1, 96), np.bool_)
    for measure, added in zip(ratios(model, is_open, results.kept), results.moments, strict=True):
        at_once = moments(measure.top, measure.bottom)
        for found, plain in zip(ratio(added, 0.5), ratio(at_once, 0.5), strict=True):
            # Kept counts are single precision, which whole numbers do not notice.
            assert found == pytest.approx(plain, rel=1e-5, abs=1e-6)


def test_beyond_what_is_kept_quantiles_are_those_of_the_first_weeks(model, monkeypatch):
    is_open = np.ones((1, 96), np.bool_)
    all_kept = measure_table(model, is_open, replicate(model, 30, 2, no_watch))
    monkeypatch.setattr(module, "KEPT", 12)
    some_kept = measure_table(model, is_open, replicate(model, 30, 2, no_watch))
    first = measure_table(model, is_open, replicate(model, 12, 2, no_watch))
    for column in ("value", "half_width"):
        assert some_kept[column].equals(all_kept[column])
    for column in ("q10", "q90"):
        assert some_kept[column].equals(first[column])
    assert not some_kept["q10"].equals(all_kept["q10"])


@pytest.mark.slow
def test_memory_does_not_grow_with_replications(model, monkeypatch):
    monkeypatch.setattr(module, "KEPT", 20)
    peaks = []
    for replications in (100, 1000):
        replicate(model, 2, 2, no_watch, 1)
        tracemalloc.start()
        replicate(model, replications, 2, no_watch, 1)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # Blocks of 20 weeks instead of 2 are in memory at a time, and no more.
    block = 2 * BLOCK * 20 * 96 * 8 * 8
    assert peaks[1] < peaks[0] + block, peaks

"""Tests for wfplan.simulation.parallel: threads, processes and clusters do the same work."""

from __future__ import annotations

import importlib.util

import pytest

from wfplan.errors import InputError, MissingExtraError, OutputError
from wfplan.simulation import parallel
from wfplan.simulation.parallel import in_order


def _times(factor: int, piece: int) -> int:
    return factor * piece


@pytest.mark.parametrize("workers", [1, 2, 5, None])
def test_results_come_in_the_order_of_the_pieces(workers):
    assert list(in_order(_times, 3, range(20), workers=workers)) == [3 * i for i in range(20)]


def test_no_workers_are_refused():
    with pytest.raises(InputError, match=r"workers = 0 does no work: ask for at least 1"):
        list(in_order(_times, 3, range(2), workers=0))


def test_a_place_that_is_none_is_refused():
    with pytest.raises(InputError, match=r"cluster = 'fast' is no place to work: use 'threads'"):
        list(in_order(_times, 3, range(2), cluster="fast"))


def test_a_cluster_without_its_extra_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(parallel, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'wfplan\[cluster\]'"):
        list(in_order(_times, 3, range(2), cluster="tcp://localhost:8786"))


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="distributed is not installed"
)
def test_a_scheduler_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setattr(parallel, "_CALL_S", "1s")
    with pytest.raises(OutputError, match=r"cluster = 'tcp://127\.0\.0\.1:9'.* no Dask scheduler"):
        list(in_order(_times, 3, range(2), cluster="tcp://127.0.0.1:9"))

"""Pieces of work side by side, through joblib: threads, processes, or a Dask cluster.

Results come back in the order of the pieces whoever did them, so that what is
added up does not depend on the number of workers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeVar

from wfplan.errors import InputError, MissingExtraError, OutputError

Shared = TypeVar("Shared")
Piece = TypeVar("Piece")
Done = TypeVar("Done")

THREADS, PROCESSES = "threads", "processes"
_CALL_S = "10s"  # until a scheduler that does not answer is taken to be gone


def in_order(
    work: Callable[[Shared, Piece], Done],
    shared: Shared,
    pieces: Iterable[Piece],
    *,
    workers: int | None = None,
    cluster: str = THREADS,
) -> Iterator[Done]:
    """
    ``work(shared, piece)`` of every piece, in the order of the pieces.

    Parameters
    ----------
    work
        A function of a module: processes and clusters receive its name.
    shared
        What all calls need; sent once to each worker of a cluster.
    pieces
        One per call.
    workers
        How many at once; all cores by default. A cluster uses all that it has.
    cluster
        ``threads`` (the compiled engine lets them run side by side),
        ``processes``, or the address of a Dask scheduler (``tcp://...``).

    Raises
    ------
    InputError
        When ``workers`` is not a number of workers, or ``cluster`` is none of these.
    MissingExtraError
        When a Dask cluster is asked for and ``distributed`` is not installed.
    OutputError
        When no scheduler answers at the address, or it has no workers.
    """
    from joblib import Parallel, delayed

    if workers is not None and workers < 1:
        raise InputError(f"workers = {workers} does no work: ask for at least 1, or leave it out.")
    calls = (delayed(work)(shared, piece) for piece in pieces)
    if cluster in (THREADS, PROCESSES):
        side_by_side = Parallel(n_jobs=workers or -1, prefer=cluster, return_as="generator")
        yield from side_by_side(calls)
        return
    with _dask(cluster):
        yield from Parallel(n_jobs=-1, return_as="generator")(calls)


@contextmanager
def _dask(address: str) -> Iterator[Any]:
    """A cluster as what joblib runs on."""
    if "://" not in address:
        raise InputError(
            f"cluster = '{address}' is no place to work: use 'threads', 'processes', or the "
            "address of a Dask scheduler such as 'tcp://scheduler:8786'."
        )
    if find_spec("distributed") is None:
        raise MissingExtraError(
            f"cluster = '{address}' is a Dask cluster, and distributed, which talks to those, is "
            "not installed. Run: pip install 'wfplan[cluster]'  or leave cluster out to use the "
            "cores of this machine."
        )
    from joblib import parallel_config

    try:
        client = import_module("distributed").Client(address, timeout=_CALL_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise OutputError(
            f"cluster = '{address}': no Dask scheduler answers there ({error}). Start one with "
            "'dask scheduler', or leave cluster out to use the cores of this machine."
        ) from error
    with client:
        if not client.ncores():
            raise OutputError(
                f"cluster = '{address}' has no workers: start some with 'dask worker {address}'."
            )
        with parallel_config(backend="dask", client=client):
            yield

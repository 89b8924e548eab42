"""
Linear algebra by one thread: the same bits everywhere, and less work for small matrices.

Libraries behind numpy and scipy split sums among as many threads as there are cores, and sums
that are split differently round differently. A channel's numbers must not depend on the cores of
the machine that happens to compute it; channels side by side are what uses many cores.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

_guard = threading.Lock()
_held: list[Any] = []  # one entry for everybody inside; the first holds the limit


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold numerical libraries to one thread; the last one out lets them go."""
    with _guard:
        _held.append(_controller().limit(limits=1) if not _held else None)
    try:
        yield
    finally:
        with _guard:
            if len(_held) == 1:
                _held[0].restore_original_limits()
                _held.clear()
            else:
                _held.remove(None)


@cache
def _controller() -> Any:
    """What finds the libraries that are loaded, once."""
    import numpy as np
    from scipy.linalg import blas
    from threadpoolctl import ThreadpoolController

    np.dot(np.ones(1), blas.dscal(1.0, np.ones(1)))  # both have loaded theirs
    return ThreadpoolController()

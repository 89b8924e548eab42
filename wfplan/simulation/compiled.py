"""How the engine is compiled: cached, without the interpreter's lock, without counting references.

Arrays handed to these kernels outlive the call and nothing is allocated in
them, so counting references to arrays would be pure cost (three quarters of
the run time). The switch for it is not public in numba; where a version should
lack it, the kernels are compiled as usual and are merely slower.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def kernel(function: Function) -> Function:
    """A function on arrays and records, compiled on first use."""
    njit: Callable[..., Any] = numba.njit
    try:
        decorate = njit(cache=True, nogil=True, _nrt=False)
        return cast(Function, decorate(function))
    except (KeyError, TypeError):
        return cast(Function, njit(cache=True, nogil=True)(function))

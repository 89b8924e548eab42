"""Arrays of a run that are no tables: harm curves and what the planner knows of its plan.

Kept as ``curves.npz``, compressed and without pickles. The shares of people's
time are stored as their places and values, since most of them are 0.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.results import FloatArray, Solution, StaffNeed
from wfplan.errors import Fault, InputFaultsError

CURVES = "curves.npz"
_UNPACKED_MAX = 4 * 2**30
_NEED = ("harm", "staff_required", "empowered_min")
_SOLUTION = ("staff", "heads", "empowered", "prices")


def curves_bytes(need: StaffNeed, solution: Solution | None) -> bytes:
    """The file, byte for byte the same for the same arrays."""
    arrays: dict[str, NDArray[Any]] = {name: getattr(need, name) for name in _NEED}
    if solution is not None:
        arrays |= {name: getattr(solution, name) for name in _SOLUTION}
        arrays |= _packed(solution.channel_share, need.staff_required.shape)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def without_plan(raw: bytes) -> bytes:
    """The file without what it says of a plan, and so of people."""
    with np.load(io.BytesIO(raw), allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in _NEED}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def read_curves(folder: Path) -> dict[str, NDArray[Any]]:
    """
    The arrays by name.

    Raises
    ------
    InputFaultsError
        When the file is missing, damaged, or unreasonably large unpacked.
    """
    path = folder / CURVES
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _UNPACKED_MAX:
                raise ValueError("it unpacks to more than 4 GB")
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, MemoryError) as error:
        hint = f"make it again: wfplan staff {folder}"
        fault = Fault(f"the file is damaged: {error}", file=str(path), hint=hint)
        raise InputFaultsError([fault]) from None


def channel_shares(
    arrays: Mapping[str, NDArray[Any]], shape: tuple[int, ...]
) -> dict[str, FloatArray]:
    """Per agent (channel, interval): share of her time."""
    agents = arrays["share_agents"].tolist()
    dense = np.zeros(len(agents) * int(np.prod(shape)))
    dense[arrays["share_places"]] = arrays["share_values"]
    shares = dense.reshape(len(agents), *shape)
    shares.setflags(write=False)
    return {agent: shares[i] for i, agent in enumerate(agents)}


def _packed(shares: Mapping[str, FloatArray], shape: tuple[int, ...]) -> dict[str, NDArray[Any]]:
    """Names, places and values of the shares that are not 0."""
    agents = sorted(shares)
    dense = np.array([shares[agent] for agent in agents]).reshape(len(agents), *shape).ravel()
    places = np.flatnonzero(dense)
    return {
        "share_agents": np.array(agents, dtype=np.str_),
        "share_places": places,
        "share_values": dense[places],
    }

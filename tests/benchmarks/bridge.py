"""What bridges to published instances share: evaluators as modules, needs of costs alone."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.results import StaffNeed
from wfplan.horizon import Horizon

FloatArray = NDArray[np.float64]


def module_of(path: Path) -> ModuleType:
    """A script as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def need_of(horizon: Horizon, channels: tuple[str, ...], harm: FloatArray) -> StaffNeed:
    """A need whose intervals cost ``harm``, (channel, interval, staff), and have no floors."""
    nothing = np.zeros(harm.shape[:2])
    return StaffNeed(
        horizon=horizon,
        channels=channels,
        harm=harm,
        volume=nothing.copy(),
        load_erlangs=nothing.copy(),
        staff_promise=nothing.copy(),
        staff_occupancy=nothing.copy(),
        staff_abandonment=nothing.copy(),
        staff_tail=nothing.copy(),
        staff_due=nothing.copy(),
        staff_required=nothing.copy(),
        binding=np.full(nothing.shape, "none"),
        staff_min=nothing.copy(),
        empowered_min=np.zeros(nothing.shape[1]),
        presence_share=1.0,
    )

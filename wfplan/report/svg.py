"""Path data for charts: one unit of x per interval, y in pixels from the top.

Shapes are drawn in a nested ``<svg>`` that is stretched to the width of the
page (``preserveAspectRatio="none"``), so a chart needs no script and no fixed
width, and its texts, which lie outside of that, keep their size. NaN leaves a
gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, log10

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Scale:
    """Values from 0 to ``top`` on ``height`` pixels, 0 at the bottom."""

    top: float
    height: float

    def y(self, values: FloatArray) -> FloatArray:
        """Pixels from the top, kept inside the panel."""
        inside = np.clip(values, 0, self.top)
        return np.round(self.height * (1 - inside / self.top), 1)


def nice_top(value: float) -> float:
    """The least of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten that is not below ``value``."""
    if not value > 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    steps = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)
    return next(step * power for step in steps if value <= step * power * (1 + 1e-9))


def step_path(values: FloatArray, scale: Scale) -> str:
    """A line that keeps each interval's value over its whole length."""
    y = scale.y(values)
    parts: list[str] = []
    for start, end in runs(np.isfinite(values)):
        parts.append(f"M{start} {_n(y[start])}")
        parts += [f"H{t}V{_n(y[t])}" for t in range(start + 1, end) if y[t] != y[t - 1]]
        parts.append(f"H{end}")
    return "".join(parts)


def area_path(values: FloatArray, scale: Scale) -> str:
    """The area between zero and a step line."""
    return band_path(np.where(np.isfinite(values), 0.0, np.nan), values, scale)


def band_path(low: FloatArray, high: FloatArray, scale: Scale) -> str:
    """The area between two step lines."""
    top, bottom = scale.y(high), scale.y(low)
    parts: list[str] = []
    for start, end in runs(np.isfinite(low) & np.isfinite(high)):
        parts.append(f"M{start} {_n(top[start])}")
        parts += [
            f"V{_n(top[t])}H{t + 1}"
            for t in range(start, end)
            if t == end - 1 or top[t + 1] != top[t]
        ]
        parts += [
            f"V{_n(bottom[t])}H{t}"
            for t in range(end - 1, start - 1, -1)
            if t == start or bottom[t - 1] != bottom[t]
        ]
        parts.append("z")
    return "".join(parts)


def bar_path(values: FloatArray, scale: Scale, *, is_down: bool) -> str:
    """A bar per interval, up from (or down from) the middle of a panel twice ``scale.height``."""
    parts: list[str] = []
    for t, value in enumerate(np.nan_to_num(values)):
        size = round(float(min(abs(value), scale.top) / scale.top * scale.height), 1)
        if size < 0.1 or (value < 0) != is_down:
            continue
        y = scale.height if is_down else scale.height - size
        parts.append(f"M{t}.08 {_n(y)}h.84v{_n(size)}h-.84z")
    return "".join(parts)


def cell_path(cells: Sequence[tuple[float, float, float, float]]) -> str:
    """Rectangles (x, y, width, height)."""
    return "".join(f"M{_n(x)} {_n(y)}h{_n(w)}v{_n(h)}h{_n(-w)}z" for x, y, w, h in cells)


def runs(is_in: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Start and end (excluded) of every unbroken run of true elements."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], is_in, [False])).astype(np.int8)))
    for start, end in edges.reshape(-1, 2):
        yield int(start), int(end)


def _n(value: float) -> str:
    """A coordinate without a needless ``.0``."""
    return f"{value:.2f}".rstrip("0").rstrip(".")

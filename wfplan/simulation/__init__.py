"""Discrete-event simulation of a week under a schedule.

``simulate`` and ``Assumptions`` are loaded when first asked for: they bring
the compiled engine with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wfplan.simulation.model import Assumptions
    from wfplan.simulation.week import simulate

__all__ = ["Assumptions", "simulate"]


def __getattr__(name: str) -> Any:
    if name == "simulate":
        from wfplan.simulation.week import simulate

        return simulate
    if name == "Assumptions":
        from wfplan.simulation.model import Assumptions

        return Assumptions
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""
HR's tables: from files into the planning store, and from there into a plan.

Names are loaded when they are first asked for: to read a plan, nothing of imports is needed.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wfplan.hr.importing import Imported, check, take_over
    from wfplan.hr.loading import load_plan, stored
    from wfplan.hr.showing import Shown, show

__all__ = ["Imported", "Shown", "check", "load_plan", "show", "stored", "take_over"]

_HOMES = {
    "Imported": "wfplan.hr.importing",
    "check": "wfplan.hr.importing",
    "take_over": "wfplan.hr.importing",
    "load_plan": "wfplan.hr.loading",
    "stored": "wfplan.hr.loading",
    "Shown": "wfplan.hr.showing",
    "show": "wfplan.hr.showing",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)

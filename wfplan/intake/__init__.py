"""Plan folders: reading them with every fault reported together, and writing example ones.

Names are loaded when they are first asked for: ``wfplan init`` needs no pandas.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wfplan.domain.configs import configs_folder
    from wfplan.intake.absences import read_absences
    from wfplan.intake.examples import EXAMPLES, write_example
    from wfplan.intake.external_ids import read_external_ids
    from wfplan.intake.load import load_plan
    from wfplan.intake.locks import with_locks, with_more_locks
    from wfplan.intake.override_edits import add_override, set_active
    from wfplan.intake.privacy import require_no_health, require_nobody
    from wfplan.intake.published import read_whole
    from wfplan.intake.queue_reports.shown import layout_dict, layout_text, named_layout
    from wfplan.intake.scenarios import save_scenario
    from wfplan.intake.so_far import with_so_far
    from wfplan.intake.wall import as_instant

__all__ = [
    "EXAMPLES",
    "add_override",
    "as_instant",
    "configs_folder",
    "layout_dict",
    "layout_text",
    "load_plan",
    "named_layout",
    "read_absences",
    "read_external_ids",
    "read_whole",
    "require_no_health",
    "require_nobody",
    "save_scenario",
    "set_active",
    "with_locks",
    "with_more_locks",
    "with_so_far",
    "write_example",
]

_HOMES = {
    "require_no_health": "wfplan.intake.privacy",
    "require_nobody": "wfplan.intake.privacy",
    "add_override": "wfplan.intake.override_edits",
    "set_active": "wfplan.intake.override_edits",
    "EXAMPLES": "wfplan.intake.examples",
    "configs_folder": "wfplan.domain.configs",
    "save_scenario": "wfplan.intake.scenarios",
    "layout_dict": "wfplan.intake.queue_reports.shown",
    "layout_text": "wfplan.intake.queue_reports.shown",
    "named_layout": "wfplan.intake.queue_reports.shown",
    "load_plan": "wfplan.intake.load",
    "read_absences": "wfplan.intake.absences",
    "read_external_ids": "wfplan.intake.external_ids",
    "with_so_far": "wfplan.intake.so_far",
    "read_whole": "wfplan.intake.published",
    "as_instant": "wfplan.intake.wall",
    "with_locks": "wfplan.intake.locks",
    "with_more_locks": "wfplan.intake.locks",
    "write_example": "wfplan.intake.examples",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)

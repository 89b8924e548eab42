"""The schedule for other systems: one exporter per target."""

from wfplan.export.order import Change, Exported, Note, Order
from wfplan.export.pseudonyms import KEY_FILE, key_of, pseudonym_of, pseudonymised_text
from wfplan.export.registry import (
    EXPORT_SCHEMA,
    TARGETS,
    Target,
    exported,
    name_of,
    target_names,
    target_of,
    with_paths,
    write,
)

__all__ = [
    "EXPORT_SCHEMA",
    "KEY_FILE",
    "TARGETS",
    "Change",
    "Exported",
    "Note",
    "Order",
    "Target",
    "exported",
    "key_of",
    "name_of",
    "pseudonym_of",
    "pseudonymised_text",
    "target_names",
    "target_of",
    "with_paths",
    "write",
]

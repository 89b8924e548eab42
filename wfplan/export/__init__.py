"""The schedule for other systems: one exporter per format."""

from wfplan.export.pseudonyms import KEY_FILE, key_of, pseudonym_of, pseudonymised_text
from wfplan.export.registry import EXPORT_SCHEMA, EXPORTERS, Exporter, export, exported

__all__ = [
    "EXPORTERS",
    "EXPORT_SCHEMA",
    "KEY_FILE",
    "Exporter",
    "export",
    "exported",
    "key_of",
    "pseudonym_of",
    "pseudonymised_text",
]

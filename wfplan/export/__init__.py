"""The schedule for other systems: one exporter per format."""

from wfplan.export.registry import EXPORT_SCHEMA, EXPORTERS, Exporter, export, exported

__all__ = ["EXPORTERS", "EXPORT_SCHEMA", "Exporter", "export", "exported"]

"""The command line: a thin skin over the pipeline, one file per command."""

from wfplan.cli.app import app, main

__all__ = ["app", "main"]

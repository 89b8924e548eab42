"""Judging a finished plan: the audit of its rules, and both sides of what it means."""

from wfplan.evaluation.audit import audit

__all__ = ["audit"]

"""Judging a finished plan: the audit of its rules, and both sides of what it means."""

from wfplan.evaluation.audit import audit
from wfplan.evaluation.figures import BothSides, Figure, Verdict
from wfplan.evaluation.measures import both_sides

__all__ = ["BothSides", "Figure", "Verdict", "audit", "both_sides"]

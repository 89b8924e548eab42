"""Scheduling: one legal week for every named person, and a bound on how good it can be."""

from wfplan.scheduling.solve import evaluate, solve

__all__ = ["evaluate", "solve"]

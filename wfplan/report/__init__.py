"""The HTML report and its charts: functions of a run's results."""

from wfplan.report.page import render

__all__ = ["render"]

"""The HTML report and its charts: functions of a run's results."""

from wfplan.report.page import render
from wfplan.report.words import in_words

__all__ = ["in_words", "render"]

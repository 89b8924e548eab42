"""The HTML report and its charts: functions of a run's results."""

from wfplan.report.backtest_page import render_backtest
from wfplan.report.calibration_page import render_calibration
from wfplan.report.changes import changes_in_words
from wfplan.report.comparison_page import render_comparison
from wfplan.report.page import render
from wfplan.report.quarter_page import render_quarter
from wfplan.report.words import in_words

__all__ = [
    "changes_in_words",
    "in_words",
    "render",
    "render_backtest",
    "render_calibration",
    "render_comparison",
    "render_quarter",
]

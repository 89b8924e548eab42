"""What people read for an activity where a system shows more than its code."""

from __future__ import annotations

from wfplan.domain.activities import OFF_QUEUE
from wfplan.domain.cells import single_line
from wfplan.domain.schedule import Activity

WORDS = {
    "work": "On queue",
    "break": "Break",
    "meal": "Meal",
    "training": "Training",
    "meeting": "Meeting",
    "off_queue": "Off queue",
    "time_off": "Time off",
}


def use_in_words(code: str, category: str) -> str:
    """``Coaching`` of a code of its own; else the category's word."""
    if category in OFF_QUEUE and code.casefold() != category:
        return single_line(code.replace("_", " ").capitalize())
    return WORDS[category]


def activity_words(activity: Activity) -> str:
    """The same of an activity."""
    return use_in_words(activity.code, str(activity.category))

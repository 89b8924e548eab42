"""Conflicts: why there is no plan, in the words of the rules, and the least that would help.

``demands`` cuts hard rules into the smallest pieces, ``trial`` looks for weeks under
some of them; ``smallest`` and ``core`` find which are in the way, ``describe`` says them
in ``words``. ``ways``, with ``ways_of_rows`` and ``ways_of_values``, knows what can give
way, ``edits`` what that changes in the plan, ``asking`` what it costs to ask for it,
``relaxing`` the least of it that is enough. ``people`` and ``locks`` ask for everybody,
``message`` says what came out, ``check`` refuses a plan without a week for somebody.
"""

from wfplan.scheduling.conflict.check import require_legal_weeks
from wfplan.scheduling.conflict.locks import refused_locks, require_locks
from wfplan.scheduling.conflict.message import long_text, short_text
from wfplan.scheduling.conflict.people import conflicts_of_people, relaxed_for_people

__all__ = [
    "conflicts_of_people",
    "long_text",
    "refused_locks",
    "relaxed_for_people",
    "require_legal_weeks",
    "require_locks",
    "short_text",
]

"""Conflicts: why there is no plan, in the words of the rules, and the least that would help.

``demands`` cuts hard rules into the smallest pieces, ``trial`` looks for weeks under
some of them, ``smallest`` and ``core`` find which are in the way, ``describe`` says
them; ``ways`` knows what can give way, ``relaxing`` the least of it that is enough.
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

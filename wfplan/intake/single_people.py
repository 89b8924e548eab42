"""Captions and kinds of groups that tell single people apart, which no survey file may have."""

from __future__ import annotations

import re

_PERSON = re.compile(
    r"^(agent|person|employee|worker|individual|respondent|user|mitarbeiter|salari|empleado)"
    r"(_?(id|no|nr|number|name|code))?$|^(first_?|last_?|full_?)?name$|^e_?mail|^(token|answer_id)$",
    re.IGNORECASE,
)


def names_a_person(word: str) -> bool:
    """Whether a caption, or a type of group, speaks of single people."""
    return bool(_PERSON.search(word))

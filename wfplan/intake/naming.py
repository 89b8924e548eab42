"""Captions: which words mean the same column."""

from __future__ import annotations

import re

_BETWEEN = re.compile(r"[\s_\-.]+")


def same_word(caption: str) -> str:
    """A caption without case, blanks and hyphens: ``Agent ID`` is ``agent_id``."""
    return _BETWEEN.sub("_", caption.strip().strip("\ufeff").casefold()).strip("_")

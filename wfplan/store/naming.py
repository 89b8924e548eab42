"""The name of a plan as folders and the planning store have it."""

from __future__ import annotations

import re


def slug_of(name: str) -> str:
    """A plan's name as folders and the store have it."""
    return (re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "plan")[:64]

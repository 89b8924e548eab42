"""
Where the planning store of a plan lies: as asked, as the environment or the plan says, beside it.

Nothing of the line is needed to know it: commands that only look at a store begin at once.
"""

from __future__ import annotations

import os
from pathlib import Path

FILE = "wfplan.db"
_PLAN = "plan.toml"


def address_of(plan: Path, asked: str | None = None) -> str:
    """Where the store of a plan lies: as asked, else as the environment, else as the plan says."""
    return asked or os.environ.get("WFPLAN_STORE", "") or _named_in(plan) or address_beside(plan)


def address_beside(plan: Path) -> str:
    """Where the store of a plan lies when nobody says anything else."""
    return str((plan if plan.is_dir() else plan.parent) / FILE)


def store_of(folder: Path, asked: str | None = None) -> str | None:
    """The store that a run folder follows, where it is not its plan's: as asked, or beside it."""
    beside = folder.absolute().parent / FILE
    return asked if asked and is_there(asked) else str(beside) if beside.exists() else None


def is_there(address: str) -> bool:
    """Whether there is a store to be read; one on a server is taken to be."""
    if "://" not in address:
        return Path(address).exists()
    from wfplan.store import database

    file = database.file_of(address)
    return file is None or file.exists()


def _named_in(plan: Path) -> str:
    """What a plan file says of its store; one without the word is not parsed, to begin at once."""
    try:
        raw = (plan / _PLAN if plan.is_dir() else plan).read_bytes()
    except OSError:
        return ""
    if b"store" not in raw.replace(b"\0", b""):
        return ""
    from wfplan.intake.hr.plans import store_of as named_in

    return named_in(plan)

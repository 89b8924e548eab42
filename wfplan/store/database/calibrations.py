"""A calibration in the log: what was found in which data, once, and nothing about a person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from wfplan.store.database import log
from wfplan.store.database.canonical import canonical
from wfplan.store.database.tables import LOG

CALIBRATE = "calibrate"


def note_calibration(
    connection: Connection, about: Mapping[str, Any], *, actor: str, at: datetime
) -> bool:
    """Add a calibration to the log; False where the log has the very same one."""
    known = connection.execute(select(LOG.c.about).where(LOG.c.action == CALIBRATE)).scalars()
    told = json.loads(canonical(about))
    if any(json.loads(text) == told for text in known):
        return False
    log.note(connection, CALIBRATE, about, actor=actor, at=at)
    return True

"""The planning store: published weeks, HR's limits, and the log of what was done to them."""

from wfplan.store.database.addresses import file_of, network_disk_of, shown
from wfplan.store.database.as_told import ToldWeek, told_weeks
from wfplan.store.database.calibrations import note_calibration
from wfplan.store.database.contents import PersonWeek
from wfplan.store.database.copying import backup, copied
from wfplan.store.database.expiring import Expired, due, expire, expiries, weeks_over
from wfplan.store.database.forgetting import Forgotten, about, cells_of_people, forget, scrub
from wfplan.store.database.limits import (
    HrRow,
    RowChange,
    TableChange,
    changes_of,
    import_rows,
    kinds_of,
    rows_of,
)
from wfplan.store.database.log import Entry, entries
from wfplan.store.database.opening import actor, opened
from wfplan.store.database.past import Past, past_of
from wfplan.store.database.transactions import reading, writing
from wfplan.store.database.verifying import faults
from wfplan.store.database.weeks import (
    Publication,
    WeekToPublish,
    current_number,
    publications,
    publish,
    read_week,
    require_seen,
    rollback,
)

__all__ = [
    "Entry",
    "Expired",
    "Forgotten",
    "HrRow",
    "Past",
    "PersonWeek",
    "Publication",
    "RowChange",
    "TableChange",
    "ToldWeek",
    "WeekToPublish",
    "about",
    "actor",
    "backup",
    "cells_of_people",
    "changes_of",
    "copied",
    "current_number",
    "due",
    "entries",
    "expire",
    "expiries",
    "faults",
    "file_of",
    "forget",
    "import_rows",
    "kinds_of",
    "network_disk_of",
    "note_calibration",
    "opened",
    "past_of",
    "publications",
    "publish",
    "read_week",
    "reading",
    "require_seen",
    "rollback",
    "rows_of",
    "scrub",
    "shown",
    "told_weeks",
    "weeks_over",
    "writing",
]

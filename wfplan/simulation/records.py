"""One flat row per simulated contact, from which every measure of customers can be worked out."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.domain.run_tables import SIMULATED_CONTACTS
from wfplan.simulation.frames import FloatArray, Floor, Records
from wfplan.simulation.model import Model
from wfplan.simulation.one_week import run_replication
from wfplan.simulation.tallies import EMPOWERED

CAUSES = np.array(SIMULATED_CONTACTS.column("cause").choices, dtype=object)
FATES = np.array(SIMULATED_CONTACTS.column("fate").choices, dtype=object)
ANSWERED, ABANDONED, BLOCKED, STILL_THERE = range(4)


def contact_records(model: Model, replications: int, seed: int) -> pd.DataFrame:
    """Every contact of the first replications, by arrival."""
    frames = [
        _frame(run_replication(model, replication, seed), model, replication)
        for replication in range(replications)
    ]
    return pd.concat(frames, ignore_index=True)


def _frame(floor: Floor, model: Model, replication: int) -> pd.DataFrame:
    """The contacts of one replication, with the columns of the table."""
    contacts, end_s = floor.contacts, float(floor.week[0]["end"])
    names = np.array([*(channel.name for channel in model.channels), EMPOWERED], dtype=object)
    fate = _fates(contacts, end_s)
    is_answered, is_lost = fate == ANSWERED, (fate == ABANDONED) | (fate == BLOCKED)
    until = np.where(is_answered, contacts["reached"], np.minimum(contacts["leaves"], end_s))
    until = np.where(fate == BLOCKED, contacts["arrived"], until)
    answered = np.where(is_answered, contacts["reached"], np.nan)
    ids = _ids(contacts["key"])
    seconds = {
        "arrived": contacts["arrived"],
        "answered": answered,
        "finished": contacts["finished"],
        "left": np.where(is_lost, until, np.nan),
        "due": contacts["due"],
    }
    frame = pd.DataFrame(
        {
            "replication": replication,
            "contact_id": ids,
            "parent_id": np.where(contacts["parent"] < 0, "", ids[contacts["parent"]]),
            "cause": CAUSES[contacts["cause"]],
            "channel": names[contacts["channel"]],
            **{name: _instants(model, value) for name, value in seconds.items()},
            "wait_s": until - contacts["arrived"],
            "handle_s": contacts["finished"] - answered,
            "agent_id": _agents(floor, model, is_answered),
            "fate": FATES[fate],
            "is_called_back": contacts["is_called_back"],
        }
    )
    return frame.sort_values(["arrived", "contact_id"], kind="stable", ignore_index=True)


def _fates(contacts: Records, end_s: float) -> NDArray[np.int64]:
    """What became of each contact, as a number of ``FATES``."""
    return np.select(
        [contacts["person"] >= 0, contacts["is_blocked"], contacts["leaves"] < end_s],
        [ANSWERED, BLOCKED, ABANDONED],
        STILL_THERE,
    )


def _ids(keys: NDArray[np.uint64]) -> NDArray[np.object_]:
    """Keys in sixteen hexadecimal digits."""
    return np.array([f"{key:016x}" for key in keys.tolist()], dtype=object)


def _instants(model: Model, seconds: FloatArray) -> pd.DatetimeIndex:
    """Instants of seconds after the start of the horizon; none where not finite."""
    known = np.isfinite(seconds)
    micros = np.round(np.where(known, seconds, 0.0) * 1e6).astype("timedelta64[us]")
    start = np.datetime64(model.horizon.interval_starts[0], "us")
    instants = np.where(known, start + micros, np.datetime64("NaT", "us"))
    return pd.DatetimeIndex(instants).tz_localize("UTC")


def _agents(floor: Floor, model: Model, is_answered: NDArray[np.bool_]) -> NDArray[np.object_]:
    """Who answered each contact, an empty text for nobody."""
    agents = np.full(len(floor.contacts), "", dtype=object)
    shifts = floor.people["shift"][floor.contacts["person"][is_answered]]
    agents[is_answered] = np.array(model.plan.agent_ids, dtype=object)[shifts]
    return agents

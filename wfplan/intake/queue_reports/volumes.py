"""What the rows of a report count: offered, answered, abandoned, handled; and their waiting."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfplan.intake.queue_reports.columns import Columns, FloatArray, Said, say_unit
from wfplan.intake.queue_reports.handle_times import is_unsaid
from wfplan.intake.queue_reports.layouts import WAITS


def put_volumes(frame: pd.DataFrame, columns: Columns, said: Said) -> None:
    """Offered, answered, abandoned and handled contacts of every row."""
    numbers, file = columns.numbers, columns.grid.file
    header = columns.header
    for name in ("offered", "answered", "abandoned", "handled"):
        if name in numbers:
            empty = int(np.isnan(numbers[name]).sum())
            if empty and name == "offered":
                said.say("empty cells are read as 0 contacts", file, header.caption(name),
                         key="empty")  # fmt: skip
            frame[name] = np.nan_to_num(numbers[name])
    if "offered" not in frame:
        _offered_from_parts(frame, columns, said)
    offered = frame["offered"]
    for name in ("answered", "abandoned"):
        share = numbers.get(f"{name}_share")
        if name not in frame and share is not None:
            frame[name] = np.rint(np.nan_to_num(share) * offered)
    if "in_target_share" in numbers and not columns.in_target:
        columns.in_target[0.0] = np.rint(np.nan_to_num(numbers["in_target_share"]) * offered)
    if "answered" not in frame:
        frame["answered"] = frame.get("handled", np.nan)
    if "abandoned" not in frame:
        frame["abandoned"] = np.nan
    if "handled" not in frame:
        frame["handled"] = frame["answered"].fillna(offered - frame["abandoned"].fillna(0.0))


def _offered_from_parts(frame: pd.DataFrame, columns: Columns, said: Said) -> None:
    """Offered contacts of a report that has only what became of them."""
    header, file = columns.header, columns.grid.file
    came = "answered" if "answered" in frame else "handled"
    column = header.caption(came)
    if "abandoned" in frame:
        frame["offered"] = frame[came] + frame["abandoned"]
        said.say(f"the contacts offered are '{column}' + '{header.caption('abandoned')}'",
                 file, column)  # fmt: skip
        return
    frame["offered"] = frame[came]
    said.say(
        f"only '{column}' tells the contacts that came: those who gave up are missing",
        file, column, "export the contacts offered (or queued) and abandoned, too",
    )  # fmt: skip


def waited_s(frame: pd.DataFrame, columns: Columns, said: Said) -> FloatArray:
    """All waiting of the offered in seconds, as far as it is known."""
    numbers = dict(columns.numbers)
    for name in WAITS:
        if name in columns.durations:
            if is_unsaid(name, columns):
                said.say("not read: nothing says in which unit its numbers are",
                         columns.grid.file, columns.header.caption(name))  # fmt: skip
                numbers.pop(name)
                continue
            known = numbers[name][np.isfinite(numbers[name])]
            middle = float(np.median(known)) if len(known) else float("nan")
            say_unit(name, columns, middle, "half of its times", said)
    if "wait_total" in numbers:
        return numbers["wait_total"]
    offered, answered, abandoned = (frame[one].to_numpy(dtype=np.float64)
                                    for one in ("offered", "answered", "abandoned"))  # fmt: skip
    if "wait" in numbers:
        return np.where(offered > 0, numbers["wait"] * offered, 0.0)
    if {"answer_wait", "abandon_wait"} <= set(numbers):
        parts = ((answered, numbers["answer_wait"]), (abandoned, numbers["abandon_wait"]))
        waits = [np.where(count > 0, count * wait, 0.0) for count, wait in parts]
        return np.where(np.isnan(abandoned) | np.isnan(answered), np.nan, waits[0] + waits[1])
    return np.full(len(frame), np.nan)

"""The planner's override layers: read, and checked against channels and history."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from wfplan.domain.cells import unguarded
from wfplan.domain.overrides import ChangeKind, Override
from wfplan.errors import did_you_mean
from wfplan.intake.book import BadValueError, FaultBook, shown
from wfplan.intake.reading import BAD, Sheet
from wfplan.intake.wall import instant

_SPAN_DAYS = 366  # of one layer, at most


@dataclass(frozen=True)
class _Seen:
    """Channel and local date, as a proleptic ordinal, of the rows of a history."""

    names: np.ndarray
    days: np.ndarray

    @classmethod
    def of(cls, contacts: pd.DataFrame, zone: ZoneInfo) -> _Seen:
        """Those of a frame of contacts."""
        local = contacts["interval_start"].dt.tz_convert(zone.key).dt.tz_localize(None)
        since = (local.dt.normalize() - pd.Timestamp(1970, 1, 1)).dt.days
        days = since.to_numpy(np.int64) + date(1970, 1, 1).toordinal()
        return cls(contacts["channel"].to_numpy(), days)


def read_overrides(
    sheet: Sheet | None,
    channels: Collection[str],
    zone: ZoneInfo,
    contacts: pd.DataFrame | None,
    book: FaultBook,
) -> tuple[Override, ...]:
    """The layers in the order of their rows, active or not; rows with a fault are left out."""
    if sheet is None:
        return ()
    layers: list[tuple[int, Override]] = []
    seen: dict[str, int] = {}
    for place, line in enumerate(sheet.lines.tolist()):
        row = {name: column[place] for name, column in sheet.columns.items()}
        row = {name: row.get(name) for name in sheet.table.names}
        name = row["id"]
        if name in seen and isinstance(name, str):
            reason = f"'{name}' is already in line {seen[name]}"
            hint = "give each layer an id of its own"
            sheet.blame(book, line, "id", reason, value=name, hint=hint, code="HR110")
        elif (layer := _layer(sheet, line, row, channels, zone, book)) is not None:
            layers.append((line, layer))
        seen.setdefault(name, line)
    copies = [one for one in layers if one[1].is_active and one[1].change.monday is not None]
    if copies and contacts is not None:
        seen_days = _Seen.of(contacts, zone)
        for line, layer in copies:
            _check_copied_week(sheet, line, layer, seen_days, book)
    _say_hidden(sheet, layers, book)
    return tuple(layer for _, layer in layers)


def _layer(
    sheet: Sheet,
    line: int,
    row: dict[str, Any],
    channels: Collection[str],
    zone: ZoneInfo,
    book: FaultBook,
) -> Override | None:
    """The layer of a row; None where something is wrong with it."""
    before = len(book.faults)
    channel = unguarded(row["channel"] or "") if row["channel"] is not BAD else ""
    if channel and channel not in channels:
        reason = f"'{shown(channel)}' is not a channel of the plan"
        hint = did_you_mean(channel, channels) or "leave it empty for all channels"
        sheet.blame(book, line, "channel", reason, value=channel, hint=hint, code="HR111")
    _check_dates(sheet, line, row, book)
    made_at = row["made_at"]
    try:
        made_at = instant(made_at, zone) if isinstance(made_at, datetime) else None
    except BadValueError as bad:
        book.bad(bad, file=sheet.file, line=line, column="made_at")
    is_read = sheet.has_required and not any(value is BAD for value in row.values())
    if len(book.faults) > before or not is_read:
        return None
    return Override(
        override_id=row["id"],
        change=row["change"],
        first=row["from"],
        last=row["until"] or row["from"],
        author=unguarded(row["author"]),
        reason=unguarded(row["reason"]),
        channel=channel,
        times=row["times"] or (),
        made_at=made_at,
        is_active=row["active"] is not False,
    )


def _check_dates(sheet: Sheet, line: int, row: dict[str, Any], book: FaultBook) -> None:
    """The last date is not before the first, nor far behind it."""
    first, last = row["from"], row["until"]
    if not isinstance(first, date) or not isinstance(last, date):
        return
    if last < first:
        reason = f"{last} is before {first}"
        sheet.blame(book, line, "until", reason, hint="swap the two", code="HR109")
    elif (last - first).days >= _SPAN_DAYS:
        reason = f"the layer is {(last - first).days + 1} days long, the most are {_SPAN_DAYS}"
        hint = "check the years; for what always holds, correct the history or the calendar"
        sheet.blame(book, line, "until", reason, hint=hint, code="HR109")


def _check_copied_week(
    sheet: Sheet, line: int, layer: Override, contacts: _Seen, book: FaultBook
) -> None:
    """A week to copy must be in the history of a channel that the layer is about."""
    monday = layer.change.monday
    if monday is None:
        return
    days = contacts.days[contacts.names == layer.channel] if layer.channel else contacts.days
    week = (days >= monday.toordinal()) & (days < (monday + timedelta(days=7)).toordinal())
    if week.any():
        return
    of_whom = f" of '{layer.channel}'" if layer.channel else ""
    span = "which has no rows" if not days.size else f"which runs {_span(days)}"
    reason = f"{layer.change.text} is not in the contact history{of_whom}, {span}"
    sheet.blame(book, line, "change", reason, hint="name a week that lies in it", code="HR109")


def _span(days: np.ndarray) -> str:
    """``from 2026-W07 to 2026-W09``."""
    first, last = (date.fromordinal(int(day)).isocalendar() for day in (days.min(), days.max()))
    return f"from {first[0]}-W{first[1]:02} to {last[0]}-W{last[1]:02}"


def _say_hidden(sheet: Sheet, layers: Sequence[tuple[int, Override]], book: FaultBook) -> None:
    """A warning for each active layer of which a later one leaves nothing."""
    active = [(line, layer) for line, layer in layers if layer.is_active]
    for place, (line, below) in enumerate(active):
        above = next((one for _, one in active[place + 1 :] if _hides(one, below)), None)
        if above is not None:
            book.warn(
                f"nothing is left of {below.override_id}: {above.override_id} "
                f"({above.change.text}) lies on top of all of it",
                file=sheet.file,
                line=line,
                column="change",
                hint=f"undo one of them, or put {below.override_id} below it in the table",
            )


def _hides(above: Override, below: Override) -> bool:
    """Whether a layer replaces all that one below it changes."""
    covers_times = not above.times or (below.times and set(below.times) <= set(above.times))
    is_whole = above.change.kind is not ChangeKind.COPY  # a copied week may have holes
    return bool(
        above.replaces and is_whole and covers_times
        and above.channel in ("", below.channel)
        and above.first <= below.first and below.last <= above.last
        and above.change.kind is not ChangeKind.DAY
    )  # fmt: skip

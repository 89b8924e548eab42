"""What a contact history must show before a week can be forecast from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.calendar import CalendarDay, DayKind
from wfplan.domain.channels import Channel
from wfplan.errors import did_you_mean
from wfplan.horizon import DAY_MIN
from wfplan.intake.book import FaultBook
from wfplan.intake.contacts import ContactRows
from wfplan.intake.toml_text import TomlText

GRAINS_MIN = (1440, 120, 60, 30, 20, 15, 12, 10, 6, 5, 4, 3, 2, 1)
_ON_GRID_SHARE = 0.9  # of rows, to call a grain theirs
_SURE_FROM = 100  # rows: below, a coarse grain may be chance
SHORT_AHT_S = 15.0
"""Half of the handle times below: they are hardly seconds."""

_FEW_WEEKS = 2
_OUTSIDE_SHARE = 0.01


def check_contacts(
    contacts: ContactRows,
    channels: Mapping[str, Channel],
    interval_min: int,
    calendar: Iterable[CalendarDay],
    toml: TomlText,
    book: FaultBook,
) -> None:
    """Grain, handle times, counts, gaps and opening hours of every channel."""
    free = {
        (one, day.channel)
        for day in calendar
        if day.kind in (DayKind.CLOSED, DayKind.HOLIDAY) and day.open is None
        for one in day.dates
    }
    _check_counts(contacts, book)
    for name, channel in channels.items():
        rows = contacts.of(name)
        _check_statement(contacts, rows, channel, channels, toml, book)
        if len(rows):
            is_fine = _check_grain(contacts, rows, name, interval_min, book)
            _check_gaps(contacts, rows, channel, free, book)
            if is_fine:
                _check_opening(contacts, rows, channel, book)
        _check_volume(contacts, rows, channel, book)
        _check_handle_time(contacts, rows, channel, toml, book)


def _check_grain(
    contacts: ContactRows, rows: NDArray[np.int64], name: str, interval_min: int, book: FaultBook
) -> bool:
    """Whether rows lie on a grid that is as fine as the plan's, or finer."""
    wall_s = contacts.wall_s[rows]
    on_grid = [g for g in GRAINS_MIN if (wall_s % (g * 60) == 0).mean() >= _ON_GRID_SHARE]
    file, first = contacts.first(rows)
    column = contacts.caption("interval_start")
    if not on_grid:
        book.error(
            f"the times of {name} are no starts of intervals: they look like single contacts",
            file=file,
            line=first,
            column=column,
            hint=f"count the contacts of every {interval_min} minutes",
            code="HR109",
        )
        return False
    grain = on_grid[0]
    if interval_min % grain:
        if len(rows) >= _SURE_FROM:
            _note_grain((file, first, column), name, grain, interval_min, book)
            return False
        grain = next((g for g in on_grid if interval_min % g == 0), 1)
    off = rows[wall_s % (grain * 60) != 0]
    for row in off[np.argsort(contacts.lines[off])]:
        seconds = int(contacts.wall_s[row])
        file, line = contacts.at(row)
        book.error(
            f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02} is off the grid of "
            f"{grain} minutes on which the other rows of {name} lie",
            file=file,
            line=line,
            column=column,
            hint="give the start of the interval",
            code="HR109",
        )
    return True


def _note_grain(
    place: tuple[str, int, str], name: str, grain: int, interval_min: int, book: FaultBook
) -> None:
    """
    A warning of long rows, and a fault for those that do not fit the plan's intervals.

    ``place`` is the file, the line and the column of the first row.
    """
    file, line, column = place
    if grain > interval_min:
        rows = "one row a day" if grain == DAY_MIN else f"a row every {grain} minutes"
        what = f"{name} has {rows}, the plan's interval is {interval_min}"
        hint = f"export it by {interval_min} minutes"
    else:
        what = f"rows every {grain} minutes of {name} do not add up to intervals of {interval_min}"
        hint = f"export it by {interval_min} or {_divisors(interval_min)} minutes"
    if grain <= 60:
        hint += f", or set interval_min = {grain}"
    if grain > interval_min and grain % interval_min == 0:
        what += ": their contacts are spread over their intervals, so hours within are guessed"
        book.warn(what, file=file, line=line, column=column, hint=hint)
        return
    book.error(what, file=file, line=line, column=column, hint=hint, code="HR109")


def _divisors(interval_min: int) -> str:
    """A finer grain that fits."""
    return str(next(g for g in GRAINS_MIN if g < interval_min and interval_min % g == 0))


def _check_counts(contacts: ContactRows, book: FaultBook) -> None:
    """Parts of the offered contacts are no more than the offered."""
    frame = contacts.frame
    odd = frame["offered"] % 1 != 0
    if odd.any():
        file, line = contacts.first(np.flatnonzero(odd))
        book.warn(
            f"{int(odd.sum())} rows have a part of a contact (first in line {line})",
            file=file,
            line=line,
            column=contacts.caption("offered"),
            hint="give counts, not averages",
        )
    for part, whole in (
        ("answered", "offered"),
        ("abandoned", "offered"),
        ("answered_in_target", "answered"),
    ):
        if part not in frame or whole not in frame:
            continue
        over = np.flatnonzero(frame[part] > frame[whole])
        if len(over):
            file, line = contacts.first(over)
            book.warn(
                f"more {part} than {whole} in {len(over)} rows (first in line {line})",
                file=file,
                line=line,
                column=contacts.caption(part),
                hint="count a contact where it arrives, not where it is handled",
            )


def _check_gaps(
    contacts: ContactRows,
    rows: NDArray[np.int64],
    channel: Channel,
    free: Collection[tuple[date, str]],
    book: FaultBook,
) -> None:
    """Every open day of the history has rows, and there are enough weeks of them."""
    there = set(contacts.days[rows].tolist())
    first, last = min(there), int(contacts.days.max())
    dates = [date.fromordinal(day) for day in range(first, last + 1) if day not in there]
    gaps = [
        day
        for day in dates
        if day.weekday() in channel.open
        and (day, "") not in free
        and (day, channel.name) not in free
    ]
    is_sparse = len(rows) < 3 * len(there)
    if gaps and not is_sparse:
        book.warn(
            f"{channel.name} has no rows on {len(gaps)} days on which it is open (first {gaps[0]})",
            file=contacts.file,
            column=contacts.caption("interval_start"),
            hint="add the rows, or put the days into the calendar as closed",
        )
    weeks = (last - first + 1) / 7
    if weeks < _FEW_WEEKS:
        book.warn(
            f"{channel.name} has {weeks:.1f} weeks of history: weekdays cannot be told apart",
            file=contacts.file,
            column=contacts.caption("interval_start"),
            hint="export eight weeks or more",
        )


def _check_opening(
    contacts: ContactRows, rows: NDArray[np.int64], channel: Channel, book: FaultBook
) -> None:
    """Most contacts come while the channel is open."""
    is_open = np.zeros(7 * DAY_MIN, dtype=np.bool_)
    for day, windows in channel.open.items():
        for start, end in windows:
            is_open[(np.arange(start, end) + day * DAY_MIN) % len(is_open)] = True
    weekday = (contacts.days[rows] - 1) % 7  # ordinal 1 was a Monday
    inside = is_open[weekday * DAY_MIN + contacts.wall_s[rows] // 60]
    offered = contacts.frame["offered"].to_numpy()[rows]
    total = offered.sum()
    share = float(offered[~inside].sum() / total) if total > 0 else 0.0
    if share >= _OUTSIDE_SHARE:
        book.warn(
            f"{share:.0%} of the contacts of {channel.name} come outside its opening hours: they "
            "are not planned for",
            file=contacts.file,
            column=contacts.caption("interval_start"),
            hint="check timezone: are the times those of the site?"
            if share > 0.2
            else f"check channels.{channel.name}.open",
        )


def _check_volume(
    contacts: ContactRows, rows: NDArray[np.int64], channel: Channel, book: FaultBook
) -> None:
    """Zero demand is planned as it is, and said."""
    name, hint = channel.name, "check the export"
    if not len(rows):
        if channel.is_stated:
            return
        reason = f"{name} has no rows: it is planned as if nobody came"
        hint += (
            f'; if it is new, write under [channels.{name}] like = "voice", say, and '
            "like_share = 0.2 or offered_week = 900"
        )
    elif not contacts.frame["offered"].to_numpy()[rows].any():
        reason = f"{name} has no contacts in any row: it is planned as if nobody came"
    else:
        return
    book.warn(reason, file=contacts.file, column=contacts.caption("offered"), hint=hint)


def _check_statement(
    contacts: ContactRows,
    rows: NDArray[np.int64],
    channel: Channel,
    channels: Mapping[str, Channel],
    toml: TomlText,
    book: FaultBook,
) -> None:
    """What a new channel is said to be like is another channel with contacts, and is enough."""
    like, name = channel.like, channel.name
    if not like:
        return
    others = [other for other in channels if other != name and len(contacts.of(other))]
    reason, hint, key = "", "", "like"
    if like == name:
        reason, hint = f"{name} cannot be like itself", "name another channel of the plan"
    elif like not in channels:
        reason = f"'{like}' is not a channel of the plan"
        hint = did_you_mean(like, others) or "name a channel that has contacts"
    elif like not in others:
        reason = f"{name} is to be like {like}, which has no contacts itself"
        hint = "name a channel that has some, or state only offered_week"
    elif not len(rows) and channel.like_share is None and channel.offered_week is None:
        reason = f"{name} has no contacts yet, and how many will come is not said"
        hint, key = "add like_share = 0.2 (a fifth) or offered_week = 900, say", "like_share"
    if reason:
        book.error(
            reason,
            file=toml.file,
            line=toml.line(("channels", name, "like")),
            column=f"channels.{name}.{key}",
            value=like if key == "like" else "",
            hint=hint,
            code="HR111",
        )


def _check_handle_time(
    contacts: ContactRows,
    rows: NDArray[np.int64],
    channel: Channel,
    toml: TomlText,
    book: FaultBook,
) -> None:
    """A handle time is known from the history or the plan, and is in seconds."""
    aht_s = contacts.frame["aht_s"].to_numpy()[rows]
    aht_s = aht_s[np.isfinite(aht_s)]
    if not len(aht_s):
        if channel.aht_s is None:
            book.error(
                f"{channel.name} has no handle time: neither its contacts have an aht_s nor "
                "the plan",
                file=toml.file,
                line=toml.line(("channels", channel.name)),
                column=f"channels.{channel.name}.aht_s",
                hint="add aht_s = 240, say, under the channel",
                code="HR102",
            )
        return
    median = float(np.median(aht_s))
    if median < SHORT_AHT_S:
        column = contacts.caption("aht_s")
        say = "name the column aht_min"
        if contacts.captions:
            say = f'write units = {{ "{column}" = "min" }} under [contacts]'
        book.warn(
            f"half of the handle times of {channel.name} are below {median:.3g} seconds",
            file=contacts.file,
            column=column,
            hint=f"if they are minutes ({median * 60:.0f} s), {say}",
        )


def last_day(contacts: ContactRows | None) -> date | None:
    """The last local date of the history."""
    if contacts is None or not len(contacts.days):
        return None
    return date.fromordinal(int(contacts.days.max()))


def first_day(contacts: ContactRows | None) -> date | None:
    """The first local date of the history."""
    if contacts is None or not len(contacts.days):
        return None
    return date.fromordinal(int(contacts.days.min()))

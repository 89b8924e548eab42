"""A forecast from elsewhere: rows of channel, interval and contacts, old ones included."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.domain.cells import unguarded
from wfplan.domain.problem import ForecastSettings
from wfplan.errors import did_you_mean
from wfplan.intake.book import PER_KIND, BadValueError, FaultBook, shown
from wfplan.intake.models import note
from wfplan.intake.reading import Sheet, Values, note_refused
from wfplan.intake.settings import Settings
from wfplan.intake.wall import instant

SOURCE = "external"
COLUMNS = ("channel", "interval_start", "offered", "aht_s", "low", "high", "made_at", "source")
_KEY = ["channel", "interval_start", "made_at", "source"]


def no_external() -> pd.DataFrame:
    """The frame of a plan without a forecast from elsewhere."""
    frame = pd.DataFrame({name: pd.Series(dtype=float) for name in COLUMNS})
    for name in ("channel", "source"):
        frame[name] = frame[name].astype(object)
    for name in ("interval_start", "made_at"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    return frame


def read_external(
    sheet: Sheet | None,
    channels: tuple[str, ...],
    zone: ZoneInfo,
    interval_min: int,
    book: FaultBook,
) -> pd.DataFrame:
    """
    The forecast's rows in order of channel, interval and when they were made.

    ``made_at`` is NaT where it is not said. Rows with a fault are left out.
    """
    if sheet is None or not sheet.has_required:
        return no_external()
    good = np.ones(len(sheet.lines), dtype=np.bool_)
    for column in sheet.columns.values():
        good &= column.is_good
    starts, known = _instants(sheet, "interval_start", zone, book)
    made, made_known = _instants(sheet, "made_at", zone, book)
    frame = pd.DataFrame(
        {
            "channel": _texts(sheet, "channel", ""),
            "interval_start": starts,
            **{name: _numbers(sheet, name) for name in ("offered", "aht_s", "low", "high")},
            "made_at": made,
            "source": _texts(sheet, "source", SOURCE),
            "line": sheet.lines,
        }
    )[good & known & made_known]
    frame = frame[_known_channels(sheet, frame, channels, book)]
    _check_order(sheet, frame, book)
    _check_twice(sheet, frame, book)
    _check_grain(sheet, frame, interval_min, book)
    found = frame.sort_values(["channel", "interval_start", "made_at"], kind="stable")
    return found.drop(columns="line").reset_index(drop=True)


def _numbers(sheet: Sheet, name: str) -> NDArray[np.float64]:
    """A column of numbers, NaN where there is none."""
    column = sheet.columns.get(name)
    return np.full(len(sheet.lines), np.nan) if column is None else column.numbers()


def _texts(sheet: Sheet, name: str, default: str) -> NDArray[np.object_]:
    """A column of texts, a default where there is none."""
    column = sheet.columns.get(name)
    if column is None:
        return np.full(len(sheet.lines), default, dtype=object)
    words = [unguarded(v) if isinstance(v, str) and v else default for v in column.values]
    return np.array(words, dtype=object)[column.codes]


def _instants(
    sheet: Sheet, name: str, zone: ZoneInfo, book: FaultBook
) -> tuple[pd.Series, NDArray[np.bool_]]:
    """A column of instants, NaT where empty, and which rows could be read."""
    count = len(sheet.lines)
    column: Values | None = sheet.columns.get(name)
    if column is None:
        empty = pd.Series(pd.NaT, index=range(count), dtype="datetime64[ns, UTC]")
        return empty, np.ones(count, dtype=np.bool_)
    found: list[datetime | None] = []
    refused: dict[int, BadValueError] = {}
    for code, stamp in enumerate(column.values):
        try:
            found.append(instant(stamp, zone) if isinstance(stamp, datetime) else None)
        except BadValueError as bad:
            refused[code] = bad
            found.append(None)
    texts = [str(stamp) for stamp in column.values] if refused else [""] * len(found)
    note_refused(refused, column.codes, texts, sheet.lines, sheet.file, name, book)
    stamps = pd.Series(pd.to_datetime(pd.Series(found, dtype=object), utc=True)).dt.as_unit("ns")
    known = np.ones(count, dtype=np.bool_)
    known[np.isin(column.codes, list(refused))] = False
    return stamps.iloc[column.codes].reset_index(drop=True), known


def _known_channels(
    sheet: Sheet, frame: pd.DataFrame, channels: tuple[str, ...], book: FaultBook
) -> pd.Series:
    """Which rows are of a channel of the plan; each other name is a fault."""
    known = frame["channel"].isin(channels)
    others = frame[~known].groupby("channel", sort=False)["line"].agg(["first", "size"])
    for name, row in list(others.iterrows())[:PER_KIND]:
        book.error(
            f"'{shown(name)}' is not a channel of the plan ({row['size']} rows have it)",
            file=sheet.file,
            line=int(row["first"]),
            column="channel",
            value=name,
            hint=did_you_mean(str(name), channels) or "leave its rows out",
            code="HR111",
        )
    return known


def _check_order(sheet: Sheet, frame: pd.DataFrame, book: FaultBook) -> None:
    """Low <= offered <= high, where they are given, and both or none of them are."""
    low, high, offered = (frame[name] for name in ("low", "high", "offered"))
    wrong = frame[(low > offered) | (high < offered)]
    for line, *of_row in wrong[["line", "low", "offered", "high"]].to_numpy(np.float64):
        reason = f"{', '.join(f'{value:g}' for value in of_row)} are not in order"
        hint = "low is what one in ten is below, high what nine in ten are below"
        sheet.blame(book, int(line), "low", reason, hint=hint, code="HR109")
    for name, is_alone in (("low", low.isna() & high.notna()), ("high", high.isna() & low.notna())):
        for line in frame.loc[is_alone, "line"].to_numpy(np.int64):
            reason = "is missing beside the other bound"
            sheet.blame(book, int(line), name, reason, hint="give both, or neither")


def _check_twice(sheet: Sheet, frame: pd.DataFrame, book: FaultBook) -> None:
    """An interval is forecast once by a source at a time."""
    first = frame.groupby(_KEY, dropna=False)["line"].transform("first")
    again = frame["line"].to_numpy(np.int64), first.to_numpy(np.int64)
    for line, before in zip(*again, strict=True):
        if line != before:
            reason = f"this interval stands in line {before} already"
            hint = "keep one, or say in made_at which is the newer"
            sheet.blame(book, int(line), "interval_start", reason, hint=hint, code="HR110")


def _check_grain(sheet: Sheet, frame: pd.DataFrame, interval_min: int, book: FaultBook) -> None:
    """Rows are not longer than an interval: day totals cannot be planned with."""
    for _, rows in frame.groupby(["channel", "source", "made_at"], dropna=False, sort=False):
        steps = np.diff(np.unique(rows["interval_start"].astype("int64") // 60_000_000_000))
        if steps.size and (grain := int(np.gcd.reduce(steps))) > interval_min:
            book.error(
                f"'{rows['channel'].iloc[0]}' has a row every {grain} minutes, coarser than the "
                f"plan's {interval_min}",
                file=sheet.file,
                line=int(rows["line"].iloc[0]),
                column="interval_start",
                hint="give rows as fine as the plan's intervals",
                code="HR109",
            )


def check_use(settings: Settings, external: pd.DataFrame, book: FaultBook) -> None:
    """A plan that uses a forecast from elsewhere has one, and says which of several."""
    wish = settings.sections.get("forecast")
    if not isinstance(wish, ForecastSettings) or wish.use != SOURCE:
        return
    sources = list(dict.fromkeys(external["source"]))
    if not sources and "external_forecast" not in settings.inputs:
        reason, hint = "there is no forecast from elsewhere", "add it under [inputs], or use own"
        note(settings.toml, ("forecast", "use"), reason, book, hint=hint)
    elif wish.source and wish.source not in sources:
        reason = f"'{shown(wish.source)}' is no source of the table external_forecast"
        hint = did_you_mean(wish.source, sources) or f"it has {', '.join(map(shown, sources))}"
        note(settings.toml, ("forecast", "source"), reason, book, hint=hint)
    elif not wish.source and len(sources) > 1:
        reason = (
            f"the table external_forecast has several sources: {', '.join(map(shown, sources))}"
        )
        hint = f'say whose to use: source = "{shown(sources[0])}"'
        note(settings.toml, ("forecast", "use"), reason, book, hint=hint)

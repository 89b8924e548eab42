"""What the frames must hold before anything is computed from them; all faults are told at once."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasts.errors import together
from forecasts.history.series import FloatArray

COUNT_MOST = 1e12  # contacts of one row: more than there are people, a hundred times over
YEARS_MOST = 40  # between the first and the last row; beyond, a year is mistyped
_HISTORY = ("channel", "interval_start", "offered")
_FUTURE = ("channel", "interval_start", "is_open")
_PARTS = ("answered", "abandoned", "blocked", "wait_s")  # used where they are known


def checked_frames(
    history: pd.DataFrame, future: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    The history before the horizon, and the horizon, with indices of their own.

    Raises
    ------
    ForecastError
        With every fault of both.
    """
    faults: list[str] = []
    ahead = _future(future, faults)
    origin = None if ahead is None else ahead["interval_start"].min()
    past = _history(history, origin, faults)
    together(faults)
    assert ahead is not None  # else there were faults
    assert past is not None
    return past, ahead


def checked_future(future: pd.DataFrame, interval_min: int) -> pd.DataFrame:
    """
    The horizon with an index of its own.

    Raises
    ------
    ForecastError
        When it is empty, lacks columns, or names an interval twice.
    """
    faults: list[str] = []
    found = _future(future, faults)
    together(faults)
    assert found is not None
    return found


def checked_history(history: pd.DataFrame, origin: pd.Timestamp) -> pd.DataFrame:
    """
    The history before the origin.

    Raises
    ------
    ForecastError
        When it lacks columns, names an interval twice, or holds counts or
        handle times that are negative, infinite or missing.
    """
    faults: list[str] = []
    found = _history(history, origin, faults)
    together(faults)
    assert found is not None
    return found


def _future(future: pd.DataFrame, faults: list[str]) -> pd.DataFrame | None:
    """The horizon; None where it cannot be read."""
    if not _has_columns(future, _FUTURE, "future", faults):
        return None
    if future.empty:
        faults.append("future has no rows: give every interval of the horizon.")
        return None
    future = _plain(future)
    if not _reads_instants(future, "future", faults):
        return None
    _refuse_nameless(future, "future", faults)
    _refuse_twice(future, "future", "name every interval once", faults)
    known = future["is_open"].isin([True, False])  # 1 and 0 are these, too
    if not known.all():
        value = future["is_open"][~known].iloc[0]
        faults.append(
            f"future{_row(~known)} does not say whether it is open: is_open = {value!r}, not true "
            f"or false.{_more(~known.to_numpy())}"
        )
        return None
    return future.assign(is_open=future["is_open"].astype(bool)).reset_index(drop=True)


def _history(
    history: pd.DataFrame, origin: pd.Timestamp | None, faults: list[str]
) -> pd.DataFrame | None:
    """The history before the origin; None where it cannot be read."""
    if not _has_columns(history, _HISTORY, "history", faults):
        return None
    history = _plain(history)
    if not len(history):
        empty = history.assign(interval_start=pd.to_datetime([], utc=True), aht_s=np.zeros(0))
        return empty.reset_index(drop=True)
    if not _reads_instants(history, "history", faults):
        return None
    past = history if origin is None else history[history["interval_start"] < origin]
    if "aht_s" not in past:
        past = past.assign(aht_s=np.nan)
    _refuse_nameless(past, "history", faults)
    _refuse_twice(past, "history", "add the counts up, or delete the copy", faults)
    _refuse_years(past, faults)
    offered = _numbers(past, "offered", faults)
    bad = ~(np.isfinite(offered) & (offered >= 0) & (offered <= COUNT_MOST))
    bad &= ~_is_text(past["offered"])
    _refuse(
        bad, past, offered, "offered", "a count of contacts: leave a row out if unknown", faults
    )
    aht = _numbers(past, "aht_s", faults)
    bad = np.isinf(aht) | (aht < 0)
    what = "a handle time in seconds: leave it empty if unknown"
    _refuse(bad, past, aht, "aht_s", what, faults)
    parts = {}
    for name in (name for name in _PARTS if name in past):
        parts[name] = _numbers(past, name, faults)
        bad = np.isinf(parts[name]) | (parts[name] < 0)
        _refuse(bad, past, parts[name], name, "a quantity: leave it empty if unknown", faults)
    return past.assign(offered=offered, aht_s=aht, **parts).reset_index(drop=True)


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame without categories, with instants read from columns of objects."""
    names = frame["channel"]
    if isinstance(names.dtype, pd.CategoricalDtype):
        frame = frame.assign(channel=names.astype(names.dtype.categories.dtype))
    if not frame.index.is_unique:
        frame = frame.reset_index(drop=True)
    column = frame["interval_start"]
    is_aware = column.dtype == object and all(
        getattr(value, "tzinfo", None) is not None for value in column
    )
    if is_aware:
        frame = frame.assign(interval_start=pd.to_datetime(column, utc=True))
    return frame


def _is_text(column: pd.Series) -> NDArray[np.bool_]:
    """Values that are there and are no numbers, (row,)."""
    if column.dtype.kind in "mM" or column.dtype.kind == "c":
        return np.ones(len(column), dtype=np.bool_)
    plain = column.astype(object) if isinstance(column.dtype, pd.CategoricalDtype) else column
    numbers = pd.to_numeric(plain, errors="coerce")
    text: NDArray[np.bool_] = (numbers.isna() & column.notna()).to_numpy(np.bool_, copy=True)
    if column.dtype == object:
        text |= np.array([isinstance(value, complex) for value in column], dtype=np.bool_)
    return text


def _numbers(frame: pd.DataFrame, column: str, faults: list[str]) -> FloatArray:
    """A column as numbers; what is none is a fault, and NaN."""
    text = _is_text(frame[column])
    if text.any():
        label, value = frame.index[int(np.argmax(text))], frame[column].to_numpy()[text][0]
        faults.append(
            f"history[{label}] {column} = '{value}' is not a number: "
            f"write counts and seconds in digits.{_more(text)}"
        )
    plain = frame[column].astype(object).where(~text)
    numbers = pd.to_numeric(plain, errors="coerce")
    return numbers.to_numpy(np.float64, na_value=np.nan)


def _has_columns(frame: pd.DataFrame, names: tuple[str, ...], what: str, faults: list[str]) -> bool:
    """Whether a frame has the columns that are needed, each once."""
    missing = [name for name in names if name not in frame]
    if missing:
        absent = " and ".join(f"'{name}'" for name in missing)
        faults.append(f"{what} has no column {absent}: it needs {', '.join(names)}.")
        return False
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        faults.append(f"{what} has the column '{twice[0]}' twice: keep one of them.")
    return not len(twice)


def _reads_instants(frame: pd.DataFrame, what: str, faults: list[str]) -> bool:
    """Whether there are instants; wall times, which are ambiguous, and missing ones are faults."""
    column = frame["interval_start"]
    if not isinstance(column.dtype, pd.DatetimeTZDtype):
        such = f" such as '{column.iloc[0]}'" if len(column) else ""
        faults.append(
            f"{what}: interval_start holds {column.dtype}{such}, not instants: give timestamps "
            "with a time zone, such as pandas.to_datetime(..., utc=True)."
        )
        return False
    if column.isna().any():
        faults.append(
            f"{what}{_row(column.isna())} has no interval_start.{_more(column.isna().to_numpy())}"
        )
        return False
    return True


def _refuse_nameless(frame: pd.DataFrame, what: str, faults: list[str]) -> None:
    """Rows without a channel are faults."""
    nameless = frame["channel"].isna()
    if nameless.any():
        faults.append(
            f"{what}{_row(nameless)} has no channel: name it.{_more(nameless.to_numpy())}"
        )


def _refuse_twice(frame: pd.DataFrame, what: str, way_out: str, faults: list[str]) -> None:
    """Two rows for one interval of a channel are a fault."""
    twice = frame.duplicated(["channel", "interval_start"])
    if twice.any():
        first = frame[twice].iloc[0]
        faults.append(
            f"{what}{_row(twice)} '{first['channel']}' at {first['interval_start']} stands there "
            f"twice: {way_out}.{_more(twice.to_numpy())}"
        )


def _refuse_years(frame: pd.DataFrame, faults: list[str]) -> None:
    """A history longer than a working life has a mistyped year."""
    if len(frame) < 2:
        return
    first = frame["interval_start"].min()
    last = frame["interval_start"].max()
    if (last - first).days > YEARS_MOST * 365.25:
        far = frame["interval_start"] == first
        faults.append(
            f"history{_row(far)} lies {(last - first).days // 365} years before the last row: "
            "check the year."
        )


def _refuse(
    bad: NDArray[np.bool_],
    frame: pd.DataFrame,
    values: FloatArray,
    column: str,
    what: str,
    faults: list[str],
) -> None:
    """A fault for the first bad value of a column of the history."""
    if bad.any():
        label = frame.index[int(np.argmax(bad))]
        faults.append(f"history[{label}] {column} = {values[bad][0]:g} is not {what}.{_more(bad)}")


def _row(bad: pd.Series) -> str:
    """``[17]``, the label of the first bad row."""
    return f"[{bad.index[int(np.argmax(bad.to_numpy()))]}]"


def _more(bad: NDArray[np.bool_]) -> str:
    """How many rows are bad, when it is more than one."""
    return f" ({int(bad.sum())} rows)" if bad.sum() > 1 else ""

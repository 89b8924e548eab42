"""What the frames must hold before anything is computed from them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasts.errors import ForecastError
from forecasts.history.series import FloatArray


def checked_future(future: pd.DataFrame, interval_min: int) -> pd.DataFrame:
    """
    The horizon with an index of its own.

    Raises
    ------
    ForecastError
        When it is empty, lacks columns, or names an interval twice.
    """
    _require_columns(future, ("channel", "interval_start", "is_open"), "future")
    if future.empty:
        raise ForecastError("future has no rows: give every interval of the horizon.")
    _require_instants(future, "future")
    _refuse_twice(future, "future", "name every interval once")
    if future["is_open"].isna().any():
        raise ForecastError(
            f"future{_row(future['is_open'].isna())} does not say whether it is open."
        )
    return future.reset_index(drop=True)


def checked_history(history: pd.DataFrame, origin: pd.Timestamp) -> pd.DataFrame:
    """
    The history before the origin.

    Raises
    ------
    ForecastError
        When it lacks columns, names an interval twice, or holds counts or
        handle times that are negative, infinite or missing.
    """
    _require_columns(history, ("channel", "interval_start", "offered"), "history")
    _require_instants(history, "history")
    past = history[history["interval_start"] < origin]
    if "aht_s" not in past:
        past = past.assign(aht_s=np.nan)
    _refuse_twice(past, "history", "add the counts up, or delete the copy")
    offered = _numbers(past, "offered")
    bad = ~(np.isfinite(offered) & (offered >= 0))
    _refuse(bad, past, offered, "offered", "a count of contacts: leave a row out if unknown")
    aht = _numbers(past, "aht_s")
    bad = np.isinf(aht) | (aht < 0)
    _refuse(bad, past, aht, "aht_s", "a handle time in seconds: leave it empty if unknown")
    return past.reset_index(drop=True)


def _numbers(frame: pd.DataFrame, column: str) -> FloatArray:
    """A column as numbers; text is refused where it stands."""
    numbers = pd.to_numeric(frame[column], errors="coerce")
    text = (numbers.isna() & frame[column].notna()).to_numpy()
    if text.any():
        label, value = frame.index[int(np.argmax(text))], frame[column].to_numpy()[text][0]
        raise ForecastError(
            f"history[{label}] {column} = '{value}' is not a number: "
            f"write counts and seconds in digits.{_more(text)}"
        )
    return numbers.to_numpy(np.float64)


def _require_columns(frame: pd.DataFrame, names: tuple[str, ...], what: str) -> None:
    """Refuse a frame without the columns that are needed."""
    missing = [name for name in names if name not in frame]
    if missing:
        raise ForecastError(f"{what} has no column '{missing[0]}': it needs {', '.join(names)}.")


def _require_instants(frame: pd.DataFrame, what: str) -> None:
    """Refuse wall times, which are ambiguous, and missing instants."""
    column = frame["interval_start"]
    if not isinstance(column.dtype, pd.DatetimeTZDtype):
        raise ForecastError(
            f"{what}: interval_start holds {column.dtype}, not instants: give timestamps with a "
            "time zone, such as UTC."
        )
    if column.isna().any():
        raise ForecastError(f"{what}{_row(column.isna())} has no interval_start.")


def _refuse_twice(frame: pd.DataFrame, what: str, way_out: str) -> None:
    """Refuse two rows for one interval of a channel."""
    twice = frame.duplicated(["channel", "interval_start"])
    if twice.any():
        first = frame[twice].iloc[0]
        raise ForecastError(
            f"{what}{_row(twice)} '{first['channel']}' at {first['interval_start']} stands there "
            f"twice: {way_out}.{_more(twice.to_numpy())}"
        )


def _refuse(
    bad: NDArray[np.bool_], frame: pd.DataFrame, values: FloatArray, column: str, what: str
) -> None:
    """Refuse the first bad value of a column of the history."""
    if bad.any():
        label = frame.index[int(np.argmax(bad))]
        raise ForecastError(
            f"history[{label}] {column} = {values[bad][0]:g} is not {what}.{_more(bad)}"
        )


def _row(bad: pd.Series) -> str:
    """``[17]``, the label of the first bad row."""
    return f"[{bad.index[int(np.argmax(bad.to_numpy()))]}]"


def _more(bad: NDArray[np.bool_]) -> str:
    """How many rows are bad, when it is more than one."""
    return f" ({int(bad.sum())} rows)" if bad.sum() > 1 else ""

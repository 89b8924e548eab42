"""The frames in which a plan's history and calendar go to the forecast."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfplan.domain.channels import Channel
from wfplan.domain.problem import PlanningProblem
from wfplan.horizon import Horizon

HISTORY_COLUMNS = ("channel", "interval_start", "offered", "aht_s")
OPTIONAL_COLUMNS = ("answered", "abandoned", "wait_s", "answered_in_target")
CALENDAR_COLUMNS = ("day", "kind", "name", "channel", "factor", "until", "days", "lag_days")


def forecast_frames(
    problem: PlanningProblem, horizon: Horizon
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """
    What the forecast may know: history before the horizon, its intervals, the calendar.

    Returns
    -------
    history
        ``channel, interval_start, offered, aht_s`` and what else is known,
        only what ended before the horizon starts: the future stays unseen.
    future
        ``channel, interval_start, is_open``, one row per channel and interval.
        A deferred channel is open whenever its contacts may arrive: in its
        opening hours and at the hours of the week at which history has any.
        A channel that the contacts never speak of, and of which nothing is stated,
        is left out: it is planned as if nobody came.
    calendar
        ``day, kind, name, channel, factor, until, days, lag_days``; a factor of NaN is to be
        learnt.
    """
    history = _history(problem, horizon)
    starts = pd.DatetimeIndex(horizon.interval_starts).tz_localize("UTC")
    parts = [
        pd.DataFrame(
            {
                "channel": channel.name,
                "interval_start": starts,
                "is_open": arrives(problem, channel, horizon, history),
            }
        )
        for channel in _spoken_of(problem)
    ]
    columns = {"channel": [], "interval_start": starts[:0], "is_open": np.zeros(0, dtype=bool)}
    future = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns)
    return history, future, _calendar(problem)


def profile_frame(problem: PlanningProblem) -> pd.DataFrame:
    """What is stated of channels with little history: channel, like, share, offered_week."""
    rows = [(c.name, c.like, c.like_share, c.offered_week) for c in problem.channels if c.is_stated]
    frame = pd.DataFrame(rows, columns=["channel", "like", "share", "offered_week"])
    return frame.astype({"share": float, "offered_week": float})


def opening(problem: PlanningProblem, channel: Channel, horizon: Horizon) -> np.ndarray:
    """Intervals in which a channel's contacts are worked on, shape (interval,)."""
    return horizon.open_intervals(channel.open, problem.opening_by_date(channel))


def arrives(
    problem: PlanningProblem, channel: Channel, horizon: Horizon, history: pd.DataFrame
) -> np.ndarray:
    """Intervals in which contacts of a channel may arrive, shape (interval,)."""
    is_open = opening(problem, channel, horizon)
    if channel.is_realtime:
        return is_open
    rows = history.loc[(history["channel"] == channel.name) & (history["offered"] > 0)]
    when = pd.DatetimeIndex(rows["interval_start"])
    local = when.tz_convert(horizon.timezone)
    if (local == local.normalize()).all():  # day totals say nothing of hours
        return is_open
    seen = np.unique(_hours_of_week(when, horizon.timezone))
    starts = pd.DatetimeIndex(horizon.interval_starts).tz_localize("UTC")
    return is_open | np.isin(_hours_of_week(starts, horizon.timezone), seen)


def _spoken_of(problem: PlanningProblem) -> tuple[Channel, ...]:
    """Channels with rows in the contacts, of whatever time, or stated; all where there are none."""
    names = frozenset(problem.contacts.get("channel", ()))
    found = tuple(c for c in problem.channels if c.name in names or c.is_stated)
    return found or problem.channels


def _hours_of_week(instants: pd.DatetimeIndex, timezone: str) -> np.ndarray:
    """Local hours since the start of Monday."""
    local = instants.tz_convert(timezone)
    return np.asarray(local.day_of_week * 24 + local.hour)


def _history(problem: PlanningProblem, horizon: Horizon) -> pd.DataFrame:
    """Contacts of the plan's channels that began before the horizon, oldest first."""
    contacts = problem.contacts
    if contacts.empty:
        empty = pd.DataFrame(columns=list(HISTORY_COLUMNS)).astype(
            {"offered": float, "aht_s": float}
        )
        empty["interval_start"] = pd.to_datetime(empty["interval_start"], utc=True)
        return empty
    starts = pd.to_datetime(contacts["interval_start"], utc=True)
    names = [channel.name for channel in problem.channels]
    wanted = (starts < pd.Timestamp(horizon.start)) & contacts["channel"].isin(names)
    columns = [*HISTORY_COLUMNS, *(c for c in OPTIONAL_COLUMNS if c in contacts)]
    history = contacts.assign(interval_start=starts).loc[wanted].reindex(columns=columns)
    return history.sort_values(["channel", "interval_start"], ignore_index=True)


def _calendar(problem: PlanningProblem) -> pd.DataFrame:
    """The calendar as a frame."""
    rows = [
        (
            d.day,
            str(d.kind),
            d.name,
            d.channel,
            np.nan if d.factor is None else d.factor,
            d.until,
            np.nan if d.days is None else d.days,
            d.lag_days,
        )
        for d in problem.calendar
    ]
    frame = pd.DataFrame(rows, columns=list(CALENDAR_COLUMNS))
    return frame.astype({"factor": float})

"""The development series as the frames that a forecast takes, with what came afterwards.

Read from ``WFPLAN_REAL_DATA`` (default ``../shared/data``); not a row of them is part of the
project. Calendars hold what a planner would have known beforehand: public holidays of the place
and, for the county office, its dated events.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import holidays
import numpy as np
import pandas as pd

DATA = Path(os.environ.get("WFPLAN_REAL_DATA", "../shared/data"))
EPOCH = pd.Timestamp("1970-01-01")
DAY_MIN = 1440
IsOpen = Callable[[np.ndarray, np.ndarray], np.ndarray]  # (weekday, minute of the day)


@dataclass(frozen=True)
class Material:
    """One channel: its rows, what is planned for, and from when on it is tested."""

    name: str
    rows: pd.DataFrame  # channel, interval_start (UTC), offered, aht_s
    timezone: str
    interval_min: int
    is_open: IsOpen
    calendar: pd.DataFrame
    first_cut_days: int  # of history before the first origin
    step_days: int = 7

    @cached_property
    def wall(self) -> pd.Series:
        """Local wall time of the rows."""
        return self.rows["interval_start"].dt.tz_convert(self.timezone).dt.tz_localize(None)

    @cached_property
    def days(self) -> np.ndarray:
        """Consecutive days since 1970-01-01."""
        numbers = (self.wall.dt.normalize() - EPOCH).dt.days.to_numpy()
        return np.arange(numbers.min(), numbers.max() + 1)

    @cached_property
    def grid(self) -> np.ndarray:
        """Contacts, (day, slot); NaN where closed or where the day has no rows at all."""
        slots = DAY_MIN // self.interval_min
        day = (self.wall.dt.normalize() - EPOCH).dt.days.to_numpy() - self.days[0]
        slot = (self.wall.dt.hour * 60 + self.wall.dt.minute).to_numpy() // self.interval_min
        flat = np.bincount(day * slots + slot, self.rows["offered"], self.days.size * slots)
        rows = np.bincount(day, minlength=self.days.size)
        found = flat.reshape(self.days.size, slots)
        found[rows == 0] = np.nan
        found[~self.open_cells(self.days)] = np.nan
        return found

    def open_cells(self, days: np.ndarray) -> np.ndarray:
        """Which cells of days are planned for, (day, slot)."""
        minute = np.arange(0, DAY_MIN, self.interval_min)
        weekday = (days + 3) % 7
        shape = (days.size, minute.size)
        return np.asarray(
            self.is_open(np.broadcast_to(weekday[:, None], shape), np.broadcast_to(minute, shape))
        )

    def future(self, first: int, length: int) -> pd.DataFrame:
        """The horizon of ``length`` days as a forecast takes it, with day and slot besides."""
        when = pd.date_range(
            EPOCH + pd.Timedelta(days=first),
            EPOCH + pd.Timedelta(days=first + length),
            freq=f"{self.interval_min}min",
            inclusive="left",
        )
        instants = when.tz_localize(self.timezone, ambiguous=False, nonexistent="NaT")
        keep = ~instants.isna()
        minute = (when.hour * 60 + when.minute).to_numpy()
        frame = pd.DataFrame(
            {
                "channel": "calls",
                "interval_start": instants.tz_convert("UTC"),
                "is_open": self.is_open(when.day_of_week.to_numpy(), minute),
                "day": (when.normalize() - EPOCH).days,
                "slot": minute // self.interval_min,
            }
        )
        return frame[keep].reset_index(drop=True)

    def before(self, day: int) -> pd.DataFrame:
        """The rows that a planner had on the morning of a day."""
        return self.rows[(self.wall < EPOCH + pd.Timedelta(days=day)).to_numpy()]


def materials() -> list[Callable[[], Material]]:
    """Readers of every series, in the order of the table."""
    return [
        bank,
        technion,
        technion_offered,
        county_calls,
        county_days("calls"),
        county_days("visitors"),
        county_days("chatbot_queries"),
        vancouver,
        tickets,
        spotify,
    ]


def bank() -> Material:
    """Half-hours of a bank, Monday to Friday, seven to nine."""
    table = pd.read_csv(DATA / "us_bank_2003_5min" / "calls_5min.csv.gz", parse_dates=[0])
    zone = "America/New_York"
    return Material(
        "bank, half-hours",
        frame(table["interval_start"], table["calls"], zone),
        zone,
        30,
        lambda weekday, minute: (weekday < 5) & (minute >= 420) & (minute < 1260),
        public_holidays("US", None, 2003, 2003),
        84,
    )


def technion() -> Material:
    """Half-hours of a small bank around the clock."""
    table = pd.read_csv(DATA / "technion_1999_counts" / "calls_6min.csv.gz", parse_dates=[0])
    zone = "Asia/Jerusalem"
    return Material(
        "Technion, half-hours 24/7",
        frame(table["interval_start"], table["calls"], zone),
        zone,
        30,
        always,
        public_holidays("IL", None, 1999, 1999),
        77,
    )


def technion_offered() -> Material:
    """Eight weeks of calls that wanted an agent, with handle times; two days are absent."""
    table = pd.read_csv(
        DATA / "technion_1999_calls" / "intervals_30min_dev.csv.gz", parse_dates=[0]
    ).dropna(subset=["offered"])
    zone = "Asia/Jerusalem"
    return Material(
        "Technion, offered, 8 weeks",
        frame(table["interval_start"], table["offered"], zone, table["mean_service_s"]),
        zone,
        30,
        always,
        public_holidays("IL", None, 1999, 1999),
        21,
        1,
    )


def county_calls() -> Material:
    """Hours of a county office, whose source leaves out hours without calls."""
    table = pd.read_csv(DATA / "bernalillo_assessor" / "calls_hourly.csv.gz", parse_dates=[0])
    zone = "America/Denver"
    return Material(
        "county, calls, hours",
        frame(table["interval_start"], table["calls"], zone),
        zone,
        60,
        lambda weekday, minute: (weekday < 5) & (minute >= 480) & (minute < 1020),
        county_calendar(),
        84,
        14,
    )


def county_days(column: str) -> Callable[[], Material]:
    """Days of one channel of the county office."""

    def read() -> Material:
        table = pd.read_csv(
            DATA / "bernalillo_assessor" / "daily_channels.csv.gz", parse_dates=[0]
        ).dropna(subset=[column])
        zone = "America/Denver"
        return Material(
            f"county, {column}, days",
            frame(table["date"], table[column], zone),
            zone,
            DAY_MIN,
            lambda weekday, minute: weekday < 5,
            county_calendar(),
            84,
            14,
        )

    return read


def vancouver() -> Material:
    """Days of a city's contact centre, thirteen years."""
    table = pd.read_csv(
        DATA / "vancouver_311_daily" / "contact_centre_daily.csv.gz", parse_dates=[0]
    )
    zone = "America/Vancouver"
    return Material(
        "Vancouver 311, days",
        frame(table["date"], table["calls_offered"], zone),
        zone,
        DAY_MIN,
        always,
        public_holidays("CA", "BC", 2009, 2022),
        728,
        63,
    )


def tickets() -> Material:
    """Hours in which tickets of a service desk were opened, three months."""
    table = pd.read_csv(DATA / "uci_itsm_tickets" / "tickets.csv.gz", parse_dates=["opened_at"])
    opened = table["opened_at"]
    opened = opened[(opened >= "2016-02-29") & (opened < "2016-05-31")].dt.floor("h")
    every = pd.date_range("2016-02-29", "2016-05-30 23:00", freq="h")
    counts = opened.value_counts().reindex(every, fill_value=0)
    return Material(
        "service desk tickets, hours",
        frame(pd.Series(every), counts.reset_index(drop=True), "UTC"),
        "UTC",
        60,
        always,
        no_days(),
        35,
        3,
    )


def spotify() -> Material:
    """Hours of messages to a brand, around the clock, two months."""
    table = pd.read_csv(
        DATA / "spotifycares_social_2017" / "messages_hourly.csv.gz", parse_dates=[0]
    )
    return Material(
        "social messages, hours",
        frame(table["interval_start"], table["messages"], "UTC"),
        "UTC",
        60,
        always,
        no_days(),
        21,
        1,
    )


def frame(
    wall: pd.Series, offered: pd.Series, zone: str, aht_s: pd.Series | None = None
) -> pd.DataFrame:
    """History rows of wall times; what the clock says twice is added up."""
    instants = wall.dt.tz_localize(zone, ambiguous=False, nonexistent="shift_forward")
    rows = pd.DataFrame(
        {
            "channel": "calls",
            "interval_start": instants.dt.tz_convert("UTC").to_numpy(),
            "offered": offered.to_numpy(np.float64),
            "aht_s": np.nan if aht_s is None else aht_s.to_numpy(np.float64),
        }
    )
    rows["interval_start"] = pd.to_datetime(rows["interval_start"], utc=True)
    return rows.groupby(["channel", "interval_start"], as_index=False).agg(
        {"offered": "sum", "aht_s": "mean"}
    )


def public_holidays(country: str, subdivision: str | None, first: int, last: int) -> pd.DataFrame:
    """Public holidays as calendar rows."""
    found = holidays.country_holidays(
        country, subdiv=subdivision, years=range(first, last + 1), language="en_US"
    )
    return pd.DataFrame(
        [(day, "holiday", name, "", np.nan) for day, name in sorted(found.items())],
        columns=["day", "kind", "name", "channel", "factor"],
    )


def county_calendar() -> pd.DataFrame:
    """Holidays of the county and the events that were announced before they came."""
    folder = DATA / "bernalillo_assessor"
    days = pd.to_datetime(pd.read_csv(folder / "holidays.csv.gz").iloc[:, 0])
    named = dict(holidays.country_holidays("US", years=range(2023, 2026)).items())
    rows = [(d.date(), "holiday", named.get(d.date(), "county holiday"), "", np.nan) for d in days]
    events = pd.read_csv(folder / "events.csv.gz", parse_dates=["start_date"])
    planned = events[events["feature"].isin(["bill_mailed", "nov_mailed", "second_half_due"])]
    planned = planned.drop_duplicates(["start_date", "feature"])
    rows += [
        (day.date(), "event", feature, "", np.nan)
        for day, feature in zip(planned["start_date"], planned["feature"], strict=True)
    ]
    return pd.DataFrame(rows, columns=["day", "kind", "name", "channel", "factor"])


def no_days() -> pd.DataFrame:
    """A calendar without days."""
    return pd.DataFrame(columns=["day", "kind", "name", "channel", "factor"])


def always(weekday: np.ndarray, minute: np.ndarray) -> np.ndarray:
    """Open around the clock."""
    return np.ones(np.broadcast(weekday, minute).shape, dtype=bool)

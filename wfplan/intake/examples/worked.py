"""The shifts of the past four weeks, and the locks of the week to come.

People keep a home start and their days off from week to week, as they do
where rosters rotate slowly. Days off lie together, so that five days at most
are worked in a row and every week has a rest of two days and more.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import numpy as np

from wfplan.domain.channels import Channel
from wfplan.domain.contracts import Contract
from wfplan.horizon import DAY_MIN, Window, wall_instant
from wfplan.intake.examples.people import Person, Row

WEEKS_WORKED = 4
NOTICE_DAYS = 14
ILL_SHARE = 0.03


def history_rows(
    people: tuple[Person, ...],
    contracts: Mapping[str, Contract],
    channels: tuple[Channel, ...],
    week: date,
    timezone: str,
    rng: np.random.Generator,
) -> list[Row]:
    """Rows of history.csv: shifts that began in the four weeks before ``week``."""
    site_hours = _site_hours(channels)
    rows: list[Row] = []
    for person in people:
        contract = contracts[person.terms.contract_type]
        length = usual_length_min(person, contract)
        home = home_start_min(person, contract, length, site_hours)
        for k in range(WEEKS_WORKED):
            monday = week - timedelta(weeks=WEEKS_WORKED - k)
            begin = _shifted(home, contract, rng)
            published = wall_instant(monday - timedelta(days=NOTICE_DAYS), 12 * 60, timezone)
            for day in _days_worked(person, contract, length, monday):
                hours = site_hours.get(day.weekday())
                ill = rng.random() < ILL_SHARE
                if hours is None or ill or not _fits(begin, length, hours):
                    continue
                start = wall_instant(day, begin, timezone)
                rows.append(
                    {
                        "agent_id": person.agent_id,
                        "start": _utc(start),
                        "end": _utc(start + timedelta(minutes=length)),
                        "published_at": _utc(published),
                        "paid_min": contract.paid_min(length),
                    }
                )
    return rows


def lock_rows(
    people: tuple[Person, ...],
    contracts: Mapping[str, Contract],
    channels: tuple[Channel, ...],
    week: date,
    busy: set[str],
) -> list[Row]:
    """Rows of locks.csv: one agreed shift on the Wednesday, one agreed day off on the Thursday."""
    site_hours = _site_hours(channels)
    wednesday, thursday = week + timedelta(days=2), week + timedelta(days=3)
    free = [p for p in people if p.agent_id not in busy and not {2, 3} & set(p.days_off)]
    at_work, at_home = free[len(free) // 3], free[2 * len(free) // 3]
    contract = contracts[at_work.terms.contract_type]
    length = usual_length_min(at_work, contract)
    begin = home_start_min(at_work, contract, length, site_hours)
    return [
        {
            "agent_id": at_work.agent_id,
            "date": wednesday.isoformat(),
            "start": _clock(begin),
            "end": _clock(begin + length),
        },
        {"agent_id": at_home.agent_id, "date": thursday.isoformat(), "start": "", "end": ""},
    ]


def usual_length_min(person: Person, contract: Contract) -> int:
    """The elapsed shift length whose pay, over the days worked, comes closest to the contract."""
    days = _work_days(person, contract)
    wanted = person.terms.hours * 60 / days
    return min(contract.lengths_min, key=lambda length: abs(contract.paid_min(length) - wanted))


def home_start_min(
    person: Person, contract: Contract, length_min: int, site_hours: Mapping[int, Window]
) -> int:
    """The person's usual start, minutes after midnight: starts are spread evenly over people."""
    starts = [
        start
        for start in range(*contract.start_window, contract.start_step_min)
        if any(_fits(start, length_min, hours) for hours in site_hours.values())
    ]
    return starts[int(person.agent_id[1:]) * 7 % len(starts)]


def _site_hours(channels: tuple[Channel, ...]) -> dict[int, Window]:
    """First opening and last closing of any channel per weekday."""
    hours: dict[int, Window] = {}
    for channel in channels:
        for weekday, windows in channel.open.items():
            edges = [*windows, *((hours[weekday],) if weekday in hours else ())]
            hours[weekday] = (min(w[0] for w in edges), max(w[1] for w in edges))
    return hours


def _fits(start_min: int, length_min: int, hours: Window) -> bool:
    """Whether a shift lies inside opening hours, or these are all day."""
    is_all_day = hours[1] - hours[0] >= DAY_MIN
    return is_all_day or (hours[0] <= start_min and start_min + length_min <= hours[1])


def _shifted(home_min: int, contract: Contract, rng: np.random.Generator) -> int:
    """The start of one week: the home start, now and then a step earlier or later."""
    step = contract.start_step_min * int(rng.integers(-1, 2))
    first, last = contract.start_window
    return min(max(home_min + step, first), last)


def _days_worked(person: Person, contract: Contract, length: int, monday: date) -> list[date]:
    """The dates of one week on which the person usually works."""
    week = [monday + timedelta(days=d) for d in range(7)]
    on = [day for day in week if day.weekday() not in person.days_off]
    return on[: _work_days(person, contract)]


def _work_days(person: Person, contract: Contract) -> int:
    """Days a week over which the hours of the contract are spread."""
    middle = contract.lengths_min[len(contract.lengths_min) // 2]
    days = round(person.terms.hours * 60 / contract.paid_min(middle))
    return max(1, min(days, contract.work_days_max))


def _utc(instant: datetime) -> str:
    """An instant as the tables write it."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _clock(minute: int) -> str:
    """A wall time, given in minutes after midnight."""
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"

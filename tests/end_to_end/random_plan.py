"""Random but valid plan folders: what a planner could write, drawn from a seed.

Every zone, interval length, week start, kind of channel, contract and file format of
the handbook comes up, and weeks in which the clock changes, midnight does not exist or
a whole date was skipped. A plan need not be feasible; it must be free of faults.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import gcd, sin
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
INTERVALS_MIN = (5, 6, 10, 12, 15, 20, 30, 60)

# zone: dates of weeks worth planning, the clock changes both ways among them
ZONES = {
    "UTC": ("2026-01-05",),
    "Europe/Dublin": ("2026-03-29", "2026-10-25"),
    "America/New_York": ("2026-03-08", "2026-11-01"),
    "America/St_Johns": ("2026-03-08", "2026-11-01"),
    "Africa/Casablanca": ("2026-02-15", "2026-03-22"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),  # half an hour
    "Pacific/Apia": ("2011-12-30", "2026-05-04"),  # 2011-12-30 never was
    "Pacific/Chatham": ("2026-04-05", "2026-09-27"),
    "America/Sao_Paulo": ("2018-11-04", "2019-02-17", "2026-06-01"),  # midnight is skipped
    "America/Santiago": ("2026-04-05", "2026-09-06"),
    "Antarctica/Troll": ("2026-03-29", "2026-10-25"),  # two hours
    "Asia/Kathmandu": ("2026-07-06",),
}

REST = "{ kind = 'rest', length_min = 15, is_paid = true, earliest_min = 60, latest_min = 100 }"
MEAL = "{ kind = 'meal', length_min = 30, is_paid = false, earliest_min = 120, latest_min = 285 }"


@dataclass
class Channel:
    """A channel, its open hours as (day, first minute, last minute) and its pace."""

    name: str
    is_deferred: bool
    lines: list[str]
    windows: list[tuple[int, int, int]]
    per_h: float
    aht_s: float
    keys: list[str] = field(default_factory=list)


@dataclass
class RandomPlan:
    """What one seed draws: a folder of files, and the date of the week to plan."""

    folder: Path
    seed: int
    people_max: int = 25

    def __post_init__(self) -> None:
        r = self.r = Random(self.seed)
        self.zone = r.choice(sorted(ZONES))
        self.week = date.fromisoformat(r.choice(ZONES[self.zone]))
        self.interval_min = r.choice(INTERVALS_MIN)
        self.slot_min = gcd(self.interval_min, 15)
        self.week_start = r.randrange(7)
        self.first = self.week - timedelta(days=(self.week.weekday() - self.week_start) % 7)
        self.channels = [self._channel(i) for i in range(r.choice((1, 1, 2, 2, 3, 5)))]
        self.people = [f"P{n:03}" for n in range(r.choice((1, 2, 4, 8, 15, self.people_max)))]
        self.contracts = {f"c{i}": self._contract(f"c{i}", i) for i in range(r.randint(1, 3))}
        self.skilled: dict[str, list[str]] = {}
        self.off: set[str] = set()

    def write(self) -> Path:
        """Write all the files; the folder."""
        self.folder.mkdir(parents=True)
        tables = {
            "agents": self._agents(),
            "skills": self._skills(),
            "availability": self._availability(),
            "time_off": self._time_off(),
            "calendar": self._calendar(),
            "history": self._history(),
            "locks": self._locks(),
            "contacts": self._contacts(),
        }
        needed = ("contacts", "agents", "skills")
        files = {
            name: self._table(name, rows)
            for name, rows in tables.items()
            if name in needed or len(rows) > 1
        }
        (self.folder / "plan.toml").write_text(self._plan(files), encoding="utf-8")
        return self.folder

    # the plan file

    def _plan(self, files: dict[str, str]) -> str:
        r = self.r
        lines = [
            f'name = "Random {self.seed}"',
            f'timezone = "{self.zone}"',
            f"interval_min = {self.interval_min}",
            f'week_start = "{DAYS[self.week_start]}"',
            *([f'country = "{r.choice(("IE", "US", "BR", "AU"))}"'] if r.random() < 0.3 else []),
            "[inputs]",
            *(f'{name} = "{file}"' for name, file in files.items()),
        ]
        for channel in self.channels:
            opening = ", ".join(f'"{line}"' for line in channel.lines)
            lines += [f"[channels.{channel.name}]", f"open = [{opening}]", *channel.keys]
        for text in self.contracts.values():
            lines += text
        if any(skill == "empowered" for held in self.skilled.values() for skill in held):
            share = r.choice((0.0, 0.03, 0.2))
            lines += ["[empowered]", "staff_min = 1", f"share_of_contacts = {share}"]
        lines += ["[simulation]", "replications = 4"]
        if r.random() < 0.7:
            lines += ["[rules]", 'packs = ["eu"]']
        return "\n".join(lines) + "\n"

    def _channel(self, i: int) -> Channel:
        r = self.r
        kind = r.choice(("voice", "voice", "chat", "mail"))
        name = f"{kind}{i}"
        lines, windows = self._opening()
        per_h = r.choice((0.0, 0.05, 2.0, 10.0, 30.0)) if i else r.choice((0.05, 4.0, 20.0))
        channel = Channel(name, kind == "mail", lines, windows, per_h, r.choice((60.0, 240, 1200)))
        if kind == "mail":
            channel.keys = ['kind = "deferred"', f"due_h = {r.choice((1.0, 8.0, 48.0))}"]
        if kind == "chat":
            channel.keys = ["concurrency_rates = [1.0, 1.6, 1.95]", "answer_within_s = 60"]
        if kind != "mail" and r.random() < 0.5:
            channel.keys.append(f"patience_s = {r.choice((1.0, 30.0, 600.0))}")
        if r.random() < 0.3:
            channel.keys += ["promise = false", "abandon_share_max = false"]
        if per_h < 1 or r.random() < 0.4:
            channel.keys.append(f"aht_s = {channel.aht_s}")
        return channel

    def _opening(self) -> tuple[list[str], list[tuple[int, int, int]]]:
        """Lines of opening hours, and the same as minutes of days."""
        r = self.r
        days, start, end = r.choice(
            (
                ((0, 6), 0, 1440),  # round the clock
                ((0, 4), 480, 1080),
                ((0, 5), 540, 1020),
                ((0, 6), 1320, 1800),  # past midnight
                ((4, 0), 600, 1200),  # a weekend
                ((2, 2), 600, 720),  # two hours a week
                ((0, 4), 487, 1033),  # off every grid
            )
        )
        names = DAYS[days[0]] if days[0] == days[1] else f"{DAYS[days[0]]}-{DAYS[days[1]]}"
        text = f"{names} {_hhmm(start)}-{'24:00' if end == 1440 else _hhmm(end % 1440)}"
        spoken = [(days[0] + d) % 7 for d in range((days[1] - days[0]) % 7 + 1)]
        return [text], [(day, start, end) for day in spoken]

    def _contract(self, name: str, i: int) -> list[str]:
        """A contract whose times lie on the slots: days, nights, short, long, one fixed shift."""
        r, step = self.r, self.slot_min
        window, short, long = r.choice(
            (
                ("06:00-14:00", 360, 540),
                ("07:00-10:00", 480, 480),
                ("20:00-02:00", 360, 600),
                ("00:00-23:00", 240, 600),
                ("09:00-17:00", 180, 360),
            )
        )
        tiers = [
            f"[[contracts.{name}.break_tiers]]",
            f"over_h = {r.choice((4.0, 5.5, 6.0))}",
            f"breaks = [{REST}, {MEAL}]",
        ]
        units = (60, 120) if step in (15, 5, 3) else (step,)
        return [
            f"[contracts.{name}]",
            f"shortest_min = {short}",
            f"longest_min = {long}",
            f"length_step_min = {r.choice(units)}",
            f"start_step_min = {r.choice((30, 60))}",
            f'start_window = "{window}"',
            f"work_days_max = {r.choice((3, 5, 5, 6))}",
            *(["consecutive_days_max = 4"] if r.random() < 0.2 else []),
            *(tiers if i == 0 or r.random() < 0.6 else []),
        ]

    # the tables, header first

    def _agents(self) -> list[Sequence[object]]:
        r = self.r
        header = "agent_id,name,timezone,contract_type,contract_hours_week,min_hours_week,"
        rows: list[Sequence[object]] = [
            (header + "max_hours_week,hire_date,end_date,rule_pack").split(",")
        ]
        for person in self.people:
            zone = r.choice(sorted(ZONES)) if r.random() < 0.2 else ""
            hours = r.choice((8.0, 20.0, 37.5, 40.0))
            low = r.choice((0.0, 0.0, 0.0, min(hours, 12.0) - 8.0, hours - 8.0))
            hired = self._day_of_week() if r.random() < 0.1 else ""
            left = self._day_of_week() if not hired and r.random() < 0.1 else ""
            pack = "eu" if r.random() < 0.1 else ""
            name, contract = f"Zoë {person}", r.choice(sorted(self.contracts))
            row = (person, name, zone, contract, hours, low, min(60.0, hours + 8), hired, left)
            rows.append((*row, pack))
        return rows

    def _skills(self) -> list[Sequence[object]]:
        r = self.r
        rows: list[Sequence[object]] = [
            ("agent_id", "skill", "level", "aht_factor", "valid_from", "valid_to")
        ]
        names = [channel.name for channel in self.channels]
        for n, person in enumerate(self.people):
            held = r.sample(names, r.randint(1, len(names)))
            held = sorted(set(held) | (set(names) if n == 0 else set()))
            self.skilled[person] = [*held, *(["empowered"] if r.random() < 0.2 else [])]
            for skill in self.skilled[person]:
                until = self._day_of_week() if n and r.random() < 0.08 else ""
                since = self._day_of_week() if n and not until and r.random() < 0.05 else ""
                factor = r.choice(("", 0.5, 0.9, 1.0, 1.3, 2.0))
                rows.append((person, skill, r.randint(1, 5), factor, since, until))
        return rows

    def _availability(self) -> list[Sequence[object]]:
        r = self.r
        rows: list[Sequence[object]] = [
            ("agent_id", "kind", "weekday", "date", "start_time", "end_time", "weight")
        ]
        for person in self.people:
            if r.random() < 0.3:
                kind = r.choice(("available", "unavailable", "prefer", "avoid"))
                start, end = r.choice((("00:00", "24:00"), ("08:00", "16:00"), ("20:00", "04:00")))
                if r.random() < 0.5:
                    rows.append((person, kind, r.choice(DAYS), "", start, end, 0.5))
                else:
                    rows.append((person, kind, "", self._day_of_week(), start, end, 1))
        return rows

    def _time_off(self) -> list[Sequence[object]]:
        r = self.r
        rows: list[Sequence[object]] = [("agent_id", "start", "end", "paid", "status")]
        for person in self.people:
            chance = r.random()
            self.off |= {person} if chance < 0.15 else set()
            if chance < 0.05:
                week = (self.first - timedelta(days=2), self.first + timedelta(days=9))
                rows.append((person, *week, "true", "approved"))
            elif chance < 0.15:
                day = self._day_of_week()
                rows.append((person, day, day, r.choice(("true", "false")), "approved"))
            elif chance < 0.25:
                day = self._day_of_week()
                rows.append((person, f"{day}T13:00", f"{day}T15:30", "true", "requested"))
        return rows

    def _calendar(self) -> list[Sequence[object]]:
        r = self.r
        rows: list[Sequence[object]] = [("date", "kind", "name", "channel", "factor", "open")]
        past = self.first - timedelta(days=9)
        for day in (past, self._day_of_week()):
            kind = r.choice(("", "holiday", "closed", "event", "campaign"))
            if kind:
                short = r.choice(("", "10:00-12:00")) if kind != "closed" else ""
                factor = r.choice(("", "0.5", "0", "3")) if kind != "closed" else ""
                channel = r.choice(("", self.channels[0].name))
                rows.append((day, kind, "A day", channel, factor, short))
        return rows

    def _history(self) -> list[Sequence[object]]:
        """Day shifts of the weeks before, and now and then a night into the week."""
        r = self.r
        rows: list[Sequence[object]] = [("agent_id", "start", "end", "paid_min")]
        if r.random() < 0.4:
            return rows
        for person in self.people:
            eve = self.first - timedelta(days=1)
            is_night = r.random() < 0.2
            for back in range(2, 16):
                day = self.first - timedelta(days=back)
                if day.weekday() < 5 and r.random() < 0.8:
                    rows.append((person, f"{day}T09:00", f"{day}T17:00", 450))
            if is_night:
                rows.append((person, f"{eve}T22:00", f"{self.first}T06:00", ""))
        return rows

    def _locks(self) -> list[Sequence[object]]:
        """A free day, or a shift on the grid."""
        r = self.r
        rows: list[Sequence[object]] = [("agent_id", "date", "start", "end")]
        for person in self.people:
            if person not in self.off and r.random() < 0.1:
                span = ("", "") if r.random() < 0.5 else ("09:00", "15:00")
                rows.append((person, self._day_of_week(), *span))
        return rows

    def _contacts(self) -> list[Sequence[object]]:
        """Some weeks of counts up to the eve of the week, in UTC or in wall time with offset."""
        r = self.r
        with_waits = r.random() < 0.5
        rows: list[Sequence[object]] = [
            ("channel", "interval_start", "offered", "aht_s", "abandoned", "wait_s")[
                : 6 if with_waits else 4
            ]
        ]
        draw = np.random.default_rng(self.seed)
        is_local = r.random() < 0.5
        for channel in self.channels:
            for start in self._instants(channel, weeks=r.choice((1, 3, 5))):
                rate = channel.per_h * self.interval_min / 60
                offered = int(draw.poisson(rate * (1 + 0.5 * sin(start.hour / 4))))
                aht_s = round(channel.aht_s * draw.uniform(0.8, 1.2), 1) if offered else ""
                shown = start.astimezone(ZoneInfo(self.zone)) if is_local else start
                waits = (int(draw.binomial(offered, 0.1)), 11.5) if with_waits else ()
                rows.append((channel.name, shown.isoformat(), offered, aht_s, *waits))
        if len(rows) == 1:
            noon = datetime.combine(self.first - timedelta(days=1), datetime.min.time(), UTC)
            rows.append((self.channels[0].name, noon.isoformat(), 1, 100.0, *rows[0][6:]))
        return rows

    def _instants(self, channel: Channel, weeks: int) -> Iterator[datetime]:
        """Starts of the open intervals before the week, on the grid of local midnights."""
        step = timedelta(minutes=self.interval_min)
        for back in range(7 * weeks, 0, -1):
            day = self.first - timedelta(days=back)
            for weekday, first, last in channel.windows:
                if weekday != day.weekday():
                    continue
                minute = first // self.interval_min * self.interval_min
                naive = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
                start = naive.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)
                for _ in range(-(-(last - minute) // self.interval_min)):
                    if start.astimezone(ZoneInfo(self.zone)).date() < self.first:
                        yield start
                    start += step

    def _day_of_week(self) -> date:
        return self.first + timedelta(days=self.r.randrange(7))

    # the files

    def _table(self, name: str, rows: list[Sequence[object]]) -> str:
        """Write a table in one of the ways that people export tables; the file's name."""
        way = self.r.choice(("csv", "csv", "semicolon", "utf16", "gzip", "bom", "xlsx", "parquet"))
        if way == "xlsx" and len(rows) > 5000:
            way = "gzip"
        if way in ("xlsx", "parquet"):
            frame = pd.DataFrame(rows[1:], columns=list(rows[0])).astype(str)
            file = f"{name}.{way}"
            if way == "xlsx":
                frame.to_excel(self.folder / file, index=False)
            else:
                frame.to_parquet(self.folder / file)
            return file
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=";" if way == "semicolon" else ",")
        writer.writerows(
            [_cell(value, is_comma=way == "semicolon") for value in row] for row in rows
        )
        coded = text.getvalue().encode({"utf16": "utf-16", "bom": "utf-8-sig"}.get(way, "utf-8"))
        file = f"{name}.csv.gz" if way == "gzip" else f"{name}.csv"
        (self.folder / file).write_bytes(gzip.compress(coded) if way == "gzip" else coded)
        return file


def _cell(value: object, *, is_comma: bool) -> str:
    """A value as text, with a decimal comma where asked."""
    if isinstance(value, float) and is_comma:
        return str(value).replace(".", ",")
    return str(value)


def _hhmm(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"

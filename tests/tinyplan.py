"""A tiny valid plan folder: eight people, two channels, three weeks of contacts."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from math import sin
from pathlib import Path

FIRST_DAY = date(2026, 2, 9)  # a Monday; no clock change and no holiday until 17 March
WEEKS = 3
WEEK = FIRST_DAY + timedelta(weeks=WEEKS)  # the week that follows the history

PLAN = """\
name = "Tiny Bank"
timezone = "Europe/Dublin"
site = "Dublin"
country = "IE"
interval_min = 15
week_start = "mon"

[inputs]
contacts = "contacts.csv"
calendar = "calendar.csv"
agents = "agents.csv"
skills = "skills.csv"
availability = "availability.csv"
time_off = "time_off.csv"
history = "history.csv"
locks = "locks.csv"

[channels.voice]
kind = "realtime"
open = ["mon-fri 08:00-18:00"]
answer_within_s = 20
answer_share = 0.80
"""

EMAIL = """
[channels.email]
kind = "deferred"
open = ["mon-fri 09:00-17:00"]
due_h = 8
due_share = 0.95
"""

REST = """
[contracts.full_time]
shortest_min = 360
longest_min = 570
length_step_min = 30
start_window = "07:00-12:00"
start_step_min = 30
work_days_max = 5

[[contracts.full_time.break_tiers]]
over_h = 4.0
breaks = [
  { kind = "rest", length_min = 15, is_paid = true, earliest_min = 75, latest_min = 120 },
  { kind = "meal", length_min = 30, is_paid = false, earliest_min = 150, latest_min = 285 },
]

[contracts.part_time]
shortest_min = 240
longest_min = 360
length_step_min = 30
start_window = "08:00-14:00"
work_days_max = 4

[[contracts.part_time.break_tiers]]
over_h = 3.0
breaks = [
  { kind = "rest", length_min = 15, is_paid = true, earliest_min = 75, latest_min = 150 },
]

[empowered]
skill = "empowered"
staff_min = 1

[simulation]
replications = 20

[rules]
packs = ["eu"]

[[rules.set]]
rule = "daily_rest"
value = 12
unit = "hours"
"""

AGENTS = """\
agent_id,name,email,site,team,timezone,contract_type,contract_hours_week,min_hours_week,max_hours_week,hire_date,end_date,rule_pack
A001,Ada Quinn,ada.quinn@example.com,Dublin,Blue,Europe/Dublin,full_time,37.5,35,40,2023-04-03,,eu
A002,Ben Okoro,ben.okoro@example.com,Dublin,Blue,Europe/Dublin,full_time,37.5,35,40,2025-01-13,,
A003,Carla Díaz,carla.diaz@example.com,Dublin,Blue,,full_time,37.5,35,40,,,
A004,Dev Rao,dev.rao@example.com,Dublin,Blue,,full_time,37.5,35,40,,,
A005,Eve Novak,eve.novak@example.com,Dublin,Red,,full_time,37.5,35,40,,,
A006,Finn Bauer,finn.bauer@example.com,Dublin,Red,,full_time,37.5,35,40,,,
A007,Gia Russo,gia.russo@example.com,Dublin,Red,,part_time,20,16,24,,,
A008,Hal Lund,hal.lund@example.com,Dublin,Red,,part_time,20,16,24,,,
"""

AVAILABILITY = """\
agent_id,kind,weekday,date,start_time,end_time,weight,valid_from,valid_to
A002,unavailable,mon,,00:00,09:00,,2026-01-01,
A003,prefer,fri,,08:00,16:00,0.6,,
A007,available,,2026-03-04,08:00,18:00,,,
"""

TIME_OFF = """\
agent_id,start,end,all_day,type,paid,status
A004,2026-03-05,2026-03-06,true,leave,true,approved
A005,2026-03-03T14:00,2026-03-03T16:00,false,personal,false,requested
"""

CALENDAR = """\
date,kind,name,channel,factor,open
2026-02-18,campaign,Spring letter,voice,1.2,
2026-03-06,event,Staff day,,,08:00-16:00
"""

LOCKS = """\
agent_id,date,start,end
A001,2026-03-02,08:00,16:00
A006,2026-03-06,,
"""


def write(folder: Path, *, channels: int = 2) -> Path:
    """Write the plan into ``folder`` (made if need be) with one or two channels; return it."""
    folder.mkdir(parents=True, exist_ok=True)
    served = ("voice", "email")[:channels]
    tables = {
        "plan.toml": PLAN + (EMAIL if channels > 1 else "") + REST,
        "agents.csv": AGENTS,
        "availability.csv": AVAILABILITY,
        "time_off.csv": TIME_OFF,
        "calendar.csv": CALENDAR,
        "locks.csv": LOCKS,
    }
    for name, text in tables.items():
        (folder / name).write_text(text, encoding="utf-8")
    _rows(folder / "skills.csv", ("agent_id", "skill", "level", "aht_factor"), _skills(served))
    _rows(folder / "history.csv", ("agent_id", "start", "end", "paid_min"), _history())
    columns = ("channel", "interval_start", "offered", "aht_s")
    _rows(folder / "contacts.csv", columns, _contacts(served))
    return folder


def _rows(path: Path, header: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _skills(served: tuple[str, ...]) -> Iterator[tuple[object, ...]]:
    for n in range(1, 9):
        yield f"A{n:03}", "voice", 3, 1.0 + 0.05 * (n % 3)
        if "email" in served and n % 2:
            yield f"A{n:03}", "email", 3, 1.0
        if n in (1, 2, 5):
            yield f"A{n:03}", "empowered", 4, 1.0


def _history() -> Iterator[tuple[object, ...]]:
    """Full-timers work Monday to Friday, part-timers Monday to Thursday."""
    for n in range(1, 9):
        days, hours, paid_min = (5, 8, 450) if n < 7 else (4, 5, 300)
        for week in range(WEEKS):
            for d in range(days):
                start = datetime.combine(FIRST_DAY, datetime.min.time())
                start += timedelta(weeks=week, days=d, hours=8 + n % 3)
                end = start + timedelta(hours=hours)
                yield (
                    f"A{n:03}",
                    start.isoformat(timespec="minutes"),
                    end.isoformat(timespec="minutes"),
                    paid_min,
                )


def _contacts(served: tuple[str, ...]) -> Iterator[tuple[object, ...]]:
    """Two humps a day on voice, a flat stream of mail; always the same numbers."""
    draw = random.Random(2026)
    for channel in served:
        opens, closes, mean, aht_s = (8, 18, 9.0, 240) if channel == "voice" else (9, 17, 2.0, 300)
        for d in range(7 * WEEKS):
            day = FIRST_DAY + timedelta(days=d)
            if day.weekday() > 4:
                continue
            for quarter in range(4 * opens, 4 * closes):
                wave = 1 + 0.4 * sin((quarter - 4 * opens) / 6.0)
                offered = max(0, round(draw.gauss(mean * wave, (mean * wave) ** 0.5)))
                start = f"{day}T{quarter // 4:02}:{quarter % 4 * 15:02}"
                yield channel, start, offered, aht_s + draw.randint(-30, 30)

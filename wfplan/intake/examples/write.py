"""``wfplan init``: an example plan folder, the same bytes for the same seed."""

from __future__ import annotations

import csv
import gzip
import io
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from wfplan.domain.atomic import write_file
from wfplan.domain.channels import Channel
from wfplan.domain.contracts import Contract
from wfplan.errors import UsageError, did_you_mean
from wfplan.horizon import Horizon
from wfplan.intake.examples import activities, demand, people, worked
from wfplan.intake.examples.kinds import EXAMPLES, Example
from wfplan.intake.examples.people import Row

DEFAULT_SEED = 2026

COLUMNS = {
    "contacts.csv": (
        "channel",
        "interval_start",
        "offered",
        "answered",
        "abandoned",
        "answered_in_target",
        "wait_s",
        "aht_s",
    ),
    "calendar.csv": ("date", "kind", "name", "channel", "factor", "open"),
    "agents.csv": (
        "agent_id",
        "name",
        "email",
        "site",
        "team",
        "contract_type",
        "contract_hours_week",
        "min_hours_week",
        "max_hours_week",
        "hire_date",
    ),
    "skills.csv": ("agent_id", "skill", "level", "aht_factor", "valid_from"),
    "availability.csv": ("agent_id", "kind", "weekday", "start_time", "end_time", "weight"),
    "time_off.csv": ("agent_id", "start", "end", "all_day", "type", "paid", "status"),
    "history.csv": ("agent_id", "start", "end", "published_at", "paid_min"),
    "locks.csv": ("agent_id", "date", "start", "end"),
    "activities.csv": (
        "activity_id",
        "code",
        "category",
        "who",
        "minutes",
        "earliest",
        "latest",
        "hours",
        "attend",
        "group_max",
        "facilitators",
        "room",
        "hardness",
    ),
}


@dataclass(frozen=True)
class _Plan:
    """What the generator needs to know of the example's plan file."""

    text: str
    timezone: str
    interval_min: int
    empowered: str
    channels: tuple[Channel, ...]
    contracts: Mapping[str, Contract]


def write_example(kind: str, folder: str | Path, *, seed: int = DEFAULT_SEED) -> list[Path]:
    """
    Write an example plan folder that can be planned at once.

    Parameters
    ----------
    kind
        ``bank``, ``omnichannel`` or ``night``.
    folder
        Where to write; made when it is absent, refused when it has a file of
        a name that would be written.
    seed
        Same seed, same bytes.

    Returns
    -------
    list of Path
        The files, ``plan.toml`` first.

    Raises
    ------
    UsageError
        When there is no example of that kind, or a file would be overwritten.
    OutputError
        When the disk refuses.
    """
    if kind not in EXAMPLES:
        hint = did_you_mean(kind, EXAMPLES) or f"choose one of {', '.join(EXAMPLES)}."
        raise UsageError(f"'{kind}' is not an example; {hint}")
    example = EXAMPLES[kind]
    plan = _read_plan(kind)
    files = {"plan.toml": plan.text.encode(), **_tables(example, plan, seed)}
    target = Path(folder)
    taken = [name for name in files if (target / name).exists()]
    if taken:
        raise UsageError(
            f"{target} already has {', '.join(taken)}: an example never overwrites a file. "
            "Give a new folder, or move these away."
        )
    for name, content in files.items():
        write_file(target / name, content)
    return [target / name for name in files]


def _read_plan(kind: str) -> _Plan:
    """The example's plan file, as text and as the objects that it describes."""
    text = _plan_path(kind).read_text(encoding="utf-8")
    raw: dict[str, Any] = tomllib.loads(text)
    return _Plan(
        text=text,
        timezone=raw["timezone"],
        interval_min=raw["interval_min"],
        empowered=raw["empowered"]["skill"],
        channels=tuple(Channel(name=name, **keys) for name, keys in raw["channels"].items()),
        contracts={name: Contract(name=name, **keys) for name, keys in raw["contracts"].items()},
    )


def _plan_path(kind: str) -> Path:
    """Where the plan files of the examples lie: inside the wheel, or beside the package."""
    package = Path(__file__).parents[2]
    inside = package / "configs" / "demo" / f"{kind}.toml"
    return inside if inside.is_file() else package.parent / "configs" / "demo" / f"{kind}.toml"


def _tables(example: Example, plan: _Plan, seed: int) -> dict[str, bytes]:
    """Content of every table by file name."""
    streams = np.random.SeedSequence(seed).spawn(5)
    for_contacts, for_people, for_wishes, for_leave, for_history = map(
        np.random.default_rng, streams
    )
    days = 7 * example.history_weeks
    horizon = Horizon(plan.timezone, example.history_from, days, plan.interval_min)
    week = example.history_from + timedelta(days=days)
    staff = people.draw_people(example, week, for_people)
    time_off = people.time_off_rows(staff, week, for_leave)
    busy = {str(row["agent_id"]) for row in time_off}
    contacts = demand.draw_contacts(example, plan.channels, horizon, for_contacts)
    rows: dict[str, list[Row]] = {
        "calendar.csv": _calendar_rows(example),
        "agents.csv": people.agent_rows(staff),
        "skills.csv": people.skill_rows(staff, plan.empowered),
        "availability.csv": people.availability_rows(staff, for_wishes),
        "time_off.csv": time_off,
        "history.csv": worked.history_rows(
            staff, plan.contracts, plan.channels, week, plan.timezone, for_history
        ),
        "locks.csv": worked.lock_rows(staff, plan.contracts, plan.channels, week, busy),
    }
    if example.has_activities:
        rows["activities.csv"] = activities.activity_rows(staff, week, busy)
    text = _csv_bytes(COLUMNS["contacts.csv"], contacts)
    packed = gzip.compress(text, compresslevel=6, mtime=0)
    return {
        "contacts.csv.gz": packed,
        **{name: _csv_bytes(COLUMNS[name], table) for name, table in rows.items()},
    }


def _calendar_rows(example: Example) -> list[Row]:
    """Rows of calendar.csv; the factor is left empty where the forecast is to learn it."""
    return [
        {
            "date": effect.day.isoformat(),
            "kind": effect.kind,
            "name": effect.name,
            "channel": effect.channel,
            "factor": f"{effect.factor:g}" if effect.is_told else "",
            "open": effect.open,
        }
        for effect in sorted(example.effects, key=lambda e: (e.day, e.channel))
    ]


def _csv_bytes(columns: Sequence[str], rows: list[Row]) -> bytes:
    """A table as UTF-8 text with line feeds."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()

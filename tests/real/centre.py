"""What the real weeks share: people who never were, and what is told of the week they lived."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from wfplan.domain.results import Outcome, Run


@dataclass(frozen=True)
class Hires:
    """So many people on one contract; every ``empowered_every``-th is empowered."""

    contract_type: str
    people: int
    hours: float
    hours_min: float
    hours_max: float
    empowered_every: int = 6


def write_table(path: Path, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def write_people(folder: Path, hires: Iterable[Hires], prefix: str) -> None:
    """People who never were: agents.csv and skills.csv of a centre with one channel, voice."""
    agents, skills = [], []
    for group in hires:
        for i in range(group.people):
            agent_id = f"{prefix}{len(agents) + 1:03d}"
            agents.append(
                (agent_id, group.contract_type, group.hours, group.hours_min, group.hours_max)
            )
            skills.append((agent_id, "voice", (0.9, 1.0, 1.0, 1.15)[len(agents) % 4]))
            if i % group.empowered_every == 0:
                skills.append((agent_id, "empowered", 1.0))
    hours = ("contract_hours_week", "min_hours_week", "max_hours_week")
    write_table(folder / "agents.csv", ("agent_id", "contract_type", *hours), agents)
    write_table(folder / "skills.csv", ("agent_id", "skill", "aht_factor"), skills)


def told(run: Run, lived: Outcome) -> dict[str, float]:
    """Both sides of a week that really came: average and worst interval."""
    table = lived.measures
    opened = pd.DatetimeIndex(run.horizon.interval_starts[run.demand.is_open[0]])
    starts = pd.to_datetime(table["interval_start"], utc=True).dt.tz_localize(None)
    by_interval = table[starts.isin(opened) & (table["channel"] == "voice")]
    levels = by_interval.query("measure == 'service_level'")["value"].dropna()
    lost = by_interval.query("measure == 'abandon_rate'")["value"].dropna()
    busy = by_interval.query("measure == 'occupancy'")["value"].dropna()
    return {
        "service_level": lived.value("service_level", "voice"),
        "service_level_p10_interval": float(levels.quantile(0.10)),
        "service_level_worst_interval": float(levels.min()),
        "abandon_rate": lived.value("abandon_rate", "voice"),
        "abandon_rate_worst_interval": float(lost.max()),
        "occupancy": lived.value("occupancy", "voice"),
        "occupancy_worst_interval": float(busy.max()),
        "objective": run.solution.objective,
        "lower_bound": run.solution.lower_bound,
        "scheduled_h": float(run.solution.staff.sum() * run.horizon.interval_min / 60),
        "required_h": float(run.need.staff_required.sum() * run.horizon.interval_min / 60),
        **{f"{stage}_s": seconds for stage, seconds in run.stages.items()},
    }

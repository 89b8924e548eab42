"""
``wfplan hr calibrate``: the user's own absences beside the ledger of what was planned.

Absences are dates only and stay in memory: what is written is about all people together. The
load of a day is what people had been told of it when its week began, so that a week planned anew
because somebody fell ill does not turn cause and effect round. The answer changes no plan by
itself: every effect of load on absence, handling and leaving is zero until a plan file names a
calibration (``[engagement] calibration``), and then those that it found act on absence alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import isfinite
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan import hr, memory
from wfplan.domain.atomic import write_file
from wfplan.domain.load_effects import CALIBRATION_SCHEMA, seal
from wfplan.domain.problem import InputFile, PlanningProblem
from wfplan.engagement.calibration import (
    PEOPLE_MIN,
    Calibration,
    Effect,
    Verdict,
    calibrate,
)
from wfplan.engagement.calibration_days import History, person_days
from wfplan.errors import Fault, InputError
from wfplan.intake import read_absences
from wfplan.store import slug_of

SMALL = 5
"""Counts of people below this are not told."""
_SHIFTS = ("agent_id", "day", "start_min", "end_min")
_LOADS = ("agent_id", "day", "overload_min", "acute_min", "chronic_min")
_WEEK = 7
_PLANNED_FROM = 0.5  # share of missed dates with a shift from which shifts are as planned


@dataclass(frozen=True)
class Span:
    """Dates that the absences speak of; None: the weeks of the first and the last of them."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Answer:
    """A calibration with what it was made of; ``data_hash`` is of absences, shifts and ledger."""

    plan: str
    strain_table: str  # of the plan
    found: Calibration
    span: tuple[date, date]
    source: str  # where shifts and ledger come from
    data_hash: str
    inputs: tuple[InputFile, ...]
    notes: tuple[str, ...]
    warnings: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class _Told:
    """What was planned, by agent_id."""

    shifts: pd.DataFrame
    loads: pd.DataFrame
    source: str


def answer(
    absences: Path,
    plan: Path,
    store: str | None = None,
    span: Span | None = None,
    watch: Callable[[float], None] = lambda share: None,
) -> Answer:
    """
    What the absences of a file say about the load of a plan's past weeks.

    Raises
    ------
    InputFaultsError
        With every fault of the file, or of the plan.
    InputError
        When there is no past to look at, or there are too few people.
    """
    table, file, warnings = read_absences(absences)
    problem = hr.load_plan(plan, store)
    told = _told(problem, plan, store)
    history, strangers = _history(table, told, span or Span())
    days = person_days(history)
    _require_people(days.people)
    found = calibrate(days, watch)
    return Answer(
        plan=slug_of(problem.name),
        strain_table=problem.strain.name,
        found=found,
        span=(date.fromordinal(history.first_day), date.fromordinal(history.last_day)),
        source=told.source,
        data_hash=_data_hash(file, history),
        inputs=(file,),
        notes=(*_notes(history, strangers), *found.notes),
        warnings=warnings,
    )


def keep(one: Answer, plan: Path, out: Path | None, today: date, *, is_dry: bool = False) -> Path:
    """
    Write an answer as JSON, named by its date and data; the path.

    Raises
    ------
    OutputError
        When the disk refuses.
    """
    folder = plan if plan.is_dir() else plan.parent
    path = out or folder / f"calibration-{today.isoformat()}-{one.data_hash[:8]}.json"
    if not is_dry:
        content = {"schema": CALIBRATION_SCHEMA, "made_on": today.isoformat(), **as_dict(one)}
        content["sha256"] = seal(content)
        write_file(path, (json.dumps(content, indent=2, allow_nan=False) + "\n").encode())
    return path


def note_in_log(one: Answer, plan: Path, store: str | None, today: datetime) -> bool:
    """
    Tell the log of the planning store what was found in which data, where there is a store.

    No absence goes there, and nothing about a person: the verdict, three odds ratios, hashes.
    False where there is no store, or it knows this answer.
    """
    address = memory.address_of(plan, store)
    if not memory.is_there(address):
        return False
    from wfplan.store import database

    told = as_dict(one)
    about = {key: told[key] for key in ("plan", "verdict", "first_day", "last_day", "data_sha256")}
    about |= {
        effect["name"]: [effect[key] for key in ("odds_ratio", "low95", "high95")]
        for effect in told["effects"]
    }
    with database.opened(address) as engine, database.writing(engine) as connection:
        return database.note_calibration(connection, about, actor=database.actor(), at=today)


def as_dict(one: Answer) -> dict[str, Any]:
    """An answer as plain values; nothing in it is about one person."""
    found, days = one.found, one.found.days
    is_few = found.people < SMALL
    return {
        "plan": one.plan,
        "verdict": str(found.verdict),
        "first_day": one.span[0].isoformat(),
        "last_day": one.span[1].isoformat(),
        "source": one.source,
        "data_sha256": one.data_hash,
        "spells": None if is_few else found.spells,
        "spells_needed": found.spells_needed,
        "weeks_to_wait": _known(found.weeks_to_wait),
        "people": days.people,
        "people_who_count": None if is_few else found.people,
        "person_days": found.person_days,
        "planned_days": days.planned_days,
        "left_out": {
            "in_spell_days": None if is_few else days.in_spell_days,
            "leave_days": days.away_days,
            "days_without_ledger": days.unknown_days,
            "spells_without_ledger": days.unknown_spells,
            "spells_off_planned_days": days.unplanned_spells,
        },
        "effects": [_effect(effect) for effect in found.effects],
        "placebo": {"odds_ratio": _known(found.placebo_ratio), "p": _known(found.placebo_p)},
        "strain_table": one.strain_table,
        "means": _means(days.exposure),
        "usable_in_plans": [effect.name for effect in found.usable],
        "notes": list(one.notes),
    }


def _means(exposure: NDArray[np.float64]) -> dict[str, float | None]:
    """What days at risk carry on average: where a plan's own share of absence holds."""
    names = ("mean_acute_min", "mean_chronic_min", "quick_return_share")
    known = np.isfinite(exposure)
    sums, counts = np.where(known, exposure, 0.0).sum(axis=0), known.sum(axis=0)
    means = sums / np.maximum(counts, 1)
    return {
        name: _known(mean) if count else None
        for name, mean, count in zip(names, means, counts, strict=True)
    }


def _effect(effect: Effect) -> dict[str, Any]:
    """One effect as plain values."""
    is_ratio = effect.name == "quick_return"
    now, then, low, high = (_known(value) for value in effect.per_week)
    return {
        "name": effect.name,
        "per": "quick return" if is_ratio else "30 min a day",
        "odds_ratio": _known(effect.odds_ratio),
        "low95": _known(effect.low),
        "high95": _known(effect.high),
        "p": _known(effect.p),
        "p_holm": _known(effect.p_holm),
        "is_found": bool(effect.is_found),
        "detectable_odds_ratio": _known(effect.detectable),
        "variance_inflation": _known(effect.inflation),
        "within_months": dict(
            zip(("odds_ratio", "low95", "high95"), map(_known, effect.within_months), strict=True)
        ),
        "spells_per_100_week": {"now": now, "then": then, "low95": low, "high95": high},
        "note": effect.note,
    }


def _known(value: float) -> float | None:
    """A number as JSON has it."""
    return round(float(value), 6) if isfinite(value) else None


def _told(problem: PlanningProblem, plan: Path, store: str | None) -> _Told:
    """Shifts and ledger: of published weeks, and of the plan's tables where those are silent."""
    tables = _of_tables(problem)
    address = memory.address_of(plan, store)
    if not memory.is_there(address):
        if store:
            raise InputError(f"there is no planning store at {store}: check --store.")
        return tables
    published = _of_store(address, slug_of(problem.name))
    if not len(published.loads):
        return tables
    if not len(tables.loads):
        return published
    first = published.loads["day"].min()
    shifts, loads = (
        pd.concat([older[older["day"] < first], newer], ignore_index=True)
        for older, newer in ((tables.shifts, published.shifts), (tables.loads, published.loads))
    )
    return _Told(shifts, loads, f"{published.source}; before them {tables.source}")


def _of_tables(problem: PlanningProblem) -> _Told:
    """The plan's history and overload."""
    zones = {agent.agent_id: ZoneInfo(agent.timezone) for agent in problem.agents}
    site = ZoneInfo(problem.timezone)
    shifts = [
        _shift_row(
            one.agent_id,
            one.start.astimezone(zones.get(one.agent_id, site)).date(),
            one.start,
            one.end,
        )
        for one in problem.past_shifts
    ]
    loads = [
        (one.agent_id, one.day.toordinal(), one.overload_min, one.acute_min, one.chronic_min)
        for one in problem.past_loads
    ]
    return _Told(*_frames(shifts, loads), source="the plan's tables history and overload")


def _of_store(address: str, plan: str) -> _Told:
    """Published weeks as they stood when they began."""
    from wfplan.store import database

    shifts: list[tuple[Any, ...]] = []
    loads: list[tuple[Any, ...]] = []
    weeks = 0
    with database.opened(address) as engine, database.reading(engine) as connection:
        for week in database.told_weeks(connection, plan):
            weeks += 1
            shifts += [_shift_row(*row) for row in week.shifts]
            loads += [
                (x.agent_id, x.day.toordinal(), x.overload_min, x.acute_min, x.chronic_min)
                for x in week.loads
            ]
    source = f"{weeks} published week{'' if weeks == 1 else 's'}, each as it began"
    return _Told(*_frames(shifts, loads), source=source)


def _shift_row(agent_id: str, day: date, start: datetime, end: datetime) -> tuple[Any, ...]:
    """A shift in minutes since 1970."""
    instants = (int(moment.timestamp()) // 60 for moment in (start, end))
    return (agent_id, day.toordinal(), *instants)


def _frames(
    shifts: list[tuple[Any, ...]], loads: list[tuple[Any, ...]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    return pd.DataFrame(shifts, columns=list(_SHIFTS)), pd.DataFrame(loads, columns=list(_LOADS))


def _history(absences: pd.DataFrame, told: _Told, span: Span) -> tuple[History, int]:
    """All with people as numbers; and how many rows of absence are of people without a past."""
    for table, what in ((told.shifts, "shifts"), (told.loads, "entries of the ledger")):
        if not len(table):
            raise InputError(
                f"there are no {what} of past weeks to put absences beside: publish weeks "
                "(wfplan publish), or add the tables history and overload to the plan."
            )
    code = {agent_id: number for number, agent_id in enumerate(told.shifts["agent_id"].unique())}
    is_known = absences["agent_id"].isin(code)
    days = absences["day"][is_known]
    if not len(days):
        raise InputError(
            "nobody in the table of absences has a shift in past weeks: check that agent_id is "
            "written as in the plan."
        )
    first, last = int(days.min()), int(days.max())
    begin, end = first - (first - 1) % _WEEK, last + (-last) % _WEEK  # whole weeks, Monday first
    history = History(
        _numbered(told.shifts, code),
        _numbered(told.loads, code),
        _numbered(absences, code),
        begin if span.first is None else span.first.toordinal(),
        end if span.last is None else span.last.toordinal(),
    )
    return _as_planned(history), int((~is_known).sum())


def _numbered(table: pd.DataFrame, code: Mapping[str, int]) -> pd.DataFrame:
    """The table with a number in place of each person."""
    person = table["agent_id"].map(code)
    kept = person.notna()
    rest = table[kept].drop(columns="agent_id")
    return rest.assign(person=person[kept].astype(np.int64)).reset_index(drop=True)


def _as_planned(history: History) -> History:
    """The history that says whether its shifts are as planned, or as worked."""
    missed = history.absences[history.absences["is_unplanned"]]
    both = missed.merge(history.shifts[["person", "day"]].drop_duplicates(), on=["person", "day"])
    return replace(history, is_planned=len(both) >= _PLANNED_FROM * max(len(missed), 1))


def _require_people(people: int) -> None:
    """Refuse a centre so small that results would be about somebody."""
    if people < PEOPLE_MIN:
        raise InputError(
            f"{people} people worked in the time that the absences speak of; fewer than "
            f"{PEOPLE_MIN} are refused, because any result could be about one of them. There is "
            "no way round this; a larger centre, or several planned as one, can be calibrated."
        )


def _notes(history: History, strangers: int) -> tuple[str, ...]:
    """What else the reader must know of the data."""
    notes = []
    if strangers:
        notes.append(f"{strangers} rows are of people without a shift in past weeks: left out.")
    if not history.is_planned:
        notes.append(
            "Most missed days have no shift in the history: it holds shifts as worked. Every "
            "missed day counts as a planned one, and quick returns cannot be judged."
        )
    return tuple(notes)


def _data_hash(file: InputFile, history: History) -> str:
    """SHA-256 of the absences' file and of the shifts and ledger beside it."""
    found = hashlib.sha256(file.sha256.encode())
    for table in (history.shifts, history.loads):
        columns = sorted(table.columns)
        ordered = table[columns].sort_values(columns, ignore_index=True)
        found.update(ordered.to_csv(index=False, float_format="%.6f").encode())
    found.update(f"{history.first_day},{history.last_day}".encode())
    return found.hexdigest()


def is_answered(one: Answer) -> bool:
    """Whether anything was estimated."""
    return one.found.verdict is not Verdict.NOT_ENOUGH

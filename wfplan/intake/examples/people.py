"""Invented people: contracts, skills, availability and time off of an example centre."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from wfplan.intake.examples.kinds import Example, Terms
from wfplan.intake.examples.names import FAMILY, GIVEN, email_address

Row = dict[str, object]

GOLDEN = 0.6180339887498949  # multiples of it, modulo 1, lie evenly in every stretch
NEWCOMER_SHARE = 0.15
EXPERT_SHARE = 0.25
WORKING_DAYS = ("mon", "tue", "wed", "thu", "fri")
OFFICE_TERMS = (
    "full_time",
    "four_day",
    "part_time",
    "day",
)  # people whose evenings the plan can spare


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person, before she becomes rows of several tables."""

    agent_id: str
    name: str
    site: str
    team: str
    terms: Terms
    channels: tuple[str, ...]
    is_empowered: bool
    days_off: tuple[int, ...]
    hire_date: date
    level: int
    aht_factor: float


def draw_people(example: Example, week: date, rng: np.random.Generator) -> tuple[Person, ...]:
    """
    The people of a centre, by id.

    Contracts are spread evenly over skill sets, and empowered people evenly
    over each contract, so that no seed leaves an evening without a skill.
    """
    served = [skills for count, skills in example.skill_sets for _ in range(count)]
    terms = _spread([terms for terms in example.terms for _ in range(terms.people)])
    names = _draw_names(len(served), rng)
    seen: dict[str, int] = {}
    people = []
    for i, (channels, term) in enumerate(zip(served, terms, strict=True)):
        nth = seen[term.contract_type] = seen.get(term.contract_type, -1) + 1
        site, team = example.teams[i * len(example.teams) // len(served)]
        level, aht_factor, hire_date = _experience(i, week, rng)
        people.append(
            Person(
                agent_id=f"{example.id_prefix}{i + 1:03d}",
                name=names[i],
                site=site,
                team=team,
                terms=term,
                channels=channels,
                is_empowered=_is_one_of(nth, term.empowered, term.people),
                days_off=term.days_off[nth % len(term.days_off)],
                hire_date=hire_date,
                level=level,
                aht_factor=aht_factor,
            )
        )
    return tuple(people)


def agent_rows(people: tuple[Person, ...]) -> list[Row]:
    """Rows of agents.csv."""
    return [
        {
            "agent_id": person.agent_id,
            "name": person.name,
            "email": email_address(person.name, person.agent_id),
            "site": person.site,
            "team": person.team,
            "contract_type": person.terms.contract_type,
            "contract_hours_week": f"{person.terms.hours:g}",
            "min_hours_week": f"{person.terms.hours_min:g}",
            "max_hours_week": f"{person.terms.hours_max:g}",
            "hire_date": person.hire_date.isoformat(),
        }
        for person in people
    ]


def skill_rows(people: tuple[Person, ...], empowered: str) -> list[Row]:
    """Rows of skills.csv."""
    return [
        {
            "agent_id": person.agent_id,
            "skill": skill,
            "level": person.level,
            "aht_factor": f"{1.0 if skill == empowered else person.aht_factor:g}",
            "valid_from": person.hire_date.isoformat(),
        }
        for person in people
        for skill in (*person.channels, *((empowered,) if person.is_empowered else ()))
    ]


def availability_rows(people: tuple[Person, ...], rng: np.random.Generator) -> list[Row]:
    """
    Rows of availability.csv: a few evenings that cannot be, and wishes.

    Only people without evening or weekend contracts are kept from evenings.
    """
    rows: list[Row] = []
    for person in people:
        draw = rng.random()
        if person.terms.contract_type not in OFFICE_TERMS or person.is_empowered:
            if draw < 0.25:
                day = ("sat", "sun")[int(rng.integers(2))]
                rows.append(_available(person, "avoid", day, "00:00", "24:00", 0.4))
            continue
        if draw < 0.15:
            first = int(rng.integers(4))
            days = WORKING_DAYS[first : first + 2]
            rows += [_available(person, "unavailable", day, "18:00", "24:00") for day in days]
        elif draw < 0.35:
            rows += [
                _available(person, "prefer", day, "07:00", "16:00", 0.5) for day in WORKING_DAYS
            ]
        elif draw < 0.50:
            rows.append(_available(person, "avoid", "fri", "17:00", "24:00", 0.6))
        elif draw < 0.58:
            rows.append(_available(person, "avoid", "sat", "00:00", "24:00", 0.8))
    return rows


def time_off_rows(people: tuple[Person, ...], week: date, rng: np.random.Generator) -> list[Row]:
    """Rows of time_off.csv: approved leave of one to three days, a course, and requests."""
    count = max(3, len(people) // 16)
    away = sorted(rng.choice(len(people), size=count + 3, replace=False).tolist())
    rows: list[Row] = []
    for i in away[:count]:
        first = week + timedelta(days=int(rng.integers(0, 5)))
        last = min(first + timedelta(days=int(rng.integers(0, 3))), week + timedelta(days=6))
        rows.append(_absence(people[i], first.isoformat(), last.isoformat(), "true", "leave"))
    course, *wishers = away[count:]
    day = (week + timedelta(days=2)).isoformat()
    rows.append(_absence(people[course], f"{day}T13:00", f"{day}T15:00", "false", "training"))
    for i in wishers:
        day = (week + timedelta(days=int(rng.integers(3, 6)))).isoformat()
        rows.append(_absence(people[i], day, day, "true", "leave", "requested"))
    return rows


def _spread(terms: list[Terms]) -> list[Terms]:
    """The same contracts in an order in which each lies evenly."""
    order = np.argsort(np.argsort((np.arange(1, len(terms) + 1) * GOLDEN) % 1.0))
    return [terms[rank] for rank in order]


def _draw_names(count: int, rng: np.random.Generator) -> list[str]:
    """Different full names."""
    cells = rng.choice(len(GIVEN) * len(FAMILY), size=count, replace=False)
    return [f"{GIVEN[cell % len(GIVEN)]} {FAMILY[cell // len(GIVEN)]}" for cell in cells.tolist()]


def _experience(i: int, week: date, rng: np.random.Generator) -> tuple[int, float, date]:
    """Level, handle-time factor and hire date, which hang together."""
    rank = ((i + 1) * GOLDEN * GOLDEN) % 1.0
    if rank < NEWCOMER_SHARE:
        return 2, 1.15, week - timedelta(days=int(rng.integers(70, 200)))
    if rank > 1 - EXPERT_SHARE:
        return 5, 0.9, week - timedelta(days=int(rng.integers(1500, 4000)))
    return 3 + int(rank > 0.5), 1.0, week - timedelta(days=int(rng.integers(300, 2500)))


def _is_one_of(nth: int, some: int, everybody: int) -> bool:
    """Whether the nth of everybody is among some who lie evenly among them."""
    return (nth + 1) * some // everybody > nth * some // everybody


def _available(
    person: Person, kind: str, weekday: str, start: str, end: str, weight: float | None = None
) -> Row:
    """One row of availability.csv."""
    return {
        "agent_id": person.agent_id,
        "kind": kind,
        "weekday": weekday,
        "start_time": start,
        "end_time": end,
        "weight": "" if weight is None else f"{weight:g}",
    }


def _absence(
    person: Person, start: str, end: str, all_day: str, kind: str, status: str = "approved"
) -> Row:
    """One row of time_off.csv; of whole days, the end is the last of them."""
    return {
        "agent_id": person.agent_id,
        "start": start,
        "end": end,
        "all_day": all_day,
        "type": kind,
        "paid": "true",
        "status": status,
    }

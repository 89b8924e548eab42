"""Invented activities of an example week: a training in groups, coaching and a meeting."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from wfplan.intake.examples.people import Person, Row

LEADING = 2
TRAINED, GROUP_MAX = 8, 4
COACHED = 3
MEETING = 6


def activity_rows(people: tuple[Person, ...], week: date, busy: Collection[str]) -> list[Row]:
    """
    Rows of activities.csv: floating from Tuesday to Friday, the meeting on Wednesday.

    Empowered people lead; the least experienced are coached. Nobody of them has asked
    for leave in the week (``busy``).
    """
    days = {"earliest": (week + timedelta(days=1)).isoformat(),
            "latest": (week + timedelta(days=4)).isoformat()}  # fmt: skip
    there = [p for p in people if p.agent_id not in busy and p.terms.contract_type == "full_time"]
    leaders = _ids([p for p in there if p.is_empowered][:LEADING])
    others = sorted((p for p in there if not p.is_empowered), key=lambda p: (p.level, p.agent_id))
    coached, rest = others[:COACHED], others[COACHED:]
    return [
        {
            "activity_id": "tariffs", "code": "TRAINING", "category": "training",
            "who": _ids(rest[:TRAINED]), "minutes": 60, **days, "hours": "09:00-17:00",
            "attend": "together", "group_max": GROUP_MAX, "facilitators": leaders,
            "room": "Room 1", "hardness": "hard",
        },
        {
            "activity_id": "coaching", "code": "COACHING", "category": "training",
            "who": _ids(coached), "minutes": 30, **days, "attend": "each",
            "facilitators": leaders, "hardness": "soft",
        },
        {
            "activity_id": "huddle", "code": "MEETING", "category": "meeting",
            "who": _ids(rest[TRAINED : TRAINED + MEETING]), "minutes": 15,
            "earliest": (week + timedelta(days=2)).isoformat(), "hours": "10:00-16:00",
            "attend": "together", "hardness": "soft",
        },
    ]  # fmt: skip


def _ids(people: list[Person]) -> str:
    """Ids as a cell of the table."""
    return "; ".join(person.agent_id for person in people)

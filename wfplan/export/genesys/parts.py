"""What the documents for Genesys have in common: weeks, shifts, and how they are written."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from wfplan.domain.external_ids import IdKind
from wfplan.domain.schedule import Activity, Schedule, Shift
from wfplan.export.order import Order, fit_id

SYSTEM = "genesys"
WEEKS_MAX = 6
"""The weeks that a schedule or an imported forecast of Genesys has at most."""
_WEEK = 7
_TAG = re.compile(r"\bwfplan:([A-Za-z0-9._-]{1,64})")
_REQUEST = re.compile(r"\bwfplan-request:([A-Za-z0-9._-]{1,64})")


@dataclass(frozen=True)
class Stretch:
    """Weeks that one import covers: the first day of the first of them, and how many they are."""

    first_day: date
    weeks: int

    @property
    def days(self) -> int:
        """Seven a week."""
        return _WEEK * self.weeks

    @property
    def dates(self) -> tuple[date, ...]:
        """All of them."""
        return tuple(self.first_day + timedelta(days=d) for d in range(self.days))


def stretches(schedule: Schedule) -> list[Stretch]:
    """The weeks of a schedule, in as few imports as Genesys takes."""
    weeks = schedule.days // _WEEK
    return [
        Stretch(schedule.first_day + timedelta(days=_WEEK * done), min(WEEKS_MAX, weeks - done))
        for done in range(0, weeks, WEEKS_MAX)
    ]


def instant_text(instant: datetime) -> str:
    """``2026-10-19T07:00:00.000Z``."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def tag_of(key: str) -> str:
    """``wfplan:dublin-A001-20261019-1``: what a description says of whose shift or day it is."""
    return f"wfplan:{fit_id(key)}"


def tagged(descriptions: Iterable[str]) -> str:
    """The id of the shift that descriptions of its activities name; empty where none does."""
    found = (_TAG.search(text) for text in descriptions)
    return next((match[1] for match in found if match), "")


def requested(description: str) -> str:
    """The request behind an activity, by its description; empty where there is none."""
    match = _REQUEST.search(description)
    return match[1] if match else ""


@dataclass
class Codes:
    """The ids of activity codes and users in Genesys; what is missing is noted in the order."""

    order: Order
    _known: dict[str, str] = field(default_factory=dict)

    def of(self, code: str) -> str:
        """The id of an activity code."""
        if code not in self._known:
            words = "the activity code in Genesys"
            self._known[code] = self.order.ids.of(SYSTEM, IdKind.ACTIVITY, code, words)
        return self._known[code]

    def user(self, agent_id: str) -> str:
        """The id of a user."""
        return self.order.ids.of(SYSTEM, IdKind.AGENT, agent_id, "the user in Genesys")


def shift_of(shift: Shift, codes: Codes) -> dict[str, Any]:
    """A shift; ``manuallyEdited`` keeps it as it is when the rest is scheduled again there."""
    return {
        "startDate": instant_text(shift.start),
        "lengthMinutes": _minutes(shift.start, shift.end),
        "manuallyEdited": True,
        "activities": [
            _activity(activity, codes, tag_of(shift.shift_id) if i == 0 else "")
            for i, activity in enumerate(shift.activities)
        ],
    }


def _activity(activity: Activity, codes: Codes, tag: str) -> dict[str, Any]:
    """An activity; its description says the shift's id, and the request that asked for it."""
    asked = f"wfplan-request:{fit_id(activity.activity_id)}" if activity.activity_id else ""
    description = " ".join(filter(None, (tag, asked)))
    return {
        "startDate": instant_text(activity.start),
        "lengthMinutes": activity.minutes,
        **({"description": description} if description else {}),
        "activityCodeId": codes.of(activity.code),
        "paid": activity.is_paid,
    }


def _minutes(start: datetime, end: datetime) -> int:
    """Elapsed minutes."""
    return int((end - start).total_seconds()) // 60


def packed(name: str, document: Mapping[str, Any]) -> dict[str, bytes]:
    """A document as it is looked at, and as it is uploaded: the same bytes, gzip without a time."""
    raw = "".join(_lines(document)).encode()
    return {f"{name}.json": raw, f"{name}.json.gz": gzip.compress(raw, mtime=0)}


def _lines(document: Mapping[str, Any]) -> Iterator[str]:
    """A document in JSON, an entry a line."""
    yield "{"
    for i, (name, value) in enumerate(document.items()):
        yield f"{',' if i else ''}\n{json.dumps(name)}: "
        if isinstance(value, list) and value:
            yield "[\n" + ",\n".join(_json(one) for one in value) + "\n]"
        else:
            yield _json(value)
    yield "\n}\n"


def _json(value: Any) -> str:
    """A value in JSON, which has no number that is none."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)

"""What a mapping profile can say of a schedule: its sources, by what they speak of.

A source is looked for in what a record is about, the narrowest first: an activity, its shift, the
person's day, the person, the schedule. ``shift.start`` inside a list of activities says which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from wfplan.domain.cells import single_line
from wfplan.domain.offers import OpenShift
from wfplan.domain.people import Agent
from wfplan.domain.schedule import Activity, ActivityCategory, Shift
from wfplan.domain.schedule_rows import DatedShift, ShiftState, local_date
from wfplan.export.order import Change, Order, fit_id
from wfplan.export.words import activity_words


class Kind(StrEnum):
    """What a source gives, which says how it can be written."""

    TEXT = "text"
    NUMBER = "number"
    MINUTES = "minutes"
    INSTANT = "instant"
    DATE = "date"
    TRUTH = "truth"


class Level(StrEnum):
    """What a record, or an entry of a list in it, is about; the narrowest last."""

    SCHEDULE = "schedule"
    PERSON = "person"
    DAY = "day"
    SHIFT = "shift"
    ACTIVITY = "activity"
    OPEN = "open"


@dataclass(frozen=True)
class Day:
    """A person's day: its local date, and the shifts that stand on it."""

    date: date
    shifts: tuple[DatedShift, ...] = ()


@dataclass(frozen=True)
class Scope:
    """What a record is about, as far down as it goes."""

    order: Order
    zone: ZoneInfo
    agent_id: str = ""
    agent: Agent | None = None
    days: tuple[Day, ...] = ()
    period: tuple[date, date] | None = None  # of a record of many days
    day: Day | None = None
    dated: DatedShift | None = None
    activity: Activity | None = None
    number: int = 0  # of an entry of a list, from 1
    offer: OpenShift | None = None
    offer_number: int = 0

    @property
    def start(self) -> datetime:
        """When the narrowest of it begins."""
        return self._span[0]

    @property
    def end(self) -> datetime:
        """When the narrowest of it ends."""
        return self._span[1]

    @property
    def _span(self) -> tuple[datetime, datetime]:
        if self.activity is not None:
            return self.activity.start, self.activity.end
        if self.dated is not None:
            return self.dated.shift.start, self.dated.shift.end
        offer = _offer(self)
        return offer.start, offer.end

    def of(self, **narrower: object) -> Scope:
        """A narrower scope; ten times as fast as ``dataclasses.replace``, and made often."""
        made = object.__new__(Scope)
        made.__dict__.update(self.__dict__, **narrower)
        return made

    def entries(self, of: str, only: Sequence[ActivityCategory] = ()) -> Iterator[Scope]:
        """The scopes of the entries of a list, of activities those of some categories."""
        if of == "days":
            for number, day in enumerate(self.days, start=1):
                yield self.of(day=day, number=number)
            return
        parts = [
            (dated, activity)
            for dated, activity in self._parts(of)
            if not only or (activity is not None and activity.category in only)
        ]
        for number, (dated, activity) in enumerate(parts, start=1):
            yield self.of(dated=dated, activity=activity, number=number)

    def _parts(self, of: str) -> Iterator[tuple[DatedShift, Activity | None]]:
        """Shifts, or activities with their shifts."""
        for dated in self.shifts:
            if of == "shifts":
                yield dated, None
            else:
                held = dated.shift.activities if of == "activities" else dated.shift.pauses
                yield from ((dated, activity) for activity in held)

    @property
    def shifts(self) -> Sequence[DatedShift]:
        """The shifts that stand in it."""
        if self.dated is not None:
            return () if self.dated.is_cancelled else (self.dated,)
        days = self.days if self.day is None else (self.day,)
        return [dated for day in days for dated in day.shifts]


@dataclass(frozen=True)
class Source:
    """One thing that can be said, and ``choices`` where it is one of a few words."""

    kind: Kind
    of: Callable[[Scope], object]
    choices: tuple[str, ...] = ()


def _text(of: Callable[[Scope], str]) -> Source:
    return Source(Kind.TEXT, lambda scope: single_line(of(scope)))


def _truth(of: Callable[[Scope], bool]) -> Source:
    return Source(Kind.TRUTH, of, ("true", "false"))


def _shift(scope: Scope) -> DatedShift:
    """The shift of a scope that has one."""
    assert scope.dated is not None
    return scope.dated


def _told(scope: Scope) -> Shift:
    """The shift as it was told before; as it is, where it was not."""
    return scope.order.before.get(_shift(scope).shift.shift_id, _shift(scope)).shift


def _offer(scope: Scope) -> OpenShift:
    """The open shift of a scope that has one."""
    assert scope.offer is not None
    return scope.offer


def _pauses_min(scope: Scope, *, is_paid: bool) -> int:
    """Minutes of rests, meals and gaps."""
    return sum(
        pause.minutes
        for dated in scope.shifts
        for pause in dated.shift.pauses
        if pause.is_paid is is_paid
    )


def _elapsed_min(scope: Scope) -> int:
    """Elapsed minutes of the shifts of a scope."""
    return sum(
        int((dated.shift.end - dated.shift.start).total_seconds()) // 60 for dated in scope.shifts
    )


def _of_shifts() -> dict[str, Source]:
    """What is said of a shift as of a day with all its shifts."""
    return {
        "paid_minutes": Source(
            Kind.MINUTES, lambda s: sum(dated.shift.paid_min for dated in s.shifts)
        ),
        "unpaid_minutes": Source(
            Kind.MINUTES,
            lambda s: _elapsed_min(s) - sum(dated.shift.paid_min for dated in s.shifts),
        ),
        "paid_break_minutes": Source(Kind.MINUTES, lambda s: _pauses_min(s, is_paid=True)),
        "unpaid_break_minutes": Source(Kind.MINUTES, lambda s: _pauses_min(s, is_paid=False)),
        "breaks_text": _text(_breaks_text),
    }


def _breaks_text(scope: Scope) -> str:
    """``Break 10:00-10:15, Meal 12:30-13:00`` in the person's zone."""
    return ", ".join(
        f"{activity_words(pause)} {pause.start.astimezone(scope.zone):%H:%M}-"
        f"{pause.end.astimezone(scope.zone):%H:%M}"
        for dated in scope.shifts
        for pause in dated.shift.pauses
    )


def open_id(scope: Scope) -> str:
    """An id of an open shift, of which there may be several of one kind."""
    offer = _offer(scope)
    key = f"open-{offer.group}-{offer.contract}-{offer.start:%Y%m%dT%H%M}-{offer.end:%H%M}"
    return fit_id(f"{key}-{scope.offer_number}")


_MINUTES_OF_SPAN = Source(Kind.MINUTES, lambda s: int((s.end - s.start).total_seconds()) // 60)
_CATEGORIES = tuple(ActivityCategory)

SOURCES: Mapping[Level, Mapping[str, Source]] = {
    Level.SCHEDULE: {
        "schedule_id": _text(lambda s: s.order.schedule.schedule_id),
        "plan": _text(lambda s: s.order.problem.name),
        "schedule_revision": Source(Kind.NUMBER, lambda s: s.order.schedule.revision),
        "status": Source(
            Kind.TEXT, lambda s: s.order.schedule.status, choices=("draft", "published")
        ),
        "made_at": Source(Kind.INSTANT, lambda s: s.order.made_at),
        "schedule_timezone": _text(lambda s: s.order.schedule.timezone),
        "is_publishing": _truth(lambda s: s.order.is_publishing),
        "is_draft": _truth(lambda s: not s.order.is_publishing),
    },
    Level.PERSON: {
        "agent_id": _text(lambda s: s.agent_id),
        "agent_name": _text(lambda s: s.agent.name if s.agent else ""),
        "email": _text(lambda s: s.agent.email if s.agent else ""),
        "site": _text(lambda s: s.order.site_of(s.agent)),
        "group": _text(lambda s: s.agent.team if s.agent else ""),
        "timezone": _text(lambda s: s.zone.key),
        "first_day": Source(Kind.DATE, lambda s: s.period[0] if s.period else None),
        "last_day": Source(Kind.DATE, lambda s: s.period[1] if s.period else None),
    },
    Level.DAY: {
        "date": Source(Kind.DATE, lambda s: s.day.date if s.day else None),
        "minutes": Source(Kind.MINUTES, _elapsed_min),
        "is_cancelled": _truth(lambda s: not s.shifts),
        **_of_shifts(),
    },
    Level.SHIFT: {
        "shift_id": _text(lambda s: fit_id(_shift(s).shift.shift_id)),
        "revision": Source(Kind.NUMBER, lambda s: _shift(s).revision),
        "state": Source(Kind.TEXT, lambda s: str(_shift(s).state), choices=tuple(ShiftState)),
        "change": Source(
            Kind.TEXT, lambda s: str(s.order.change_of(_shift(s))), choices=tuple(Change)
        ),
        "is_cancelled": _truth(lambda s: _shift(s).is_cancelled),
        "is_locked": _truth(lambda s: _shift(s).shift.is_locked),
        "written_at": Source(Kind.INSTANT, lambda s: s.order.written_at(_shift(s))),
        "date": Source(Kind.DATE, lambda s: _shift(s).shift.shift_date),
        "start": Source(Kind.INSTANT, lambda s: _shift(s).shift.start),
        "end": Source(Kind.INSTANT, lambda s: _shift(s).shift.end),
        "told_start": Source(Kind.INSTANT, lambda s: _told(s).start),
        "told_end": Source(Kind.INSTANT, lambda s: _told(s).end),
        "minutes": Source(
            Kind.MINUTES,
            lambda s: int((_shift(s).shift.end - _shift(s).shift.start).total_seconds()) // 60,
        ),
        **_of_shifts(),
    },
    Level.ACTIVITY: {
        "code": _text(lambda s: s.activity.code if s.activity else ""),
        "category": Source(
            Kind.TEXT,
            lambda s: str(s.activity.category) if s.activity else "",
            choices=(*_CATEGORIES, ""),
        ),
        "words": _text(lambda s: activity_words(s.activity) if s.activity else ""),
        "is_paid": Source(
            Kind.TRUTH, lambda s: s.activity.is_paid if s.activity else None, ("true", "false")
        ),
        "activity_id": _text(lambda s: s.activity.activity_id if s.activity else ""),
        "number": Source(Kind.NUMBER, lambda s: s.number),
        "start": Source(Kind.INSTANT, lambda s: s.start),
        "end": Source(Kind.INSTANT, lambda s: s.end),
        "minutes": _MINUTES_OF_SPAN,
    },
    Level.OPEN: {
        "shift_id": _text(open_id),
        "group": _text(lambda s: _offer(s).group),
        "contract": _text(lambda s: _offer(s).contract),
        "site": _text(lambda s: s.order.problem.site),
        "timezone": _text(lambda s: s.zone.key),
        "date": Source(Kind.DATE, lambda s: local_date(s.start, s.zone.key)),
        "start": Source(Kind.INSTANT, lambda s: s.start),
        "end": Source(Kind.INSTANT, lambda s: s.end),
        "minutes": _MINUTES_OF_SPAN,
    },
}
"""Every source by what it speaks of; ``configs/export/generic.toml`` says what each means."""

"""The records that a mapping profile makes of a schedule, by the file that they go into."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from wfplan.domain.schedule_rows import DatedShift
from wfplan.export.order import Change, Order
from wfplan.export.profiles.fields import Told, record_of
from wfplan.export.profiles.reading import Profile, Sheet
from wfplan.export.profiles.sources import Day, Scope

Record = Mapping[str, object]


@dataclass
class Made:
    """
    Records by sheet and person, and what was found on the way.

    A record is held as ``written``: whole weeks of a centre as objects would fill the memory.
    """

    written: Callable[[Sheet, Record], str]
    told: Told = field(default_factory=Told)
    records: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, sheet: Sheet, scope: Scope) -> None:
        """Add the record of a scope to a sheet."""
        whose = scope.agent_id if "{agent_id}" in sheet.file else ""
        record = record_of(sheet.fields, scope, self.told)
        self.records[sheet.file, whose].append(self.written(sheet, record))


def made_of(profile: Profile, order: Order, written: Callable[[Sheet, Record], str]) -> Made:
    """All records of an order, written by a function of theirs."""
    made = Made(written)
    if profile.row in ("day", "person"):
        for scope in _days(profile, order):
            made.add(profile.main, scope)
    else:
        for dated in order.shifts:
            _add_shift(profile, order, dated, made)
    if profile.open is not None and not order.is_delta:
        for scope in _open(order):
            made.add(profile.open, scope)
    return made


def _add_shift(profile: Profile, order: Order, dated: DatedShift, made: Made) -> None:
    """Add the records of a shift to the sheet that is for what it is."""
    scope = _person(order, dated.shift.agent_id).of(dated=dated)
    if dated.is_cancelled:
        if profile.cancelled is not None:
            made.add(profile.cancelled, scope)
        elif "cancellations" not in profile.cannot:
            made.add(profile.main, scope)
        return
    is_changed = order.is_delta and order.change_of(dated) is Change.CHANGED
    if is_changed and profile.changed is not None:
        made.add(profile.changed, scope)
        return
    for one in scope.entries("activities") if profile.row == "activity" else (scope,):
        made.add(profile.main, one)


def _days(profile: Profile, order: Order) -> Iterator[Scope]:
    """
    People with their days; a day has all its shifts, whichever of them changed.

    A day from which every shift went has none. A person's record has all her days; of what
    changed it has a single one, so that no day between two of them is touched.
    """
    touched: dict[str, dict[date, list[DatedShift]]] = defaultdict(lambda: defaultdict(list))
    for dated in order.shifts:
        for known in (dated, order.before.get(dated.shift.shift_id) if order.is_delta else None):
            if known is not None:
                touched[known.shift.agent_id][known.shift.shift_date] = []
    for dated in order.all_shifts:
        shift = dated.shift
        if not dated.is_cancelled and shift.shift_date in touched.get(shift.agent_id, ()):
            touched[shift.agent_id][shift.shift_date].append(dated)
    for agent_id, hers in touched.items():
        scope = _person(order, agent_id)
        days = tuple(Day(day, tuple(hers[day])) for day in sorted(hers))
        if profile.row == "person" and not order.is_delta:
            yield scope.of(days=days, period=_period(order, days))
            continue
        for day in days:
            one = scope.of(days=(day,), period=(day.date, day.date))
            yield one if profile.row == "person" else one.of(day=day)


def _period(order: Order, days: Sequence[Day]) -> tuple[date, date]:
    """The schedule's days; more where a zone has somebody's shift begin outside them."""
    first = order.schedule.first_day
    last = first + timedelta(days=order.schedule.days - 1)
    return min(first, days[0].date), max(last, days[-1].date)


def _open(order: Order) -> Iterator[Scope]:
    """Open shifts, those of one kind counted."""
    zone = ZoneInfo(order.schedule.timezone)
    counts: dict[tuple[object, ...], int] = defaultdict(int)
    for offer in order.open_shifts:
        kind = offer.group, offer.contract, offer.start, offer.end
        counts[kind] += 1
        yield Scope(order, zone, offer=offer, offer_number=counts[kind])


def _person(order: Order, agent_id: str) -> Scope:
    """What is said of somebody."""
    agent = order.agents.get(agent_id)
    zone = ZoneInfo(agent.timezone if agent else order.schedule.timezone)
    return Scope(order, zone, agent_id=agent_id, agent=agent)


def concerned(shifts: Iterable[DatedShift]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The people of some shifts, and the shifts."""
    held = list(shifts)
    people = dict.fromkeys(dated.shift.agent_id for dated in held)
    return tuple(people), tuple(dated.shift.shift_id for dated in held)

"""What must be said of an export by a mapping profile: what its system cannot carry of whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from wfplan.domain.activities import OFF_QUEUE
from wfplan.domain.schedule_rows import DatedShift
from wfplan.export.order import Change, Note, Order
from wfplan.export.profiles.fields import Told
from wfplan.export.profiles.reading import Profile
from wfplan.export.profiles.records import concerned

_LOST: Mapping[str, tuple[str, Callable[[Order, DatedShift], bool]]] = {
    "breaks": (
        "is sent no breaks and meals: these shifts go from start to end",
        lambda order, dated: bool(dated.shift.pauses),
    ),
    "break_times": (
        "is sent how long unpaid breaks and meals are, not when they are, and no paid ones",
        lambda order, dated: bool(dated.shift.pauses),
    ),
    "activities": (
        "is sent no training, meeting or other work off the queue",
        lambda order, dated: any(one.category in OFF_QUEUE for one in dated.shift.activities),
    ),
    "zone": (
        "is sent wall times without a zone, and clocks change in these shifts: look at their hours",
        lambda order, dated: has_unclear_times(order, dated),
    ),
}
"""What may be lost, in words, and which shifts lose it."""


def notes_of(profile: Profile, order: Order, told: Told, guarded: int) -> Iterator[Note]:
    """
    The notes of an export.

    ``guarded`` counts cells that begin like a formula.
    """
    name, standing = profile.name, [one for one in order.shifts if not one.is_cancelled]
    yield from (Note(text) for text in profile.notes if order.shifts)
    for word, (text, is_lost) in _LOST.items():
        if word in profile.cannot:
            yield from _of(f"{name} {text}", (one for one in standing if is_lost(order, one)))
    yield from _changes(profile, order)
    if profile.has_shift_ids:
        yield from _of(
            f"the external ids have no id of these shifts in {name} (kind shift): find each there "
            "by its person and time, or by the wfplan id where a note has it",
            (one for one in order.shifts if one.shift.shift_id in told.unknown_shifts),
        )
    if order.is_publishing and "publishing" in profile.cannot:
        yield Note(f"{name} publishes nothing by this file: publish there")
    if not order.is_publishing and "drafts" in profile.cannot:
        yield Note(f"{name} has no drafts: whoever imports the file shows it at once")
    if order.open_shifts and (profile.open is None or order.is_delta):
        yield Note(
            f"{len(order.open_shifts)} open shifts are left out: "
            + ("an export without --since has them" if profile.open else f"{name} takes none")
        )
    if guarded:
        yield Note(
            f"{guarded} cells begin like a formula and have a quote (') in front, so that no "
            "spreadsheet runs them; other programs show the quote"
        )


def _changes(profile: Profile, order: Order) -> Iterator[Note]:
    """What became of shifts that were told before, where the system cannot change or delete."""
    name, shifts = profile.name, order.shifts
    kinds = (Change.CHANGED,) if order.is_delta else (Change.CHANGED, Change.UNCHANGED)
    if "cancellations" in profile.cannot:
        yield from _of(
            f"{name} deletes nothing by a file: delete these cancelled shifts there by hand",
            (one for one in shifts if one.is_cancelled),
        )
    told_before = [one for one in shifts if not one.is_cancelled and order.change_of(one) in kinds]
    if "changes" in profile.cannot:
        text = "makes further shifts of these, which it may have already: delete the old ones there"
        yield from _of(f"{name} {text}", told_before)
    elif profile.changed is not None and not order.is_delta:
        text = "every shift is written as a new one: where these are there already, use --since"
        yield from _of(text, told_before)


def _of(text: str, shifts: Iterable[DatedShift]) -> Iterator[Note]:
    """A note of some shifts and their people, where there are any."""
    people, ids = concerned(shifts)
    if ids:
        yield Note(text, people, ids)


def has_unclear_times(order: Order, dated: DatedShift) -> bool:
    """Whether wall times alone do not tell a shift: clocks change in it, or tell an end twice."""
    agent = order.agents.get(dated.shift.agent_id)
    zone = ZoneInfo(agent.timezone if agent else order.schedule.timezone)
    shift = dated.shift
    start, end = shift.start.astimezone(zone), shift.end.astimezone(zone)
    return start.utcoffset() != end.utcoffset() or any(
        _is_told_twice(one.astimezone(zone)) for one in (shift.start, shift.end)
    )


def _is_told_twice(local: datetime) -> bool:
    """Whether clocks show a wall time twice."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()

"""Queues and their channels: what ``[contacts] queues`` says, and the queues that it forgets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wfplan.domain.contacts_source import LEFT_OUT
from wfplan.errors import did_you_mean
from wfplan.intake.book import PER_KIND, FaultBook, shown
from wfplan.intake.naming import same_word

EVERY = "*"
NO_CHANNEL = -1
IGNORED = -2


@dataclass(frozen=True)
class Lost:
    """A queue without a channel: where it stands first, and how much would be missing."""

    queue: str
    media: str
    file: str
    line: int
    caption: str
    contacts: float
    rows: int


class QueueMap:
    """The channel of each queue, by the most special key that fits."""

    def __init__(self, queues: Mapping[str, str], channels: Sequence[str]) -> None:
        self.channels = tuple(channels)
        self.queues = dict(queues)
        self._by_key = {_key(queue): channel for queue, channel in queues.items()}
        self._by_name = {same_word(name): name for name in channels}
        self._used: set[str] = set()

    def place(self, queue: str, media: str) -> int:
        """The place of a queue's channel in the plan; NO_CHANNEL, or IGNORED by the plan's word."""
        keys = [f"{queue} / {media}", queue, f"{EVERY} / {media}"] if media else [queue]
        for key in map(_key, keys):
            if key in self._by_key:
                return self._told(key)
        name = self._by_name.get(same_word(queue))
        if name is not None:
            return self.channels.index(name)
        return self._told(EVERY) if EVERY in self._by_key else NO_CHANNEL

    def _told(self, key: str) -> int:
        """The place that a key of the plan says."""
        self._used.add(key)
        channel = self._by_key[key]
        return IGNORED if channel == LEFT_OUT else self.channels.index(channel)

    def unused(self) -> tuple[str, ...]:
        """Keys of the plan that give a channel and fitted no queue of any file."""
        return tuple(
            queue
            for queue, channel in self.queues.items()
            if _key(queue) not in self._used and channel != LEFT_OUT
        )


def _key(text: str) -> str:
    """A key without case, and with one blank where there are any."""
    return re.sub(r"\s*/\s*", " / ", " ".join(text.split())).casefold()


def note_lost(lost: Iterable[Lost], queues: QueueMap, book: FaultBook) -> None:
    """A fault for every queue without a channel, the largest first: contacts, and what to write."""
    ordered = sorted(lost, key=lambda one: (-one.contacts, one.queue, one.media))
    for one in ordered[:PER_KIND]:
        book.error(
            f"the queue {_named(one)} has no channel: {_amount(one)}",
            file=one.file,
            line=one.line,
            column=one.caption,
            value=one.queue,
            hint=_hint(one, queues),
            code="HR111",
        )
    rest = ordered[PER_KIND:]
    if rest:
        listed = ", ".join(f"{_named(one)} ({one.contacts:,.0f} contacts)" for one in rest)
        book.error(
            f"{len(rest)} more queues have no channel: {listed}",
            file=rest[0].file,
            line=rest[0].line,
            column=rest[0].caption,
            hint=f'they need the same; "{EVERY}" = "{LEFT_OUT}" leaves all others out',
            code="",
        )


def _named(one: Lost) -> str:
    """A queue with its medium."""
    return f"'{shown(one.queue)}'" + (f" ({shown(one.media)})" if one.media else "")


def _amount(one: Lost) -> str:
    """How much a queue holds."""
    return f"{one.contacts:,.0f} contacts in {one.rows:,} rows"


def _hint(one: Lost, queues: QueueMap) -> str:
    """What was perhaps meant, and the line to write."""
    near = did_you_mean(one.queue, [key.split("/")[0].strip() for key in queues.queues])
    by_word = {same_word(name): name for name in queues.channels}
    channel = by_word.get(same_word(one.media), queues.channels[0] if queues.channels else "voice")
    entry = f"{json.dumps(shown(one.queue), ensure_ascii=False)} = {json.dumps(channel)}"
    write = f'write {entry}, say, into queues under [contacts], or "{LEFT_OUT}" to leave it out'
    return f"{near} Else {write}" if near else write


def warn_unused(
    queues: QueueMap, seen: Iterable[str], file: str, line: int | None, book: FaultBook
) -> None:
    """A warning for every key of the plan that no file has."""
    names = sorted(set(seen))
    for key in queues.unused():
        if key.strip() == EVERY:
            continue
        book.warn(
            f"no row of the contacts is of the queue '{shown(key)}'",
            file=file,
            line=line,
            column=f"contacts.queues.{shown(key)}",
            hint=did_you_mean(key.split("/")[0].strip(), names)
            or "check its name, or leave it out",
        )

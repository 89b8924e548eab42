"""JSON of other systems, read with care: bounded, without tricks, every fault with its path."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from wfplan.intake.book import FaultBook, shown
from wfplan.intake.files import BadFileError
from wfplan.rosters.assembling import blame
from wfplan.rosters.given import Spot

DEPTH_MAX = 40
BYTES_MAX = 100 * 1024**2
_MARKS = (b"{", b"[")
_YEARS = (1950, 2100)
NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for an instant that cannot be read."""


def is_document(content: bytes) -> bool:
    """Whether the bytes begin like JSON."""
    return content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_MARKS)


def parsed(content: bytes) -> Any:
    """
    The value of a JSON text.

    Raises
    ------
    BadFileError
        When it is no JSON, nested too deeply, too large, or has a key twice.
    """
    if len(content) > BYTES_MAX:
        raise BadFileError(
            f"is JSON of more than {BYTES_MAX // 1024**2} MB", "export fewer weeks at once"
        )
    try:
        text = content.decode("utf-8-sig")
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise BadFileError("is not JSON in UTF-8", "export it again") from None
    except json.JSONDecodeError as error:
        raise BadFileError(f"is no JSON: {error.msg.lower()}", "export it again", error.lineno) \
            from None  # fmt: skip
    except RecursionError:
        raise BadFileError(f"is JSON nested deeper than {DEPTH_MAX}", "export it again") from None
    except ValueError as error:  # a number of too many digits, a constant that is none
        raise BadFileError(f"is no JSON: {shown(error)}", "export it again") from None
    _check_depth(value)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are there once."""
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"an object has the key '{shown(twice)}' twice")
    return made


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def _check_depth(value: Any) -> None:
    """Refuse what no schedule is nested like."""
    level = [value]
    for _ in range(DEPTH_MAX):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise BadFileError(f"is JSON nested deeper than {DEPTH_MAX}", "export it again")


class Node:
    """An object of a document and its path; what it lacks or has of another kind is a fault."""

    def __init__(self, value: Any, file: str, path: str, book: FaultBook) -> None:
        self.file, self.path, self.book = file, path, book
        self.is_sound = True
        self.value: dict[str, Any] = value if isinstance(value, dict) else {}
        self._is_object = isinstance(value, dict)
        if not self._is_object:
            self.is_sound = False
            blame(book, self.spot(), "is no object", "export it again", "HR108")

    def spot(self, key: str = "") -> Spot:
        """Where a key of it stands."""
        return Spot(self.file, column=".".join(part for part in (self.path, key) if part))

    def blame(self, key: str, reason: str, hint: str, code: str = "HR109") -> None:
        """Note a fault at a key; what is no object has been told."""
        self.is_sound = False
        if self._is_object:
            blame(self.book, self.spot(key), reason, hint, code)

    def __contains__(self, key: str) -> bool:
        return self.value.get(key) is not None

    def nodes(self, key: str) -> list[Node]:
        """The objects of a list, none where it is absent."""
        given = self.value.get(key)
        if given is None:
            return []
        if not isinstance(given, list):
            self.blame(key, "is no list", "export it again")
            return []
        return [
            Node(one, self.file, self.spot(f"{key}[{i}]").column, self.book)
            for i, one in enumerate(given)
        ]

    def node(self, key: str) -> Node | None:
        """The object at a key, None where it is absent."""
        given = self.value.get(key)
        return None if given is None else Node(given, self.file, self.spot(key).column, self.book)

    def text(self, key: str, *, is_required: bool = True) -> str:
        """A text; a number is one, too."""
        given = self.value.get(key)
        if isinstance(given, int) and not isinstance(given, bool):
            return str(given)
        if given is None and not is_required:
            return ""
        if not isinstance(given, str) or (is_required and not given):
            self.blame(key, "is missing" if given in (None, "") else "is no text",
                       "export it again", "HR102")  # fmt: skip
            return ""
        return given

    def truth(self, key: str) -> bool | None:
        """True or false, None where it is absent."""
        given = self.value.get(key)
        if given is not None and not isinstance(given, bool):
            self.blame(key, "is neither true nor false", "write true or false", "HR106")
            return None
        return given

    def count(self, key: str, most: int) -> int:
        """A whole number from 1 to the most; 1 where it is none."""
        given = self.value.get(key)
        if isinstance(given, float) and given.is_integer():
            given = int(given)
        if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= most:
            self.blame(key, f"is no whole number from 1 to {most}", "check it", "HR107")
            return 1
        return given

    def instant(self, key: str) -> datetime:
        """An instant with its offset or Z, in UTC; :data:`NO_TIME` where it is none."""
        given = self.value.get(key)
        try:
            moment = datetime.fromisoformat(given if isinstance(given, str) else "")
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None or not _YEARS[0] <= moment.year <= _YEARS[1]:
            reason = "is missing" if given is None else "is no instant"
            self.blame(key, reason, "write it like 2026-10-19T07:00:00Z", "HR108")
            return NO_TIME
        return moment.astimezone(UTC)

    def day(self, key: str) -> date:
        """A date; the first of all where it is none."""
        given = self.value.get(key)
        try:
            return date.fromisoformat(given if isinstance(given, str) else "")
        except ValueError:
            self.blame(key, "is no date", "write it like 2026-10-19", "HR108")
            return date.min

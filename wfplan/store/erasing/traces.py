"""
What names a person, and where it is found: in texts, tables, archives and arrays.

A name or an e-mail is looked for as it is, and as HTML and JSON write it. An ``agent_id`` is
looked for as a word of its own. One that is a mere number or a short word ("12", "max") says
nothing by itself in a text: it is then looked for in cells and fields only, and a text is
taken for naming her where her name or e-mail stands in it.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from wfplan.domain.cells import unguarded
from wfplan.domain.spellings import spellings

_TELLING = re.compile(r"(?=.*[A-Za-z])(?=.*[0-9])[A-Za-z0-9._-]{4,64}")
_WORD = "A-Za-z0-9"
_SAID = ("name", "agent_name", "email")
ID_FIELDS = ("agent_id", "people")
"""Fields of documents that hold ids of people."""
OF_PEOPLE = "share_agents"
"""The array that does."""
_ARRAY = b"\x93NUMPY"
_UNPACKED_MAX = 4 * 2**30
_DAMAGED = (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error, MemoryError)


@dataclass(frozen=True)
class Traces:
    """
    The words that name one person.

    ``words`` are names and e-mails that are hers alone; ``others`` are ids of people who stay;
    ``is_shared`` says that her name is another's, or one plain word, which may be any ("Will",
    "Voice"): it is then hers in her own rows and fields only. ``elsewhere`` are her ids in
    other systems.
    """

    agent_id: str
    words: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    is_shared: bool = False
    elsewhere: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, agent_id: str, rows: Iterable[Mapping[str, str]], elsewhere: Iterable[str] = ()
    ) -> Traces:
        """Of what rows of tables say of her and of others."""
        hers: set[str] = set()
        words: set[str] = set()
        others: set[str] = set()
        for row in rows:
            whose = unguarded((row.get("agent_id") or "").strip())
            said = {unguarded((row.get(name) or "").strip()) for name in _SAID} - {""}
            if whose == agent_id:
                hers |= said
            elif whose:
                others.add(whose)
                words |= said
        folded = [word.casefold() for word in words]
        own = {
            one
            for one in hers
            if not (one.isascii() and one.isalpha())
            and not any(one.casefold() in word for word in folded)
        }
        return cls(agent_id, frozenset(own), frozenset(others), own != hers, frozenset(elsewhere))

    @property
    def is_plain(self) -> bool:
        """Whether a text can be rewritten without harm to what it says of others."""
        return self.is_telling and not self.is_shared

    @cached_property
    def is_telling(self) -> bool:
        """Whether the id says by itself, in any text, that it is she."""
        is_within = any(self._id.search(other) for other in self.others)
        return bool(_TELLING.fullmatch(self.agent_id)) and not is_within

    @cached_property
    def _id(self) -> re.Pattern[str]:
        return re.compile(f"(?<![{_WORD}]){re.escape(self.agent_id)}(?![{_WORD}])")

    @cached_property
    def _said(self) -> re.Pattern[str] | None:
        """Names and e-mails, in any of their spellings."""
        found = {form for word in self.words for form in spellings(word)}
        if not found:
            return None
        longest = sorted(found, key=len, reverse=True)
        either = "|".join(map(re.escape, longest))
        return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)

    def is_named_in(self, text: str) -> bool:
        """Whether a text names her."""
        if self._said is not None and self._said.search(text):
            return True
        return self.is_telling and bool(self._id.search(text))

    def is_hers(self, cell: str) -> bool:
        """Whether a cell or field is her id and nothing else."""
        return unguarded(cell.strip()) == self.agent_id

    def without_her(self, text: str, instead: str) -> str:
        """A text in which something else stands for her."""
        if self._said is not None:
            text = self._said.sub(instead, text)
        return self._id.sub(instead, text) if self.is_telling else text

    def are_in(self, path: Path) -> bool:
        """
        Whether a file names her, packed or not.

        A file that cannot be unpacked is taken as the bytes that it is.
        """
        return any(self.are_in_bytes(name, raw) for name, raw in _unpacked(path))

    def are_in_export(self, path: Path) -> bool:
        """Whether a file for another system names her, by her id here, there, or in a shift's."""
        words = {self.agent_id, *self.words, *self.elsewhere}
        either = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
        pattern = re.compile(rf"(?<![{_WORD}])(?:{either})(?![{_WORD}])")
        return any(
            pattern.search(text) for _, raw in _unpacked(path) for text in _texts_of(raw)
        ) or self.are_in(path)

    def are_in_bytes(self, name: str, raw: bytes) -> bool:
        """Whether some bytes name her; ids that tell nothing by themselves in cells alone."""
        texts = _texts_of(raw)
        if any(self.is_named_in(text) for text in texts):
            return True
        if self.is_telling:
            return False
        try:
            return any(self.is_hers(one) for one in fields_of(name, raw))
        except (ValueError, csv.Error):
            return False


def fields_of(name: str, raw: bytes) -> Iterator[str]:
    """The cells, fields and array elements of a file that are ids of people."""
    suffix = Path(name).suffix
    if suffix == ".csv":
        rows = csv.DictReader(io.StringIO(_texts_of(raw)[0], newline=""))
        yield from (row.get("agent_id") or "" for row in rows)
    elif suffix == ".json":
        yield from _ids_in(json.loads(raw))
    elif Path(name).stem == OF_PEOPLE and raw.startswith(_ARRAY):
        yield from _elements(raw)


def _ids_in(content: Any, key: str = "") -> Iterator[str]:
    """The ids of people in a JSON value."""
    if isinstance(content, str) and key in ID_FIELDS:
        yield content
    elif isinstance(content, dict):
        for name, value in content.items():
            yield from _ids_in(value, name)
    elif isinstance(content, list):
        for value in content:
            yield from _ids_in(value, key)


def _texts_of(raw: bytes) -> list[str]:
    """Bytes as text, in each way in which a file may be written."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return [raw.decode("utf-16", errors="replace")]
    if raw.startswith(_ARRAY):
        return _elements(raw)
    return [raw.decode("utf-8", errors="replace")]


def _elements(raw: bytes) -> list[str]:
    """The texts of an array; none of one of numbers."""
    array = np.load(io.BytesIO(raw), allow_pickle=False)
    return [str(one) for one in array.ravel().tolist()] if array.dtype.kind == "U" else []


def _unpacked(path: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of a file, and of what is packed in it."""
    raw = path.read_bytes()
    yield path.name, raw
    try:
        if raw.startswith(b"\x1f\x8b"):
            yield path.name.removesuffix(".gz"), gzip.decompress(raw)
        elif raw.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(raw)) as archive:
                if sum(one.file_size for one in archive.infolist()) > _UNPACKED_MAX:
                    return
                for one in archive.infolist():
                    yield one.filename, archive.read(one)
    except _DAMAGED:
        return

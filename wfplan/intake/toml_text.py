"""TOML with the line of every key, guarded before it is parsed.

``tomllib`` says the line of a syntax error but forgets it for values, and it
recurses into brackets. So brackets and dots are counted first, and after
parsing a second reading notes on which line each key stands.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from wfplan.intake.book import FaultBook
from wfplan.intake.files import BadFileError, decoded
from wfplan.intake.reading import Folder

BYTES_MAX = 1024**2
DEPTH_MAX = 50

KeyPath = tuple[str | int, ...]

_AT = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'  # long strings, which may end in quotes of their own
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|[\[\]{},=.\n]"
    r"|[^\s\[\]{},=.\"'\#]+",
    re.DOTALL,
)


@dataclass(frozen=True)
class TomlText:
    """A parsed TOML file that knows where its keys stand."""

    file: str
    content: dict[str, Any]
    lines: dict[KeyPath, int]

    def line(self, path: KeyPath) -> int | None:
        """The line of a key, or of the nearest table around it that has one."""
        for end in range(len(path), 0, -1):
            if (found := self.lines.get(path[:end])) is not None:
                return found
        return None


def dotted(path: KeyPath) -> str:
    """``contracts.full_time.break_tiers[0].over_h``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")


def read_toml(folder: Folder, file: str, book: FaultBook) -> TomlText | None:
    """A TOML file of the folder; None, and a fault in the book, when it cannot be parsed."""
    try:
        text = decoded(folder.file(file, BYTES_MAX).content).text
    except BadFileError as bad:
        book.error(bad.reason, file=file, line=bad.line, hint=bad.hint)
        return None
    text = text.replace("\r\n", "\n")
    if (deep := _first_deep_line(text)) is not None:
        book.error(
            f"brackets or dotted keys are nested more than {DEPTH_MAX} deep",
            file=file,
            line=deep,
            hint="a plan needs five levels: look for brackets that are never closed",
        )
        return None
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        _note_syntax(str(error), text, file, book)
        return None
    return TomlText(file, content, _Positions(text).lines)


def _first_deep_line(text: str) -> int | None:
    """The line on which the nesting passes the limit, if it does anywhere."""
    depth, dots, line = 0, 0, 1
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in ("[", "{"):
            depth += 1
        elif token in ("]", "}"):
            depth = max(0, depth - 1)
        elif token == ".":
            dots += 1
        elif token == "\n" or token == "=":
            dots = 0
        if max(depth, dots) > DEPTH_MAX:
            return line
        line += token.count("\n")
    return None


def _note_syntax(message: str, text: str, file: str, book: FaultBook) -> None:
    """A syntax error of TOML in words a planner can act on."""
    match = _AT.search(message)
    line = int(match[1]) if match and match[1] else text.count("\n") + 1
    reason = _AT.sub("", message)
    rows = text.split("\n")
    at = rows[line - 1].strip() if 0 < line <= len(rows) else ""
    key = at.partition("=")[0].strip().strip('"') if "=" in at else ""
    hint = "compare it with the reference plan (configs/plan.toml)"
    if "overwrite" in reason or "twice" in reason or "mutate" in reason:
        # tomllib reports the end of the value, which may lie on the line after it.
        reason, hint = "the key or table is given twice", "keep one of the two"
    elif "Exceeds the limit" in reason or "recursion" in reason:
        reason, hint = "holds a number or a nesting that no plan needs", "correct the value"
    else:
        reason = f"is not TOML here: {reason[:1].lower()}{reason[1:]}"
        if re.search(r"=\s*[A-Za-z]", at) and "nvalid value" in reason:
            hint = "put texts into quotes; true and false are written small"
    book.error(reason, file=file, line=line, column=key, value=at, hint=hint)


class _Positions:
    """Reads a valid TOML text again and notes the line of every key and table."""

    def __init__(self, text: str) -> None:
        self.lines: dict[KeyPath, int] = {}
        self._tokens: list[tuple[str, int]] = []
        line = 1
        for match in _TOKEN.finditer(text):
            if not match[0].startswith("#"):
                self._tokens.append((match[0], line))
            line += match[0].count("\n")
        self._tokens.append(("\n", line))
        self._at = 0
        self._counts: dict[KeyPath, int] = {}
        self._read()

    def _read(self) -> None:
        """Headers and pairs, down to the last token."""
        table: KeyPath = ()
        while self._at < len(self._tokens) - 1:
            token, line = self._tokens[self._at]
            if token == "\n":
                self._at += 1
            elif token == "[":
                table = self._header(line)
            else:
                self._pair(table)

    def _header(self, line: int) -> KeyPath:
        """The table that ``[a.b]`` or the next ``[[a.b]]`` opens."""
        is_array = self._tokens[self._at + 1][0] == "["
        self._at += 2 if is_array else 1
        *above, last = self._key()
        path: KeyPath = ()
        for part in above:
            path = (*path, part)
            if path in self._counts:
                path = (*path, self._counts[path])
        path = (*path, last)
        self._at += 2 if is_array else 1
        if is_array:
            self.lines.setdefault(path, line)
            self._counts[path] = self._counts.get(path, -1) + 1
            path = (*path, self._counts[path])
        self.lines.setdefault(path, line)
        return path

    def _key(self) -> list[str]:
        """The parts of a dotted key; ends on the token behind it."""
        parts = []
        while self._tokens[self._at][0] not in ("=", "]"):
            token = self._tokens[self._at][0]
            if token != ".":
                parts.append(_plain(token))
            self._at += 1
        return parts

    def _pair(self, table: KeyPath) -> None:
        """A key and its value, with every key inside the value."""
        line = self._tokens[self._at][1]
        path = table
        for part in self._key():
            path = (*path, part)
            self.lines.setdefault(path, line)
        self._at += 1
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        """One value; a number with a point is several tokens."""
        token = self._tokens[self._at][0]
        if token == "[":
            self._array(path)
        elif token == "{":
            self._inline(path)
        else:
            while self._tokens[self._at][0] not in (",", "]", "}", "\n"):
                self._at += 1

    def _array(self, path: KeyPath) -> None:
        """The elements of an array."""
        self._at += 1
        index = 0
        while self._tokens[self._at][0] != "]":
            token, line = self._tokens[self._at]
            if token in ("\n", ","):
                self._at += 1
                continue
            self.lines.setdefault((*path, index), line)
            self._value((*path, index))
            index += 1
        self._at += 1

    def _inline(self, path: KeyPath) -> None:
        """The pairs of an inline table."""
        self._at += 1
        while self._tokens[self._at][0] != "}":
            if self._tokens[self._at][0] in ("\n", ","):
                self._at += 1
            else:
                self._pair(path)
        self._at += 1


def _plain(token: str) -> str:
    """A part of a key without its quotes."""
    if token.startswith('"'):
        return str(tomllib.loads(f"k = {token}")["k"])
    return token.strip("'")

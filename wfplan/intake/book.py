"""The book of faults: everything wrong with a plan folder, kept until all of it was read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from wfplan.errors import Fault, InputFaultsError, Severity

PER_KIND = 20
"""Faults of one kind (file, column and code) that are shown one by one."""

_SHOWN = 60
_SPANS = 200  # stretches of lines that are named
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


class BadValueError(Exception):
    """A single value that cannot be read: why, how to go on, and the code."""

    def __init__(self, reason: str, hint: str = "", code: str = "") -> None:
        self.reason, self.hint, self.code = reason, hint, code
        super().__init__(reason)


def has_control(text: str) -> bool:
    """Whether a text holds characters that cannot be seen, or turn the writing round."""
    return bool(_CONTROL.search(text))


def shown(value: object) -> str:
    """A value as messages show it: one line, at most 60 characters, no control characters."""
    text = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", str(value)[: _SHOWN + 1])
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


@dataclass
class FaultBook:
    """
    Collects faults and warnings of all files.

    Of faults of one kind beyond the first twenty only the lines are told, so that
    a column in the wrong format does not bury the others.
    """

    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    _seen: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _hidden: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)

    def tells(self, file: str, column: str, code: str) -> bool:
        """Whether one more fault of a kind would be told by itself, and not only be counted."""
        return self._seen[file, column, code] < PER_KIND

    def error(
        self,
        reason: str,
        *,
        file: str,
        line: int | None = None,
        column: str = "",
        value: object = "",
        hint: str = "",
        code: str = "",
    ) -> None:
        """Note a fault that stops the load."""
        kind = (file, column, code)
        self._seen[kind] += 1
        if self._seen[kind] > PER_KIND:
            self._hidden.setdefault(kind, []).append(line or 0)
            return
        self.faults.append(Fault(reason, file, line, column, shown(value), hint, code))

    def warn(
        self,
        reason: str,
        *,
        file: str,
        line: int | None = None,
        column: str = "",
        value: object = "",
        hint: str = "",
        code: str = "",
    ) -> None:
        """Note something that is only said."""
        self.warnings.append(
            Fault(reason, file, line, column, shown(value), hint, code, Severity.WARNING)
        )

    def bad(
        self,
        bad: BadValueError,
        *,
        file: str,
        line: int,
        column: str = "",
        value: object = "",
    ) -> None:
        """Note a value that could not be read."""
        self.error(
            bad.reason,
            file=file,
            line=line,
            column=column,
            value=value,
            hint=bad.hint,
            code=bad.code,
        )

    def sorted_faults(self) -> tuple[Fault, ...]:
        """All faults by file and line, with one that names the lines of all further ones."""
        more = [
            Fault(
                f"{len(lines)} more rows have a fault of this kind{_on_lines(lines)}",
                file,
                lines[0] or None,
                column,
                hint="they need the same as those before",
                code=code,
            )
            for kind, lines in self._hidden.items()
            for file, column, code in (kind,)
        ]
        return tuple(sorted([*self.faults, *more], key=_place))

    def sorted_warnings(self) -> tuple[Fault, ...]:
        """All warnings by file and line."""
        return tuple(sorted(self.warnings, key=_place))

    def raise_if_any(self) -> None:
        """
        End the load when there is a fault.

        Raises
        ------
        InputFaultsError
            With every fault, sorted by file and line.
        """
        if self.faults:
            raise InputFaultsError(self.sorted_faults())


def _on_lines(lines: Sequence[int]) -> str:
    """``: line 23, line 25 to line 40``, as far as it can be read."""
    spans: list[list[int]] = []
    for line in sorted({line for line in lines if line}):
        if spans and line == spans[-1][1] + 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    said = [f"line {a}" + (f" to line {b}" if b > a else "") for a, b in spans[:_SPANS]]
    more = [f"and so on to line {spans[-1][1]}"] if len(spans) > _SPANS else []
    return f": {', '.join(said + more)}" if said else ""


def _place(fault: Fault) -> tuple[str, int]:
    """Where a fault sorts."""
    return fault.file, fault.line or 0

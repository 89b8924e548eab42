"""The book of faults: everything wrong with a plan folder, kept until all of it was read."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from wfplan.errors import Fault, InputFaultsError, Severity

PER_KIND = 20
"""Faults of one kind (file, column and code) that are shown one by one."""

_SHOWN = 60
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

    Faults of one kind beyond the first twenty are only counted, so that a
    column in the wrong format does not bury the others.
    """

    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    _seen: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _hidden: dict[tuple[str, str, str], int | None] = field(default_factory=dict)

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
            self._hidden.setdefault(kind, line)
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
        """All faults by file and line, with a line for those that were only counted."""
        more = [
            Fault(
                f"{self._seen[kind] - PER_KIND} more rows have a fault of this kind",
                file,
                line,
                column,
                code=code,
            )
            for kind, line in self._hidden.items()
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


def _place(fault: Fault) -> tuple[str, int]:
    """Where a fault sorts."""
    return fault.file, fault.line or 0

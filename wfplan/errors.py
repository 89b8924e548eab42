"""The tree of errors, and the exit code that each one ends a command with.

A message says *what* (name, place, value), *why* it is wrong, *how to go on*
and *how many more*. Faults of input files are collected and raised together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class ExitCode(IntEnum):
    """What a command tells the shell."""

    OK = 0
    BUG = 1
    USAGE = 2
    BAD_INPUT = 3
    INFEASIBLE = 4
    LIMIT_WITH_PLAN = 5
    LIMIT_WITHOUT_PLAN = 6
    TARGETS_MISSED = 7
    EXPORT_REFUSED = 8
    MISSING_EXTRA = 9
    INTERRUPTED = 130


class Severity(StrEnum):
    """Whether a fault stops the load or is only said."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Fault:
    """
    One thing that is wrong with the input.

    ``line`` counts from 1 and includes the header line; ``column`` is a
    column name of a table or a dotted key of a TOML file (``channels.voice.kind``).
    ``value`` is what stood there, shortened; ``hint`` says how to go on.
    """

    reason: str
    file: str = ""
    line: int | None = None
    column: str = ""
    value: str = ""
    hint: str = ""
    code: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """``FILE:LINE: column: reason; hint [CODE]``."""
        place = ":".join(part for part in (self.file, str(self.line or "")) if part)
        text = ": ".join(part for part in (place, self.column, self.reason) if part)
        text += f"; {self.hint}" if self.hint else ""
        return text + (f" [{self.code}]" if self.code else "")

    def as_dict(self) -> dict[str, Any]:
        """The fault as the ``--json`` output gives it."""
        return {**asdict(self), "severity": str(self.severity), "message": str(self)}


class WfplanError(Exception):
    """Any error of ours; ``exit_code`` is what the command line ends with."""

    exit_code = ExitCode.BUG


class UsageError(WfplanError):
    """A command was called in a way that has no meaning."""

    exit_code = ExitCode.USAGE


class OutputError(UsageError):
    """A folder or file that cannot be written there: the disk, its rights, what stands there."""


class InputError(WfplanError):
    """Input that cannot be planned with."""

    exit_code = ExitCode.BAD_INPUT


class InputFaultsError(InputError):
    """All the faults of one load, shown together."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class InfeasibleError(WfplanError):
    """
    Hard rules that no week can keep together; the message says which.

    ``conflicts`` is the same for programs: :class:`wfplan.domain.conflicts.Conflict`
    as plain values.
    """

    exit_code = ExitCode.INFEASIBLE

    def __init__(self, message: str, conflicts: Sequence[Mapping[str, Any]] = ()) -> None:
        self.conflicts = tuple(conflicts)
        super().__init__(message)


class NoPlanError(WfplanError):
    """A limit was reached before there was any plan."""

    exit_code = ExitCode.LIMIT_WITHOUT_PLAN


class TargetsMissedError(WfplanError):
    """Under ``--strict``: the plan stands but misses a target."""

    exit_code = ExitCode.TARGETS_MISSED


class ExportRefusedError(WfplanError):
    """A target system cannot carry what was asked; nothing was written."""

    exit_code = ExitCode.EXPORT_REFUSED


class MissingExtraError(WfplanError):
    """An optional package is not installed; the message has the install line."""

    exit_code = ExitCode.MISSING_EXTRA


class InterruptedPlanError(WfplanError):
    """The planner pressed Ctrl-C; what could be kept was written."""

    exit_code = ExitCode.INTERRUPTED


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``did you mean 'voice'?`` when a known word is close, else an empty text."""
    lowered = {name.casefold(): name for name in known}
    close = get_close_matches(word.casefold(), lowered, n=1, cutoff=0.6)
    return f"did you mean '{lowered[close[0]]}'?" if close else ""


def require(ok: NDArray[np.bool_], fault: str, **arrays: NDArray[Any]) -> None:
    """
    Raise an InputError for the first element that is not ``ok``.

    ``fault`` is a format text over ``{at}`` (the index, like ``[1, 0]``) and
    the names of ``arrays``, which have the shape of ``ok``.
    """
    import numpy as np

    if ok.all():
        return
    first = tuple(int(i) for i in np.argwhere(~ok)[0])  # () for a scalar
    values = {name: array[first] for name, array in arrays.items()}
    at = f"[{', '.join(map(str, first))}]" if first else ""
    count = f" ({(~ok).sum()} of {ok.size} intervals)" if ok.size > 1 else ""
    raise InputError(fault.format(at=at, **values) + count)

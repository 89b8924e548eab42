"""How a command speaks: results on stdout, everything else on stderr, faults as exit codes.

With ``--json`` there is one object on stdout, whatever happens; keys are only
ever added. Names of people appear in neither errors nor progress.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import typer

from wfplan.cli.crashes import print_where
from wfplan.cli.progress import Progress
from wfplan.cli.streams import put, tell
from wfplan.domain.cells import single_line
from wfplan.errors import (
    ExitCode,
    Fault,
    InfeasibleError,
    InputFaultsError,
    InterruptedPlanError,
    WfplanError,
)

CLI_SCHEMA = "wfplan-cli/1"
_SHOWN_MAX = 40


class Talk:
    """What one command says; :meth:`finish` is called once, with its result."""

    def __init__(self, command: str, *, is_json: bool, is_quiet: bool) -> None:
        self.command = command
        self.is_json = is_json
        self.is_quiet = is_quiet
        self.run_id: str | None = None
        self.inputs: Sequence[Mapping[str, str]] = ()
        self.warnings: list[Mapping[str, Any]] = []
        self.progress = Progress(is_quiet=is_quiet)

    def watch(self, stage: str, figures: Mapping[str, float]) -> None:
        """Show how far a stage has come."""
        self.progress.show(stage, figures)

    def say(self, text: str) -> None:
        """Tell the planner something beside the result."""
        if not self.is_quiet:
            self.progress.say(printable(text))

    def warn(self, faults: Sequence[Fault]) -> None:
        """Tell what is doubtful without being wrong."""
        self.warnings += [fault.as_dict() for fault in faults]
        for fault in faults[:_SHOWN_MAX]:
            self.say(f"warning: {fault}")
        if len(faults) > _SHOWN_MAX:
            self.say(f"warning: {len(faults) - _SHOWN_MAX} more; --json gives all")

    def finish(
        self, result: Mapping[str, Any], text: str, *, exit_code: ExitCode = ExitCode.OK
    ) -> None:
        """Print the result and leave with an exit code that is not 0."""
        self.progress.close()
        if self.is_json:
            print_object(self, exit_code, result, ())
        elif text:
            put(printable(text))
        if exit_code:
            raise typer.Exit(exit_code)

    def fail(self, error: WfplanError) -> None:
        """Print an error of ours and leave with its exit code."""
        self.progress.close()
        faults = error.faults if isinstance(error, InputFaultsError) else ()
        if self.is_json:
            errors = [fault.as_dict() for fault in faults] or [Fault(str(error)).as_dict()]
            known = {"conflicts": error.conflicts} if isinstance(error, InfeasibleError) else {}
            print_object(self, error.exit_code, known, errors)
        for line in _error_lines(error, faults):
            tell(printable(line))
        raise typer.Exit(error.exit_code)


def print_object(
    talk: Talk,
    exit_code: ExitCode,
    result: Mapping[str, Any],
    errors: Sequence[Mapping[str, Any]],
) -> None:
    """Print the one object of ``--json``."""
    content = {
        "schema": CLI_SCHEMA,
        "command": talk.command,
        "ok": exit_code == ExitCode.OK,
        "exit_code": int(exit_code),
        "run_id": talk.run_id,
        "inputs": list(talk.inputs),
        "warnings": talk.warnings,
        "errors": list(errors),
        "result": result,
    }
    put(json.dumps(content, allow_nan=False))


def printable(text: str) -> str:
    """Lines of text in which nothing from a file can command the terminal."""
    return "\n".join(single_line(line) for line in text.split("\n"))


@contextmanager
def talking(command: str, *, json: bool, quiet: bool, debug: bool = False) -> Iterator[Talk]:
    """The talk of one command; errors of ours inside the block end it with their exit code."""
    talk = Talk(command, is_json=json, is_quiet=quiet)
    try:
        yield talk
    except WfplanError as error:
        if debug:
            print_where(error)
        talk.fail(error)
    except KeyboardInterrupt:
        talk.fail(InterruptedPlanError("Interrupted before there was a plan; nothing was written."))
    finally:
        talk.progress.close()


def _error_lines(error: WfplanError, faults: Sequence[Fault]) -> list[str]:
    """The error as lines for people: every fault up to a number, then how many more."""
    lines = [str(fault) for fault in faults[:_SHOWN_MAX]] or [str(error)]
    if len(faults) > _SHOWN_MAX:
        lines.append(f"{len(faults) - _SHOWN_MAX} more faults; --json gives all.")
    return lines

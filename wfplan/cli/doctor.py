"""``wfplan doctor``: whether this machine can plan."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from wfplan.cli.options import Debug, Json, Quiet
from wfplan.cli.talk import talking
from wfplan.errors import ExitCode

EXAMPLE = "wfplan doctor"
_FOLDER = typer.Argument(metavar="[DIR]", help="Where plans are to be written.", file_okay=False)


def doctor(
    folder: Annotated[Path, _FOLDER] = Path(),
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Check Python, libraries, time zones, caches, disk, memory and clock.

    Exit code 9 when something that planning needs is missing.
    """
    with talking("doctor", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli.checks import examine

        checks = examine(folder)
        failed = [check for check in checks if check.verdict == "fail"]
        text = "\n".join(check.as_line() for check in checks)
        result = {"checks": [asdict(check) for check in checks]}
        code = ExitCode.MISSING_EXTRA if failed else ExitCode.OK
        talk.finish(result, text, exit_code=code)

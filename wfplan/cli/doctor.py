"""``wfplan doctor``: whether this machine can plan, and whether what is kept is whole."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from wfplan.cli.options import Debug, Json, Quiet, Store
from wfplan.cli.talk import talking
from wfplan.errors import ExitCode

EXAMPLE = "wfplan doctor"
_FOLDER = typer.Argument(
    metavar="[DIR]", help="Where plans are to be written, or a plan that is there.", file_okay=False
)
_VERIFY = typer.Option(
    "--verify", help="Verify the planning store and every run folder of the plan in DIR instead."
)


def doctor(
    folder: Annotated[Path, _FOLDER] = Path(),
    verify: Annotated[bool, _VERIFY] = False,
    store: Store = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Check Python, libraries, time zones, caches, disk, memory and clock.

    Exit code 9 when something that planning needs is missing. With --verify:
    the store's pages, tables, log, published weeks, people and HR's rows against
    their hashes, and the files of every run against its manifest; exit code 3
    when anything is not what was written.
    """
    with talking("doctor", json=json, quiet=quiet, debug=debug) as talk:
        if verify:
            from wfplan.cli.verifying import verified

            checks, wrong = verified(folder, store), ExitCode.BAD_INPUT
        else:
            from wfplan.cli.checks import examine

            checks, wrong = examine(folder), ExitCode.MISSING_EXTRA
        failed = [check for check in checks if check.verdict == "fail"]
        text = "\n".join(check.as_line() for check in checks)
        result = {"checks": [asdict(check) for check in checks]}
        talk.finish(result, text, exit_code=wrong if failed else ExitCode.OK)

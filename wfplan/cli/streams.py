"""
Where a command's words go: stdout for its result, stderr for everything else.

A result that cannot be written is said, because whoever asked goes on with it. A word beside the
result that cannot be written is lost, and the work goes on: a full disk under a log file must not
cost anybody a plan.
"""

from __future__ import annotations

import os
import sys

from wfplan.errors import OutputError


def put(text: str) -> None:
    """
    Print a result.

    Raises
    ------
    OutputError
        When it cannot be written where stdout goes; what is printed after that goes nowhere.
    """
    try:
        print(text, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        silence()
        raise OutputError(
            f"the work was done, but its result could not be written to where the output goes "
            f"({error.strerror or error}). Make room there and run the command again: what is done "
            "already is not done twice."
        ) from error


def tell(text: str) -> None:
    """Print a line beside the result, if that is possible."""
    try:
        print(text, file=sys.stderr, flush=True)
    except BrokenPipeError:
        raise
    except OSError:
        return


def silence() -> None:
    """Let what is printed to stdout go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

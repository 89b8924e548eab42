"""Where a fault happened, for whoever mends it: places in the code, never what it worked on.

Local variables and the texts of errors that are not ours may hold the names of people (a
database repeats the row that it refused, a library the cell that it could not read). So a
traceback has files, lines and the kinds of the errors, and texts of our own errors only.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator

from wfplan.errors import WfplanError


def print_where(error: BaseException) -> None:
    """Print where an error came from, the first cause first, on stderr."""
    print("".join(_lines(error)), end="", file=sys.stderr)


def _lines(error: BaseException) -> Iterator[str]:
    """The traceback as text."""
    for one in _chain(error):
        yield "Traceback (most recent call last):\n"
        yield from traceback.format_tb(one.__traceback__)
        kind = f"{type(one).__module__}.{type(one).__qualname__}"
        said = f": {one}" if isinstance(one, WfplanError) else " (its text is left out)"
        yield f"{kind}{said}\n"


def _chain(error: BaseException) -> list[BaseException]:
    """An error and what led to it, the first cause first."""
    found: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in found:
        found.append(at)
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return found[::-1]

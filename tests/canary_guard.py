"""
A guard over the whole test run: no canary's name in an error, on a terminal or in a temporary file.

Tests use people with names that nobody has. Whichever test is running, an error of ours and
whatever a command says beside its result may not repeat them; temporary files of the run lie in
one folder, which is searched at its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CANARY = re.compile(r"quillfeather|qanary", re.IGNORECASE)


class CanaryError(AssertionError):
    """A name stands where none may stand."""


def require_nobody(*texts: object) -> None:
    """Raise a CanaryError where a text names a canary."""
    for text in texts:
        if isinstance(text, str) and (found := CANARY.search(text)):
            raise CanaryError(f"a message names {found[0]}: {text[:200]!r}")


@contextmanager
def watched() -> Iterator[None]:
    """Errors of ours and the talk of commands are looked at while the block runs."""
    from wfplan.cli import crashes, talk
    from wfplan.errors import WfplanError

    say, init = talk.Talk.say, WfplanError.__init__

    def said(self: Any, text: str) -> None:
        require_nobody(text)
        say(self, text)

    def made(self: Any, *args: object) -> None:
        require_nobody(*args)
        init(self, *args)

    lines = crashes._lines

    def looked_at(error: BaseException) -> Iterator[str]:
        for line in lines(error):
            if not line.startswith("  File"):  # code of a test may hold the name itself
                require_nobody(line)
            yield line

    talk.Talk.say, WfplanError.__init__, crashes._lines = said, made, looked_at  # type: ignore[method-assign]
    try:
        yield
    finally:
        talk.Talk.say, WfplanError.__init__, crashes._lines = say, init, lines  # type: ignore[method-assign]


def named_in(folder: Path) -> list[Path]:
    """Files under a folder that name a canary, by their name or their bytes."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and (CANARY.search(path.name) or CANARY.search(path.read_bytes().decode("latin-1")))
    ]

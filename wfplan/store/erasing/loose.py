"""A person's rows taken out of a plan's own tables, and rows that name her counted."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from wfplan.domain.atomic import write_file
from wfplan.store.erasing.traces import Traces

_WHOSE = ("agent_id", "agent", "employee_id")
_PAGE = "wfplan"  # stands in every page of ours
_NOBODY = "somebody"
_SCOPE, _SCOPE_VALUE = "scope", "scope_value"


def rows_that_name(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a text table by lower-case caption; none of a file that is no such table."""
    found = _table(path)
    if found is None:
        return
    text, delimiter = found
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = [one.strip().casefold() for one in next(rows, [])]
    for row in rows:
        yield dict(zip(header, row, strict=False))


def hers(traces: Traces) -> Callable[[Mapping[str, str]], bool]:
    """Which rows are about a person."""
    return lambda row: _is_hers(row, traces)


def rows_to_remove(path: Path, is_gone: Callable[[Mapping[str, str]], bool]) -> int:
    """How many rows of a text table are to go."""
    return sum(is_gone(row) for row in rows_that_name(path))


def remove_rows(path: Path, is_gone: Callable[[Mapping[str, str]], bool]) -> int:
    """Take rows out of a text table; every other byte of it stays. How many went."""
    found = _table(path)
    if found is None:
        return 0
    text, delimiter = found
    kept, gone, header = [], 0, list[str]()
    for raw, row in _raw_rows(text, delimiter):
        if not header:
            header = [one.strip().casefold() for one in row]
        elif is_gone(dict(zip(header, row, strict=False))):
            gone += 1
            continue
        kept.append(raw)
    if gone:
        write_file(path, _encoded(path, "".join(kept)))
    return gone


def rewrite_page(path: Path, traces: Traces, *, is_dry: bool) -> bool:
    """Have a page that we made elsewhere, such as a comparison, speak of nobody in her place."""
    text = path.read_text(encoding="utf-8", errors="replace")
    is_ours = _PAGE in text and traces.is_plain and traces.is_named_in(text)
    if is_ours and not is_dry:
        write_file(path, traces.without_her(text, _NOBODY).encode())
    return is_ours


def _is_hers(row: Mapping[str, str], traces: Traces) -> bool:
    """Whether a row is about her."""
    if any(traces.is_hers(row.get(name) or "") for name in _WHOSE):
        return True
    kind, known = (row.get("kind") or "").strip(), (row.get("id") or "").strip()
    if kind == "agent" and traces.is_hers(known):
        return True  # of the external-id map
    if kind == "shift" and f"-{traces.agent_id}-" in f"-{known}-":
        return True
    is_of_agent = (row.get(_SCOPE) or "").strip().casefold() == "agent"
    return is_of_agent and traces.is_hers(row.get(_SCOPE_VALUE) or "")


def _raw_rows(text: str, delimiter: str) -> Iterator[tuple[str, list[str]]]:
    """Every row as it stands in the file, and its cells; a row may have line ends in cells."""
    lines = text.splitlines(keepends=True)
    reader = csv.reader(iter(lines), delimiter=delimiter)
    at = 0
    for row in reader:
        yield "".join(lines[at : reader.line_num]), row
        at = reader.line_num


def _table(path: Path) -> tuple[str, str] | None:
    """The text of a table and its delimiter; None of anything else."""
    try:
        text = path.read_bytes().decode(_encoding(path))
    except (OSError, UnicodeDecodeError):
        return None
    if "\0" in text[:4096]:
        return None
    first = text.partition("\n")[0]
    return text, max(",;\t|", key=first.count)


def _encoding(path: Path) -> str:
    """UTF-16 where a byte order mark says so, else UTF-8."""
    with path.open("rb") as file:
        head = file.read(3)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return "utf-8-sig" if head == b"\xef\xbb\xbf" else "utf-8"


def _encoded(path: Path, text: str) -> bytes:
    """Text in the encoding that the file has."""
    return text.encode(_encoding(path))

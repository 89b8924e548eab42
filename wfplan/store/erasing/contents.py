"""
The content of one file with a pseudonym in place of a person.

Tables keep every row, so that coverage and totals stay what they were: her id becomes the
pseudonym and her name and e-mail go. Calendars are the exception: what is in a calendar is her
own life and no total, so that her events go.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from wfplan.domain.cells import BOM
from wfplan.store.erasing.traces import ID_FIELDS, OF_PEOPLE, Traces

_SAID = ("name", "agent_name", "email")
_OF_HERS = ("shift_id", "time_off_id")
_EVENT = re.compile(r"BEGIN:VEVENT\r?\n.*?END:VEVENT\r?\n", re.DOTALL)
_CALENDAR = re.compile(r"agent_(.+)\.ics")
_FOLD = re.compile(r"\r?\n[ \t]")


def rewritten(name: str, raw: bytes, traces: Traces, gone: str) -> bytes:
    """
    A file's bytes without the person.

    Raises
    ------
    ValueError
        When the file is not what its name says.
    """
    suffix = Path(name).suffix
    if suffix == ".gz":
        inner = rewritten(name.removesuffix(".gz"), gzip.decompress(raw), traces, gone)
        return gzip.compress(inner, mtime=0)
    how: Mapping[str, Callable[[bytes, Traces, str], bytes]] = {
        ".csv": _csv, ".json": _json, ".npz": _npz, ".ics": _ics,
    }  # fmt: skip
    return how.get(suffix, _text)(raw, traces, gone)


def _text(raw: bytes, traces: Traces, gone: str) -> bytes:
    """Any other text, such as a report."""
    return traces.without_her(raw.decode(), gone).encode()


def _csv(raw: bytes, traces: Traces, gone: str) -> bytes:
    """A table: rows stay, cells change; delimiter, line ends and byte order mark stay."""
    text = raw.decode("utf-8-sig")
    mark = BOM if raw.startswith(BOM.encode()) else ""
    first, ends, _ = text.partition("\n")
    delimiter = max(",;\t", key=first.count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    header = [one.strip() for one in rows[0]] if rows else []
    buffer = io.StringIO()
    end = "\r\n" if first.endswith("\r") or not ends else "\n"
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=end)
    for row in rows:
        writer.writerow(_row(row, header, traces, gone))
    return (mark + buffer.getvalue()).encode()


def _row(row: list[str], header: list[str], traces: Traces, gone: str) -> list[str]:
    """A row of a table."""
    whose = dict(zip(header, row, strict=False))
    is_hers = traces.is_hers(whose.get("agent_id", ""))
    cells = []
    for at, cell in enumerate(row):
        column = header[at] if at < len(header) else ""
        if is_hers and column in _SAID:
            cells.append("")
        elif traces.is_hers(cell) and (column == "agent_id" or traces.is_telling):
            cells.append(gone)
        elif is_hers and column == "shift_id":
            cells.append(_within(traces.without_her(cell, gone), traces, gone))
        else:
            cells.append(traces.without_her(cell, gone))
    return cells


def _within(shift_id: str, traces: Traces, gone: str) -> str:
    """The id of a shift, which holds the id of whose it is between two dashes."""
    return f"-{shift_id}-".replace(f"-{traces.agent_id}-", f"-{gone}-")[1:-1]


def _json(raw: bytes, traces: Traces, gone: str) -> bytes:
    """A document, indented as it was."""
    text = raw.decode()
    indent = re.match(r"\{\n( +)", text)
    content = _value(json.loads(text), traces, gone)
    made = json.dumps(content, indent=len(indent[1]) if indent else None, ensure_ascii=False)
    return (made + ("\n" if text.endswith("\n") else "")).encode()


def _value(content: Any, traces: Traces, gone: str, key: str = "") -> Any:
    """A value of a document: her id and texts about her replaced, her name and e-mail left out."""
    if isinstance(content, str):
        is_id = traces.is_hers(content) and (key in ID_FIELDS or traces.is_telling)
        return gone if is_id else traces.without_her(content, gone)
    if isinstance(content, list):
        return [_value(one, traces, gone, key) for one in content]
    if not isinstance(content, dict):
        return content
    if traces.is_hers(str(content.get("agent_id", ""))):
        content = {name: one for name, one in content.items() if name not in _SAID}
        content |= {
            name: _within(content[name], traces, gone) for name in _OF_HERS if name in content
        }
    is_telling = traces.is_telling
    return {
        (gone if is_telling and traces.is_hers(name) else name): _value(one, traces, gone, name)
        for name, one in content.items()
    }


def _npz(raw: bytes, traces: Traces, gone: str) -> bytes:
    """Arrays: texts change, numbers stay."""
    with np.load(io.BytesIO(raw), allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    for name, array in arrays.items():
        if array.dtype.kind == "U":
            is_whole = name == OF_PEOPLE or traces.is_telling
            cells = [
                gone if is_whole and traces.is_hers(cell) else traces.without_her(cell, gone)
                for cell in map(str, array.ravel().tolist())
            ]
            arrays[name] = np.array(cells, dtype=np.str_).reshape(array.shape)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def _ics(raw: bytes, traces: Traces, gone: str) -> bytes:
    """A calendar of many without her events."""
    text = raw.decode()

    def kept(event: re.Match[str]) -> str:
        unfolded = _FOLD.sub("", event[0])
        said = [line.partition(":")[2].partition(": ")[0] for line in unfolded.splitlines()]
        is_hers = traces.is_named_in(unfolded) or any(map(traces.is_hers, said))
        return "" if is_hers else event[0]

    return _EVENT.sub(kept, text).encode()


def is_her_own(name: str, traces: Traces) -> bool:
    """Whether a file of an export is about her alone."""
    whose = _CALENDAR.fullmatch(name)
    return whose is not None and (traces.is_hers(whose[1]) or traces.is_named_in(whose[1]))

"""Scenarios that a plan has a name for: ``[scenarios]`` of the plan file, read and added to.

``flu_week = ["volume=+10%", "absent=A017,A022"]``; one change may stand without
brackets. A scenario is added to the text of the file as it stands, so that
comments and order stay; nothing else ever writes into a plan.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from wfplan.domain.atomic import write_file
from wfplan.errors import Fault, InputFaultsError, UsageError
from wfplan.intake.book import FaultBook, shown
from wfplan.intake.models import note
from wfplan.intake.toml_text import TomlText
from wfplan.staffing import faults_of, in_order

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_HEADER = re.compile(r"^[ \t]*\[[ \t]*scenarios[ \t]*\][ \t]*(#[^\n]*)?\r?$", re.MULTILINE)
_NAME_HINT = "use up to 64 letters, digits, '_' and '-', beginning with a letter"


def read_scenarios(
    toml: TomlText, channels: Sequence[str], agents: Collection[str], book: FaultBook
) -> dict[str, tuple[str, ...]]:
    """The changes of every named scenario; faults go into the book."""
    table = toml.content.get("scenarios", {})
    if not isinstance(table, dict):
        note(toml, ("scenarios",), "is not a table", book, hint="write it as [scenarios]")
        return {}
    found = {}
    for name, value in table.items():
        changes = [value] if isinstance(value, str) else value
        path = ("scenarios", name)
        if not _NAME.fullmatch(name):
            note(toml, path, f"'{shown(name)}' is no name for a scenario", book, hint=_NAME_HINT)
        is_list = isinstance(changes, list) and all(isinstance(one, str) for one in changes)
        if not is_list or not changes:
            hint = 'write it as ["volume=+10%", "absent=A017"]'
            note(toml, path, "is not a list of changes", book, hint=hint)
            continue
        for fault in faults_of(changes, channels, agents):
            note(toml, path, fault, book)
        found[name] = in_order(changes)
    return found


def save_scenario(plan: Path, name: str, changes: Sequence[str]) -> Path:
    """
    Add a named scenario to a plan file, whose text stays as it is otherwise.

    The same scenario under the same name is there already: nothing is written.

    Raises
    ------
    UsageError
        When the name is none, or is that of another scenario.
    InputFaultsError
        When the file has no place where a line can be added.
    OutputError
        When the disk refuses; the file is then what it was.
    """
    file = plan / "plan.toml" if plan.is_dir() else plan
    raw = file.read_bytes()
    text = raw.decode("utf-8", errors="surrogateescape")
    before = _parsed(text)
    known = before.get("scenarios", {})
    check_name(name, changes, known)
    if name in known:
        return file
    line = f"{name} = [{', '.join(json.dumps(one, ensure_ascii=False) for one in changes)}]"
    new = _with_line(text, line)
    after = {**before, "scenarios": {**known, name: list(changes)}}
    if _parsed(new) != after:
        reason = "has its scenarios where no line can be added"
        raise InputFaultsError([Fault(reason, str(file), hint=f"write it there yourself: {line}")])
    write_file(file, new.encode("utf-8", errors="surrogateescape"))
    return file


def check_name(name: str, changes: Sequence[str], known: dict[str, object]) -> None:
    """
    Refuse a name that no scenario can have, or that another one has.

    Raises
    ------
    UsageError
        Saying which name is free.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"'{name}' is no name for a scenario: {_NAME_HINT}.")
    held = known.get(name)
    if held is None:
        return
    same = in_order([held] if isinstance(held, str) else list(held))  # type: ignore[call-overload]
    if same != in_order(changes):
        raise UsageError(
            f"The plan has a scenario '{name}' already ({'; '.join(same)}). Give the new one "
            "another name, or edit [scenarios] in plan.toml."
        )


def _parsed(text: str) -> dict[str, Any]:
    """The content of a TOML text; none where it is not TOML."""
    try:
        return tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    except ValueError:
        return {}


def _with_line(text: str, line: str) -> str:
    """The text with a line under ``[scenarios]``, which is added at the end where there is none."""
    end = "\r\n" if "\r\n" in text else "\n"
    header = _HEADER.search(text)
    if header is None:
        gap = "" if text.endswith("\n") or not text else end
        return f"{text}{gap}{end}[scenarios]{end}{line}{end}"
    at = text.find("\n", header.start()) + 1
    return f"{text[:at]}{line}{end}{text[at:]}" if at else f"{text}{end}{line}{end}"

"""
Run folders and exports without a person: each is the old one or the new one, never a mixture.

In each folder she becomes another pseudonym, made by chance and kept nowhere else, so that her
weeks cannot be strung together. What a planner had edited by hand still counts as edited.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wfplan.domain import run_tables
from wfplan.domain.atomic import (
    CHECKPOINT,
    MANIFEST,
    clear_stale,
    is_half_written,
    read_schema,
    replacing_folder,
    write_file,
)
from wfplan.domain.people import Agent
from wfplan.domain.run_tables import SCHEDULE
from wfplan.errors import OutputError
from wfplan.store.arrays import CURVES, read_curves
from wfplan.store.erasing.contents import is_her_own, rewritten
from wfplan.store.erasing.loose import rows_that_name
from wfplan.store.erasing.stand_ins import stand_in_for, stand_in_of_rows
from wfplan.store.erasing.traces import Traces
from wfplan.store.folder import KEPT, REPORT
from wfplan.store.manifest import RUN_SCHEMA, STAND_INS, manifest_bytes

_OURS = "wfplan-"
_OWN_FORMS = ("csv", "json", "ics")  # exports that can be rewritten
_TABLES = frozenset((*(table.file for table in run_tables.ALL), KEPT))
_TEMPORARY = re.compile(r"\.(?P<name>.+)\.(?:partial|old)-[0-9a-f]{16}")


@dataclass(frozen=True)
class Rewritten:
    """What was done to a folder: files with a pseudonym in them, and files that went."""

    folder: Path
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to be done."""
        return not (self.changed or self.removed)


def folders_of_ours(root: Path) -> list[Path]:
    """Run folders and exports under a folder (itself one, too); what killed writers left goes."""
    if not root.is_dir():
        return []
    _sweep(root)
    found = [path.parent for path in root.rglob(MANIFEST) if path.is_file()]
    return sorted(one for one in found if read_schema(one).startswith(_OURS))


def rewrite_folder(
    folder: Path, traces: Traces, *, agent: Agent | None, contract: str, is_dry: bool
) -> Rewritten:
    """
    Put a pseudonym in place of a person in a run folder or an export.

    Parameters
    ----------
    agent
        What the plan says of her, where she is still in it.
    contract
        The contract of her stand-in, where she is not.
    """
    ours = own_files(folder)
    if _is_for_another_system(folder):
        return _without_export(folder, ours, traces, is_dry=is_dry)
    named = [name for name in ours if name != CHECKPOINT and traces.are_in(folder / name)]
    hers = [name for name in ours if is_her_own(name, traces)]
    if not named and not hers:
        return Rewritten(folder)
    is_run = read_schema(folder) == RUN_SCHEMA
    gone = f"gone-{secrets.token_hex(5)}"
    contents = {
        name: rewritten(name, (folder / name).read_bytes(), traces, gone)
        for name in named
        if name not in hers
    }
    hopeless = {name for name, raw in contents.items() if traces.are_in_bytes(name, raw)}
    if not traces.is_plain and REPORT in ours:
        hopeless.add(REPORT)  # a mere number, or a name that others have, stands anywhere in it
    removed = {*hers, *(hopeless - {MANIFEST}), *({CHECKPOINT} & set(ours) if is_run else ())}
    changed = {name: raw for name, raw in contents.items() if name not in removed}
    if not is_dry:
        content = _manifest(folder, changed, removed)
        content = _with_her_scenario(content, traces, gone)
        if is_run:
            content[STAND_INS] = [
                *content.get(STAND_INS, []),
                _stand_in(folder, traces, agent, contract, gone),
            ]
        write_anew(folder, changed, removed, manifest_bytes(_clean(content, traces, gone)))
    told = tuple(sorted({*changed} - {MANIFEST}))
    return Rewritten(folder, told, tuple(sorted(removed)))


def remove_export(folder: Path, *, is_dry: bool) -> Rewritten:
    """
    Take an export away; its manifest goes last, so that interrupted work is found again.

    Raises
    ------
    OutputError
        When the disk refuses.
    """
    names = [name for name in own_files(folder) if name != MANIFEST]
    if not is_dry:
        try:
            for name in (*names, MANIFEST):
                (folder / name).unlink()
            with suppress(OSError):  # something of the user's is in it
                folder.rmdir()
        except OSError as error:
            raise OutputError(
                f"{folder} cannot be taken away: {error.strerror}. Ask for the right to, and run "
                "the command again."
            ) from error
    return Rewritten(folder, (), (*names, MANIFEST))


def rewrite_table(path: Path, traces: Traces, *, is_dry: bool) -> bool:
    """Put a pseudonym in place of a person in a table of ours outside run folders."""
    if not path.is_file() or not traces.are_in(path):
        return False
    if not is_dry:
        gone = f"gone-{secrets.token_hex(5)}"
        write_file(path, rewritten(path.name, path.read_bytes(), traces, gone))
    return True


def leftovers(root: Path, traces: Traces, skipped: frozenset[Path]) -> list[Path]:
    """Files under a folder that name her all the same."""
    files = [path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink()]
    return [path for path in files if path.resolve() not in skipped and traces.are_in(path)]


def require_erased(folder: Path, traces: Traces) -> None:
    """
    Scan what we wrote once more.

    Raises
    ------
    OutputError
        When a file of ours still names her.
    """
    ours = own_files(folder) if (folder / MANIFEST).exists() else ()  # else it was an export
    left = [name for name in ours if traces.are_in(folder / name)]
    if left:
        raise OutputError(
            f"{folder} still names her in {', '.join(left)}: delete these files, or the folder."
        )


def rows_in(folder: Path) -> Iterator[dict[str, str]]:
    """What a folder of ours says of people: the rows of its tables, the agents of a document."""
    for name in own_files(folder):
        if name.endswith(".csv"):
            yield from rows_that_name(folder / name)
        elif name == "schedule.json":
            content = json.loads((folder / name).read_text(encoding="utf-8"))
            yield from ({key: str(text) for key, text in one.items()} for one in content["agents"])


def own_files(folder: Path) -> list[str]:
    """Files of a folder that we wrote."""
    content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    listed = {str(one.get("path", "")) for one in content.get("files", []) if isinstance(one, dict)}
    known = {*content.get("outputs", {}), *listed, *_TABLES, REPORT, CURVES, CHECKPOINT, MANIFEST}
    return sorted(
        path.name
        for path in folder.iterdir()
        if path.is_file() and (path.name in known or is_half_written(path))
    )


def _is_for_another_system(folder: Path) -> bool:
    """Whether a folder is an export in a form that only another system, or a person, reads."""
    content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return str(content.get("export", _OWN_FORMS[0])) not in _OWN_FORMS


def _without_export(
    folder: Path, ours: Sequence[str], traces: Traces, *, is_dry: bool
) -> Rewritten:
    """An export with her in it goes as a whole: it is made again by one command."""
    if any(traces.are_in_export(folder / name) for name in ours):
        return remove_export(folder, is_dry=is_dry)
    return Rewritten(folder)


def _manifest(folder: Path, changed: Mapping[str, bytes], removed: set[str]) -> dict[str, Any]:
    """The manifest with the hashes of the new files."""
    content: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    outputs = content.get("outputs", {})
    for name in removed & set(outputs):
        del outputs[name]
    files = [one for one in content.get("files", []) if one.get("path") not in removed]
    if "files" in content:
        content["files"] = files
    entries = {**outputs, **{one["path"]: one for one in files}}
    for name, raw in changed.items():
        entry = entries.get(name)
        before = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if entry is not None and entry.get("sha256") == before:  # else: it was edited by hand
            entry |= {"bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest()}
    return content


def _with_her_scenario(content: dict[str, Any], traces: Traces, gone: str) -> dict[str, Any]:
    """The manifest, its what-ifs about her (``absent=A017``) about her stand-in."""
    hers = re.compile(rf"(?<=[=,])\s*{re.escape(traces.agent_id)}(?=\s*(?:[,;@]|$))")
    if "scenario" in content:
        content["scenario"] = [hers.sub(gone, str(one)) for one in content["scenario"]]
    return content


def _clean(content: dict[str, Any], traces: Traces, gone: str) -> dict[str, Any]:
    """The manifest without her."""
    raw = json.dumps(content).encode()
    found: dict[str, Any] = json.loads(rewritten(MANIFEST, raw, traces, gone))
    return found


def _stand_in(
    folder: Path, traces: Traces, agent: Agent | None, contract: str, gone: str
) -> dict[str, Any]:
    """Who stands there for her from now on."""
    if agent is not None:
        return stand_in_for(agent, gone).model_dump(mode="json")
    row: dict[str, str] = {}
    if (folder / SCHEDULE.file).is_file():
        text = (folder / SCHEDULE.file).read_text(encoding="utf-8-sig")
        rows = csv.DictReader(io.StringIO(text, newline=""))
        row = next((one for one in rows if traces.is_hers(one.get("agent_id") or "")), {})
    skills = _served(folder, traces.agent_id)
    return stand_in_of_rows(row, contract, skills, gone).model_dump(mode="json")


def _served(folder: Path, agent_id: str) -> Iterator[str]:
    """The channels on which a run counts on a person."""
    content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    names = [one["channel"] for one in (content.get("demand") or {}).get("channels", [])]
    arrays = read_curves(folder) if (folder / CURVES).is_file() else {}
    agents = arrays["share_agents"].tolist() if "share_agents" in arrays else []
    if agent_id not in agents:
        return
    intervals = arrays["staff"].shape[1]
    size = len(names) * intervals
    at = agents.index(agent_id) * size
    places = arrays["share_places"]
    inside = places[(places >= at) & (places < at + size)] - at
    for channel in sorted(set((inside // intervals).tolist())):
        yield names[channel]


def write_anew(
    folder: Path, changed: Mapping[str, bytes], removed: set[str], manifest: bytes
) -> None:
    """The folder anew, in one step; what is not ours is carried over."""
    with replacing_folder(folder, schema=read_schema(folder)) as temporary:
        for path in sorted(folder.iterdir()):
            if path.name in removed or is_half_written(path):
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.copytree(path, temporary / path.name, symlinks=True)
            elif path.name not in changed:
                shutil.copy2(path, temporary / path.name, follow_symlinks=False)
        for name, raw in changed.items():
            (temporary / name).write_bytes(raw)
        (temporary / MANIFEST).write_bytes(manifest)


def _sweep(root: Path) -> None:
    """Finish or remove what killed writers left half-written."""
    for path in sorted(root.rglob(".*")):
        made = _TEMPORARY.fullmatch(path.name)
        if made and path.is_dir():
            clear_stale(path.with_name(made["name"]))
        elif path.is_file() and is_half_written(path):
            path.unlink(missing_ok=True)

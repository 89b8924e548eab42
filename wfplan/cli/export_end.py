"""How an export says what it wrote, and what its target cannot carry."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wfplan.cli import finish
from wfplan.cli.talk import Talk
from wfplan.export import Change, Note, name_of
from wfplan.exporting import Asked, Handed
from wfplan.exporting import export as hand_over

_SHOWN_MAX = 5
_FILES_MAX = 5


def export(talk: Talk, run: Path, out: Path | None, asked: Asked, *, is_dry: bool) -> None:
    """Export a run and say how it went."""
    end = f"{name_of(asked.target)}-pseudonyms" if asked.key else name_of(asked.target)
    folder = out or run.absolute().with_name(f"{run.absolute().name}-{end}")
    handed = hand_over(run, folder, asked, is_dry=is_dry)
    for note in handed.notes:
        talk.say(f"note: {note_in_words(note, handed.written)}")
    names = [str(path) for path in handed.files]
    if is_dry:
        finish.dry_run(talk, names)
        return
    result = {
        "folder": str(folder),
        "files": names,
        "revision": handed.schedule.revision,
        "status": handed.schedule.status,
        "written": handed.written,
        **{str(change): count for change, count in handed.counts.items()},
        "notes": [
            {"text": note.text, "agents": list(note.agent_ids), "shifts": list(note.shift_ids)}
            for note in handed.notes
        ],
    }
    talk.finish(result, "\n".join(_lines(handed, folder, asked)))


def note_in_words(note: Note, written: int) -> str:
    """A note with the people and shifts concerned, the first few of them by id."""
    if note.shift_ids and len(note.shift_ids) == written > _SHOWN_MAX:
        return f"{note.text}; all {written} shifts"
    parts = [note.text]
    for ids, one, many in (
        (note.agent_ids, "person", "people"),
        (note.shift_ids, "shift", "shifts"),
    ):
        if ids:
            parts.append(f"{len(ids)} {one if len(ids) == 1 else many}: {_some(ids)}")
    return "; ".join(parts)


def _lines(handed: Handed, folder: Path, asked: Asked) -> list[str]:
    """What was written, and as what."""
    files, count = handed.files, handed.written
    shown = ", ".join(path.name for path in files) if len(files) <= _FILES_MAX else ""
    word = "file" if len(files) == 1 else "files"
    lines = [f"Wrote {len(files)} {word} to {folder}" + (f": {shown}" if shown else "")]
    shifts = f"{count} shift" if count == 1 else f"{count} shifts"
    of = handed.counts
    kinds = (Change.NEW, Change.CHANGED, Change.CANCELLED)
    changes = ", ".join(f"{of[kind]} {kind}" for kind in kinds)
    if asked.since or of[Change.UNCHANGED]:
        shifts += f" ({changes}; {of[Change.UNCHANGED]} as they were)"
    lines.append(f"{shifts}, revision {handed.schedule.revision}, {handed.schedule.status}.")
    if not asked.is_publishing and handed.schedule.status == "draft":
        lines.append("People have not been told of this draft: wfplan publish makes it theirs.")
    return lines


def _some(ids: Sequence[str]) -> str:
    """The first ids of many."""
    more = len(ids) - _SHOWN_MAX
    return ", ".join(ids[:_SHOWN_MAX]) + (f" and {more} more" if more > 0 else "")

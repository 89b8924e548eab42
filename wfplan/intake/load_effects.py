"""The calibration that a plan names: a file that ``wfplan hr calibrate`` wrote, as it wrote it."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from wfplan.domain.load_effects import CALIBRATION_SCHEMA, LoadEffect, LoadEffects, seal
from wfplan.intake.book import FaultBook
from wfplan.intake.files import BadFileError
from wfplan.intake.models import note
from wfplan.intake.reading import Folder
from wfplan.intake.toml_text import TomlText

_PATH = ("engagement", "calibration")
_BYTES_MAX = 1_000_000
_AGAIN = "fit it again: wfplan hr calibrate ABSENCES --plan PLAN"


def read_load_effects(
    name: object, table: str, toml: TomlText, folder: Folder, book: FaultBook
) -> LoadEffects | None:
    """
    The effects of a calibration; None where the plan names none, or it has a fault.

    ``table`` is the name of the plan's strain table, of which its minutes must be.
    """
    if name is None:
        return None
    if not isinstance(name, str) or not name.endswith(".json"):
        hint = 'write calibration = "calibration-2026-11-26-492bff03.json", a file of hr calibrate'
        note(toml, _PATH, "is not the name of a JSON file", book, value=name, hint=hint)
        return None
    try:
        content: Any = json.loads(folder.file(name, _BYTES_MAX).content)
        return _effects(name, content, table, book)
    except BadFileError as bad:
        note(toml, _PATH, bad.reason, book, value=name, hint=bad.hint or _AGAIN)
    except (ValueError, RecursionError):
        book.error("is not JSON", file=name, hint=_AGAIN)
    return None


def _effects(file: str, content: Any, table: str, book: FaultBook) -> LoadEffects | None:
    """The effects of a parsed file; None, and the fault in the book, where it is none of ours."""
    schema = content.get("schema") if isinstance(content, dict) else None
    if schema != CALIBRATION_SCHEMA:
        what = "is of an older version" if schema else "is not a calibration"
        book.error(f"{what}: its schema is not {CALIBRATION_SCHEMA}", file=file, hint=_AGAIN)
        return None
    if content.get("sha256") != seal(content):
        reason = "was changed after it was written: its content does not fit its sha256"
        book.error(reason, file=file, hint=f"nobody may set an effect by hand; {_AGAIN}")
        return None
    try:
        found = _model(file, content, table)
    except (KeyError, TypeError, ValidationError):
        book.error("lacks what a calibration says", file=file, hint=_AGAIN)
        return None
    if not found.is_fitting:
        book.warn(
            f"its minutes are weighed by the strain table {found.strain_table}, those of the plan "
            f"by {table}: every effect of it is taken as zero",
            file=file,
            hint=_AGAIN,
        )
    return found


def _model(file: str, content: dict[str, Any], table: str) -> LoadEffects:
    """A calibration's content as a plan knows it."""
    keys = ("plan", "verdict", "first_day", "last_day", "spells", "strain_table")
    return LoadEffects(
        file=file,
        **{key: content[key] for key in keys},
        **content["means"],
        is_fitting=content["strain_table"] == table,
        effects=tuple(
            LoadEffect(**{key: one[key] for key in LoadEffect.model_fields})
            for one in content["effects"]
        ),
    )

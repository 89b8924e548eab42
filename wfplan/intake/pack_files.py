"""Law packs that come with wfplan, as their files have them.

A pack is ``ID.toml``; a version that follows it is ``ID@ANY.toml``, with the same id inside and a
``valid_from`` of its own. Without pydantic: ``wfplan rules list`` and ``show`` begin at once.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from wfplan.domain.configs import configs_folder
from wfplan.errors import InputError, did_you_mean


@dataclass(frozen=True)
class PackText:
    """A pack as its file says it; ``rules`` are the tables ``[[rule]]``."""

    id: str
    version: str
    jurisdiction: str
    advice: str
    valid_from: date | None
    valid_to: date | None
    file: str
    rules: tuple[dict[str, Any], ...]


def shipped_packs() -> tuple[str, ...]:
    """Ids of the packs that come with wfplan."""
    return tuple(sorted({path.stem.split("@")[0] for path in _files()}))


def files_of(name: str) -> tuple[Path, ...]:
    """The files of a shipped pack, one for each of its versions."""
    return tuple(path for path in _files() if path.stem.split("@")[0] == name)


def shipped() -> tuple[PackText, ...]:
    """Every version of every pack that comes with wfplan."""
    return tuple(one for name in shipped_packs() for one in versions_of(name))


def versions_of(name: str) -> tuple[PackText, ...]:
    """
    The versions of the pack of an id, or of a file, in order of their dates.

    Raises
    ------
    InputError
        When there is no such pack.
    InputFaultsError
        With every fault of a file that does not come with wfplan.
    """
    files = files_of(name)
    if not files:
        files = (Path(name),)
        if files[0].suffix != ".toml":
            hint = did_you_mean(name, shipped_packs()) or f"There are {', '.join(shipped_packs())}."
            raise InputError(f"There is no law pack '{name}': {hint}")
        from wfplan.intake.packs import require_good

        require_good(files[0])
    found = [_text(path) for path in files]
    return tuple(sorted(found, key=lambda one: one.valid_from or date.min))


def _files() -> list[Path]:
    return sorted((configs_folder() / "rules").glob("*.toml"))


def _text(path: Path) -> PackText:
    content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    return PackText(
        id=content.get("id", ""),
        version=content.get("version", ""),
        jurisdiction=content.get("jurisdiction", ""),
        advice=content.get("advice", ""),
        valid_from=_day(content.get("valid_from")),
        valid_to=_day(content.get("valid_to")),
        file=path.name,
        rules=tuple(content["rule"]),
    )


def _day(value: object) -> date | None:
    """A date of a file, which may have it as text."""
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(str(value))

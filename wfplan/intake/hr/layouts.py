"""
Which captions of an HR system mean which column, and which of its words which value.

Layouts are TOML files under ``configs/hr``; ``common`` is read beside every other one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from wfplan.domain.configs import configs_folder
from wfplan.domain.tables import TABLES
from wfplan.errors import InputError, did_you_mean
from wfplan.intake.hr.asked import EXTRA, hr_tables
from wfplan.intake.naming import same_word

COMMON = "common"
_KEYS = {"id", "version", "meaning", "tables", "left_out", "values"}


@dataclass(frozen=True)
class Layout:
    """Captions in one word: by table and column, in order of preference; and values by column."""

    id: str
    meaning: str
    captions: Mapping[str, Mapping[str, tuple[str, ...]]]
    values: Mapping[str, Mapping[str, str]]
    left_out: frozenset[str]

    def column_of(self, table: str, word: str) -> str:
        """The column that a caption means, or an empty text."""
        columns = self.captions.get(table, {})
        return next((name for name, words in columns.items() if word in words), "")


def shipped() -> tuple[str, ...]:
    """Ids of the layouts that come with wfplan, the common one aside."""
    stems = (path.stem for path in (configs_folder() / "hr").glob("*.toml"))
    return tuple(sorted(stem for stem in stems if stem != COMMON))


def layout_of(name: str) -> Layout:
    """
    A layout by its id, or by the path of a file of one's own.

    Raises
    ------
    InputError
        When there is none of that name, or its file is none.
    """
    if name.endswith(".toml"):
        return _read(Path(name))
    if name not in (*shipped(), COMMON):
        hint = did_you_mean(name, shipped()) or f"there are {', '.join(shipped())}"
        raise InputError(f"--layout {name} is not known; {hint}, or give a .toml file of your own.")
    return _shipped(name)


@cache
def _shipped(name: str) -> Layout:
    return _read(configs_folder() / "hr" / f"{name}.toml")


def _read(path: Path) -> Layout:
    """The layout of a file."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check --layout.") from None
    except ValueError as error:
        raise InputError(f"{path}: is not TOML in UTF-8 ({error}); correct it.") from None
    for key in content:
        if key not in _KEYS:
            raise InputError(
                f"{path}: '{key}' is not a key of a layout; "
                f"{did_you_mean(key, _KEYS) or 'the keys are ' + ', '.join(sorted(_KEYS))}."
            )
    return Layout(
        str(content.get("id", path.stem)),
        str(content.get("meaning", path.stem)),
        {table: _columns(table, _table(path, content, "tables", table), path)
         for table in _table(path, content, "tables")},
        {column: {same_word(str(word)): str(value) for word, value in words.items()}
         for column, words in _table(path, content, "values").items() if isinstance(words, dict)},
        frozenset(map(same_word, _words(_table(path, content, "left_out").get("captions", []),
                                        "left_out.captions", path))),
    )  # fmt: skip


def _table(path: Path, content: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    """A table inside a table; empty where there is none."""
    found: Any = content
    for key in keys:
        found = found.get(key, {})
        if not isinstance(found, dict):
            raise InputError(f"{path}: '{'.'.join(keys)}' is not a table; write [{keys[0]}...].")
    return found  # type: ignore[no-any-return]


def _columns(table: str, columns: Mapping[str, Any], path: Path) -> dict[str, tuple[str, ...]]:
    """The captions of the columns of one table."""
    if table not in hr_tables():
        raise InputError(
            f"{path}: [tables.{table}] is no table of HR; they are {', '.join(hr_tables())}."
        )
    known = (*TABLES[table].names, *EXTRA.get(table, ()))
    for name in columns:
        if name not in known:
            raise InputError(
                f"{path}: '{name}' is not a column of {table}; "
                f"{did_you_mean(name, known) or 'they are ' + ', '.join(known)}."
            )
    return {
        name: tuple(map(same_word, _words(words, f"{table}.{name}", path)))
        for name, words in columns.items()
    }


def _words(words: object, key: str, path: Path) -> tuple[str, ...]:
    """A list of captions."""
    if isinstance(words, list) and all(isinstance(word, str) for word in words):
        return tuple(words)
    raise InputError(f'{path}: {key} is not a list of captions; write ["Employee ID"].')

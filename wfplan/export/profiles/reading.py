"""Mapping profiles as their TOML files say them, every fault told with its key.

``configs/export/generic.toml`` explains the vocabulary and is the reference of it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from pydantic import Field, create_model

from wfplan.domain.base import Model
from wfplan.errors import Fault, InputFaultsError, UsageError, did_you_mean
from wfplan.export.profiles.field_reading import FieldReader, Levels, levels_of, shown
from wfplan.export.profiles.fields import Fields
from wfplan.export.profiles.sources import Kind, Level, Source

ROWS = ("shift", "activity", "day", "person")
FORMATS = ("json", "csv")
CANNOT = ("breaks", "break_times", "activities", "zone", "drafts", "publishing", "changes",
          "cancellations")  # fmt: skip
_KEYS = ("meaning", "system", "format", "row", "file", "chunk", "wrap", "delimiter", "bom",
         "cannot", "notes", "settings", "fields", "changed", "cancelled", "open")  # fmt: skip
_SIDES = ("changed", "cancelled", "open")
_FILE = re.compile(
    r"(?!(?i:manifest)\.json$)[A-Za-z0-9][A-Za-z0-9._-]*(\{agent_id\})?[A-Za-z0-9._-]*\.[A-Za-z0-9]+"
)
_SETTING = re.compile(r"(?!model_)[a-z][a-z0-9_]{0,40}")
_KINDS: Mapping[type, Kind] = {str: Kind.TEXT, int: Kind.NUMBER, bool: Kind.TRUTH}
_BYTES_MAX = 1_000_000


@dataclass(frozen=True)
class Sheet:
    """Records of one kind and the file they go into; ``{agent_id}`` in it: one for each person."""

    file: str
    fields: Fields


@dataclass(frozen=True)
class Profile:
    """A mapping of schedules to the records of a system."""

    name: str
    path: Path
    meaning: str
    system: str
    format: str
    row: str
    main: Sheet
    changed: Sheet | None
    cancelled: Sheet | None
    open: Sheet | None
    chunk: int
    wrap: str
    delimiter: str
    has_bom: bool
    cannot: frozenset[str]
    notes: tuple[str, ...]
    settings: type[Model]
    has_people: bool
    has_shift_ids: bool


def read_profile(path: Path) -> Profile:
    """
    The profile of a file.

    Raises
    ------
    UsageError
        When it cannot be read.
    InputFaultsError
        With every fault of it.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); check --to.") from None
    if len(raw) > _BYTES_MAX:
        raise UsageError(f"{path}: is larger than profiles are; check --to.")
    try:
        content = tomllib.loads(raw.decode("utf-8-sig"))
    except ValueError as error:
        fault = Fault(f"is not TOML in UTF-8 ({error})", file=str(path), hint="correct it")
        raise InputFaultsError([fault]) from None
    return _Reader(path, content).profile()


@dataclass
class _Reader:
    """A file that is read, and its faults so far."""

    path: Path
    content: Mapping[str, Any]
    faults: list[Fault] = field(default_factory=list)

    def profile(self) -> Profile:
        """The profile; every fault is raised together."""
        self._known(self.content, _KEYS, "")
        settings, sources = self._settings()
        row, shape = self._choice("row", ROWS, "shift"), self._choice("format", FORMATS, "json")
        reader = FieldReader(self.fault, self._word("system", self.path.stem), shape, sources)
        main = self._sheet("", reader, levels_of(row), f"{self.path.stem}.{shape}")
        reader.main = main.fields
        used = set(reader.used)
        sides = {
            name: self._sheet(name, reader, levels_of("open" if name == "open" else "shift"))
            if name in self.content else None
            for name in _SIDES
        }  # fmt: skip
        cannot = self._cannot()
        self._require_cancellations(row, cannot, used)
        self._require_own_files([main, *sides.values()])
        profile = Profile(
            name=self.path.stem,
            path=self.path,
            meaning=self._word("meaning", f"the mapping profile {self.path.name}"),
            system=reader.system,
            format=shape,
            row=row,
            main=main,
            chunk=self._chunk(),
            wrap=self._word("wrap", ""),
            delimiter=self._delimiter(),
            has_bom=self._truth("bom"),
            cannot=frozenset(cannot),
            notes=self._notes(),
            settings=settings,
            has_people="agent" not in reader.ids,
            has_shift_ids="shift" in reader.ids,
            **sides,
        )
        if self.faults:
            raise InputFaultsError(self.faults)
        return profile

    def fault(self, key: str, reason: str, hint: str) -> None:
        """Note what is wrong at a key."""
        self.faults.append(Fault(reason, file=str(self.path), column=key, hint=hint))

    def _known(self, table: Mapping[str, Any], keys: Collection[str], at: str) -> None:
        """Note keys that there are not."""
        for key in table:
            if key not in keys:
                hint = did_you_mean(key, keys) or f"the keys are {', '.join(keys)}"
                self.fault(f"{at}{key}", "is no key of a profile", hint)

    def _word(self, key: str, default: str) -> str:
        """A text of the profile."""
        value = self.content.get(key, default)
        if not isinstance(value, str) or (key in self.content and not value.strip()):
            self.fault(key, f"is {shown(value)}, no text", f'write {key} = "..."')
            return default
        return value

    def _choice(self, key: str, choices: Collection[str], default: str) -> str:
        """One of a few words."""
        value = self.content.get(key, default)
        if value not in choices:
            near = did_you_mean(value, choices) if isinstance(value, str) else ""
            hint = near or f"there are {', '.join(choices)}"
            self.fault(key, f"is {shown(value)}, which there is not", hint)
            return default
        return cast("str", value)

    def _truth(self, key: str) -> bool:
        """True or false; false where nothing is said."""
        value = self.content.get(key, False)
        if not isinstance(value, bool):
            self.fault(key, f"is {shown(value)}, neither true nor false", "write true or false")
        return value is True

    def _chunk(self) -> int:
        """How many records a file has at most; 0 for any number."""
        value = self.content.get("chunk", 0)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.fault("chunk", f"is {shown(value)}, no number of records", "write chunk = 500")
            return 0
        return value

    def _delimiter(self) -> str:
        """What parts the cells of a CSV."""
        value = self.content.get("delimiter", ",")
        if value not in (",", ";", "\t", "|"):
            hint = 'write ",", ";", "|" or "\\t"'
            self.fault("delimiter", f"is {shown(value)}, which parts no cells", hint)
            return ","
        return cast("str", value)

    def _cannot(self) -> list[str]:
        """What the system cannot carry."""
        value = self.content.get("cannot", [])
        if not isinstance(value, list):
            self.fault("cannot", f"is {shown(value)}, no list", 'write cannot = ["breaks"]')
            return []
        for word in value:
            if word not in CANNOT:
                near = did_you_mean(word, CANNOT) if isinstance(word, str) else ""
                hint = near or f"there are {', '.join(CANNOT)}"
                self.fault("cannot", f"has {shown(word)}, which there is not", hint)
        return [word for word in value if word in CANNOT]

    def _notes(self) -> tuple[str, ...]:
        """What whoever imports must always know."""
        value = self.content.get("notes", [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.fault("notes", f"is {shown(value)}, no list of texts", 'write notes = ["..."]')
            return ()
        return tuple(value)

    def _settings(self) -> tuple[type[Model], dict[str, Source]]:
        """The model of the settings, and each of them as a source."""
        fields: dict[str, Any] = {}
        sources: dict[str, Source] = {}
        for name, said in self._table(self.content, "settings").items():
            at = f"settings.{name}"
            told = said if isinstance(said, dict) else {"default": said}
            self._known(told, ("default", "meaning"), f"{at}.")
            default = told.get("default", "")
            if not _SETTING.fullmatch(name):
                self.fault(at, "is no name of a setting", "use small letters, digits and _")
            if type(default) not in _KINDS:
                self.fault(at, f"is {shown(default)}", "a default is a text, a whole number or "
                           "true or false")  # fmt: skip
                continue
            value = default if "default" in told else ...
            meaning = str(told.get("meaning", ""))
            fields[name] = type(default), Field(default=value, description=meaning)
            sources[name] = _setting(name, _KINDS[type(default)])
        good = {name: one for name, one in fields.items() if _SETTING.fullmatch(name)}
        return create_model("ProfileSettings", __base__=Model, **good), sources

    def _table(self, table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        """A table in a table; empty where it is missing or none."""
        value = table.get(key, {})
        if not isinstance(value, dict):
            self.fault(key, f"is {shown(value)}, no table", f"write [{key}]")
            return {}
        return value

    def _sheet(self, name: str, reader: FieldReader, levels: Levels, default: str = "") -> Sheet:
        """A file and its fields: the profile's own, or those of one of its side tables."""
        at, table = f"{name}." if name else "", self.content
        if name:
            table = self._table(self.content, name)
            self._known(table, ("file", "fields"), at)
        file = table.get("file", default)
        if not isinstance(file, str) or not _FILE.fullmatch(file):
            hint = 'write a name such as "shifts.json", with {agent_id} for a file each'
            self.fault(f"{at}file", f"is {shown(file)}, no name of a file", hint)
            file = ""
        if "{agent_id}" in file and Level.PERSON not in levels:
            self.fault(f"{at}file", "is one for each person", "open shifts are nobody's")
        fields = self._table(table, "fields")
        if not fields:
            self.fault(f"{at}fields", "has no field", f"write [{at}fields]")
        return Sheet(file, reader.record(f"{at}fields", fields, levels))

    def _require_cancellations(self, row: str, cannot: list[str], used: set[str]) -> None:
        """Note what would lose a cancellation, or contradict itself."""
        is_grouped = row in ("day", "person")
        for side, word in (("changed", "changes"), ("cancelled", "cancellations")):
            if side in self.content and (word in cannot or is_grouped):
                why = (
                    f'cannot has "{word}"' if word in cannot else f'row = "{row}" writes whole days'
                )
                self.fault(side, f"is written, though {why}", "leave one of them out")
        if is_grouped:
            return
        if not used & {"state", "change", "is_cancelled"} and (
            "cancelled" not in self.content and "cancellations" not in cannot
        ):
            self.fault(
                "fields", "makes cancelled shifts look like planned ones",
                'add a field from "state", a table [cancelled], or "cancellations" to cannot',
            )  # fmt: skip
        if "shift_id" not in used and "changed" not in self.content and "changes" not in cannot:
            self.fault(
                "fields", "makes changed shifts look like further ones",
                'add a field from "shift_id", a table [changed], or "changes" to cannot',
            )  # fmt: skip

    def _require_own_files(self, sheets: Iterable[Sheet | None]) -> None:
        """Note a file that two tables would write."""
        names = [sheet.file.casefold() for sheet in sheets if sheet and sheet.file]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.fault("file", f"'{name}' is written twice", "give every table a file of its own")


def _setting(name: str, kind: Kind) -> Source:
    """A setting as a source."""
    choices = ("true", "false") if kind is Kind.TRUTH else ()
    return Source(kind, lambda scope: getattr(scope.order.settings, name), choices)

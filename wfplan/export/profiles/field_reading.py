"""The fields of a mapping profile as its file says them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

from wfplan.domain.external_ids import IdKind
from wfplan.domain.schedule import ActivityCategory
from wfplan.errors import did_you_mean
from wfplan.export.profiles.fields import (
    Fields,
    Make,
    conditional,
    constant,
    external_id,
    listed,
    nested,
    said,
    text,
    values,
)
from wfplan.export.profiles.forms import FORMS, ZONES, Form, form_of
from wfplan.export.profiles.sources import SOURCES, Kind, Level, Source

Levels = tuple[Level, ...]
Noted = Callable[[str, str, str], None]
"""Notes a fault: its key, what is wrong, how to go on."""

FORMS_OF_FIELDS: Mapping[str, tuple[str, ...]] = {
    "from": ("as", "zone", "map", "default"),
    "id": ("as",),
    "text": (),
    "value": (),
    "null": (),
    "each": ("fields", "only"),
    "list": (),
    "fields": (),
    "record": (),
}
"""What makes a field, and the keys that go with it."""
COMMON = ("optional", "when", "unless")
_NESTED = ("each", "list", "fields", "record")
_ENTRIES: Mapping[str, Levels] = {
    "days": (Level.DAY,),
    "shifts": (Level.SHIFT,),
    "activities": (Level.SHIFT, Level.ACTIVITY),
    "breaks": (Level.SHIFT, Level.ACTIVITY),
}
_ROWS: Mapping[str, Levels] = {
    "shift": (Level.SCHEDULE, Level.PERSON, Level.SHIFT),
    "activity": (Level.SCHEDULE, Level.PERSON, Level.SHIFT, Level.ACTIVITY),
    "day": (Level.SCHEDULE, Level.PERSON, Level.DAY),
    "person": (Level.SCHEDULE, Level.PERSON),
    "open": (Level.SCHEDULE, Level.OPEN),
}
_IDS: Mapping[IdKind, tuple[Level, ...]] = {
    IdKind.AGENT: (Level.PERSON,),
    IdKind.GROUP: (Level.PERSON, Level.OPEN),
    IdKind.SITE: (Level.SCHEDULE,),
    IdKind.ACTIVITY: (Level.ACTIVITY,),
    IdKind.SHIFT: (Level.SHIFT, Level.OPEN),
}
_NOTHING = constant(None)
_PART = re.compile(r"\{([a-z_.]+)(?::([^{}]*))?\}")


def levels_of(row: str) -> Levels:
    """What a record of a row speaks of, the widest first."""
    return _ROWS[row]


def shown(value: object) -> str:
    """A value of a file in a message, shortened."""
    word = f"'{value}'" if isinstance(value, str) else str(value)
    return word if len(word) <= 60 else f"{word[:57]}..."


class FieldReader:
    """
    Reads fields, and notes their faults, the sources that they use, and the kinds of their ids.

    ``main`` are the fields that ``record = true`` stands for.
    """

    def __init__(
        self, fault: Noted, system: str, shape: str, settings: Mapping[str, Source]
    ) -> None:
        self.fault, self.system, self.is_csv = fault, system, shape == "csv"
        self.settings = settings
        self.main: Fields | None = None
        self.used: set[str] = set()
        self.ids: set[str] = set()

    def record(self, at: str, table: Mapping[str, Any], levels: Levels) -> Fields:
        """The fields of a record."""
        return [(name, self.field(f"{at}.{name}", spec, levels)) for name, spec in table.items()]

    def field(self, at: str, spec: object, levels: Levels) -> Make:
        """A field: a source by its name, a constant, or a table that says more."""
        if isinstance(spec, str):
            source = self._source(at, spec, levels)
            return said(at, source, form_of(source.kind, "", ""), {}, None) if source else _NOTHING
        if _is_plain(spec):
            return constant(spec)
        if not isinstance(spec, dict):
            hint = "write a source, a number, true or false, or a table such as { from = 'start' }"
            self.fault(at, f"is {shown(spec)}, no field", hint)
            return _NOTHING
        made_by = [form for form in FORMS_OF_FIELDS if form in spec]
        form = "each" if "each" in made_by else (made_by or [""])[0]
        allowed = (form, *FORMS_OF_FIELDS.get(form, ()), *COMMON)
        if not form:
            known = (*FORMS_OF_FIELDS, *COMMON)
            near = [word for word in (did_you_mean(key, known) for key in spec) if word]
            hint = near[0] if near else f"write one of {', '.join(FORMS_OF_FIELDS)}"
            self.fault(at, "does not say what it is made of", hint)
            return _NOTHING
        for key in spec:
            if key not in allowed:
                hint = did_you_mean(key, allowed) or f"with {form} go {', '.join(allowed[1:])}"
                self.fault(f"{at}.{key}", f"does not go with '{form}'", hint)
        if self.is_csv and form in _NESTED:
            self.fault(at, f"has '{form}', but a cell of a CSV holds one value",
                       'write format = "json", or a text')  # fmt: skip
        make: Make = getattr(self, f"_{form}")(at, spec, levels)
        return self._conditional(at, spec, levels, make)

    def _conditional(self, at: str, spec: Mapping[str, Any], levels: Levels, make: Make) -> Make:
        """A field with its conditions."""
        tests = {
            key: self._source(f"{at}.{key}", spec[key], levels)
            for key in ("when", "unless") if key in spec
        }  # fmt: skip
        is_optional = self._truth(at, spec, "optional")
        return conditional(make, tests.get("when"), tests.get("unless"), is_optional=is_optional)

    def _from(self, at: str, spec: Mapping[str, Any], levels: Levels) -> Make:
        """What a source says."""
        source = self._source(f"{at}.from", spec["from"], levels)
        words, other = spec.get("map", {}), spec.get("default")
        if not isinstance(words, dict) or not all(map(_is_plain, words.values())):
            self.fault(f"{at}.map", f"is {shown(words)}", 'write map = { draft = "D" }')
            words = {}
        if "default" in spec and not _is_plain(other):
            self.fault(f"{at}.default", f"is {shown(other)}", "write a text, a number or a truth")
        if source is None:
            return _NOTHING
        if words and source.choices and "default" not in spec:
            for word in source.choices:
                if word and word not in words:
                    self.fault(f"{at}.map", f"has no '{word}'", "add it, or a default")
        for word in words:
            if source.choices and word not in source.choices:
                hint = did_you_mean(word, source.choices) or f"{', '.join(source.choices)} are"
                self.fault(f"{at}.map.{word}", "is no word of this source", hint)
        return said(at, source, self._form(at, spec, source), words, other)

    def _id(self, at: str, spec: Mapping[str, Any], levels: Levels) -> Make:
        """The id of something in the system."""
        asked = spec["id"] if isinstance(spec["id"], list) else [spec["id"]]
        kinds = []
        for word in asked:
            if word not in (known := [str(kind) for kind in _IDS]):
                near = did_you_mean(word, known) if isinstance(word, str) else ""
                hint = near or f"there are {', '.join(known)}"
                self.fault(f"{at}.id", f"is {shown(word)}, which has no ids", hint)
            elif not set(_IDS[IdKind(word)]) & set(levels):
                self.fault(f"{at}.id", f"is '{word}', and there is none here", "leave it out")
            else:
                kinds.append(IdKind(word))
        how = spec.get("as", "text")
        if how not in ("text", "number"):
            self.fault(f"{at}.as", f"is {shown(how)}, no form of an id", "write text or number")
        if not kinds:
            return _NOTHING
        self.ids |= {str(kind) for kind in kinds}
        return external_id(
            self.system,
            kinds,
            is_number=how == "number",
            is_optional=spec.get("optional") is True,
        )

    def _text(self, at: str, spec: Mapping[str, Any], levels: Levels) -> Make:
        """A text with sources in braces."""
        pattern = spec["text"]
        if not isinstance(pattern, str):
            self.fault(f"{at}.text", f"is {shown(pattern)}, no text", 'write text = "{shift_id}"')
            return _NOTHING
        parts: list[str | Make] = []
        end = 0
        for found in _PART.finditer(pattern):
            parts.append(pattern[end : found.start()])
            source = self._source(f"{at}.text", found[1], levels)
            if source is not None:
                form = self._form(f"{at}.text", {"as": found[2] or ""}, source)
                parts.append(said(at, source, form, {}, None))
            end = found.end()
        return text([*parts, pattern[end:]])

    def _value(self, at: str, spec: Mapping[str, Any], levels: Levels) -> Make:
        """A constant."""
        if not _is_plain(spec["value"]):
            self.fault(f"{at}.value", f"is {shown(spec['value'])}",
                       "write a text, a number or a truth")  # fmt: skip
        return constant(spec["value"])

    def _null(self, at: str, spec: Mapping[str, Any], levels: Levels) -> Make:
        """Nothing."""
        if spec["null"] is not True:
            self.fault(f"{at}.null", f"is {shown(spec['null'])}", "write null = true")
        return _NOTHING

    def _each(self, at: str, spec: Mapping[str, Any], levels: Levels) -> Make:
        """A list of records."""
        of, only = spec["each"], spec.get("only", [])
        entries = [name for name in _ENTRIES if self._has_entries(name, levels)]
        if of not in entries:
            near = did_you_mean(of, entries) if isinstance(of, str) else ""
            hint = near or f"there are {', '.join(entries) or 'no lists in it'}"
            self.fault(f"{at}.each", f"is {shown(of)}, of which there are none here", hint)
            return _NOTHING
        known = list(map(str, ActivityCategory))
        bad = [word for word in only if word not in known] if isinstance(only, list) else [only]
        if bad or (only and Level.ACTIVITY not in _ENTRIES[of]):
            near = did_you_mean(str(bad[0]), known) if bad else ""
            hint = near or f"it chooses activities of {', '.join(known)}"
            self.fault(f"{at}.only", f"is {shown(only)}", hint)
            only = []
        inner = (*levels, *(one for one in _ENTRIES[of] if one not in levels))
        fields = self._fields_of(at, spec, inner)
        return listed(of, [ActivityCategory(word) for word in only], fields)

    def _has_entries(self, of: str, levels: Levels) -> bool:
        """Whether a list of these can be in a record."""
        if Level.PERSON not in levels or Level.ACTIVITY in levels:
            return False
        is_wide = Level.SHIFT not in levels
        return of in ("activities", "breaks") or (
            is_wide and (of == "shifts" or Level.DAY not in levels)
        )

    def _list(self, at: str, spec: Mapping[str, Any], levels: Levels) -> Make:
        """A list of values."""
        if not isinstance(spec["list"], list):
            hint = 'write list = [{ id = "agent" }]'
            self.fault(f"{at}.list", f"is {shown(spec['list'])}, no list", hint)
            return _NOTHING
        return values(
            [self.field(f"{at}.list[{n}]", one, levels) for n, one in enumerate(spec["list"])]
        )

    def _fields(self, at: str, spec: Mapping[str, Any], levels: Levels) -> Make:
        """A record inside a record."""
        return nested(self._fields_of(at, spec, levels))

    def _fields_of(self, at: str, spec: Mapping[str, Any], levels: Levels) -> Fields:
        """The fields inside a field."""
        table = spec.get("fields")
        if not isinstance(table, dict) or not table:
            self.fault(f"{at}.fields", "is no table of fields", 'write fields = { at = "start" }')
            return []
        return self.record(f"{at}.fields", table, levels)

    def _record(self, at: str, spec: Mapping[str, Any], levels: Levels) -> Make:
        """The record of a new shift inside that of a changed one."""
        if spec["record"] is not True or self.main is None or Level.SHIFT not in levels:
            self.fault(
                f"{at}.record", "is for [changed] and [cancelled]", "write record = true there"
            )
            return _NOTHING
        return nested(self.main)

    def _source(self, at: str, name: object, levels: Levels) -> Source | None:
        """A source by its name; None, and a fault, where there is none here."""
        found: Source | None = None
        here = self._here(levels)
        if isinstance(name, str):
            found = here.get(name)
        if found is None:
            near = did_you_mean(str(name), here)
            names = sorted(one for one in here if "." not in one or one.startswith("setting."))
            hint = near or f"the sources here are {', '.join(names)}"
            self.fault(at, f"is {shown(name)}, no source here", hint)
            return None
        self.used.add(str(name).rpartition(".")[2])
        return found

    def _here(self, levels: Levels) -> dict[str, Source]:
        """The sources of some levels by name, the narrowest first, and by level and name."""
        here = {f"setting.{name}": source for name, source in self.settings.items()}
        for level in levels:
            own = SOURCES[level]
            here |= {f"{level}.{name}": source for name, source in own.items()}
            here |= own
        return here

    def _form(self, at: str, spec: Mapping[str, Any], source: Source) -> Form:
        """How a source is written."""
        how, zone = spec.get("as", ""), spec.get("zone", "")
        if zone and source.kind is not Kind.INSTANT:
            self.fault(f"{at}.zone", "is for instants", "leave it out")
        elif not _is_zone(zone):
            near = did_you_mean(str(zone), ZONES)
            hint = near or f"write {', '.join(ZONES)}, or a zone such as Europe/Dublin"
            self.fault(f"{at}.zone", f"is {shown(zone)}, no zone", hint)
            zone = ""
        try:
            return form_of(source.kind, str(how), str(zone))
        except ValueError as error:
            near = did_you_mean(str(how), FORMS[source.kind])
            hint = near or "correct it, or leave it out"
            self.fault(f"{at}.as", f"is {shown(how)}, which {error}", hint)
            return form_of(source.kind, "", "")

    def _truth(self, at: str, spec: Mapping[str, Any], key: str) -> bool:
        """True or false; false where nothing is said."""
        value = spec.get(key, False)
        if not isinstance(value, bool):
            self.fault(f"{at}.{key}", f"is {shown(value)}", "write true or false")
        return value is True


def _is_plain(value: object) -> bool:
    """Whether a value can stand in a cell."""
    return isinstance(value, str | int) or (isinstance(value, float) and isfinite(value))


def _is_zone(zone: object) -> bool:
    """Whether a zone has a name that there is."""
    if not isinstance(zone, str):
        return False
    if zone in ("", *ZONES):
        return True
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return False
    return True

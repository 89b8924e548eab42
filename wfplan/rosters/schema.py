"""
A document against its JSON Schema, with every fault and its path.

Of JSON Schema (2020-12) the words that wfplan's own schemas use; a schema with another word is
a fault of wfplan, not of the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from wfplan.errors import did_you_mean
from wfplan.intake.book import shown

Schema = Mapping[str, Any]
Fault = tuple[str, str, str]
"""Path, reason and hint."""

WORDS = frozenset({
    "$schema", "$id", "$defs", "$ref", "$comment", "title", "description", "examples", "default",
    "type", "const", "enum", "pattern", "format", "minimum", "maximum", "minLength", "maxLength",
    "minItems", "maxItems", "items", "properties", "required", "additionalProperties",
})  # fmt: skip
_KINDS: Mapping[str, tuple[type | tuple[type, ...], str]] = {
    "object": (dict, "an object"), "array": (list, "a list"), "string": (str, "a text"),
    "boolean": (bool, "true or false"), "integer": (int, "a whole number"),
    "number": ((int, float), "a number"), "null": (type(None), "null"),
}  # fmt: skip


def faults_of(value: Any, schema: Schema, root: Schema, path: str = "") -> Iterator[Fault]:
    """What is wrong with a value and everything in it."""
    if "$ref" in schema:
        yield from faults_of(value, _defined(schema["$ref"], root), root, path)
        return
    kinds = schema.get("type", ())
    allowed = [kinds] if isinstance(kinds, str) else list(kinds)
    if allowed and not any(_is(value, kind) for kind in allowed):
        words = " or ".join(_KINDS[kind][1] for kind in allowed)
        yield path, f"is not {words}", "export it again"
        return
    yield from _own_faults(value, schema, path)
    if isinstance(value, dict):
        yield from _object_faults(value, schema, root, path)
    elif isinstance(value, list) and "items" in schema:
        for i, item in enumerate(value):
            yield from faults_of(item, schema["items"], root, f"{path}[{i}]")


def _is(value: Any, kind: str) -> bool:
    """Whether a value is of a kind; true and false are no numbers."""
    if isinstance(value, bool) and kind in ("integer", "number"):
        return False
    return isinstance(value, _KINDS[kind][0])


def _own_faults(value: Any, schema: Schema, path: str) -> Iterator[Fault]:
    """What is wrong with a value itself."""
    if "const" in schema and value != schema["const"]:
        yield path, f"is '{shown(value)}'", f"it must be {schema['const']}"
    if "enum" in schema and value not in schema["enum"]:
        known = [str(one) for one in schema["enum"]]
        near = did_you_mean(str(value)[:80], known) or f"use {', '.join(known)}"
        yield path, f"'{shown(value)}' is not known here", near
    if isinstance(value, str):
        if "pattern" in schema and not re.search(schema["pattern"], value):
            yield path, "has another form (it is not repeated here)", f"as {schema['pattern']}"
        yield from _size_faults(len(value), "minLength", "maxLength", "letters", schema, path)
    if isinstance(value, list):
        yield from _size_faults(len(value), "minItems", "maxItems", "items", schema, path)
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield from _size_faults(value, "minimum", "maximum", "", schema, path)


def _size_faults(
    size: float, low: str, high: str, unit: str, schema: Schema, path: str
) -> Iterator[Fault]:
    """A size that is out of range."""
    least, most = schema.get(low), schema.get(high)
    word = f" {unit}" if unit else ""
    if least is not None and size < least:
        yield path, f"{size}{word} are too few", f"at least {least}"
    if most is not None and size > most:
        yield path, f"{size}{word} are too many", f"at most {most}"


def _object_faults(
    value: dict[str, Any], schema: Schema, root: Schema, path: str
) -> Iterator[Fault]:
    """What an object lacks, and what is wrong with what it has."""
    known: Schema = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    for name in schema.get("required", ()):
        if name not in value:
            yield _inside(path, name), "is missing", "add it"
    for name, item in value.items():
        if name in known or isinstance(others, dict):
            yield from faults_of(item, known.get(name, others), root, _inside(path, name))
        elif others is False:
            near = did_you_mean(name[:80], known) or f"the fields are {', '.join(known)}"
            yield _inside(path, shown(name)), "is not known", near


def _inside(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _defined(reference: str, root: Schema) -> Schema:
    """A definition of the schema itself."""
    found: Any = root
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    assert isinstance(found, dict)
    return found

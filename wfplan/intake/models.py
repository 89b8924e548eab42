"""Tables of a TOML file as domain models, with every refusal in words and with its line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, time
from math import isfinite
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from wfplan.domain.contracts import Break, BreakTier, SplitDay
from wfplan.errors import did_you_mean
from wfplan.intake.book import FaultBook, has_control, shown
from wfplan.intake.toml_text import KeyPath, TomlText, dotted

M = TypeVar("M", bound=BaseModel)

NUMBER_MAX = 1e9

_INSIDE: Mapping[str, type[BaseModel]] = {
    "break_tiers": BreakTier,
    "breaks": Break,
    "splits": SplitDay,
}
_TYPES = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "string_type": "a text in quotes",
    "bool_type": "true or false",
    "tuple_type": "a list in square brackets",
    "list_type": "a list in square brackets",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
}
_BOUNDS = {
    "greater_than": ("gt", "above"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "below"),
    "less_than_equal": ("le", "at most"),
}
_WORDS = {"patience_s": "fit", "reserve": "plan"}  # what may stand in place of a number
_SHARES = ("promise", "occupancy_max", "tail", "balance")


def model_of(
    model: type[M], data: object, toml: TomlText, path: KeyPath, book: FaultBook
) -> M | None:
    """
    The model of a table, or None with its faults in the book.

    Types are strict: ``"20"`` is a text, not a number. Keys that the table
    does not have take the model's defaults.
    """
    if not isinstance(data, dict):
        note(toml, path, "is not a table", book, value=data, hint=f"write it as [{dotted(path)}]")
        return None
    unfit = list(_unfit_values(data, ()))
    for inner, reason in unfit:
        is_date = reason.startswith("is a date")
        hint = 'write it in quotes: "2026-12-31"' if is_date else "correct the value"
        note(toml, (*path, *inner), reason, book, hint=hint)
    if unfit:
        return None
    try:
        return model.model_validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        seen: set[KeyPath] = set()
        for detail in error.errors(include_url=False):
            if detail["type"] == "default_factory_not_called":
                continue  # follows from another fault of the table
            inner = _existing(detail["loc"], data, detail["type"])
            if inner not in seen:
                seen.add(inner)
                _note_detail(detail, inner, model, data, toml, path, book)
        return None


def note(
    toml: TomlText,
    path: KeyPath,
    reason: str,
    book: FaultBook,
    *,
    value: object = "",
    hint: str = "",
    code: str = "",
) -> None:
    """A fault at a key of a TOML file."""
    book.error(
        reason,
        file=toml.file,
        line=toml.line(path),
        column=dotted(path),
        value=value,
        hint=hint,
        code=code,
    )


def _unfit_values(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """Paths of values that no key of a plan can have, whatever its type, and why."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _unfit_values(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _unfit_values(inner, (*path, index))
    elif isinstance(value, float) and not isfinite(value):
        yield path, "is not a finite number"
    elif isinstance(value, int | float) and abs(value) > NUMBER_MAX:
        yield path, f"is beyond {NUMBER_MAX:g}, which no plan needs"
    elif isinstance(value, str) and has_control(value):
        yield path, "holds control characters"
    elif isinstance(value, date | time):
        yield path, "is a date or a time without quotes"


def _existing(loc: KeyPath, data: Any, kind: str) -> KeyPath:
    """The part of an error's place that is in the data; the rest names branches of a union."""
    at = data
    for depth, part in enumerate(loc):
        is_there = (isinstance(at, dict) and part in at) or (
            isinstance(at, list) and isinstance(part, int) and part < len(at)
        )
        if not is_there:
            return loc if kind == "missing" else loc[:depth]
        at = at[part]
    return loc


def _note_detail(
    detail: ErrorDetails,
    inner: KeyPath,
    model: type[BaseModel],
    data: Any,
    toml: TomlText,
    path: KeyPath,
    book: FaultBook,
) -> None:
    """One refusal of a model as a fault."""
    value = data
    for part in inner:
        value = value[part] if not isinstance(value, dict) or part in value else ""
    key = str(inner[-1]) if inner else ""
    reason, hint = _words(detail, key, value, _model_at(model, inner))
    scalar = "" if isinstance(value, dict | list) else value
    note(toml, (*path, *inner), reason, book, value=scalar, hint=hint)


def _words(detail: ErrorDetails, key: str, value: Any, model: type[BaseModel]) -> tuple[str, str]:
    """Reason and hint of a refusal."""
    kind, context = detail["type"], detail.get("ctx") or {}
    if detail["loc"][:1] == ("open",) and kind not in ("missing", "value_error", "too_short"):
        return "is not a list of opening hours", 'write open = ["mon-fri 08:00-18:00"]'
    if kind == "missing":
        return "the key is missing", "add it; configs/plan.toml explains it"
    if kind == "extra_forbidden":
        known = ", ".join(name for name in model.model_fields if name != "name")
        return "the key is not known", did_you_mean(key, model.model_fields) or f"known: {known}"
    if kind in _TYPES:
        word = f", or '{_WORDS[key]}'" if key in _WORDS else ""
        return f"{_quoted(value)} is not {_TYPES[kind]}{word}", _type_hint(value)
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return f"{value} is not {words} {context[name]:g}", _unit_hint(key, value)
    if kind in ("enum", "literal_error"):
        expected = str(context.get("expected", ""))
        choices = [word.strip("'") for word in expected.replace(" or ", ", ").split(", ")]
        hint = did_you_mean(str(value), choices) or f"write {expected}"
        return f"{_quoted(value)} is not {expected}", hint
    if kind == "string_pattern_mismatch":
        return _pattern_words(value, str(context.get("pattern", "")).strip("^$"))
    if kind.startswith("date_"):
        return f"{_quoted(value)} is not a date", 'write it in quotes: "2026-12-31"'
    if kind in ("too_short", "string_too_short"):
        return "is empty", "fill it in"
    return detail["msg"].removeprefix("Value error, "), ""


def _quoted(value: object) -> str:
    """A value as TOML would have it."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{shown(value)}'" if isinstance(value, str) else shown(value)


def _type_hint(value: object) -> str:
    """How to write a value of the wrong type."""
    if not isinstance(value, str):
        return ""
    plain = value.replace(",", ".").strip()
    try:
        return f"write {float(plain):g} without quotes"
    except ValueError:
        return ""


def _unit_hint(key: str, value: float) -> str:
    """A guess at the unit of a number out of bounds."""
    is_share = key.endswith(("_share", "_share_max", "share_of_contacts")) or key in _SHARES
    if is_share and 1 < value <= 100:
        return f"did you mean {value / 100:g}?"
    if is_share and value == 1:
        return "a promise of 1 can never be kept: write 0.99 at most"
    if key.endswith("_s") and value > 1000:
        return f"did you give milliseconds ({value / 1000:g} s)?"
    if key.endswith("_min") and value > 1000:
        return f"did you give seconds ({value / 60:g} min)?"
    return ""


def _pattern_words(value: object, pattern: str) -> tuple[str, str]:
    """Reason and hint where a text is not what a pattern asks for."""
    if not pattern.startswith("("):
        begin = "use up to 32 letters, digits, '_' and '-', beginning with a letter"
        is_any = pattern == "[A-Za-z0-9]"
        hint = "use at least one letter or digit" if is_any else begin
        return f"{_quoted(value)} has a shape that is not allowed", hint
    words = pattern.removesuffix("?").strip("()").split("|")
    choices = " or ".join(f'"{word}"' for word in words)
    hint = did_you_mean(str(value), words) or f"write {choices}"
    return f"{_quoted(value)} is not {choices}", hint


def _model_at(model: type[BaseModel], path: KeyPath) -> type[BaseModel]:
    """The model of the table in which a key stands."""
    for part in path[:-1]:
        model = _INSIDE.get(str(part), model)
    return model

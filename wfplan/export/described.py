"""Targets in words: what each takes, and the settings of its table in ``export.toml``."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from wfplan.export.registry import name_of, target_names, target_of

_INDENT = "  "


def targets_text(name: str = "", width: int = 100) -> str:
    """All targets a line each, or one with its settings."""
    if not name:
        label = max(map(len, target_names())) + 2
        return "\n".join(
            textwrap.fill(target_of(one).meaning, width, initial_indent=f"{one:<{label}}",
                          subsequent_indent=" " * label)
            for one in target_names()
        )  # fmt: skip
    target = target_of(name)
    lines = [f"{name_of(name)}: {target.meaning}"]
    if target.profile is not None:
        lines += [f"Its mapping profile, to be copied for one of your own: {target.profile}"]
    fields = target.settings.model_fields
    if not fields:
        return "\n".join([*lines, "It has no settings."])
    lines += [f"Settings, in the table [{name_of(name)}] of export.toml beside the plan:"]
    for key, field in fields.items():
        lines.append(f"{_INDENT}{key}{_written(field)}")
        lines += textwrap.wrap(
            field.description or "",
            width,
            initial_indent=_INDENT * 3,
            subsequent_indent=_INDENT * 3,
        )
    return "\n".join(lines)


def targets_dict(name: str = "") -> Mapping[str, Any]:
    """The same as plain values."""
    return {
        one: {
            "meaning": target_of(one).meaning,
            "settings": {
                key: {
                    "default": None if field.is_required() else _plain(_default(field)),
                    "required": field.is_required(),
                    "meaning": field.description or "",
                }
                for key, field in target_of(one).settings.model_fields.items()
            },
        }
        for one in ((name,) if name else target_names())
    }


def _default(field: FieldInfo) -> Any:
    """What a setting is when nobody says it."""
    found = field.get_default(call_default_factory=True)
    return None if found is PydanticUndefined else found


def _written(field: FieldInfo) -> str:
    """The default as TOML would have it, where there is one."""
    if field.is_required():
        return " (must be said)"
    value = _plain(_default(field))
    return "" if value is None else f" = {json.dumps(value)}"


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    match value:
        case Path() | date():
            return str(value)
        case tuple() | list():
            return [_plain(one) for one in value]
        case dict():
            return {str(key): _plain(one) for key, one in value.items()}
    return value

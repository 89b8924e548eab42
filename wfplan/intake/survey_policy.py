"""A policy file: what the customer decided that survey scores change, a plain table of rules."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from wfplan.domain.base import Model
from wfplan.domain.loosening import BadPolicyError, Change
from wfplan.domain.surveys import Policy, PolicyRule
from wfplan.errors import did_you_mean
from wfplan.intake.book import FaultBook, shown
from wfplan.intake.models import model_of, note
from wfplan.intake.reading import Folder
from wfplan.intake.toml_text import KeyPath, TomlText, read_toml

SCOPES = ("all", "site", "team", "contract_type", "skill")


class _Head(Model):
    """What a policy says of itself."""

    id: str = Field(min_length=1, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
    version: str = Field(min_length=1)
    decided_by: str = Field(min_length=1)
    strength: str = Field(default="soft", pattern="^(hard|soft)$")
    weight: float = Field(default=5.0, ge=0, le=10)
    sensitive: tuple[str, ...] = ()


def read_policy(name: object, toml: TomlText, folder: Folder, book: FaultBook) -> Policy | None:
    """The policy of a file that the plan names; None where it names none, or it has a fault."""
    if name is None:
        return None
    path = ("rules", "survey_policy")
    if not isinstance(name, str) or not name.endswith(".toml"):
        hint = 'write survey_policy = "survey-policy.toml"'
        note(toml, path, "is not the name of a TOML file", book, value=name, hint=hint)
        return None
    text = read_toml(folder, name, book)
    return None if text is None else _policy(text, book)


def _policy(toml: TomlText, book: FaultBook) -> Policy | None:
    """The policy of a parsed file."""
    rows: Any = toml.content.get("rule", [])
    given = {key: value for key, value in toml.content.items() if key != "rule"}
    head = model_of(_Head, given, toml, (), book)
    if not isinstance(rows, list) or not rows:
        note(toml, ("rule",), "the policy has no rules", book, hint="write them as [[rule]]")
        return None
    rules = [_rule(row, ("rule", index), toml, book) for index, row in enumerate(rows)]
    good = tuple(rule for rule in rules if rule is not None)
    if head is None or len(good) < len(rows):
        return None
    return Policy(**head.model_dump(), rules=good, file=toml.file)


def _rule(row: Any, path: KeyPath, toml: TomlText, book: FaultBook) -> PolicyRule | None:
    """A rule of a policy that only loosens work."""
    rule = model_of(PolicyRule, row, toml, path, book)
    if rule is None:
        return None
    before = len(book.faults)
    if rule.at_least is None and rule.at_most is None:
        hint = "write at_least = 55 where a high score is bad, at_most where a low one is"
        note(toml, (*path, "at_least"), "the key is missing", book, hint=hint)
    if "." not in rule.scale:
        reason = f"'{shown(rule.scale)}' is no instrument and scale"
        note(toml, (*path, "scale"), reason, book, hint="write it like cbi.work_burnout")
    if rule.group_type not in SCOPES:
        hint = did_you_mean(rule.group_type, SCOPES) or f"write {', '.join(SCOPES)}"
        reason = f"'{shown(rule.group_type)}' is no group that the plan has"
        note(toml, (*path, "group_type"), reason, book, hint=hint, code="HR106")
    try:
        Change.of(rule.rule, rule.change)
    except BadPolicyError as bad:
        key = "rule" if "may not change" in bad.reason else "change"
        note(toml, (*path, key), bad.reason, book, hint=bad.hint, code="HR109")
    return rule if len(book.faults) == before else None

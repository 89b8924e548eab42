"""Law packs and the plan's own rule values.

A pack is named by its id (``eu``: one of those that come with wfplan) or by a
path that ends in ``.toml``, relative to the plan file.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from pydantic import Field, model_validator

from wfplan.domain.base import Model
from wfplan.domain.configs import configs_folder
from wfplan.domain.problem import RulePack, RuleParameters, RuleSetting
from wfplan.errors import InputError, did_you_mean
from wfplan.intake.book import FaultBook, shown
from wfplan.intake.models import model_of, note
from wfplan.intake.pack_files import files_of, shipped_packs
from wfplan.intake.pack_versions import joined, overlap
from wfplan.intake.reading import Folder
from wfplan.intake.toml_text import KeyPath, TomlText, read_toml


class _FileRule(RuleParameters):
    """A value of a rule as a file has it."""

    rule: str
    value: float = Field(le=10_000)
    unit: str
    hardness: str = Field(default="hard", pattern="^(hard|soft)$")
    note: str = ""

    @model_validator(mode="after")
    def _check(self) -> _FileRule:
        if self.scope == "all" and self.scope_value:
            raise ValueError(
                f"scope_value = '{self.scope_value}' has no scope: say whether it is a site, "
                "a team, a contract, a skill or an agent, as in scope = 'team'"
            )
        if self.scope != "all" and not self.scope_value:
            raise ValueError(
                f"scope = '{self.scope}' has no name: write which in scope_value, or leave the "
                "scope out for everybody"
            )
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(
                f"valid_to = {self.valid_to} is before valid_from = {self.valid_from}, so that the "
                "rule would never hold: swap them"
            )
        return self


class PackRule(_FileRule):
    """One ``[[rule]]`` of a pack."""

    article: str = ""


class PlanRule(_FileRule):
    """One ``[[rules.set]]`` of a plan."""

    source: str = "plan file"


class PackHead(Model):
    """What a pack says of itself."""

    id: str = Field(min_length=1)
    version: str = Field(min_length=1)
    jurisdiction: str = ""
    advice: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


_EVERY_RULE = {
    "rule", "value", "unit", "hardness", "weight", "source", "valid_from", "valid_to",
}  # fmt: skip
ELSEWHERE = {  # rules that are values of other tables
    "paid_time_week": "write min_hours_week and max_hours_week in the table of agents",
    "shift_length": "write shortest_min and longest_min in the contract",
    "start_increment": "write start_step_min in the contract",
    "break_window": "write break_tiers in the contract",
    "availability": "write it in the table of availability",
    "time_off": "write it in the table of time off",
    "employment": "write hire_date and end_date in the table of agents",
    "skill_required": "write it in the table of skills",
    "skill_validity": "write valid_from and valid_to in the table of skills",
    "readiness": "write ready_from in the table of skills",
    "locked": "write it in the table of locks",
    "one_shift_a_day": "it always holds",
    "occupancy_max": "write occupancy_max for the channel",
    "burden_balance": "write fairness and fairness_weeks under [objective]",
    "group_priority": "write priority and preferred_level for the channels, and levels of skills",
    "history_carry_in": "name past shifts as [inputs] history; every rule counts them",
    "activity_placement": "write the activity in the table of activities",
}


def read_packs(
    names: object, toml: TomlText, folder: Folder, book: FaultBook
) -> tuple[dict[str, RulePack], tuple[str, ...]]:
    """All packs that the plan or a person may use by id, and the ids of the plan's own."""
    found: dict[str, list[RulePack]] = {}
    if not isinstance(names, list):
        note(toml, ("rules", "packs"), "is not a list", book, hint='write packs = ["eu"]')
        names = []
    for index, name in enumerate(names):
        path = ("rules", "packs", index)
        if name in names[:index]:
            note(toml, path, f"'{shown(name)}' is named twice", book)
            continue
        for pack in _named_packs(name, path, toml, folder, book):
            found.setdefault(pack.id, []).append(pack)
            if why := overlap(found[pack.id]):
                note(toml, path, why, book, value=name, code="HR112")
                found[pack.id].pop()
    own = tuple(found)
    for name in shipped_packs():
        if name not in found:
            for pack in _shipped(name, book):
                found.setdefault(pack.id, []).append(pack)
    return {name: joined(versions) for name, versions in found.items()}, own


def shipped_pack(name: str) -> RulePack | None:
    """A pack that comes with wfplan, by its id; all its versions as one."""
    found = _shipped(name, FaultBook())
    return joined(found) if found else None


def read_plan_rules(rows: object, toml: TomlText, book: FaultBook) -> dict[int, RuleSetting]:
    """The values that the plan sets itself, by their place in the list."""
    if not isinstance(rows, list):
        note(toml, ("rules", "set"), "is not a list of tables", book, hint="write [[rules.set]]")
        return {}
    settings = {}
    for index, row in enumerate(rows):
        path = ("rules", "set", index)
        rule = model_of(PlanRule, row, toml, path, book)
        if rule is not None:
            setting = RuleSetting(**rule.model_dump(exclude={"note"}))
            if _means_something(setting, rule.model_fields_set, toml, path, book):
                settings[index] = setting
    return settings


def read_told(value: object, toml: TomlText, book: FaultBook) -> date | None:
    """The date on which the people learn of the plan; None where the plan does not say."""
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        hint = 'write told = "2026-10-12"'
        path = ("rules", "told")
        note(toml, path, "is not a date", book, value=shown(value), hint=hint, code="HR108")
        return None


def _named_packs(
    name: object, path: KeyPath, toml: TomlText, folder: Folder, book: FaultBook
) -> list[RulePack]:
    """The pack of an id, in all its versions, or of a path."""
    if isinstance(name, str) and name in shipped_packs():
        return _shipped(name, book)
    if isinstance(name, str) and name.endswith(".toml"):
        text = read_toml(folder, name, book)
        pack = pack_from(text, book) if text else None
        return [pack] if pack else []
    hint = did_you_mean(str(name), shipped_packs()) or (
        f"the packs are {', '.join(shipped_packs())}; or name a file that ends in .toml"
    )
    note(
        toml, path, f"'{shown(name)}' is not a rule pack", book, value=name, hint=hint, code="HR111"
    )
    return []


def _shipped(name: str, book: FaultBook) -> list[RulePack]:
    """The versions of a pack that comes with wfplan."""
    folder = Folder(configs_folder() / "rules", book)
    texts = [read_toml(folder, path.name, book) for path in files_of(name)]
    packs = [pack_from(text, book) for text in texts if text]
    return [pack for pack in packs if pack is not None]


def require_good(path: Path) -> None:
    """
    Read a pack for its faults alone.

    Raises
    ------
    InputFaultsError
        With every fault of the file.
    """
    book = FaultBook()
    if (text := read_toml(Folder(path.parent, book), path.name, book)) is not None:
        pack_from(text, book)
    book.raise_if_any()


def pack_from(toml: TomlText, book: FaultBook) -> RulePack | None:
    """The pack of a parsed file."""
    rows: Any = toml.content.get("rule", [])
    head = model_of(
        PackHead,
        {key: value for key, value in toml.content.items() if key != "rule"},
        toml,
        (),
        book,
    )
    if not isinstance(rows, list) or not rows:
        note(toml, ("rule",), "the pack has no rules", book, hint="write them as [[rule]]")
        return None
    rules = list(_pack_rules(rows, toml, book))
    if head is None or len(rules) < len(rows):
        return None
    return RulePack(
        id=head.id,
        version=head.version,
        jurisdiction=head.jurisdiction,
        advice=head.advice,
        valid_from=head.valid_from,
        valid_to=head.valid_to,
        rules=tuple(_setting(rule, head) for rule in rules),
    )


def _pack_rules(rows: list[Any], toml: TomlText, book: FaultBook) -> Iterable[PackRule]:
    """The rules of a pack that can be set."""
    for index, row in enumerate(rows):
        path = ("rule", index)
        rule = model_of(PackRule, row, toml, path, book)
        if rule is None:
            continue
        setting = _setting(rule, PackHead(id="-", version="-"))
        if _means_something(setting, rule.model_fields_set, toml, path, book):
            yield rule


def _setting(rule: PackRule, head: PackHead) -> RuleSetting:
    """A rule of a pack with where it comes from."""
    source = ", ".join(part for part in (head.jurisdiction or head.id, rule.article) if part)
    return RuleSetting(**rule.model_dump(exclude={"article"}), source=source)


class _Read:
    """A setting that knows which of its keys were read."""

    def __init__(self, setting: RuleSetting) -> None:
        self._setting = setting
        self.names: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self.names.add(name)
        return getattr(self._setting, name)


def _means_something(
    setting: RuleSetting, given: AbstractSet[str], toml: TomlText, path: KeyPath, book: FaultBook
) -> bool:
    """Whether the rule exists, can have the value in the unit and hears every key that is given."""
    from wfplan.rules.registry import SETTABLE, TEAM_SETTABLE

    if setting.rule not in SETTABLE:
        hint = (
            ELSEWHERE.get(setting.rule)
            or did_you_mean(setting.rule, SETTABLE)
            or f"rules to set: {', '.join(SETTABLE)}"
        )
        reason = f"'{shown(setting.rule)}' is not a rule that has a value to set"
        note(toml, (*path, "rule"), reason, book, value=setting.rule, hint=hint, code="HR111")
        return False
    read = _Read(setting)
    rule = SETTABLE[setting.rule]
    try:
        rule.from_setting(cast("RuleSetting", read))
    except InputError as error:
        note_setting(error, setting, toml, path, book)
        return False
    heard = (
        _EVERY_RULE | read.names | (set() if rule in TEAM_SETTABLE else {"scope", "scope_value"})
    )
    unheard = [
        key
        for key, field in RuleParameters.model_fields.items()
        if key in given - heard and getattr(setting, key) != field.default
    ]
    for key in unheard:
        known = ", ".join(sorted((heard & set(RuleParameters.model_fields)) - {"weight"}))
        reason = f"{key} does nothing for {setting.rule}"
        hint = f"take it out; beside its value this rule knows {known}"
        note(toml, (*path, key), reason, book, value=getattr(setting, key), hint=hint, code="HR109")
    return not unheard


def note_setting(
    error: InputError, setting: RuleSetting, toml: TomlText, path: KeyPath, book: FaultBook
) -> None:
    """A fault of a rule's value at the key that it begins with."""
    reason = str(error).removeprefix(f"rule {setting.rule}: ").rstrip(".")
    named = reason.split(" ", 1)[0]
    key = named if named in RuleSetting.model_fields else "value"
    note(toml, (*path, key), reason, book, value=getattr(setting, key), code="HR109")

"""The plan file: channels, contracts, weights and where the tables are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from pydantic import Field

from wfplan.domain import input_tables
from wfplan.domain.base import Model
from wfplan.domain.channels import Channel, parse_window
from wfplan.domain.contacts_source import ContactsSource
from wfplan.domain.contracts import Contract
from wfplan.domain.load_effects import LoadEffects
from wfplan.domain.problem import (
    Empowered,
    ForecastSettings,
    Objective,
    RulePack,
    RuleSetting,
    Shrinkage,
    SimulationSettings,
)
from wfplan.domain.retention import Retention
from wfplan.domain.strain import STRAIN_TABLE, StrainTable
from wfplan.domain.surveys import Policy
from wfplan.errors import InputError, did_you_mean
from wfplan.horizon import WEEKDAYS, Horizon
from wfplan.intake.book import FaultBook, shown
from wfplan.intake.load_effects import read_load_effects
from wfplan.intake.models import model_of, note
from wfplan.intake.packs import read_packs, read_plan_rules, read_told
from wfplan.intake.queue_reports.source import read_files, read_source
from wfplan.intake.reading import Folder
from wfplan.intake.survey_policy import read_policy
from wfplan.intake.toml_text import KeyPath, TomlText
from wfplan.intake.values import is_zone, zone_hint

_SECTIONS: Mapping[str, type[Model]] = {
    "empowered": Empowered,
    "strain": StrainTable,
    "shrinkage": Shrinkage,
    "objective": Objective,
    "forecast": ForecastSettings,
    "simulation": SimulationSettings,
    "retention": Retention,
}
_TOP = (
    "inputs",
    "contacts",
    "channels",
    "contracts",
    *_SECTIONS,
    "rules",
    "engagement",
    "scenarios",
)
_FLOORS = ("promise", "abandon_share_max", "occupancy_max")  # false: not asked for
_TABLES = tuple(table.name for table in input_tables.ALL)
CHANNELS_MAX = 64
DAYS_MAX = 42  # six weeks
_ENDLESS = 0.99  # contacts after each, from here on there is no end to them


class Head(Model):
    """The keys of a plan file that stand above its tables."""

    name: str = Field(min_length=1, max_length=100, pattern=r"[A-Za-z0-9]")
    timezone: str
    site: str = ""
    country: str | None = None
    subdivision: str | None = None
    currency: str = Field(default="EUR", pattern="^[A-Z]{3}$")
    interval_min: int = 15
    slot_min: int = Field(default=0, ge=0)
    week_start: str = "mon"
    days: int = Field(default=7, ge=1, le=DAYS_MAX)
    store: str = ""


_ANY_GRID = {"interval_min": 60, "slot_min": 1}  # no times of the tables are blamed for it


@dataclass(frozen=True)
class Settings:
    """What a plan file says; parts with faults are absent, their names are kept."""

    toml: TomlText
    head: Head
    channels: Mapping[str, Channel]
    channel_names: tuple[str, ...]
    contracts: Mapping[str, Contract]
    contract_names: tuple[str, ...]
    inputs: Mapping[str, str]
    packs: Mapping[str, RulePack]
    site_packs: tuple[str, ...]
    plan_rules: Mapping[int, RuleSetting]  # by their place in the list
    told: date | None = None  # when the people learn of the plan
    policy: Policy | None = None  # what survey scores may change
    load_effects: LoadEffects | None = None  # of a named calibration
    sections: Mapping[str, Any] = field(default_factory=dict)
    contacts: ContactsSource = field(default_factory=ContactsSource)
    reports: tuple[str, ...] = ()  # files of contacts, where a layout is named or there are several

    @property
    def zone(self) -> ZoneInfo:
        """The site's zone."""
        return ZoneInfo(self.head.timezone)

    @property
    def empowered(self) -> Empowered:
        """What the plan asks of empowered people."""
        found = self.sections.get("empowered")
        return found if isinstance(found, Empowered) else Empowered()

    @property
    def skills(self) -> tuple[str, ...]:
        """What a person can be skilled for."""
        return (*self.channel_names, self.empowered.skill)


def read_settings(
    toml: TomlText, folder: Folder, book: FaultBook, elsewhere: Collection[str] = ()
) -> Settings:
    """
    The settings of a plan file; faults go into the book and defaults take their places.

    ``elsewhere`` are tables that its inputs need not name.
    """
    content = toml.content
    _refuse_unknown(content, (*Head.model_fields, *_TOP), (), toml, book)
    sections = {
        name: model_of(model, content[name], toml, (name,), book)
        for name, model in _SECTIONS.items()
        if name in content
    }
    rules = _table(toml, "rules", ("packs", "set", "told", "survey_policy"), book)
    engagement = _table(toml, "engagement", ("calibration",), book)
    packs, site_packs = read_packs(rules.get("packs", []), toml, folder, book)
    source = read_source(toml, _names(content, "channels"), book)
    reports = read_files(toml, source, folder, book)
    settings = Settings(
        toml=toml,
        head=_head(toml, book),
        channels=_named(toml, "channels", Channel, book, _channel_data),
        channel_names=_names(content, "channels"),
        contracts=_named(toml, "contracts", Contract, book, _contract_data),
        contract_names=_names(content, "contracts"),
        inputs=_inputs(toml, book, elsewhere, reports),
        packs=packs,
        site_packs=site_packs,
        plan_rules=read_plan_rules(rules.get("set", []), toml, book),
        told=read_told(rules.get("told"), toml, book),
        policy=read_policy(rules.get("survey_policy"), toml, folder, book),
        load_effects=read_load_effects(
            engagement.get("calibration"), _strain_of(sections).name, toml, folder, book
        ),
        sections={name: section for name, section in sections.items() if section is not None},
        contacts=source,
        reports=reports,
    )
    _check_names(settings, book)
    _check_repeats(settings, book)
    _check_groups(settings, book)
    return settings


def _strain_of(sections: Mapping[str, Any]) -> StrainTable:
    """The plan's strain table, ours where it says none."""
    found = sections.get("strain")
    return found if isinstance(found, StrainTable) else STRAIN_TABLE


def _check_names(settings: Settings, book: FaultBook) -> None:
    """There are not too many channels, and none is named like the empowered skill."""
    skill = settings.empowered.skill
    if len(settings.channel_names) > CHANNELS_MAX:
        reason = f"the plan has {len(settings.channel_names)} channels, the most are {CHANNELS_MAX}"
        note(settings.toml, ("channels",), reason, book, hint="plan some of them together")
    if skill in settings.channel_names:
        reason = f"'{skill}' is the name of a channel"
        hint = "give the empowered skill a name of its own"
        note(settings.toml, ("empowered", "skill"), reason, book, hint=hint)
    for channel in settings.channels.values():
        for key, shares in channel.repeats.items():
            for name in shares:
                if name not in settings.channel_names:
                    path = ("channels", channel.name, key, name)
                    hint = did_you_mean(name, settings.channel_names)
                    known = f"known: {', '.join(settings.channel_names)}"
                    reason = f"'{shown(name)}' is not a channel of the plan"
                    note(settings.toml, path, reason, book, hint=hint or known)


def _check_repeats(settings: Settings, book: FaultBook) -> None:
    """Customers who come back do not all come back for ever."""
    channels = list(settings.channels.values())
    names = [channel.name for channel in channels]
    recontact = np.array([[c.recontact.get(to, 0.0) for to in names] for c in channels])
    if not len(names) or np.abs(np.linalg.eigvals(recontact)).max() < _ENDLESS:
        return
    name = names[int(recontact.sum(axis=1).argmax())]
    reason = "customers who were served come back without end: contacts would grow for ever"
    hint = "lower the shares of recontact until some customers are done for good"
    note(settings.toml, ("channels", name, "recontact"), reason, book, hint=hint)


def _check_groups(settings: Settings, book: FaultBook) -> None:
    """A group of one channel whose name is nearly that of another one is a slip."""
    groups = Counter(channel.group for channel in settings.channels.values() if channel.group)
    for channel in settings.channels.values():
        if groups[channel.group] != 1:
            continue
        others = [name for name in groups if name != channel.group]
        if hint := did_you_mean(channel.group, others):
            book.warn(
                f"{channel.name} is alone in the group '{shown(channel.group)}'",
                file=settings.toml.file,
                line=settings.toml.line(("channels", channel.name, "group")),
                column=f"channels.{channel.name}.group",
                hint=hint,
            )


def _refuse_unknown(
    table: Iterable[str], known: Collection[str], path: KeyPath, toml: TomlText, book: FaultBook
) -> None:
    """A fault for every key that a table does not have."""
    for key in table:
        if key not in known:
            hint = did_you_mean(key, known) or f"known: {', '.join(known)}"
            note(toml, (*path, key), "the key is not known", book, hint=hint)


def week_start(head: Head) -> int:
    """The weekday on which a planning week begins, Monday is 0."""
    return WEEKDAYS.index(head.week_start) if head.week_start in WEEKDAYS else 0


def _head(toml: TomlText, book: FaultBook) -> Head:
    """The keys above the tables; what is wrong is replaced by something harmless."""
    given = {key: value for key, value in toml.content.items() if key in Head.model_fields}
    head = model_of(Head, given, toml, (), book) or Head(
        name="plan", timezone=_usable_zone(given.get("timezone")), **_ANY_GRID
    )
    if not is_zone(head.timezone):
        note(
            toml,
            ("timezone",),
            f"'{shown(head.timezone)}' is not an IANA time zone",
            book,
            value=head.timezone,
            hint=zone_hint(head.timezone),
            code="HR109",
        )
        head = head.model_copy(update={"timezone": "UTC"})
    if head.week_start not in WEEKDAYS:
        word = head.week_start.casefold()[:3]
        hint = f"did you mean '{word}'?" if word in WEEKDAYS else f"write {', '.join(WEEKDAYS)}"
        note(
            toml,
            ("week_start",),
            f"'{shown(head.week_start)}' is not a weekday",
            book,
            value=head.week_start,
            hint=hint,
        )
    return _fitting_grid(head, toml, book)


def _usable_zone(value: object) -> str:
    """A zone to read the tables with when the plan file has faults."""
    return value if isinstance(value, str) and is_zone(value) else "UTC"


def _fitting_grid(head: Head, toml: TomlText, book: FaultBook) -> Head:
    """The head, with a grid that everything fits where its own is at fault."""
    try:
        Horizon(head.timezone, date(2026, 1, 1), 366, head.interval_min, head.slot_min)
    except InputError as error:
        reason, _, hint = str(error).partition(": ")
        key = "slot_min" if reason.startswith("slot_min") else "interval_min"
        note(toml, (key,), reason, book, value=getattr(head, key), hint=hint.rstrip("."))
        return head.model_copy(update=_ANY_GRID)
    return head


def _named(
    toml: TomlText,
    section: str,
    model: type[Any],
    book: FaultBook,
    prepare: Any,
) -> dict[str, Any]:
    """The models of ``[section.NAME]`` by name; at least one is needed."""
    tables = toml.content.get(section)
    if not isinstance(tables, dict) or not tables:
        reason = f"the plan has no {section}" if not tables else "is not a table"
        note(toml, (section,), reason, book, hint=f"add a table [{section}.NAME]")
        return {}
    found = {}
    for name, data in tables.items():
        path = (section, name)
        if isinstance(data, dict):
            if "name" in data:
                note(toml, (*path, "name"), "the key is not known", book, hint="the table names it")
                continue
            data = {**prepare(data), "name": name}
        made = model_of(model, data, toml, path, book)
        if made is not None:
            found[name] = made
    return found


def _channel_data(data: dict[str, Any]) -> dict[str, Any]:
    """The keys of a channel; a floor of ``false`` is not asked for."""
    return {
        key: None if key in _FLOORS and value is False else value for key, value in data.items()
    }


def _contract_data(data: dict[str, Any]) -> dict[str, Any]:
    """The keys of a contract, with its stop window as minutes where it can be read."""
    stop = data.get("stop_latest")
    if not isinstance(stop, str):
        return data
    try:
        return {**data, "stop_latest": list(parse_window(stop))}
    except ValueError:
        return data


def _table(toml: TomlText, section: str, known: tuple[str, ...], book: FaultBook) -> dict[str, Any]:
    """A table whose keys are known; unknown ones are faults."""
    table = toml.content.get(section, {})
    if not isinstance(table, dict):
        note(toml, (section,), "is not a table", book, hint=f"write it as [{section}]")
        return {}
    _refuse_unknown(table, known, (section,), toml, book)
    return {key: value for key, value in table.items() if key in known}


def _names(content: Mapping[str, Any], section: str) -> tuple[str, ...]:
    """Names of the tables of a section, good or not."""
    tables = content.get(section)
    return tuple(tables) if isinstance(tables, dict) else ()


def _inputs(
    toml: TomlText, book: FaultBook, elsewhere: Collection[str], reports: Collection[str]
) -> dict[str, str]:
    """File of each input table; some tables come from elsewhere, contacts from reports."""
    inputs = {}
    for key, value in _table(toml, "inputs", _TABLES, book).items():
        if key == "contacts" and (reports or isinstance(value, list)):
            continue
        if isinstance(value, str) and value.strip():
            inputs[key] = value
        else:
            note(
                toml, ("inputs", key), "is not the name of a file", book, hint=f'write "{key}.csv"'
            )
    for key in input_tables.REQUIRED:
        if key not in toml.content.get("inputs", {}) and key not in elsewhere:
            more = "" if key == "contacts" else f", or import it: wfplan hr import {key}.csv"
            note(
                toml,
                ("inputs", key),
                "the key is missing",
                book,
                hint=f'add {key} = "{key}.csv" under [inputs]{more}',
            )
    return inputs

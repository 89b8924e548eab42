"""configs/plan.toml explains every key, with the default that the code has."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from wfplan.domain import input_tables
from wfplan.domain.channels import Channel
from wfplan.domain.contacts_source import ContactsSource
from wfplan.domain.contracts import Break, BreakTier, Contract
from wfplan.domain.problem import (
    Empowered,
    ForecastSettings,
    Objective,
    Shrinkage,
    ShrinkageKind,
    SimulationSettings,
)
from wfplan.domain.strain import StrainTable
from wfplan.errors import InputFaultsError
from wfplan.intake import configs_folder, load_plan
from wfplan.intake.pack_files import shipped_packs
from wfplan.intake.packs import PlanRule
from wfplan.intake.settings import Head

TEXT = (configs_folder() / "plan.toml").read_text(encoding="utf-8")
FULL = tomllib.loads(re.sub(r"^# (\w+ = |\[\[)", r"\1", TEXT, flags=re.MULTILINE))
EXAMPLES = {"name", "timezone", "site", "country", "subdivision", "aht_s", "stop_latest",
            "answer_most_s", "waiting_max", "callback_after_s", "like_share", "offered_week",
            "window", "valid_from", "valid_to"}  # fmt: skip


def channel_keys() -> dict[str, Any]:
    keys: dict[str, Any] = {}
    for channel in ("email", "chat", "voice"):
        keys |= FULL["channels"][channel]
    return keys | {"kind": "realtime"}


TABLES = [
    (Head, FULL, set()),
    (ContactsSource, FULL["contacts"], set()),
    (Channel, channel_keys(), {"name", "open"}),
    (Contract, FULL["contracts"]["full_time"], {"name", "break_tiers"}),
    (BreakTier, FULL["contracts"]["full_time"]["break_tiers"][0], {"breaks"}),
    (Break, FULL["contracts"]["full_time"]["break_tiers"][0]["breaks"][0], set()),
    (Empowered, FULL["empowered"], set()),
    (StrainTable, FULL["strain"], set()),
    (Shrinkage, FULL["shrinkage"], {"kinds"}),
    (ShrinkageKind, FULL["shrinkage"]["kinds"][0], {"hours"}),
    (Objective, FULL["objective"], set()),
    (ForecastSettings, FULL["forecast"], set()),
    (SimulationSettings, FULL["simulation"], set()),
    (PlanRule, FULL["rules"]["set"][0], {"note"}),
]


@pytest.mark.parametrize(
    ("model", "keys", "elsewhere"), TABLES, ids=lambda x: getattr(x, "__name__", "")
)
def test_every_key_is_there_with_its_default(
    model: type[BaseModel], keys: dict[str, Any], elsewhere: set[str]
) -> None:
    for name, field in model.model_fields.items():
        if name in elsewhere:
            continue
        assert name in keys, f"{model.__name__}.{name} is not explained"
        if field.default is not PydanticUndefined and name not in EXAMPLES:
            value = tuple(keys[name]) if isinstance(keys[name], list) else keys[name]
            assert value == field.default, name


def test_every_input_table_is_named():
    assert set(FULL["inputs"]) == {table.name for table in input_tables.ALL}


def test_the_reference_plan_can_be_planned_with(plan_folder):
    folder = plan_folder()
    text = TEXT.replace("[channels.chat]", "[channels.chat]\naht_s = 400.0")
    part_time = text[text.index("[contracts.full_time]") : text.index("[empowered]")]
    text += "\n" + part_time.replace("full_time", "part_time").replace("= 360", "= 240", 1)
    skills = (folder / "skills.csv").read_text(encoding="utf-8")
    (folder / "skills.csv").write_text(skills + "A001,chat,3,1.0\n", encoding="utf-8")
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    problem = load_plan(folder)
    assert [channel.name for channel in problem.channels] == ["voice", "chat", "email"]


@pytest.mark.parametrize("pack", shipped_packs())
def test_a_pack_that_comes_with_wfplan_can_be_used(plan_folder, pack):
    folder = plan_folder()
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    (folder / "plan.toml").write_text(text.replace('["eu"]', f'["{pack}"]'), encoding="utf-8")
    loaded = load_plan(folder).packs[pack]
    assert loaded.rules
    assert loaded.advice.startswith("planning default, not legal advice")
    assert all(rule.source.startswith(f"{loaded.jurisdiction}, ") for rule in loaded.rules)


def test_the_union_pack_has_the_values_of_the_directive(plan_folder):
    rules = {
        rule.rule: (rule.value, rule.unit) for rule in load_plan(plan_folder()).packs["eu"].rules
    }
    assert rules == {
        "daily_rest": (11, "hours"),
        "weekly_rest": (35, "hours"),
        "paid_time_period": (48, "hours"),
        "break_required": (6, "hours"),
        "night_work": (8, "hours"),
    }


LAWS = {
    "uk": {
        ("daily_rest", 11, "hours", "hard"),
        ("weekly_rest", 35, "hours", "hard"),
        ("paid_time_period", 48, "hours", "hard"),
        ("break_time", 20, "minutes", "hard"),
        ("night_work", 8, "hours", "hard"),
    },
    "de": {
        ("daily_rest", 11, "hours", "hard"),
        ("weekly_rest", 35, "hours", "hard"),
        ("paid_time_day", 10, "hours", "hard"),
        ("paid_time_period", 48, "hours", "hard"),
        ("break_time", 30, "minutes", "hard"),
        ("break_time", 45, "minutes", "hard"),
        ("contiguous_work", 6, "hours", "hard"),
        ("night_work", 8, "hours", "hard"),
    },
    "tt": {
        ("paid_time_day", 8, "hours", "soft"),
        ("paid_time_period", 40, "hours", "soft"),
        ("meal", 45, "minutes", "soft"),
        ("daily_rest", 11, "hours", "soft"),
    },
    "us-voluntary": {
        ("promise_change_price", 14, "days", "soft"),
        ("daily_rest", 10, "hours", "soft"),
    },
}


@pytest.mark.parametrize("pack", LAWS)
def test_a_national_pack_has_the_values_of_its_law(plan_folder, pack):
    loaded = load_plan(plan_folder()).packs[pack]
    found = {(rule.rule, rule.value, rule.unit, rule.hardness) for rule in loaded.rules}
    assert found == LAWS[pack]
    assert (loaded.version, str(loaded.valid_from)) == ("2026.1", "2026-01-01")


def test_the_periods_and_thresholds_of_the_laws(plan_folder):
    packs = load_plan(plan_folder()).packs
    periods = {
        name: [rule.weeks for rule in packs[name].rules if rule.rule == "paid_time_period"]
        for name in ("uk", "de", "tt")
    }
    assert periods == {"uk": [17], "de": [24], "tt": [1]}
    breaks = [(r.value, r.over_h, r.part_min) for r in packs["de"].rules if r.rule == "break_time"]
    assert breaks == [(30, 6, 15), (45, 9, 15)]


@pytest.mark.parametrize(
    ("lines", "column", "reason"),
    [
        ('rule = "day_off_after"\nvalue = 1\nunit = "days"\n', "kinds", "names too few kinds"),
        ('rule = "rotation"\nvalue = 1\nunit = "days"\n', "valid_from", "is not said"),
        ('rule = "nights_week"\nvalue = 1.5\nunit = "shifts"\n', "value", "not a whole number"),
        ('rule = "nights_week"\nvalue = 1\nunit = "h"\n', "unit", "does not count shifts"),
    ],
)
def test_a_parameter_that_a_rule_lacks_is_named_by_its_key(plan_folder, lines, column, reason):
    folder = plan_folder()
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    (folder / "plan.toml").write_text(f"{text}\n[[rules.set]]\n{lines}", encoding="utf-8")
    with pytest.raises(InputFaultsError) as caught:
        load_plan(folder)
    (fault,) = [f for f in caught.value.faults if "rules" in f.column]
    assert fault.column.endswith(column)
    assert reason in fault.reason


def test_a_plan_can_set_every_parameter_of_a_rule(plan_folder):
    folder = plan_folder()
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    more = (
        '[[rules.set]]\nrule = "nonstandard_shifts_max"\nvalue = 3\nunit = "shifts"\n'
        'hardness = "soft"\nweight = 2.5\nweeks = 2\nwindow = "08:00-19:00"\n'
        'valid_from = "2026-01-01"\nscope = "agent"\nscope_value = "A001"\n'
    )
    (folder / "plan.toml").write_text(f"{text}\n{more}", encoding="utf-8")
    setting = load_plan(folder).plan_rules[-1]
    assert (setting.weight, setting.weeks, setting.window) == (2.5, 2, (480, 1140))
    assert (str(setting.valid_from), setting.scope, setting.scope_value) == (
        "2026-01-01",
        "agent",
        "A001",
    )


def test_a_plan_file_alone_names_every_table_it_needs(tmp_path):
    (tmp_path / "plan.toml").write_text('name = "x"\ntimezone = "UTC"\n', encoding="utf-8")
    with pytest.raises(InputFaultsError) as caught:
        load_plan(tmp_path)
    columns = {fault.column for fault in caught.value.faults}
    assert {"channels", "contracts", "inputs.contacts", "inputs.agents", "inputs.skills"} <= columns

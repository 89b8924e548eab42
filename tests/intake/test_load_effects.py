"""Tests for wfplan.intake.load_effects: the calibration that a plan names."""

from __future__ import annotations

import json

import pytest

from wfplan.domain.load_effects import CALIBRATION_SCHEMA, seal
from wfplan.domain.strain import STRAIN_TABLE
from wfplan.errors import InputFaultsError
from wfplan.intake import load_plan

FILE = "calibration-2026-11-26-492bff03.json"


def content(**more):
    """A calibration in which acute load has an effect, sealed."""
    effect = {"low95": 1.1, "high95": 1.7, "is_found": True, "p": 0.001}
    found = {
        "schema": CALIBRATION_SCHEMA, "plan": "tiny-bank", "verdict": "effect_found",
        "first_day": "2025-08-04", "last_day": "2026-02-15", "spells": 412,
        "strain_table": STRAIN_TABLE.version,
        "means": {"mean_acute_min": 41.0, "mean_chronic_min": 39.5, "quick_return_share": None},
        "effects": [
            {"name": "acute", "odds_ratio": 1.4, **effect},
            {"name": "quick_return", "odds_ratio": None, **effect, "is_found": False},
        ],
    } | more  # fmt: skip
    return found | {"sha256": seal(found)}


@pytest.fixture
def plan(plan_folder):
    """A function: a plan that names a file of some text."""

    def make(text, named=f'"{FILE}"'):
        folder = plan_folder()
        path = folder / "plan.toml"
        more = f"\n[engagement]\ncalibration = {named}\n"
        path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
        if text is not None:
            (folder / FILE).write_text(text, encoding="utf-8")
        return folder

    return make


def test_a_plan_knows_the_effects_of_the_calibration_that_it_names(plan):
    problem = load_plan(plan(json.dumps(content())))
    assert [(one.name, one.odds_ratio) for one in problem.load_effects.used] == [("acute", 1.4)]
    assert FILE in {file.path for file in problem.inputs}  # hashed with the others


def test_a_plan_that_names_none_has_none(plan_folder):
    assert load_plan(plan_folder()).load_effects is None


def test_another_strain_table_makes_every_effect_zero_with_a_warning(plan):
    problem = load_plan(plan(json.dumps(content(strain_table="2019.9"))))
    assert problem.load_effects.used == ()
    assert any("strain table 2019.9" in str(one) for one in problem.warnings)


EDITED = json.dumps(content()).replace('"odds_ratio": 1.4', '"odds_ratio": 9.4')


@pytest.mark.parametrize(
    ("text", "named", "message"),
    [
        (None, "3", r"plan.toml:\d+: engagement.calibration: .*not the name of a JSON file"),
        (None, '"fit.toml"', r"not the name of a JSON file"),
        (None, f'"{FILE}"', r"plan.toml:\d+: engagement.calibration: "),
        ("{", f'"{FILE}"', r"is not JSON.*wfplan hr calibrate"),
        ("[]", f'"{FILE}"', r"is not a calibration"),
        ('{"schema": "wfplan-calibration/1"}', f'"{FILE}"', r"is of an older version"),
        (EDITED, f'"{FILE}"', r"was changed after it was written.*by hand"),
        (json.dumps(content(effects=[{"name": "acute"}])), f'"{FILE}"', r"lacks what a calib"),
        (json.dumps(content(means={})), f'"{FILE}"', r"lacks what a calibration says"),
        (json.dumps(content(effects=5)), f'"{FILE}"', r"lacks what a calibration says"),
    ],
)
def test_what_is_no_calibration_as_it_was_written_is_refused(plan, text, named, message):
    with pytest.raises(InputFaultsError, match=message):
        load_plan(plan(text, named))


def test_an_unknown_key_of_the_section_is_refused(plan_folder):
    folder = plan_folder()
    path = folder / "plan.toml"
    path.write_text(path.read_text() + "\n[engagement]\ncalibraton = 'x.json'\n")
    with pytest.raises(InputFaultsError, match="calibration"):
        load_plan(folder)

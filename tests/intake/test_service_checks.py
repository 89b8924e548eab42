"""Tests for wfplan.intake.service_checks: what a channel asks for must be able to do something."""

from __future__ import annotations

import pytest

from wfplan.errors import InputFaultsError
from wfplan.intake import load_plan

VOICE, EMAIL = "[channels.voice]\n", "[channels.email]\n"


def with_keys(folder, table, keys):
    file = folder / "plan.toml"
    text = file.read_text(encoding="utf-8")
    assert table in text
    file.write_text(text.replace(table, f"{table}{keys}\n"), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("table", "keys", "said"),
    [
        (VOICE, "chase = { email = 0.1 }", "chase: has no effect: voice is realtime"),
        (EMAIL, "reserve = 2", "channels.email.reserve: has no effect: email is deferred"),
        (EMAIL, "callback_after_s = 60", "channels.email.callback_after_s: has no effect"),
        (VOICE, "preferred_level = 4\noverflow_after_s = 30",
         "nobody has level 4 in 'voice', the best is 3: every contact waits 30 s"),
    ],
)  # fmt: skip
def test_a_key_that_does_nothing_or_harm_is_told(plan_folder, table, keys, said):
    warnings = load_plan(with_keys(plan_folder(), table, keys)).warnings
    assert [said in str(warning) for warning in warnings] == [True]


def test_keys_of_the_channels_own_kind_and_levels_that_are_there_are_not_told(plan_folder):
    folder = with_keys(plan_folder(), VOICE, "reserve = 2\npreferred_level = 3\nredial = {}")
    assert load_plan(with_keys(folder, EMAIL, "chase = { voice = 0.1 }")).warnings == ()


@pytest.mark.parametrize(
    ("table", "keys", "said"),
    [
        (VOICE, "preferred_level = 7", "preferred_level: 7 is not at most 5"),
        (EMAIL, 'reserve = "plans"', "'plans' is not a whole number, or 'plan'"),
        (VOICE, 'patience_s = "fitt"', "'fitt' is not a number, or 'fit'"),
        (VOICE, "redial = 0.5", "channels.voice.redial: 0.5 is not a table"),
        (VOICE, "recontact = { voice = 1.0 }", "come back without end"),
        (VOICE, "recontact = { vioce = 0.1 }", "'vioce' is not a channel of the plan"),
    ],
)
def test_one_wrong_value_is_one_fault(plan_folder, table, keys, said):
    """The strain weight follows from the kind; that it does not is no fault of the planner's."""
    with pytest.raises(InputFaultsError) as caught:
        load_plan(with_keys(plan_folder(), table, keys))
    (fault,) = caught.value.faults
    assert said in str(fault)


def test_a_group_that_is_nearly_another_one_is_told(plan_folder):
    folder = with_keys(plan_folder(), VOICE, 'group = "written"')
    (warning,) = load_plan(with_keys(folder, EMAIL, 'group = "writen"')).warnings[:1]
    assert "is alone in the group" in str(warning)
    assert "did you mean" in str(warning)


def test_channels_of_one_group_are_not_told(plan_folder):
    folder = with_keys(plan_folder(), VOICE, 'group = "all-lines"')
    assert load_plan(with_keys(folder, EMAIL, 'group = "all-lines"')).warnings == ()

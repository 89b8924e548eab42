"""Targets in words: every setting of every target is told, with its default."""

from __future__ import annotations

import pytest

from wfplan.errors import UsageError
from wfplan.export import target_names, target_of
from wfplan.export.described import targets_dict, targets_text


@pytest.mark.parametrize("name", target_names())
def test_every_setting_of_a_target_is_explained(name):
    text = " ".join(targets_text(name).split())
    assert target_of(name).meaning in text
    for key, field in target_of(name).settings.model_fields.items():
        assert f" {key} " in text
        assert field.description, f"{name}.{key} says nothing of itself"
        assert " ".join(field.description.split()) in text


def test_all_targets_are_told_in_a_line_each():
    lines = targets_text().splitlines()
    assert set(target_names()) <= {line.split()[0] for line in lines}
    assert set(targets_dict()) == set(target_names())


def test_a_target_that_is_none_is_answered(tmp_path):
    with pytest.raises(UsageError, match="did you mean 'genesys'"):
        targets_text("genesis")

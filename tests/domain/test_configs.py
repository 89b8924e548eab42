"""Tests for wfplan.domain.configs."""

from __future__ import annotations

from wfplan.domain.configs import configs_folder


def test_what_comes_with_wfplan_is_found():
    assert (configs_folder() / "plan.toml").is_file()
    assert list((configs_folder() / "rules").glob("*.toml"))

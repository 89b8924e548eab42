"""Tests for wfplan.intake.examples.write."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from wfplan.errors import UsageError
from wfplan.intake.examples import EXAMPLES, write_example

FILES = [
    "plan.toml",
    "contacts.csv.gz",
    "calendar.csv",
    "agents.csv",
    "skills.csv",
    "availability.csv",
    "time_off.csv",
    "history.csv",
    "locks.csv",
    "activities.csv",
]


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_the_same_seed_writes_the_same_bytes(kind, folders, tmp_path):
    write_example(kind, tmp_path / "again", seed=2026)
    assert content(tmp_path / "again") == content(folders[kind])


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_another_seed_draws_other_people_and_contacts_of_the_same_centre(kind, folders, tmp_path):
    write_example(kind, tmp_path / "other", seed=7)
    mine, other = content(folders[kind]), content(tmp_path / "other")
    assert mine["plan.toml"] == other["plan.toml"]
    assert mine["contacts.csv.gz"] != other["contacts.csv.gz"]
    assert mine["agents.csv"] != other["agents.csv"]


def test_the_files_are_returned_with_the_plan_first(tmp_path):
    written = write_example("bank", tmp_path / "new" / "bank")
    assert [path.name for path in written] == FILES
    assert all(path.is_file() for path in written)


def test_a_file_that_exists_is_never_overwritten(tmp_path):
    (tmp_path / "agents.csv").write_text("mine")
    with pytest.raises(UsageError, match=r"already has agents\.csv: an example never overwrites"):
        write_example("bank", tmp_path)
    assert content(tmp_path) == {"agents.csv": b"mine"}


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("omnichanel", "did you mean 'omnichannel'"),
        ("zzz", "choose one of bank, omnichannel, night"),
    ],
)
def test_an_unknown_kind_is_answered_with_the_known_ones(kind, message, tmp_path):
    with pytest.raises(UsageError, match=message):
        write_example(kind, tmp_path / "x")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("kind", "week"),
    [
        ("bank", date(2026, 9, 7)),
        ("omnichannel", date(2026, 10, 26)),
        ("night", date(2026, 10, 19)),
    ],
)
def test_an_example_loads_without_a_fault_and_its_week_follows_the_history(kind, week, folders):
    from wfplan.intake import load_plan

    problem = load_plan(folders[kind])
    last = problem.contacts["interval_start"].max().tz_convert(problem.timezone).date()
    assert problem.warnings == ()
    assert problem.first_day_after(last) == week
    assert len(problem.agents) == sum(terms.people for terms in EXAMPLES[kind].terms)

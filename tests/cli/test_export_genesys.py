"""wfplan export --to genesys: ids, settings and answers of Genesys beside the plan."""

from __future__ import annotations

import csv
import gzip
import json
from dataclasses import replace

import pytest

from wfplan.errors import ExitCode
from wfplan.store import RunParts


@pytest.fixture
def place(made_run, monkeypatch, synthetic):
    """A run whose schedule is ``now``, with a map of ids beside the plan."""
    from wfplan import exporting

    class Place:
        run, plan = made_run, made_run.parent.parent
        out = made_run.with_name("w-genesys")
        now = synthetic.schedule()

        def write_ids(self, *, without=()):
            rows = [
                (key.kind, key.id, key.system, external)
                for key, external in synthetic.ids(synthetic.order(), "genesys").known.items()
                if key.id not in without
            ]
            with (self.plan / "external_ids.csv").open("w", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(("kind", "id", "system", "external_id"))
                writer.writerows(rows)

    place = Place()
    place.write_ids()
    whole = RunParts.of(synthetic.run(place.plan / "plan.toml"))
    monkeypatch.setattr(
        exporting, "read",
        lambda run, **more: replace(whole, solution=replace(whole.solution, schedule=place.now)),
    )  # fmt: skip
    return place


def test_an_export_has_forecast_and_schedule_and_says_what_is_to_be_known(wfplan, place):
    said = wfplan("export", place.run, "--to", "genesys")
    assert said.code == 0
    assert sorted(path.name for path in place.out.iterdir()) == [
        "genesys_calls.json", "genesys_forecast.json", "genesys_forecast.json.gz",
        "genesys_import.json", "genesys_import.json.gz", "manifest.json",
    ]  # fmt: skip
    document = json.loads(gzip.decompress((place.out / "genesys_import.json.gz").read_bytes()))
    assert document["published"] is False
    assert len(document["headcountForecast"]["entities"]) == 2
    assert "clocks change on 2026-10-25" in said.out + said.err


def test_ids_that_are_missing_are_all_named_and_nothing_is_written(wfplan, place):
    place.write_ids(without=("A001", "MEAL", "voice"))
    said = wfplan("export", place.run, "--to", "genesys")
    assert said.code == ExitCode.EXPORT_REFUSED
    for missing in ("A001", "MEAL", "voice"):
        assert missing in said.err
    assert not place.out.exists()


def test_forecast_and_requirement_are_read_from_the_run(wfplan, place, monkeypatch):
    from wfplan import exporting

    asked, read = [], exporting.read

    def noting(run, **more):
        asked.append(more)
        return read(run)

    monkeypatch.setattr(exporting, "read", noting)
    wfplan("export", place.run, "--to", "genesys")
    assert asked == [{"has_staffing": True}]


def test_a_draft_cannot_be_published(wfplan, place):
    said = wfplan("export", place.run, "--to", "genesys", "--publish")
    assert said.code == ExitCode.EXPORT_REFUSED
    assert not place.out.exists()


def test_what_changed_since_is_an_update_of_what_genesys_holds(wfplan, place, synthetic):
    assert wfplan("export", place.run, "--to", "json").code == 0
    day, night = place.now.shifts
    place.now = synthetic.schedule(shifts=(day,))
    since = ("export", place.run, "--to", "genesys", "--since", place.run.with_name("w-json"))
    said = wfplan(*since)
    assert said.code == 0
    assert "[genesys] current" in said.err
    manifest = json.loads((place.out / "manifest.json").read_text())
    assert (manifest["cancelled"], "genesys_import.json" in str(manifest["files"])) == (1, True)
    ids = synthetic.ids(synthetic.order(), "genesys")
    answers = {
        "schedule.json": {"id": "s-1", "weekDate": "2026-10-19", "weekCount": 1,
                          "metadata": {"version": 4}},
        "people.json": {"result": {"agentSchedules": [{
            "user": {"id": ids.find("genesys", "agent", night.agent_id)},
            "metadata": {"version": 2},
            "shifts": [{"id": "g-9", "startDate": "2026-10-24T21:00:00.000Z", "activities": [
                {"description": f"wfplan:{night.shift_id}"}]}],
        }]}},
    }  # fmt: skip
    for name, answer in answers.items():
        (place.plan / name).write_text(json.dumps(answer))
    (place.plan / "export.toml").write_text(
        '[genesys]\ncurrent = ["schedule.json", "people.json"]\nbusiness_unit = "bu-1"\n'
    )
    assert wfplan(*since).code == 0
    update = json.loads((place.out / "genesys_update.json").read_text())
    (agent,) = update["agentSchedules"]
    assert agent["shifts"] == [{"id": "g-9", "delete": True}]
    assert (update["metadata"], agent["metadata"]) == ({"version": 4}, {"version": 2})


def test_settings_that_are_none_are_told(wfplan, place):
    (place.plan / "export.toml").write_text('[genesys]\nweek_starts = "mon"\n')
    said = wfplan("export", place.run, "--to", "genesys")
    assert said.code == ExitCode.BAD_INPUT
    assert "did you mean 'week_start'" in said.err

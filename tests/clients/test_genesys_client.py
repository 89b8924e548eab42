"""The Genesys export, given to Genesys' own client."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from wfplan.domain.schedule_rows import told_shifts
from wfplan.export import exported

pytestmark = pytest.mark.client

IMPORT = {
    "description": "made up",
    "weekCount": 1,
    "published": False,
    "agentSchedules": [
        {
            "userId": "u1",
            "shifts": [
                {
                    "startDate": "2026-10-19T07:00:00.000Z",
                    "lengthMinutes": 60,
                    "manuallyEdited": True,
                    "activities": [
                        {
                            "startDate": "2026-10-19T07:00:00.000Z",
                            "lengthMinutes": 60,
                            "activityCodeId": "0",
                            "paid": True,
                        }
                    ],
                }
            ],
            "fullDayTimeOffMarkers": [],
        }
    ],
}


SPOILT = {
    "$.weekcount is not known": lambda d: d.update(weekcount=1),
    "$.agentSchedules[0].userID is not known": lambda d: _agent(d).update(userID="u1"),
    "shifts[0].lenghtMinutes is not known": lambda d: _shift(d).update(lenghtMinutes=60),
    "activities[0].isPaid is not known": lambda d: _shift(d)["activities"][0].update(isPaid=True),
    "is no ImportScheduleUploadSchema": lambda d: d.update(weekCount="one"),
    "= 'Monday' came back as": lambda d: _shift(d).update(startDate="Monday"),
    "= 60.5 came back as 60": lambda d: _shift(d).update(lengthMinutes=60.5),
    "= 'false' came back as True": lambda d: d.update(published="false"),
}
"""What the client says of a document by what was done to it."""


def _agent(document):
    return document["agentSchedules"][0]


def _shift(document):
    return _agent(document)["shifts"][0]


@pytest.fixture(scope="module")
def said_of_spoilt(check, tmp_path_factory):
    """What the client says of all spoilt documents, by fault: it is started once."""
    folder, words = tmp_path_factory.mktemp("spoilt"), []
    for i, spoil in enumerate(SPOILT.values()):
        document = copy.deepcopy(IMPORT)
        spoil(document)
        path = folder / f"{i}.json"
        path.write_text(json.dumps(document))
        words.append(f"ImportScheduleUploadSchema={path}")
    is_taken, said = check("genesys", *words)
    assert not is_taken
    return {
        fault: [line for line in said.splitlines() if line.startswith(f"{folder / str(i)}.json: ")]
        for i, fault in enumerate(SPOILT)
    }


@pytest.mark.parametrize("fault", SPOILT)
def test_the_client_catches_what_is_wrong(said_of_spoilt, fault):
    (line,) = said_of_spoilt[fault]
    assert fault in line


def test_the_client_takes_what_is_right(check, tmp_path):
    path = tmp_path / "document.json"
    path.write_text(json.dumps(IMPORT))
    assert check("genesys", f"ImportScheduleUploadSchema={path}") == (True, "")


@pytest.fixture(scope="module")
def exports(tmp_path_factory, synthetic, strategies):
    """Models and files of exports: forecast and requirement, an update, and any twenty weeks."""
    folder = tmp_path_factory.mktemp("exports")
    run = synthetic.run(folder)
    leave = synthetic.problem().agents[1].time_off[0]
    part = leave.model_copy(
        update={"end": leave.start + timedelta(hours=3), "is_all_day": False, "is_paid": False}
    )
    people = (*synthetic.problem().agents, synthetic.agent("A004", time_off=(part,)))
    whole = synthetic.order(
        problem=synthetic.problem(agents=people), demand=run.demand, need=run.need
    )
    words = _written(folder / "whole", synthetic, whole, {"forecast_id": "f-1"})
    words += _written(folder / "update", synthetic, *_changed(folder, synthetic))

    @seed(20261019)
    @settings(max_examples=20, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(data=st.data())
    def any_weeks(data):
        case = data.draw(strategies.schedules())
        order = synthetic.order(problem=case.problem, schedule=case.schedule)
        words.extend(_written(folder / f"week-{len(words)}", synthetic, order, {}))

    any_weeks()
    return words


def _written(folder, synthetic, order, given):
    """The files of an export, each after the model that it should be."""
    files, _ = exported("genesys", replace(order, ids=synthetic.ids(order, "genesys")),
                        settings=given)  # fmt: skip
    folder.mkdir()
    words = []
    for name, model in MODELS.items():
        for file in (f"genesys_{name}.json", f"genesys_{name}.json.gz"):
            if file in files:
                (folder / file).write_bytes(files[file])
                words.append(f"{model}={folder / file}")
    return words


MODELS = {
    "import": "ImportScheduleUploadSchema",
    "forecast": "BuImportShortTermForecastSchema",
    "update": "UpdateScheduleUploadSchema",
}


def _changed(folder, synthetic):
    """An order of what changed, and the answers of Genesys that it needs."""
    before = synthetic.schedule(revision=2)
    extra = synthetic.shift("A003", date(2026, 10, 20), 540, (240, "ON_QUEUE"))
    moved = synthetic.shift("A001", synthetic.WEEK, 540, (240, "ON_QUEUE"))
    told = told_shifts([before])
    order = synthetic.order(
        schedule=synthetic.schedule(revision=3, shifts=(moved, extra)), told=told, since=told
    )
    ids = synthetic.ids(order, "genesys")
    answer = {"id": "s-1", "weekDate": "2026-10-19", "weekCount": 1, "metadata": {"version": 2}}
    people = [
        {
            "user": {"id": ids.find("genesys", "agent", shift.agent_id)},
            "metadata": {"version": 1},
            "shifts": [
                {
                    "id": f"g-{shift.agent_id}",
                    "startDate": f"{shift.start:%Y-%m-%dT%H:%M:%S.000Z}",
                    "activities": [{"description": f"wfplan:{shift.shift_id}"}],
                }
            ],
        }
        for shift in before.shifts
    ]
    (folder / "schedule.json").write_text(json.dumps(answer))
    (folder / "people.json").write_text(json.dumps({"result": {"agentSchedules": people}}))
    return order, {"current": [folder / "schedule.json", folder / "people.json"]}


def test_the_client_takes_every_export(check, exports):
    assert len(exports) == 2 * 2 + 2 + 2 * 20
    assert check("genesys", *exports) == (True, "")


def test_what_changed_is_there_to_be_taken(exports):
    (path,) = [word.partition("=")[2] for word in exports if word.endswith("_update.json")]
    agents = json.loads(Path(path).read_text())["agentSchedules"]
    assert [[one.get("delete") for one in agent["shifts"]] for agent in agents] == [
        [None], [True], [None],
    ]  # fmt: skip

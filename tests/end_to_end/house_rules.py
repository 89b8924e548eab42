"""What holds for every finished week, whatever the plan was."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
from icalendar import Calendar

from wfplan import store
from wfplan.domain.results import Run
from wfplan.evaluation import audit, both_sides
from wfplan.export import TARGETS, Order, exported, write

NO_NUMBER = ("nan", "inf", "-inf", "none")


def check(run: Run, folder: Path, scratch: Path) -> None:
    """Assert all that a planner takes for granted about a run folder."""
    assert not run.audit.hard_breaches, [b.why for b in run.audit.hard_breaches]
    assert run.solution.lower_bound <= run.solution.objective + 1e-6 * abs(run.solution.objective)
    _numbers(run)
    _tables(folder)
    _report(folder)
    _read_back(run, folder)
    _exports(run, scratch)


def _numbers(run: Run) -> None:
    """Nothing is NaN or negative; endless is only the patience of work that can wait."""
    for part in (run.demand, run.need, run.solution):
        assert is_dataclass(part)
        for field in fields(part):
            value = getattr(part, field.name)
            if not isinstance(value, np.ndarray) or value.dtype.kind != "f":
                continue
            assert not np.isnan(value).any(), field.name
            assert field.name == "patience_s" or np.isfinite(value).all(), field.name
            assert (value >= -1e-9).all(), field.name
    assert np.isfinite(run.solution.objective)
    assert np.isfinite(list(run.solution.terms.values())).all()
    assert not run.demand.offered_mean[~run.demand.is_open & _realtime(run)].any()
    assert (run.demand.offered_q10 <= run.demand.offered_q90 + 1e-9).all()
    assert (np.diff(run.need.harm, axis=2) <= 1e-6).all(), "one more person does harm"
    assert np.isfinite(run.ledger.select_dtypes("number").to_numpy()).all()
    values = run.outcome.measures["value"].to_numpy()
    assert not np.isinf(values).any()
    assert (values[np.isfinite(values)] >= -1e-9).all()
    for name in ("service_level", "abandon_rate", "occupancy"):
        shares = run.outcome.measures.loc[run.outcome.measures["measure"] == name, "value"]
        assert ((shares >= 0) & (shares <= 1 + 1e-9) | shares.isna()).all(), name


def _realtime(run: Run) -> Any:
    return np.array([[channel.is_realtime] for channel in run.problem.channels])


def _tables(folder: Path) -> None:
    """The tables of the run folder hold numbers or nothing."""
    for path in folder.glob("*.csv"):
        text = path.read_text(encoding="utf-8-sig")
        for row in csv.DictReader(io.StringIO(text, newline="")):
            bad = {k: v for k, v in row.items() if v.lower() in NO_NUMBER and k != "binding"}
            assert not bad, (path.name, bad)
    for path in folder.glob("*.json"):
        json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_constant)


def _no_constant(word: str) -> None:
    raise AssertionError(f"{word} is no JSON")


def _report(folder: Path) -> None:
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert text.rstrip().endswith("</html>")
    shown = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)
    assert not re.search(r"\b(nan|NaN|inf)\b|>None<", shown)


def _read_back(run: Run, folder: Path) -> None:
    """The folder gives back the same run, and a second audit agrees."""
    read = store.read_run(folder, run.problem)
    assert read.solution.schedule == run.solution.schedule
    assert read.solution.objective == run.solution.objective
    assert not store.edited_files(folder)
    again = audit(read.problem, read.horizon, read.solution.schedule, read.need)
    assert again.breaches == run.audit.breaches
    assert both_sides(read).as_dict() == both_sides(run).as_dict()


def _exports(run: Run, scratch: Path) -> None:
    """Every exporter writes; calendars hold each shift once."""
    for name, target in TARGETS.items():
        if target.has_people:
            write(scratch / name, exported(name, Order(run.problem, run.solution.schedule))[0])
    shifts = len(run.solution.schedule.shifts)
    of_file = {path.name: _uids(path) for path in (scratch / "ics").glob("*.ics")}
    for uids in of_file.values():
        assert len(set(uids)) == len(uids)
    site = sum(len(uids) for name, uids in of_file.items() if name.startswith("site_"))
    assert site == shifts
    own = sum(len(uids) for name, uids in of_file.items() if name.startswith("agent_"))
    assert own >= shifts  # and time off


def _uids(path: Path) -> list[str]:
    """Every event of a calendar file."""
    return [str(event["UID"]) for event in Calendar.from_ical(path.read_bytes()).walk("VEVENT")]

"""
A week published: from a run folder into the planning store.

The finished schedule is audited again before anybody is told of it; a plan with a side out of
its limits is refused unless somebody signs for it. What was published is looked at and brought
back by :mod:`wfplan.publications`.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from wfplan import evaluation, intake, limiting, memory, pipeline, rules, runs, store
from wfplan.domain.atomic import MANIFEST, write_file
from wfplan.domain.people import PastLoad
from wfplan.domain.progress import Control
from wfplan.domain.results import Run
from wfplan.errors import OutputError, TargetsMissedError, UsageError
from wfplan.evaluation import BothSides, PersonChange, both_sides, person_changes
from wfplan.publications import Signature, plan_of
from wfplan.store import database
from wfplan.store.database import PersonWeek, Publication, WeekToPublish

MARK = "published.json"
"""What a run folder became, for whoever publishes it again."""
_LOADS = {"overload_min": "overload_min", "acute_min": "acute_min", "chronic_min": "chronic_min",
          "high_intensity_min": "hard_min"}  # fmt: skip


def publish(
    folder: Path,
    address: str,
    signature: Signature,
    *,
    over: int | None = None,
    override: str = "",
    is_dry: bool = False,
) -> Publication | None:
    """
    Publish the week of a run folder; nothing changes where it is what is published already.

    Parameters
    ----------
    over
        The revision that the planner has seen; by default the one that was published when
        the run was begun, or that it kept, or that it became itself.
    override
        Why it is published although a side is out of its limits.
    is_dry
        Only check; then the answer is None.

    Raises
    ------
    TargetsMissedError
        When a side is out of its limits and nobody signs for it.
    UsageError
        When the schedule is interrupted work, or another revision was published meanwhile.
    """
    run = pipeline.take(runs.go_on(folder, address), "audit", Control()).whole(folder)
    return publish_run(run, folder, address, signature, over=over, override=override, is_dry=is_dry)


def publish_run(
    run: Run,
    folder: Path,
    address: str,
    signature: Signature,
    *,
    over: int | None = None,
    override: str = "",
    is_dry: bool = False,
) -> Publication | None:
    """Publish a run that was audited just now and stands in its folder; see :func:`publish`."""
    for what, text in (("--reason", signature.reason), ("--override", override)):
        intake.require_no_health(text, what)
        intake.require_nobody(text, what, run.problem.agents)
    _require_finished(run, folder)
    sides = both_sides(run)
    if sides.failing_sides and not override.strip():
        raise TargetsMissedError(_out_of_limits(sides, folder))
    late = limiting.short_notice(run.problem, run.horizon, signature.at)
    if late and not override.strip():
        raise TargetsMissedError(
            f'not published: {late}. Sign for it: --override "why it is published all the same".'
        )
    week = week_of(run, sides, folder)
    seen = _seen(folder, address) if over is None else over
    if is_dry:
        _require_seen(address, week, seen)
        return None
    with database.opened(address, is_made=True) as engine, database.writing(engine) as connection:
        made = database.publish(
            connection,
            week,
            actor=signature.actor,
            at=signature.at,
            over=seen,
            reason=signature.reason,
            override=override if sides.failing_sides or late else "",
        )
    _remember(folder, address, made)
    return made


def week_of(run: Run, sides: BothSides, folder: Path) -> WeekToPublish:
    """What is kept of a run when it is published."""
    shifts = run.solution.schedule.by_agent()
    loads, promised = _loads_of(run), evaluation.WeekOfPromises.of(run).counts
    people = [
        PersonWeek(
            agent.agent_id,
            tuple(shifts.get(agent.agent_id, ())),
            tuple(loads.get(agent.agent_id, ())),
            promised.get(agent.agent_id, {}),
        )
        for agent in run.problem.agents
    ]
    about = {
        "asked": dict(run.solution.asked),
        "failing_sides": list(sides.failing_sides),
        "strain_table": run.problem.strain.name,
        "loosened_caps": [
            {"cap": cap.said, "why": cap.reason}
            for cap in rules.loosened_caps(run.problem, run.horizon.dates)
        ],
    }
    name, schedule = plan_of(run.problem.name), run.solution.schedule
    return WeekToPublish(name, schedule, people, about, _trace(folder))


def _trace(folder: Path) -> dict[str, Any]:
    """Where every number of a run comes from: hashes of its manifest, inputs and tables."""
    content = store.read_manifest(folder)
    return {
        "manifest": hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest(),
        "schedule": {name: content["schedule"][name] for name in ("revision", "status")},
        "seed": content["seed"],
        "inputs": content["inputs"],
        "outputs": {name: one["sha256"] for name, one in content["outputs"].items()},
        "versions": content["versions"],
    }


def changes_between(before: WeekToPublish, after: WeekToPublish) -> tuple[PersonChange, ...]:
    """What a published week changes for everybody who is in one of two."""
    people = sorted({one.agent_id for one in (*before.people, *after.people)})
    found = person_changes(before.schedule, after.schedule, people)
    return tuple(one for one in found if one.changes)


def _seen(folder: Path, address: str) -> int | None:
    """The revision that a run was begun on, or that it became; None where nobody knows."""
    begun = store.seen_revision(folder)
    try:
        mark = json.loads((folder / MARK).read_text(encoding="utf-8"))
        became = int(mark["revision"]) if mark["store"] == _place(address) else 0
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return begun
    return became if begun is None else max(begun, became)


def _remember(folder: Path, address: str, made: Publication) -> None:
    """Leave a note in a run folder of what it became; it is published without one as well."""
    note = {"store": _place(address), "plan": made.plan, "week": made.first_day.isoformat(),
            "revision": made.number, "at": made.at}  # fmt: skip
    with suppress(OutputError):
        write_file(folder / MARK, (json.dumps(note, indent=2) + "\n").encode())


def _place(address: str) -> str:
    """A store's address that does not depend on where a command is run, without a password."""
    file = database.file_of(address)
    return database.shown(address) if file is None else str(file.absolute())


def _require_seen(address: str, week: WeekToPublish, seen: int | None) -> None:
    """Raise a UsageError when another revision was published meanwhile."""
    if not memory.is_there(address):
        return
    with database.opened(address) as engine, database.reading(engine) as connection:
        database.require_seen(connection, week.plan, week.schedule.first_day, seen)


def _require_finished(run: Run, folder: Path) -> None:
    """Refuse a plan whose search was interrupted."""
    if str(run.solution.status) == "partial":
        raise UsageError(
            f"{folder} holds the unfinished plan of a search that was interrupted: go on with it "
            "(wfplan build PLAN --resume), or build it again, before people are told."
        )


def _out_of_limits(sides: BothSides, folder: Path) -> str:
    """Why a plan is not published."""
    missed = [
        f"{figure.name}{' of ' + figure.scope if figure.scope else ''} is {figure.average:.3g} "
        f"{figure.unit}, its limit {figure.target:.3g}"
        for figure in (*sides.customers, *sides.staff)
        if figure.verdict is evaluation.Verdict.MISSED
    ]
    which = " and ".join(f"the {side}' side" for side in sides.failing_sides)
    return (
        f"not published: {which} of {folder} is out of its limits ({'; '.join(missed)}). Plan it "
        'again, or sign for it: --override "why it is published all the same".'
    )


def _loads_of(run: Run) -> dict[str, list[PastLoad]]:
    """The rows of the ledger by agent."""
    found: dict[str, list[PastLoad]] = {}
    columns = ["agent_id", "date", *_LOADS]
    for row in run.ledger.reindex(columns=columns).itertuples(index=False):
        values = {
            name: float(value) if value == value else 0.0
            for name, value in zip(_LOADS.values(), row[2:], strict=True)
        }
        load = PastLoad(agent_id=str(row[0]), day=row[1], **values)
        found.setdefault(load.agent_id, []).append(load)
    return found

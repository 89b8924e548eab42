"""How publish, published, diff and rollback find the store and say what they did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wfplan.cli import line
from wfplan.cli.expiring_end import over_time
from wfplan.cli.talk import Talk
from wfplan.domain.atomic import MANIFEST
from wfplan.errors import UsageError

if TYPE_CHECKING:
    from wfplan.domain.problem import PlanningProblem
    from wfplan.domain.schedule import Shift
    from wfplan.evaluation import PersonChange, ShiftChange
    from wfplan.store.database import Publication, WeekToPublish

BREAKS = "breaks only"


def publish(
    talk: Talk,
    run: Path,
    store: str | None,
    *,
    over: int | None,
    override: str,
    reason: str,
    is_dry: bool,
) -> None:
    """Publish a run folder's week."""
    from wfplan import memory, publications, publishing
    from wfplan import store as runs_store

    address = memory.address_of(runs_store.plan_path_of(run), store)
    signature = publications.Signature.now(reason)
    made = publishing.publish(run, address, signature, over=over, override=override, is_dry=is_dry)
    if made is None:
        signed = ", signed for with --override" if override.strip() else ""
        talk.finish({"dry_run": True}, f"Would publish {run}{signed}: nothing stands in its way.")
        return
    word = "Published" if made.is_new else "Published already, nothing changed:"
    text = [f"{word} the week from {made.first_day} as revision {made.number}."]
    if made.override:
        text.append(f"It was signed for; the log has the reason: {made.override}")
    later = publications.planned_on(address, made)
    if later:
        text.append(_look_again(runs_store.plan_path_of(run), later))
    old = over_time(runs_store.plan_path_of(run), made.plan, address)
    text += [old] if old else []
    if made.is_new:
        text.append(f"Next: wfplan export {run} --to ics")
    result = _as_dict(made) | {"planned_on_it": [day.isoformat() for day in later],
                               "over_time": old}  # fmt: skip
    talk.finish(result, "\n".join(text))


def published(talk: Talk, plan: Path, week: date | None, store: str | None) -> None:
    """List what is published."""
    from wfplan import addresses, publications
    from wfplan.cli.summary import table
    from wfplan.intake.hr.plans import name_of

    name = name_of(plan) or line.load(plan).name
    found = publications.published(
        addresses.address_of(plan, store), publications.plan_of(name), week
    )
    rows = [["week", "revision", "when", "who", "why"]]
    rows += [
        [
            one.first_day.isoformat(),
            f"{one.number}{' *' if one.is_current else ''}",
            one.at,
            one.actor,
            _why(one),
        ]
        for one in found
    ]
    text = [*table(rows, range(1, 2)), "", "* is what people were told last: it counts."]
    if not found:
        text = ["Nothing is published yet: wfplan publish RUN does."]
        if week is not None:
            text = [f"No week with {week} in it is published: leave out --week to see all."]
    talk.finish({"publications": [_as_dict(one) for one in found]}, "\n".join(text))


def diff(talk: Talk, plan: Path, first: str, second: str, store: str | None) -> None:
    """Say what changes from one schedule to another."""
    from wfplan import addresses, publishing

    problem = line.load(plan)
    address = addresses.address_of(plan, store)
    before, after = (_schedule(problem, one, address) for one in (first, second))
    found = publishing.changes_between(before, after)
    told = [person for person in found if not person.is_kept]
    breaks = len(found) - len(told)
    hours = sum(person.paid_min for person in found) / 60
    more = f", of {breaks} more only breaks move" if breaks else ""
    head = f"{len(told)} of {len(after.people)} people get another week{more}; {hours:+.2f} h paid."
    lines = [head if found else "Nothing changes for anybody."]
    for person in told:
        lines += ["", *_said(person, problem)]
    result = {"people": [one.as_dict() for one in found], "changed": len(told),
              "breaks_only": breaks, "paid_h": round(hours, 4)}  # fmt: skip
    talk.finish(result, "\n".join(lines))


def rollback(
    talk: Talk, plan: Path, week: date, to: int | None, reason: str, store: str | None
) -> None:
    """Bring a revision back."""
    from wfplan import addresses, publications
    from wfplan.intake import require_nobody

    problem = line.load(plan)
    require_nobody(reason, "--reason", problem.agents)
    address = addresses.address_of(plan, store)
    made = publications.rollback(
        address,
        publications.plan_of(problem.name),
        problem.week_of(week),
        to,
        publications.Signature.now(reason),
    )
    text = (
        f"Revision {made.of} of the week from {made.first_day} counts again, as {made.number}."
        if made.is_new
        else f"Revision {made.number} of the week from {made.first_day} counts already."
    )
    later = publications.planned_on(address, made)
    if later:
        text = f"{text}\n{_look_again(plan, later)}"
    talk.finish(_as_dict(made) | {"planned_on_it": [day.isoformat() for day in later]}, text)


def _look_again(plan: Path, later: Sequence[date]) -> str:
    """What a week that is published after the next one means for that."""
    more = f" and {len(later) - 1} later" if len(later) > 1 else ""
    return (
        f"The week from {later[0]}{more} was published before this and does not know this "
        f"revision, its rests and its load. Look at it again: wfplan build {plan} --week "
        f"{later[0]} --keep published."
    )


def _schedule(problem: PlanningProblem, what: str, address: str) -> WeekToPublish:
    """A run folder's week, or a published one."""
    from wfplan import publications

    path = Path(what)
    if (path / MANIFEST).exists():
        from wfplan import publishing
        from wfplan.evaluation import both_sides

        run = line.read_whole(path)
        return publishing.week_of(run, both_sides(run), path)
    day, _, number = what.partition(":")
    try:
        first = problem.week_of(date.fromisoformat(day))
        revision = int(number) if number else None
    except ValueError:
        raise UsageError(
            f"'{what}' is neither a run folder, as 'wfplan build' writes, nor a published week: "
            "write 2026-10-19, or 2026-10-19:1 for its first revision."
        ) from None
    return publications.read(address, publications.plan_of(problem.name), first, revision)


def _said(person: PersonChange, problem: PlanningProblem) -> Sequence[str]:
    """One person's changes in words."""
    from zoneinfo import ZoneInfo

    zones = {agent.agent_id: agent.timezone for agent in problem.agents}
    zone = ZoneInfo(zones.get(person.agent_id, problem.timezone))
    was, now = person.paid_before / 60, person.paid_after / 60
    paid = f": {was:.2f} -> {now:.2f} paid hours" if person.paid_min else ""
    shown = [one for one in person.changes if str(one.kind) != BREAKS]
    left = len(person.changes) - len(shown)
    more = [f"  breaks alone move in {left} shift{'' if left == 1 else 's'}"] if left else []
    return [f"{person.agent_id}{paid}", *(f"  {_change(one, zone)}" for one in shown), *more]


def _change(change: ShiftChange, zone: Any) -> str:
    """One change in words: ``Mon 19 Oct: 08:00-16:00 -> 09:00-17:00 (moved)``."""
    spans = [_span(shift, zone) for shift in (change.before, change.after)]
    days = [shift.shift_date for shift in (change.before, change.after) if shift is not None]
    other = f" on {days[1]:%a %-d %b}" if len(set(days)) > 1 else ""
    return f"{days[0]:%a %-d %b}: {spans[0]} -> {spans[1]}{other} ({change.kind})"


def _span(shift: Shift | None, zone: Any) -> str:
    """``08:00-16:00``."""
    if shift is None:
        return "free"
    begin, end = (moment.astimezone(zone) for moment in (shift.start, shift.end))
    return f"{_clock(begin)}-{_clock(end)}"


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def _why(one: Publication) -> str:
    """What a revision was published for."""
    parts = [f"brings back {one.of}" if one.of else "", one.reason]
    parts.append(f"override: {one.override}" if one.override else "")
    return "; ".join(part for part in parts if part)


def _as_dict(one: Publication) -> dict[str, Any]:
    """A publication as plain values."""
    return asdict(one) | {"first_day": one.first_day.isoformat()}

"""``wfplan explain RUN person:|shift:|interval:``: why this, and what else would cost."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from wfplan.errors import InputError, UsageError, did_you_mean

if TYPE_CHECKING:
    from wfplan.cli.explain import Asked
    from wfplan.cli.talk import Talk
    from wfplan.horizon import Horizon
    from wfplan.scheduling import Standing


def answer(talk: Talk, asked: Asked) -> None:
    """Say why a person, a shift or an interval is as it is."""
    if not asked.detail:
        raise UsageError(f"'{asked.kind}:' asks about nothing. Write {_FORM[asked.kind]}.")
    if not asked.is_run:
        raise UsageError(
            f"{asked.folder} is no run folder: a {asked.kind} is explained where there is a plan. "
            f"Run 'wfplan build {asked.folder}' first and name its run folder."
        )
    if asked.scenario or asked.week:
        raise UsageError(
            f"--week and --scenario belong to a plan folder; a run has its own. Ask {asked.kind}:"
            f"{asked.detail} without them."
        )
    agent_id, day = _person(asked.detail) if asked.kind == "person" else ("", None)
    from wfplan.cli import line

    standing = line.standing(asked.folder)
    if asked.kind == "person":
        _of_person(talk, standing, agent_id, day)
    elif asked.kind == "shift":
        _of_shift(talk, standing, asked.detail)
    else:
        _of_interval(talk, standing, asked.detail)


def _of_person(talk: Talk, standing: Standing, agent_id: str, day: date | None) -> None:
    """Her week, or one date of it."""
    from wfplan.cli import explain_why_text as words
    from wfplan.scheduling import why_day, why_person

    if day is None:
        week = why_person(standing, agent_id)
        talk.finish({"person": week.as_dict()}, words.of_week(standing, week))
        return
    found = why_day(standing, agent_id, day)
    talk.finish({"person": found.as_dict()}, words.of_day(standing, found))


def _of_shift(talk: Talk, standing: Standing, shift_id: str) -> None:
    """A shift by its id."""
    from wfplan.cli import explain_why_text as words
    from wfplan.scheduling import why_day

    shifts = {shift.shift_id: shift for shift in standing.schedule.shifts}
    if shift_id not in shifts:
        hint = did_you_mean(shift_id, shifts) or "schedule.csv of the run has their ids."
        raise InputError(f"shift '{shift_id}' is not in this plan; {hint}")
    shift = shifts[shift_id]
    found = why_day(standing, shift.agent_id, shift.shift_date, is_shift=True)
    talk.finish({"shift": found.as_dict()}, words.of_day(standing, found))


def _of_interval(talk: Talk, standing: Standing, detail: str) -> None:
    """An interval, of all channels or one."""
    from wfplan.cli import explain_why_text as words
    from wfplan.scheduling import why_interval

    when, _, channel = detail.partition("@")
    found = why_interval(standing, moment_of(when, standing.need.horizon), channel)
    talk.finish({"interval": found.as_dict()}, words.of_interval(standing, found))


def moment_of(text: str, horizon: Horizon) -> datetime:
    """
    The instant of a wall time of the site, or of one with its own offset from UTC.

    Of an hour that the clock shows twice the first is meant; with an offset, or ``Z``,
    the second can be named.

    Raises
    ------
    InputError
        When it is no time, or one that the clock skips.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        moment = None
    if moment is None or len(text.strip()) <= len("2026-10-21"):
        raise InputError(
            f"'{text}' is not a time such as {horizon.first_day}T14:30. Write date and wall time "
            "of the site, or a time with its offset from UTC."
        )
    if moment.tzinfo is not None:
        return moment
    zone = ZoneInfo(horizon.timezone)
    instant = moment.replace(tzinfo=zone)
    shown = instant.astimezone(ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None)
    if shown != moment:
        later = moment + timedelta(hours=1)
        raise InputError(
            f"{text} is a time that no clock shows in {horizon.timezone}: clocks go forward then. "
            f"Ask for {later:%Y-%m-%dT%H:%M}, say."
        )
    return instant


def _person(detail: str) -> tuple[str, date | None]:
    """An id and, behind ``@``, a date."""
    agent_id, at, text = detail.partition("@")
    if not at:
        return agent_id, None
    try:
        return agent_id, date.fromisoformat(text.strip())
    except ValueError:
        raise InputError(
            f"'{text}' is not a date such as 2026-10-23. Write person:{agent_id}@2026-10-23."
        ) from None


_FORM = {
    "person": "person:ID or person:ID@DATE",
    "shift": "shift:ID",
    "interval": "interval:TIME or interval:TIME@CHANNEL",
}

"""What a person's own page says of her load across weeks: ledger, burdens, wishes; and teams'.

Her own ledger comes first: this week in words beside its caps, and the weeks before as a
small picture. Then what she carries against her fair share, what she wished for, what was
granted, why the rest was not, and what next week owes her. Teams are shown as groups,
those of fewer than TEAM_LEAST people not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.people import Agent
from wfplan.domain.results import Run
from wfplan.engagement import BURDENS, Wish, credit_of, gini
from wfplan.evaluation import PeopleFacts, WeekOfPromises
from wfplan.report.numbers import decimal, minutes, short_day, signed, span, whole
from wfplan.report.svg import Scale, nice_top, step_path
from wfplan.report.why import why_against
from wfplan.rules import ledger_caps

FloatArray = NDArray[np.float64]

TEAM_LEAST = 5
WEEKS_SHOWN = 6
PICTURE_PX = 56
SAID = {
    "nights": "nights",
    "weekends": "weekend shifts",
    "lates": "lates",
    "hard_hours": "hours on hard queues",
    "rescue_hours": "hours of rescue work",
}
_LEAST_OWED = 0.05


@dataclass(frozen=True)
class TeamLoad:
    """A team of five or more: overload of the week, a person, and how evenly it lies."""

    team: str
    people: int
    mean_min: float
    least_min: float
    most_min: float
    gini: float
    over_caps: int  # people above a cap of the ledger on some date
    breaches: int  # of rules, hard or soft, by its people


@dataclass(frozen=True)
class LoadPicture:
    """Both memories of the ledger, day by day: ``days`` units wide, caps in pixels from above."""

    days: int
    before: int  # days of the weeks before
    first: str
    top: float
    lines: tuple[tuple[str, str], ...]  # style and path, acute and chronic
    caps: tuple[tuple[str, float], ...]
    said: str


@dataclass(frozen=True)
class WishLine:
    """A wish as it is read: when, what, and why it was not granted; nothing where it was."""

    day: str
    what: str
    is_granted: bool
    why_not: str


@dataclass(frozen=True)
class OwnLoad:
    """What stands on a person's page beside her week."""

    ledger: str
    picture: LoadPicture | None
    burdens: str
    wishes: tuple[WishLine, ...]
    owed: str


def own_loads(promises: WeekOfPromises) -> Mapping[str, OwnLoad]:
    """Everybody's page of load and wishes, by id."""
    facts, run = promises.facts, promises.run
    days, caps_of = _days_of_ledger(run), _caps(facts)
    found = {}
    for i, agent in enumerate(facts.agents):
        who = agent.agent_id
        own, caps = days.get(who, {}), caps_of[who]
        found[who] = OwnLoad(
            ledger=_in_words(run, own, caps),
            picture=_picture(run, own, caps),
            burdens=_burdens(facts, i),
            wishes=tuple(_wish(run, agent, one) for one in facts.wishes[who]),
            owed=_owed(promises, who),
        )
    return found


def team_loads(facts: PeopleFacts) -> tuple[tuple[TeamLoad, ...], int]:
    """The teams that are shown, by name, and how many are too small to be."""
    teams: dict[str, list[str]] = {}
    for agent in facts.agents:
        if agent.team:
            teams.setdefault(agent.team, []).append(agent.agent_id)
    over, minutes_of = _over_caps(facts), facts.ledger("overload_min", "sum")
    shown = [_team(facts.run, team, who, minutes_of, over) for team, who in sorted(teams.items())
             if len(who) >= TEAM_LEAST]  # fmt: skip
    return tuple(shown), len(teams) - len(shown)


def _over_caps(facts: PeopleFacts) -> set[str]:
    """Who is above a cap of the ledger on some date."""
    peaks = {name: facts.ledger(name, "max") for name in _MEASURES}
    return {
        who
        for who, caps in _caps(facts).items()
        if any(peaks[name].get(who, 0.0) > cap + 1e-6 for name, cap in caps.items())
    }


def _team(
    run: Run, team: str, who: list[str], minutes_of: Mapping[str, float], over: set[str]
) -> TeamLoad:
    own = np.array([minutes_of.get(one, 0.0) for one in who])
    return TeamLoad(
        team=team,
        people=len(who),
        mean_min=float(own.mean()),
        least_min=float(own.min()),
        most_min=float(own.max()),
        gini=gini(own),
        over_caps=len(over.intersection(who)),
        breaches=sum(breach.agent_id in who for breach in run.audit.breaches),
    )


_MEASURES = ("overload_min", "acute_min", "chronic_min")
_State = tuple[float, float, float]  # overload, acute and chronic minutes of a date


def _caps(facts: PeopleFacts) -> Mapping[str, Mapping[str, float]]:
    """The caps of the ledger that hold for each person, minutes a day by measure."""
    goals = facts.run.problem.objective
    return {
        agent.agent_id: {
            name: cap.most_min
            for name, cap in ledger_caps(goals, limits).items()
            if name in _MEASURES
        }
        for agent, limits in zip(facts.agents, facts.limits, strict=True)
    }


def _days_of_ledger(run: Run) -> Mapping[str, Mapping[date, _State]]:
    """The ledger of the weeks shown and of this one, by person and date."""
    since = run.horizon.first_day - timedelta(days=7 * WEEKS_SHOWN)
    found: dict[str, dict[date, _State]] = {}
    for load in run.problem.past_loads:
        if since <= load.day < run.horizon.first_day:
            state = load.overload_min, load.acute_min, load.chronic_min
            found.setdefault(load.agent_id, {})[load.day] = state
    columns = (run.ledger[name].tolist() for name in ("agent_id", "date", *_MEASURES))
    for who, day, load_min, acute, chronic in zip(*columns, strict=True):
        on = date.fromisoformat(str(day)[:10])
        found.setdefault(str(who), {})[on] = (load_min, acute, chronic)
    return found


def _in_words(run: Run, own: Mapping[date, _State], caps: Mapping[str, float]) -> str:
    """The week beside its caps: the heaviest day, and both memories at their highest."""
    week = {day: state for day, state in own.items() if day in run.horizon.dates}
    if not week:
        return ""
    total = sum(state[0] for state in week.values())
    heaviest = max(week, key=lambda day: week[day][0])
    parts = ["None in this week"]
    if week[heaviest][0] >= 1:
        day = f"{whole(week[heaviest][0])} of at most {whole(caps['overload_min'])}"
        parts = [
            f"This week {minutes(total)} in all; the heaviest day {short_day(heaviest)}, {day}"
        ]
    highest = [max(state[at] for state in week.values()) for at in (1, 2)]
    parts.append(
        f"Of the last 7 days {whole(highest[0])} a day of at most {whole(caps['acute_min'])}, of "
        f"the last 42 days {whole(highest[1])} of at most {whole(caps['chronic_min'])}"
    )
    return f"{'. '.join(parts)}."


def _picture(run: Run, own: Mapping[date, _State], caps: Mapping[str, float]) -> LoadPicture | None:
    """Both memories over the weeks before and this one; None where nothing is known of before."""
    first = run.horizon.first_day
    known = [day for day in own if day < first]
    if len(known) < 7:
        return None
    begin = min(known)
    count = (run.horizon.dates[-1] - begin).days + 1
    table = np.full((2, count), np.nan)
    for day, (_, acute, chronic) in own.items():
        table[:, (day - begin).days] = acute, chronic
    limits = np.array([caps["acute_min"], caps["chronic_min"]])
    top = nice_top(float(max(np.nanmax(table), limits.max()) * 1.05))
    scale = Scale(top, PICTURE_PX)
    before = (first - begin).days
    return LoadPicture(
        days=count,
        before=before,
        first=short_day(begin),
        top=top,
        lines=tuple(
            (style, step_path(np.round(row), scale))
            for style, row in zip(("acute", "chronic"), table, strict=True)
        ),
        caps=tuple(zip(("acute", "chronic"), scale.y(limits).tolist(), strict=True)),
        said=_peaks(table, before),
    )


def _peaks(table: FloatArray, before: int) -> str:
    """The highest memories before the week and in it, for who does not see the picture."""
    past, now = (np.nanmax(part, axis=1) for part in (table[:, :before], table[:, before:]))
    return (
        f"In the weeks before acute at most {whole(past[0])} and chronic {whole(past[1])} minutes "
        f"a day, in this week {whole(now[0])} and {whole(now[1])}."
    )


def _burdens(facts: PeopleFacts, i: int) -> str:
    """What she carries beyond her fair share, of what she could be given."""
    parts = [
        f"{SAID[name]} {signed(float(facts.beyond[i, b]))}"
        for b, name in enumerate(BURDENS)
        if facts.beyond[i, b] == facts.beyond[i, b] and abs(facts.beyond[i, b]) >= 0.05
    ]
    return f"{', '.join(parts)}." if parts else ""


def _wish(run: Run, agent: Agent, one: Wish) -> WishLine:
    """``Fri 30 Oct``, ``free 18:00–20:00``, ``locked as it was``."""
    zone = ZoneInfo(agent.timezone)
    when = span(one.start.astimezone(zone), one.end.astimezone(zone))
    what = f"free {when}" if one.is_free else f"work within {when}"
    why = "" if one.is_granted else why_against(run, agent, one)
    return WishLine(short_day(one.day), what, one.is_granted, why)


def _owed(promises: WeekOfPromises, who: str) -> str:
    """What is owed from before, and what the next week owes, with what it makes of her wishes."""
    before, after = promises.before.get(who), promises.after.get(who)
    parts = []
    if before is not None and before.owed >= _LEAST_OWED:
        parts.append(f"{decimal(before.owed)} from the weeks before this one")
    if after is not None:
        if after.owed >= _LEAST_OWED:
            times = credit_of(promises.run.problem, after)
            weight = f": each wish counts {decimal(times, 2)} times then" if times > 1 else ""
            parts.append(f"{decimal(after.owed)} by next week{weight}")
        else:
            parts.append("nothing by next week")
    return f"{', '.join(parts)}." if parts else ""

"""The activities of the week: what was asked for, when it is, who leads it and who has none of it.

Sessions stand in order of time, on the clock of the site. What a rule asks for, for each
person and week, is told in one row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from wfplan.domain.results import Run
from wfplan.evaluation import GivenActivity, Verdict, given_activities
from wfplan.horizon import Horizon
from wfplan.report.numbers import counted, decimal, listed, minutes, short_day, span
from wfplan.report.sides import SYMBOLS
from wfplan.rules import ActivityPlacement

SHOWN = 4  # sessions that are seen without a click
_NAMED = 8  # people of a session who are named


@dataclass(frozen=True)
class ActivityLine:
    """One activity, or what a rule asks for of everybody."""

    name: str
    code: str
    note: str
    asked: str
    placed: str
    sessions: tuple[str, ...]
    more: tuple[str, ...]
    left_out: str
    verdict: Verdict

    @property
    def symbol(self) -> str:
        """A sign that needs no colour."""
        return SYMBOLS[self.verdict]


@dataclass(frozen=True)
class ActivityPanel:
    """The section; ``breaches`` are those that the audit found of placement."""

    said: str
    lines: tuple[ActivityLine, ...]
    breaches: str


def activity_panel(run: Run) -> ActivityPanel | None:
    """The section of a run; None where nothing was asked for."""
    given = given_activities(run)
    if not given:
        return None
    of_rules: dict[str, list[GivenActivity]] = defaultdict(list)
    for one in given:
        if one.is_of_rule:
            of_rules[one.request.code].append(one)
    lines = [_line(one, run.horizon) for one in given if not one.is_of_rule]
    lines += [_line_of_rule(code, some) for code, some in of_rules.items()]
    placed, asked = sum(one.given_h for one in given), sum(one.asked_h for one in given)
    found = sum(breach.rule == ActivityPlacement.name for breach in run.audit.breaches)
    return ActivityPanel(
        said=f"{decimal(placed)} of {decimal(asked)} person-hours asked for are placed.",
        lines=tuple(lines),
        breaches=counted(found, "breach", "breaches") if found else "",
    )


def _line(one: GivenActivity, horizon: Horizon) -> ActivityLine:
    """An activity of the plan."""
    request = one.request
    sessions = _sessions(one, horizon)
    how = "together" if request.is_together else "each alone"
    if request.group_max:
        how = f"in groups of {request.group_max}"
    notes = [how, f"room {request.room}" if request.room else "",
             "" if request.hardness == "hard" else "if it fits"]  # fmt: skip
    return ActivityLine(
        name=request.activity_id,
        code=request.code,
        note=", ".join(note for note in notes if note),
        asked=f"{minutes(request.minutes)} of {_people(len(request.agent_ids))}",
        placed=f"{decimal(one.given_h)} of {decimal(one.asked_h)} h",
        sessions=tuple(sessions[:SHOWN]),
        more=tuple(sessions[SHOWN:]),
        left_out=listed(list(one.left_out), most=_NAMED) if one.left_out else "",
        verdict=_verdict([one]),
    )


def _line_of_rule(code: str, some: Sequence[GivenActivity]) -> ActivityLine:
    """What a rule asks for of everybody."""
    people = {agent_id for one in some for agent_id in one.request.agent_ids}
    without = sorted({agent_id for one in some for agent_id in one.left_out})
    lengths = sorted({one.request.minutes for one in some})
    length = minutes(lengths[0])
    if len(lengths) > 1:
        length = f"{length} to {minutes(lengths[-1])}"
    return ActivityLine(
        name="by rule",
        code=code,
        note="each person, each week",
        asked=f"{length} of {_people(len(people))}",
        placed=f"{decimal(sum(o.given_h for o in some))} of "
        f"{decimal(sum(o.asked_h for o in some))} h",
        sessions=("on the page of each person",),
        more=(),
        left_out=listed(without, most=_NAMED) if without else "",
        verdict=_verdict(some),
    )


def _sessions(one: GivenActivity, horizon: Horizon) -> list[str]:
    """``Tue 20 Oct 10:00–11:00: A001 and A002, led by T001``."""
    texts = []
    for session in one.sessions:
        begin, end = horizon.local(session.begin), horizon.local(session.end)
        text = f"{short_day(begin.date())} {span(begin, end)}: "
        text += listed(list(session.agent_ids), most=_NAMED)
        if session.facilitators:
            text += f", led by {listed(list(session.facilitators))}"
        texts.append(text)
    return texts


def _verdict(some: Sequence[GivenActivity]) -> Verdict:
    """Whether all of it is placed; what is only wished for is not missed."""
    missing = [one for one in some if one.left_out]
    if not missing:
        return Verdict.MET
    is_hard = any(one.request.hardness == "hard" for one in missing)
    return Verdict.MISSED if is_hard else Verdict.AVERAGE_ONLY


def _people(count: int) -> str:
    return counted(count, "person", "people")

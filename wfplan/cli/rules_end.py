"""What the commands of ``wfplan rules`` print."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wfplan.cli.talk import Talk

if TYPE_CHECKING:
    from wfplan.domain.problem import PlanningProblem
    from wfplan.intake.pack_files import PackText
    from wfplan.limiting.person import Held

_KEPT = ("rule", "value", "unit", "hardness", "article", "note", "bound", "weeks", "over_h",
         "part_min")  # fmt: skip


def show_all(talk: Talk) -> None:
    """The packs that come with wfplan, and the closed list of HR's rules."""
    from wfplan.cli.summary import table
    from wfplan.domain.limit_kinds import LIMIT_KINDS
    from wfplan.intake.pack_files import shipped

    packs = shipped()
    rows = [("pack", "version", "in force", "jurisdiction")]
    rows += [(one.id, one.version, _dates(one), one.jurisdiction) for one in packs]
    limits = [("rule of constraints", "unit", "range", "meaning")]
    limits += [
        (kind.name, kind.unit, f"{kind.low:g}-{kind.high:g}", kind.refused or kind.meaning)
        for kind in LIMIT_KINDS.values()
    ]
    lines = [*table(rows, range(0)), "", *table(limits, range(0))]
    lines += ["", "Packs are planning defaults, not legal advice. See 'wfplan rules show eu'."]
    found = {
        "packs": [_pack_dict(one) for one in packs],
        "limits": [
            {"rule": kind.name, "unit": kind.unit, "low": kind.low, "high": kind.high,
             "meaning": kind.meaning, "refused": kind.refused}
            for kind in LIMIT_KINDS.values()
        ],
    }  # fmt: skip
    talk.finish(found, "\n".join(lines))


def show_pack(talk: Talk, name: str, *, is_explained: bool) -> None:
    """A pack with its articles, and how each value is read where that is asked for."""
    from wfplan.intake.pack_files import versions_of

    packs = versions_of(name)
    lines = [line for pack in packs for line in _pack_lines(pack, is_explained=is_explained)]
    last = packs[-1]
    figures = {
        **_pack_dict(last),
        "advice": last.advice,
        "rules": [_rule_dict(last, rule) for rule in last.rules],
        "versions": [
            {**_pack_dict(pack), "rules": [_rule_dict(pack, rule) for rule in pack.rules]}
            for pack in packs
        ],
    }
    talk.finish(figures, "\n".join(lines).rstrip())


def show_person(talk: Talk, plan: Path, agent_id: str, week: date | None) -> None:
    """The limits that hold for a person."""
    from wfplan.cli import line
    from wfplan.cli.summary import table
    from wfplan.limiting.person import agent_named, held_for

    problem, horizon = line.planned_problem(plan, week, ())
    agent = agent_named(problem, agent_id)
    held = held_for(problem, agent, horizon)
    talk.warn([one for one in problem.warnings if one.code == "HR301"])
    rows = [("rule", "value", "from", "")]
    rows += [(one.rule, one.said, one.source, one.because) for one in held]
    head = f"{agent.agent_id}, {horizon.dates[0]} to {horizon.dates[-1]}:"
    lines = [head, *table(rows, range(0)), *_survey_lines(problem)]
    figures = {
        "agent_id": agent.agent_id,
        "first_day": horizon.dates[0].isoformat(),
        "last_day": horizon.dates[-1].isoformat(),
        "limits": [_held_dict(one) for one in held],
    }
    talk.finish(figures, "\n".join(lines))


def _survey_lines(problem: PlanningProblem) -> list[str]:
    """What a policy made of survey scores."""
    if problem.survey is None:
        return []
    return ["", problem.survey.said, *(f"  {one.said}" for one in problem.survey.effects)]


def _held_dict(one: Held) -> dict[str, Any]:
    return {
        "rule": one.rule, "value": one.said, "source": one.source, "holds": not one.because,
        "because": one.because, "constraint_id": one.constraint,
    }  # fmt: skip


def _pack_lines(pack: PackText, *, is_explained: bool) -> list[str]:
    """A version of a pack, value by value."""
    head = f"{pack.id} {pack.version}: {pack.jurisdiction} ({_dates(pack)})"
    lines = [head, pack.advice, ""]
    for rule in pack.rules:
        lines.append(_value_line(pack, rule))
        if is_explained:
            lines += [f"    {rule['note']}"] if rule.get("note") else []
            lines.append(f"    in force {_dates(pack, rule)} ({pack.file})")
    return [*lines, ""]


def _value_line(pack: PackText, rule: Mapping[str, Any]) -> str:
    """``paid_time_period  48 hours (hard, over 17 weeks): Art. 6``."""
    parts = {
        "bound": "{}",
        "weeks": "over {} weeks",
        "over_h": "in shifts over {:g} h",
        "part_min": "in parts of {} min or more",
    }
    more = "".join(f", {text.format(rule[key])}" for key, text in parts.items() if rule.get(key))
    hardness = rule.get("hardness", "hard")
    value = f"{rule['value']:g} {rule['unit']} ({hardness}{more})"
    return f"{rule['rule']:<22}{value}: {_source(pack, rule)}"


def _source(pack: PackText, rule: Mapping[str, Any]) -> str:
    """The law and the article of a value."""
    return ", ".join(part for part in (pack.jurisdiction or pack.id, rule.get("article")) if part)


def _rule_dict(pack: PackText, rule: Mapping[str, Any]) -> dict[str, Any]:
    known: dict[str, Any] = {key: rule.get(key) for key in _KEPT}
    known["hardness"] = known["hardness"] or "hard"
    dates = {"valid_from": pack.valid_from, "valid_to": pack.valid_to}
    dated = {key: str(rule.get(key, day) or "") or None for key, day in dates.items()}
    return {**known, **dated, "source": _source(pack, rule)}


def _pack_dict(pack: PackText) -> dict[str, Any]:
    days = {"valid_from": pack.valid_from, "valid_to": pack.valid_to}
    told = {"id": pack.id, "version": pack.version, "jurisdiction": pack.jurisdiction}
    return {**told, **{key: day.isoformat() if day else None for key, day in days.items()}}


def _dates(pack: PackText, rule: Mapping[str, Any] | None = None) -> str:
    """When a pack, or one of its values, is in force."""
    own = rule or {}
    first = own.get("valid_from", pack.valid_from)
    last = own.get("valid_to", pack.valid_to)
    since = f"from {first}" if first else "always"
    return f"{since} to {last}" if last else since

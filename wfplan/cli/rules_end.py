"""What the commands of ``wfplan rules`` print."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wfplan.cli.talk import Talk

if TYPE_CHECKING:
    from wfplan.domain.problem import PlanningProblem, RulePack, RuleSetting
    from wfplan.limiting.person import Held


def show_all(talk: Talk) -> None:
    """The packs that come with wfplan, and the closed list of HR's rules."""
    from wfplan.cli.summary import table
    from wfplan.domain.limits import LIMIT_KINDS
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
    from wfplan.intake.pack_files import pack_of

    pack = pack_of(name)
    lines = [f"{pack.id} {pack.version}: {pack.jurisdiction} ({_dates(pack)})", pack.advice, ""]
    for rule in pack.rules:
        lines.append(_value_line(rule))
        if is_explained and rule.note:
            lines.append(f"    {rule.note}")
    rules = [_rule_dict(rule) for rule in pack.rules]
    talk.finish({**_pack_dict(pack), "advice": pack.advice, "rules": rules}, "\n".join(lines))


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


def _value_line(rule: RuleSetting) -> str:
    """``paid_time_period  48 hours, hard, over 17 weeks: Art. 6``."""
    more = f", {rule.bound}" if rule.bound else ""
    more += f", over {rule.weeks} weeks" if rule.weeks else ""
    more += f", in shifts over {rule.over_h:g} h" if rule.over_h else ""
    more += f", in parts of {rule.part_min} min or more" if rule.part_min else ""
    return f"{rule.rule:<22}{rule.value:g} {rule.unit} ({rule.hardness}{more}): {rule.source}"


def _rule_dict(rule: RuleSetting) -> dict[str, Any]:
    kept = {"rule", "value", "unit", "hardness", "source", "note", "weeks", "over_h", "part_min"}
    return rule.model_dump(mode="json", include=kept)


def _pack_dict(pack: RulePack) -> dict[str, Any]:
    kept = {"id", "version", "jurisdiction", "valid_from", "valid_to"}
    return pack.model_dump(mode="json", include=kept)


def _dates(pack: RulePack) -> str:
    """When a pack is in force."""
    since = f"from {pack.valid_from}" if pack.valid_from else "always"
    return f"{since} to {pack.valid_to}" if pack.valid_to else since

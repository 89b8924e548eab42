"""Conflicts as lines that can be read in the morning: short, people in one plight together."""

from __future__ import annotations

from collections.abc import Sequence

from wfplan.domain.conflicts import Conflict, ConflictMember, Relaxation
from wfplan.scheduling.conflict.people import ids, with_id
from wfplan.scheduling.conflict.words import listed

_SHOWN = 8  # plights
_IDS = 12
_SOMEBODY = "her"


def short_text(conflicts: Sequence[Conflict]) -> str:
    """Who has no week, the smallest set in the way and the cheapest way out, per plight."""
    count = len(ids(conflicts))
    head = "1 person has" if count == 1 else f"{count} people have"
    plights = list(_plights(conflicts).values())
    lines = [_line(one[0], _who(one)) for one in plights[:_SHOWN]]
    left = sum(len(ids(one)) for one in plights[_SHOWN:])
    if left:
        lines.append(f"... and {left} more {'person' if left == 1 else 'people'}")
    return (
        f"{head} no legal week under the hard rules:\n"
        + "\n".join(lines)
        + "\nMore ways out, and what was proven: wfplan explain PLAN infeasible"
    )


def long_text(conflicts: Sequence[Conflict]) -> str:
    """The same with every member, its source and every way out."""
    count = len(ids(conflicts))
    head = "1 person has" if count == 1 else f"{count} people have"
    lines = [f"{head} no legal week under the hard rules."]
    if any(one.is_of_team for one in conflicts):
        lines = ["Everybody has a legal week; together with the rules of the team there is none."]
    for plight in _plights(conflicts).values():
        one, who = plight[0], _who(plight)
        lines += ["", who, *_proof(one)]
        lines += [f"  - {member.text} [{member.label}; {member.source}]" for member in one.members]
        if one.relaxations:
            lines.append("  Ways out, the cheapest first:")
        lines += [
            f"  {n}. {_neutral(relaxation.text, one, who)} [{_where(relaxation)}]"
            for n, relaxation in enumerate(one.relaxations, 1)
        ]
        lines += [f"  {one.note}"] if one.note else []
    return "\n".join(lines)


def _where(relaxation: Relaxation) -> str:
    """Which files hold what is to be changed, what it costs, and whether it was solved."""
    files = listed(tuple(dict.fromkeys(one.where for one in relaxation.changes)))
    solved = "solved" if relaxation.is_verified else "not solved in time"
    return f"{files}; {relaxation.cost:g} points; {solved}"


def _proof(one: Conflict) -> list[str]:
    """What was proven of a conflict."""
    if not one.members:
        return []
    if one.is_irreducible:
        proof = f"without any one of them there is one (proven, {one.solves} solved)"
        return [f"  These leave no {'plan' if one.is_of_team else 'week'} together; {proof}:"]
    return ["  The rules concerned:"]


def _line(one: Conflict, who: str) -> str:
    """One plight in a line."""
    if not one.members:
        return f"{who}: {one.note}"
    text = f"{who}: no week has all of this: {'; '.join(_merged(one.members))}."
    if not one.relaxations:
        return f"{text} {one.note}"
    return f"{text}\n    Cheapest way out: {_neutral(one.relaxations[0].text, one, who)}."


def _merged(members: Sequence[ConflictMember]) -> list[str]:
    """Members in words, whole weekdays without availability in one."""
    start = "she is not available on "
    days = [one.text.removeprefix(start) for one in members if one.text.startswith(start)]
    others = [one.text for one in members if not one.text.startswith(start)]
    return [start + listed(days), *others] if days else others


def _plights(conflicts: Sequence[Conflict]) -> dict[tuple[object, ...], list[Conflict]]:
    """Conflicts by what they say without naming anybody."""
    found: dict[tuple[object, ...], list[Conflict]] = {}
    for one in conflicts:
        said = tuple(_neutral(relaxation.text, one, _SOMEBODY) for relaxation in one.relaxations)
        found.setdefault((tuple(m.text for m in one.members), said, one.note), []).append(one)
    return found


def _who(plight: Sequence[Conflict]) -> str:
    """The people of a plight."""
    people = ids(plight)
    if plight[0].is_of_team:
        return "The team"
    more = f" and {len(people) - _IDS} more" if len(people) > _IDS else ""
    return ", ".join(people[:_IDS]) + more


def _neutral(text: str, one: Conflict, who: str) -> str:
    """A text with other people in it."""
    if one.is_of_team:
        return text
    for agent_id in one.agent_ids:
        text = with_id(text, agent_id, who)
    return text

"""
Law packs by the planned week: not in force in it, or changing inside it.

A pack without another version is planned with all the same; of two versions in one week the
stricter value of each rule holds for all of it. Both are said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wfplan.errors import Fault, Severity

if TYPE_CHECKING:
    from wfplan.domain.problem import PlanningProblem, RulePack
    from wfplan.horizon import Horizon


def out_of_date(problem: PlanningProblem, horizon: Horizon) -> tuple[Fault, ...]:
    """A warning for every pack of the plan, or of a person, that is not in force."""
    own = (agent.rule_pack for agent in problem.agents if agent.rule_pack)
    names = dict.fromkeys((*problem.site_packs, *own))
    packs = (problem.packs[name] for name in names if name in problem.packs)
    return tuple(fault for pack in packs for fault in _said(pack, horizon))


def _said(pack: RulePack, horizon: Horizon) -> tuple[Fault, ...]:
    """What is to be said of a pack in a week."""
    first, last = horizon.dates[0], horizon.dates[-1]
    within = [day for day in pack.changes if first < day <= last]
    if within:
        text = (
            f"the law pack {pack.id} ({pack.version}) changes on {within[0]}, inside the planned "
            f"dates: of each rule the stricter value holds from {first} to {last}"
        )
        return (Fault(text, severity=Severity.WARNING),)
    if pack.valid_from and first < pack.valid_from:
        when = f"is not in force before {pack.valid_from}"
    elif pack.valid_to and pack.valid_to < last:
        when = f"is not in force after {pack.valid_to}"
    else:
        return ()
    text = f"the law pack {pack.id} {pack.version} {when}, and the week is {first} to {last}"
    hint = "it is planned with all the same; name a version for these dates if there is one"
    return (Fault(text, hint=hint, severity=Severity.WARNING),)

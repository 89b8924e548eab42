"""Which of HR's soft limits holds for a person: the one for fewer people.

Of hard limits the strictest holds, whoever they are for; law packs and the plan file
stand beside HR's rows, so that a narrower row never takes a value of the law away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from wfplan.domain.rule_values import LAW
from wfplan.rules.base import HARD

if TYPE_CHECKING:
    from wfplan.domain.problem import RuleSetting
    from wfplan.rules.base import SettableRule

BREADTH: Mapping[str, int] = {
    "agent": 0,
    "team": 1,
    "contract": 1,
    "skill": 1,
    "site": 2,
    "all": 3,
}
"""How wide a scope is; of two that are as wide neither takes the other's place."""


def narrowest(
    held: Iterable[tuple[RuleSetting, SettableRule]],
) -> list[SettableRule]:
    """The rules of settings, without soft ones of HR for which there is a narrower one."""
    pairs = list(held)
    narrow: dict[tuple[object, ...], int] = {}
    for setting, rule in pairs:
        if _is_replaceable(setting, rule):
            known = narrow.get(rule.family, BREADTH["all"])
            narrow[rule.family] = min(known, BREADTH[setting.scope])
    return [
        rule
        for setting, rule in pairs
        if not _is_replaceable(setting, rule) or BREADTH[setting.scope] == narrow[rule.family]
    ]


def _is_replaceable(setting: RuleSetting, rule: SettableRule) -> bool:
    """Whether a narrower row of HR takes the place of this one."""
    return bool(setting.constraint) and rule.hardness != HARD and setting.given_by != LAW

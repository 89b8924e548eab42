"""Versions of one law pack, each in force on its dates, as one pack of dated values.

The first version also holds before its dates and the last after them, which is said of a week
there; between two versions the earlier one holds until the later begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from wfplan.domain.rule_values import RulePack, RuleSetting

ONE_DAY = timedelta(days=1)


def overlap(versions: Sequence[RulePack]) -> str:
    """Why versions of one id cannot stand beside each other; empty where they can."""
    for earlier, later in pairwise(in_order(versions)):
        names = f"versions {earlier.version} and {later.version} of '{later.id}'"
        if later.valid_from is None or later.valid_from == earlier.valid_from:
            return f"{names} begin on the same date: give each a valid_from of its own"
        if earlier.valid_to is not None and earlier.valid_to >= later.valid_from:
            return (
                f"{names} are both in force on {later.valid_from}: end the first with valid_to = "
                f"{later.valid_from - ONE_DAY}"
            )
    return ""


def joined(versions: Sequence[RulePack]) -> RulePack:
    """One pack of all versions, whose values know from when to when they hold."""
    ordered = in_order(versions)
    if len(ordered) == 1:
        return ordered[0]
    rules: list[RuleSetting] = []
    for at, pack in enumerate(ordered):
        first = pack.valid_from if at else None
        following = ordered[at + 1].valid_from if at + 1 < len(ordered) else None
        last = following - ONE_DAY if following else None
        rules += [one for rule in pack.rules if (one := _within(rule, first, last)) is not None]
    return ordered[-1].model_copy(
        update={
            "version": ", ".join(pack.version for pack in ordered),
            "valid_from": ordered[0].valid_from,
            "changes": tuple(pack.valid_from for pack in ordered[1:]),
            "rules": tuple(rules),
        }
    )


def in_order(versions: Sequence[RulePack]) -> list[RulePack]:
    """Versions by the date on which they come into force."""
    return sorted(versions, key=lambda pack: pack.valid_from or date.min)


def _within(rule: RuleSetting, first: date | None, last: date | None) -> RuleSetting | None:
    """A value that holds on the dates of its version only; None where there are none."""
    begin = max(rule.valid_from or date.min, first or date.min)
    end = min(rule.valid_to or date.max, last or date.max)
    if end < begin:
        return None
    dated = {
        "valid_from": None if begin == date.min else begin,
        "valid_to": None if end == date.max else end,
    }
    return rule.model_copy(update=dated)

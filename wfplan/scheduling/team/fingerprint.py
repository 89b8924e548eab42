"""What a plan is an answer to, as hashes: where none of them has changed, nor does the plan."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

import numpy as np

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import StaffNeed

_CENTRE = {
    "timezone", "interval_min", "slot_min", "week_start", "days", "channels", "empowered",
    "shrinkage", "calendar", "strain",
}  # fmt: skip
_RULES = {"contracts", "packs", "site_packs", "plan_rules", "locks", "activities"}
_PAST = {"past_shifts", "past_loads", "past_promises"}
_OF_CHANGES = {"change_per_day", "change_notice_days", "change_least_share", "change_breaks_share"}
_ARRAYS = ("harm", "volume", "load_erlangs", "staff_required", "staff_min", "empowered_min")


def fingerprint_of(problem: PlanningProblem, need: StaffNeed) -> Mapping[str, str]:
    """
    Hashes of a problem and its need, by part, whatever was published before.

    What only simulation, report or the price of changes depend on is not in them.
    """
    who = {"agents": {"__all__": {"name", "email"}}}
    parts = {
        "centre": problem.model_dump_json(include=_CENTRE),
        "people": problem.model_dump_json(include={"agents"}, exclude=who),
        "rules": problem.model_dump_json(include=_RULES),
        "past": problem.model_dump_json(include=_PAST),
        "objective": problem.objective.model_dump_json(exclude=_OF_CHANGES),
    }
    hashes = {name: blake2b(text.encode(), digest_size=16) for name, text in parts.items()}
    hashes["need"] = blake2b(
        repr((need.horizon, need.channels, need.presence_share)).encode(), digest_size=16
    )
    for name in _ARRAYS:
        hashes["need"].update(np.ascontiguousarray(getattr(need, name)).tobytes())
    return {name: one.hexdigest() for name, one in hashes.items()}

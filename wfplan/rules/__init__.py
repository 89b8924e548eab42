"""Work rules: one per file, each with the auditor's face and the planner's."""

from wfplan.rules.activity_placement import ActivityPlacement
from wfplan.rules.base import Rule
from wfplan.rules.limits import LockedDay, WorkLimits
from wfplan.rules.overload_max import ledger_caps, loosened_caps
from wfplan.rules.registry import (
    RULES,
    TEAM_RULES,
    TEAM_SETTABLE,
    check_settings,
    rules_of,
    team_rules_of,
    work_limits,
)
from wfplan.rules.requests import asked_for, requests_of
from wfplan.rules.team_roster import TeamRoster, TeamRule
from wfplan.rules.team_week import TeamWeek
from wfplan.rules.week import AgentWeek

__all__ = [
    "RULES",
    "TEAM_RULES",
    "TEAM_SETTABLE",
    "ActivityPlacement",
    "AgentWeek",
    "LockedDay",
    "Rule",
    "TeamRoster",
    "TeamRule",
    "TeamWeek",
    "WorkLimits",
    "asked_for",
    "check_settings",
    "ledger_caps",
    "loosened_caps",
    "requests_of",
    "rules_of",
    "team_rules_of",
    "work_limits",
]

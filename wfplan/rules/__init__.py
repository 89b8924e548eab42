"""Work rules: one per file, each with the auditor's face and the planner's."""

from wfplan.rules.base import Rule
from wfplan.rules.limits import LockedDay, WorkLimits
from wfplan.rules.registry import (
    RULES,
    TEAM_RULES,
    TEAM_SETTABLE,
    check_settings,
    rules_of,
    team_rules_of,
    work_limits,
)
from wfplan.rules.requests import requests_of
from wfplan.rules.team_roster import TeamRoster, TeamRule
from wfplan.rules.team_week import TeamWeek
from wfplan.rules.week import AgentWeek

__all__ = [
    "RULES",
    "TEAM_RULES",
    "TEAM_SETTABLE",
    "AgentWeek",
    "LockedDay",
    "Rule",
    "TeamRoster",
    "TeamRule",
    "TeamWeek",
    "WorkLimits",
    "check_settings",
    "requests_of",
    "rules_of",
    "team_rules_of",
    "work_limits",
]

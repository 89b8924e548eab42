"""Work rules: one per file, each with the auditor's face and the planner's."""

from wfplan.rules.base import Rule
from wfplan.rules.limits import LockedDay, WorkLimits
from wfplan.rules.registry import RULES, rules_of, work_limits
from wfplan.rules.week import AgentWeek

__all__ = ["RULES", "AgentWeek", "LockedDay", "Rule", "WorkLimits", "rules_of", "work_limits"]

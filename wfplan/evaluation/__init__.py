"""Judging a finished plan: the audit of its rules, and both sides of what it means."""

from wfplan.evaluation.activities import GivenActivity, given_activities
from wfplan.evaluation.audit import audit
from wfplan.evaluation.burdens import PeopleFacts
from wfplan.evaluation.changes import ChangeKind, PersonChange, ShiftChange, person_changes
from wfplan.evaluation.comparison import ComparedRow, Comparison, PeopleCompared, Reading, compare
from wfplan.evaluation.consistency import ChannelConsistency, consistency, consistency_of
from wfplan.evaluation.differences import Difference, differences, in_pieces, totals
from wfplan.evaluation.exposure import exposure, with_agreement
from wfplan.evaluation.fairness import Sharing, fairness
from wfplan.evaluation.figures import BothSides, Figure, Verdict
from wfplan.evaluation.forecast_verdicts import ForecastVerdict, forecast_verdicts
from wfplan.evaluation.kept_changes import DateChange, changes_csv, changes_dict, kept_changes
from wfplan.evaluation.lived import lived_cost
from wfplan.evaluation.measures import both_sides
from wfplan.evaluation.outlook import ChannelOutlook, Total, channel_outlooks
from wfplan.evaluation.promises import WeekOfPromises
from wfplan.evaluation.quarters import (
    beyond_fair,
    quarter_people,
    quarter_service,
    quarter_spreads,
)
from wfplan.evaluation.scenario_table import Meeting, ScenarioColumn, meeting, scenario_column

__all__ = [
    "BothSides",
    "ChangeKind",
    "ChannelConsistency",
    "ChannelOutlook",
    "ComparedRow",
    "Comparison",
    "DateChange",
    "Difference",
    "Figure",
    "ForecastVerdict",
    "GivenActivity",
    "Meeting",
    "PeopleCompared",
    "PeopleFacts",
    "PersonChange",
    "Reading",
    "ScenarioColumn",
    "Sharing",
    "ShiftChange",
    "Total",
    "Verdict",
    "WeekOfPromises",
    "audit",
    "beyond_fair",
    "both_sides",
    "changes_csv",
    "changes_dict",
    "channel_outlooks",
    "compare",
    "consistency",
    "consistency_of",
    "differences",
    "exposure",
    "fairness",
    "forecast_verdicts",
    "given_activities",
    "in_pieces",
    "kept_changes",
    "lived_cost",
    "meeting",
    "person_changes",
    "quarter_people",
    "quarter_service",
    "quarter_spreads",
    "scenario_column",
    "totals",
    "with_agreement",
]

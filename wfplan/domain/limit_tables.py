"""The tables of a plan folder that HR hands over: limits on people's work, and survey scores."""

from __future__ import annotations

from dataclasses import replace

from wfplan.domain.columns import Column, Table, count, number
from wfplan.domain.columns import ColumnType as Type

CONSTRAINTS = Table(
    "constraints",
    "input",
    "constraints.csv",
    "Limits on the work of people, each with where it comes from, never why. Of the hard ones the "
    "stricter holds, with those of the law packs among them; a soft one for fewer people takes the "
    "place of one for more.",
    (
        Column(
            "constraint_id",
            Type.ID,
            "Its name in messages and reports; one row each.",
            "C001",
            is_required=True,
        ),
        Column(
            "scope",
            Type.CHOICE,
            "Whom it is about: everybody, or those of one site, team, contract, skill, or one.",
            "team",
            is_required=True,
            choices=("all", "site", "team", "agent", "contract_type", "skill"),
        ),
        Column("scope_value", Type.TEXT, "Which; empty for all.", "Billing-1"),
        Column(
            "rule",
            Type.TEXT,
            "One of the list of rules: 'wfplan rules list' prints it with units and ranges.",
            "max_late_shifts_per_week",
            is_required=True,
        ),
        replace(
            number("value", "What it is set to.", "2", "", default="it must be given"),
            is_required=True,
            low=None,
        ),
        Column(
            "unit",
            Type.TEXT,
            "The rule's unit: ratio, hours, minutes, count, days or index.",
            "count",
            is_required=True,
        ),
        Column(
            "strength",
            Type.CHOICE,
            "hard: a week that breaks it is no plan; soft: a breach is priced and shown.",
            "soft",
            is_required=True,
            choices=("hard", "soft"),
        ),
        Column(
            "weight",
            Type.NUMBER,
            "What a breach costs, where soft: harm points per hour, or per piece.",
            "4",
            "harm points",
            low=0.0,
            high=10.0,
            default="1",
        ),
        Column(
            "valid_from",
            Type.DATE,
            "First date on which it holds; from the first planned one, where inside the week.",
            "2026-09-01",
        ),
        Column("valid_to", Type.DATE, "Last date on which it holds.", "2027-06-30"),
        Column(
            "source",
            Type.CHOICE,
            "Where it comes from. Wellbeing and preference can only tighten what the law asks.",
            "works_agreement",
            is_required=True,
            choices=("law", "contract", "works_agreement", "wellbeing", "preference"),
        ),
        Column("note", Type.TEXT, "What is asked for, in words; never a reason.", "no two lates"),
    ),
)

SURVEY_GROUPS = Table(
    "survey_groups",
    "input",
    "survey_groups.csv",
    "Scores of a survey, for groups only. Groups of fewer than 10 answers (20 on sensitive scales) "
    "are hidden, and with them what would give them away. Scores change nothing without a policy "
    "file, and with one they only loosen a group's work.",
    (
        Column(
            "wave",
            Type.TEXT,
            "Which survey; the last by year and number counts alone.",
            "2026Q3",
            "",
            True,
        ),
        Column(
            "group_type",
            Type.TEXT,
            "What the group is: all, site, department, team, contract_type or skill.",
            "team",
            is_required=True,
        ),
        Column("group", Type.TEXT, "Its name, as in the agents table.", "Billing-1", "", True),
        Column("parent", Type.TEXT, "The group of the file that it is part of.", "London"),
        replace(
            count("headcount", "People in the group.", "14", "people", high=1e6), is_required=True
        ),
        replace(
            count("respondents", "Those of them who answered.", "11", "people", high=1e6),
            is_required=True,
        ),
        Column("instrument", Type.ID, "The questionnaire.", "cbi", is_required=True),
        Column("scale", Type.ID, "Its scale.", "work_burnout", is_required=True),
        Column("score", Type.NUMBER, "The group's mean.", "58.0", is_required=True),
        Column("scale_min", Type.NUMBER, "The least score there is.", "0", is_required=True),
        Column("scale_max", Type.NUMBER, "The highest score there is.", "100", is_required=True),
    ),
)

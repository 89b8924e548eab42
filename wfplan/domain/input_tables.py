"""The tables of a plan folder (FORMATS: contacts and the HR tables)."""

from __future__ import annotations

from dataclasses import replace

from wfplan.domain.activity_table import ACTIVITIES
from wfplan.domain.calendar_table import CALENDAR
from wfplan.domain.columns import AGENT, CHANNEL, START, Column, Table, number
from wfplan.domain.columns import ColumnType as Type
from wfplan.domain.hand_tables import EXTERNAL_FORECAST, OVERRIDES
from wfplan.domain.limit_tables import CONSTRAINTS, SURVEY_GROUPS
from wfplan.domain.past_tables import HISTORY, OVERLOAD
from wfplan.domain.roster_table import ROSTER as ROSTER

_VALID = (
    Column("valid_from", Type.DATE, "First date on which the row holds.", "2026-01-01"),
    Column("valid_to", Type.DATE, "Last date on which the row holds.", "2026-12-31"),
)

CONTACTS = Table(
    "contacts",
    "input",
    "contacts.csv",
    "Contact history, one row per channel and interval. A time stamp without an offset is wall "
    "time of the site. Rows may be finer than the plan's interval, never coarser. Exports of other "
    "systems are read as they are: [contacts] layout of the plan, and --layout here.",
    (
        CHANNEL,
        START,
        number("offered", "Contacts that asked for service.", "14", "contacts", is_required=True),
        number(
            "aht_s",
            "Mean handle time of the answered: talk + hold + wrap-up.",
            "212.5",
            "seconds",
            high=86_400.0,
            default="not known; the channel's aht_s where no row has one",
        ),
        number("answered", "Contacts answered by a person.", "13", "contacts"),
        number("abandoned", "Contacts that left before an answer.", "1", "contacts"),
        number("wait_s", "Mean wait of all offered.", "18", "seconds", high=14 * 86_400.0),
        number("answered_in_target", "Contacts answered within the target.", "11", "contacts"),
    ),
)

AGENTS = Table(
    "agents",
    "input",
    "agents.csv",
    "The people who can be planned. Limits only, never reasons.",
    (
        replace(AGENT, meaning="Who, in every table and report: a number or code, not a name."),
        Column("name", Type.TEXT, "Shown in the schedule, never in messages or logs.", "Ada Quinn"),
        Column("email", Type.EMAIL, "Where exports need it.", "ada.quinn@example.com"),
        Column("site", Type.TEXT, "Where she works.", "Dublin", default="the plan's site"),
        Column("team", Type.TEXT, "Her team.", "Billing-1"),
        Column("timezone", Type.ZONE, "Her IANA time zone.", "Europe/Dublin", default="the plan's"),
        Column(
            "contract_type",
            Type.TEXT,
            "A contract of the plan: [contracts.NAME].",
            "full_time",
            is_required=True,
        ),
        Column(
            "contract_hours_week",
            Type.NUMBER,
            "Paid hours a week agreed in the contract.",
            "37.5",
            "hours",
            is_required=True,
            low=0.25,
            high=60.0,
        ),
        number(
            "min_hours_week",
            "Fewest paid hours a week.",
            "35",
            "hours",
            high=60.0,
            default="contract_hours_week",
        ),
        number(
            "max_hours_week",
            "Most paid hours a week.",
            "40",
            "hours",
            high=60.0,
            default="contract_hours_week",
        ),
        Column("hire_date", Type.DATE, "First day of work here.", "2023-04-03"),
        Column("end_date", Type.DATE, "Last day of work here.", "2027-03-31"),
        Column("rule_pack", Type.TEXT, "A law pack of her own.", "eu", default="the plan's packs"),
        number("cost_per_hour", "What a paid hour costs; never exported.", "21.4", "money/hour"),
    ),
)

SKILLS = Table(
    "skills",
    "input",
    "skills.csv",
    "What each person may serve. A skill is the name of a channel, or of [empowered].skill.",
    (
        AGENT,
        Column("skill", Type.TEXT, "A channel, or the empowered skill.", "voice", is_required=True),
        Column("level", Type.COUNT, "From 1 (new) to 5 (master).", "3", low=1.0, high=5.0),
        Column(
            "aht_factor",
            Type.NUMBER,
            "Handle time relative to the average: 1.1 takes a tenth longer.",
            "1.0",
            "ratio",
            low=0.5,
            high=2.0,
            default="1",
        ),
        *_VALID,
        Column(
            "ready_from",
            Type.DATE,
            "From when they are trained and have acknowledged the standard of the work.",
            "2026-03-02",
            default="from the first",
        ),
    ),
)

AVAILABILITY = Table(
    "availability",
    "input",
    "availability.csv",
    "When people can, cannot, or would rather (not) work: a weekday every week, or one date, in "
    "the person's zone. Rows of a date replace the weekday's rows of the same kind.",
    (
        AGENT,
        Column(
            "kind",
            Type.CHOICE,
            "Hard (available, unavailable) or a wish (prefer, avoid).",
            "prefer",
            is_required=True,
            choices=("available", "unavailable", "prefer", "avoid"),
        ),
        Column(
            "weekday",
            Type.CHOICE,
            "Every week on that day; else give a date.",
            "mon",
            choices=("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
        ),
        Column("date", Type.DATE, "On that date only; else give a weekday.", "2026-10-24"),
        Column("start_time", Type.TIME, "From, wall time.", "08:00", is_required=True),
        Column(
            "end_time",
            Type.TIME,
            "To, wall time; at or before the start means past midnight; 24:00 is allowed.",
            "16:00",
            is_required=True,
        ),
        Column(
            "weight",
            Type.NUMBER,
            "How much a wish counts.",
            "0.5",
            "share",
            low=0.0,
            high=1.0,
            default="0.5",
        ),
        *_VALID,
        Column(
            "every_n_weeks",
            Type.COUNT,
            "Every second, third... week, counted from the week of valid_from.",
            "2",
            "weeks",
            low=1.0,
            high=26.0,
            default="1",
        ),
    ),
)

TIME_OFF = Table(
    "time_off",
    "input",
    "time_off.csv",
    "Absence that is agreed (hard) or asked for (a wish). Never a reason: the type is as fine as "
    "it gets.",
    (
        AGENT,
        Column(
            "start",
            Type.MOMENT,
            "First day off, or the moment from which, in the person's zone.",
            "2026-10-22",
            is_required=True,
        ),
        Column(
            "end",
            Type.MOMENT,
            "Last day off (that day included), or the moment until which.",
            "2026-10-23",
            is_required=True,
        ),
        Column(
            "all_day",
            Type.TRUTH,
            "Whole days.",
            "true",
            default="true where start and end are dates",
        ),
        Column(
            "type",
            Type.CHOICE,
            "Nothing finer than this.",
            "leave",
            choices=("leave", "training", "personal", "other"),
            default="leave",
        ),
        Column("paid", Type.TRUTH, "Whether it counts as paid time.", "true", default="true"),
        Column(
            "status",
            Type.CHOICE,
            "Approved is hard, requested is a wish.",
            "approved",
            choices=("approved", "requested"),
            default="approved",
        ),
    ),
)

LOCKS = Table(
    "locks",
    "input",
    "locks.csv",
    "Days that are settled: a shift that stays, or a day off that stays free (no start, no end).",
    (
        AGENT,
        Column("date", Type.DATE, "Local date on which the shift starts.", "2026-10-24", "", True),
        Column(
            "start",
            Type.TIME_OR_INSTANT,
            "When the locked shift starts, in the person's zone.",
            "08:00",
            default="the day stays free",
        ),
        Column(
            "end",
            Type.TIME_OR_INSTANT,
            "When it ends; at or before the start means past midnight.",
            "16:30",
            default="the day stays free",
        ),
    ),
)

PUBLISHED = Table(
    "published",
    "input",
    "published.csv",
    "What people were told of the dates that are planned anew: a shift, or a day off (no start, "
    "no end). Who has no row on a date from the table's first to its last was to be free. Changes "
    "cost what the rule promise_change_price and [objective] say.",
    (
        AGENT,
        Column("date", Type.DATE, "Local date on which the shift starts.", "2026-10-24", "", True),
        Column(
            "start",
            Type.TIME_OR_INSTANT,
            "When the published shift starts, in the person's zone.",
            "08:00",
            default="the day was to be free",
        ),
        Column(
            "end",
            Type.TIME_OR_INSTANT,
            "When it ends; at or before the start means past midnight.",
            "16:30",
            default="the day was to be free",
        ),
        Column(
            "consent", Type.TRUTH, "Whether the person agrees to a change.", "true", default="false"
        ),
    ),
)

ALL = (
    CONTACTS, CALENDAR, AGENTS, SKILLS, AVAILABILITY, TIME_OFF, HISTORY, OVERLOAD, LOCKS, PUBLISHED,
    ACTIVITIES, OVERRIDES, EXTERNAL_FORECAST, CONSTRAINTS, SURVEY_GROUPS,
)  # fmt: skip

REQUIRED: tuple[str, ...] = ("contacts", "agents", "skills")
"""Tables without which nothing can be planned."""

"""The tables of a run folder: least columns, more may follow."""

from __future__ import annotations

from dataclasses import replace

from wfplan.domain.columns import AGENT, CHANNEL, START, Column, Table, count, number
from wfplan.domain.columns import ColumnType as Type
from wfplan.domain.forecast_tables import FORECAST, FORECAST_TABLES
from wfplan.domain.hand_tables import FORECAST_LAYERS, SNAPSHOT, SUFFICIENCY

REQUIREMENT = Table(
    "requirement",
    "run",
    "requirement.csv",
    "Fewest effective staff that keep each promise, per channel and interval; edit staff_required "
    "and plan again.",
    (
        CHANNEL,
        START,
        number("staff_required", "The largest of the floors.", "7.4", "staff", is_required=True),
        number(
            "staff_promise", "For the promised service level.", "7.4", "staff", is_required=True
        ),
        number("staff_occupancy", "For the cap on occupancy.", "6.9", "staff", is_required=True),
        number(
            "staff_abandonment", "For the cap on abandonment.", "5.8", "staff", is_required=True
        ),
        Column(
            "binding",
            Type.CHOICE,
            "Which floor asks for the most; edited: changed by hand.",
            "promise",
            is_required=True,
            choices=(
                "none",
                "staff_min",
                "promise",
                "occupancy",
                "abandonment",
                "answer_tail",
                "due",
                "edited",
            ),
        ),
        number("staff_tail", "For the longest wait.", "6.1", "staff", is_required=True),
        number("staff_due", "For deferred work in time.", "0", "staff", is_required=True),
        number("staff_min", "Present at least.", "2", "heads", is_required=True),
        number("volume", "Expected contacts.", "14.2", "contacts", is_required=True),
        number("load_erlangs", "Offered load.", "3.3", "erlangs", is_required=True),
        number(
            "staff_habit",
            "What Erlang C with the usual habits would have asked for; not read back.",
            "6",
            "staff",
            default="not known",
        ),
    ),
)

SCHEDULE = Table(
    "schedule",
    "run",
    "schedule.csv",
    "The week of every named person, one row per activity; activities tile their shift exactly.",
    (
        Column("schedule_id", Type.TEXT, "Plan and week.", "harbour-bank-2026w43", "", True),
        count("revision", "Rises when the schedule changes.", "3", "", is_required=True),
        AGENT,
        Column("agent_name", Type.TEXT, "Her name.", "Ada Quinn"),
        Column("site", Type.TEXT, "Where she works.", "Dublin"),
        Column("group", Type.TEXT, "Her team.", "Billing-1"),
        Column("shift_id", Type.TEXT, "Stable across re-solves.", "dub-A001-20261019-1", "", True),
        Column("shift_date", Type.DATE, "Local date of the shift's start.", "2026-10-19", "", True),
        Column(
            "state",
            Type.CHOICE,
            "Promised, proposed, or taken back (one row for the whole shift).",
            "confirmed",
            is_required=True,
            choices=("confirmed", "draft", "cancelled"),
        ),
        Column(
            "activity_code",
            Type.TEXT,
            "What a rostering system shows.",
            "ON_QUEUE",
            default="a cancelled shift",
        ),
        Column(
            "activity_category",
            Type.CHOICE,
            "What it is to capacity and pay; only work serves contacts.",
            "work",
            default="a cancelled shift",
            choices=("work", "break", "meal", "training", "meeting", "off_queue", "time_off"),
        ),
        Column("paid", Type.TRUTH, "Whether it is paid.", "true", default="a cancelled shift"),
        Column(
            "start_local",
            Type.INSTANT,
            "Start, wall time with offset.",
            "2026-10-24T22:00:00+01:00",
            default="worked out from UTC",
        ),
        Column(
            "end_local",
            Type.INSTANT,
            "End, wall time with offset.",
            "2026-10-25T06:00:00+00:00",
            default="worked out from UTC",
        ),
        Column("timezone", Type.ZONE, "The person's time zone.", "Europe/Dublin"),
        Column(
            "start_utc",
            Type.INSTANT,
            "Start.",
            "2026-10-24T21:00:00Z",
            default="worked out from wall time",
        ),
        Column(
            "end_utc",
            Type.INSTANT,
            "End.",
            "2026-10-25T06:00:00Z",
            default="worked out from wall time",
        ),
        count(
            "minutes",
            "Elapsed, not wall-clock difference.",
            "540",
            "minutes",
            default="worked out from the times",
        ),
        Column("locked", Type.TRUTH, "Whether the shift stays as it is.", "false", default="false"),
        Column(
            "activity_id",
            Type.TEXT,
            "The activity of the plan that the row gives, or of a rule.",
            "safety-1",
            default="none: what every shift has",
        ),
    ),
)

OUTCOME = Table(
    "outcome",
    "run",
    "outcome.csv",
    "What customers and staff live through in simulation, tidy: one row per measure.",
    (
        Column(
            "measure",
            Type.TEXT,
            "service_level, promise_kept, abandon_rate, wait_mean_s, occupancy, harm, ...; the "
            "manifest defines each.",
            "service_level",
            is_required=True,
        ),
        replace(
            CHANNEL,
            meaning="A channel of the plan; empowered: waiting for an empowered person.",
            is_required=False,
            default="all channels",
        ),
        replace(
            START,
            meaning="When the interval begins; of service_level_day, when the day does.",
            is_required=False,
            default="the whole week",
        ),
        Column("value", Type.NUMBER, "The simulated value.", "0.83", "see unit", default="none"),
        Column("half_width", Type.NUMBER, "Of its 95 % interval.", "0.01", "see unit"),
        Column("unit", Type.TEXT, "What value counts.", "share"),
        Column("q10", Type.NUMBER, "One week in ten is below.", "0.79", "see unit"),
        Column("q90", Type.NUMBER, "Nine weeks in ten are below.", "0.88", "see unit"),
    ),
)

SIMULATED_CONTACTS = Table(
    "simulated_contacts",
    "run",
    "simulated_contacts.csv",
    "What became of every contact of the first simulated weeks, where asked for.",
    (
        count("replication", "Number of the simulated week, from 0.", "0", "", is_required=True),
        Column(
            "contact_id",
            Type.ID,
            "The same in every schedule that these contacts meet.",
            "3f2a90c1d4e58b07",
            is_required=True,
        ),
        Column(
            "parent_id",
            Type.ID,
            "The contact that it follows from.",
            "9be2f1a0c3d47756",
            default="it follows from none",
        ),
        Column(
            "cause",
            Type.CHOICE,
            "Why it came: of its own; again after it was lost or blocked; again after it was "
            "served; because another was late; passed on to an empowered person.",
            "fresh",
            is_required=True,
            choices=("fresh", "redial", "recontact", "chase", "escalation"),
        ),
        replace(CHANNEL, meaning="A channel of the plan; empowered: for an empowered person."),
        Column("arrived", Type.INSTANT, "When it came.", "2026-10-19T07:16:02Z", "", True),
        Column("answered", Type.INSTANT, "When a person began.", "2026-10-19T07:16:40Z"),
        Column("finished", Type.INSTANT, "When the person was done.", "2026-10-19T07:20:11Z"),
        Column("left", Type.INSTANT, "When the customer gave up.", "2026-10-19T07:18:30Z"),
        Column("due", Type.INSTANT, "When deferred work is due.", "2026-10-19T15:16:02Z"),
        number("wait_s", "Until answered, given up or the end of the week.", "38", "seconds"),
        number("handle_s", "From answered to finished.", "211", "seconds"),
        replace(AGENT, meaning="Who answered.", is_required=False, default="nobody"),
        Column(
            "fate",
            Type.CHOICE,
            "What became of it by the end of the week.",
            "answered",
            is_required=True,
            choices=("answered", "abandoned", "blocked", "still_there"),
        ),
        Column(
            "is_called_back",
            Type.TRUTH,
            "Whether the customer took the offer of a call-back.",
            "false",
            is_required=True,
        ),
    ),
)

LEDGER = Table(
    "ledger",
    "run",
    "ledger.csv",
    "Expected overload of each person, per date: kept from week to week.",
    (
        AGENT,
        Column("date", Type.DATE, "Local date.", "2026-10-19", is_required=True),
        number("overload_min", "Strain on that date.", "12.5", "minutes", is_required=True),
        number("acute_min", "Memory of 7 days, a day.", "30", "minutes", is_required=True),
        number("chronic_min", "Memory of 42 days, a day.", "64", "minutes", is_required=True),
        number("high_intensity_min", "On hard queues that date.", "45", "minutes", default="0"),
        Column(
            "strain_table",
            Type.TEXT,
            "The strain table that weighed it.",
            "2026.1",
            default="not known",
        ),
    ),
)

CHANGES = Table(
    "changes",
    "run",
    "changes.csv",
    "Every person-day that differs from the plan that was kept, by agent and date.",
    (
        AGENT,
        Column("date", Type.DATE, "Local date of the shift's start.", "2026-10-21", "", True),
        Column(
            "what",
            Type.CHOICE,
            "What becomes of the shift; longer and shorter keep one of its ends.",
            "moved",
            is_required=True,
            choices=("added", "removed", "moved", "longer", "shorter", "breaks"),
        ),
        Column(
            "from",
            Type.TEXT,
            "The shift that was kept, on the person's clock; breaks with the "
            "hours at which they begin.",
            "08:00-16:30",
            default="a day off",
        ),
        Column("to", Type.TEXT, "The shift now.", "10:00-18:30", default="a day off"),
        count("notice_days", "From when people learn of it.", "0", "days", default="not known"),
        Column("consent", Type.TRUTH, "Whether the person agreed beforehand.", "false", "", True),
        number("price", "What the change costs the plan.", "5", "points", is_required=True),
        Column(
            "because",
            Type.CHOICE,
            "Why: she is absent, has time off, is no longer here; a lock; the kept shift breaks a "
            "hard rule; it serves customers, or colleagues.",
            "serves_customers",
            is_required=True,
            choices=("absent", "time_off", "left", "lock", "rules", "serves_customers"),
        ),
    ),
)

OFFERS = Table(
    "offers",
    "run",
    "offers.csv",
    "What could be offered where supply does not fit, in order of worth: 'wfplan offers' makes it.",
    (
        Column(
            "kind",
            Type.CHOICE,
            "A shift that nobody has; to work more; to work less, without pay.",
            "overtime",
            is_required=True,
            choices=("open_shift", "overtime", "voluntary_time_off"),
        ),
        replace(AGENT, is_required=False, default="anybody of the group"),
        Column("group", Type.TEXT, "The channels that are served.", "voice+chat", "", True),
        Column("contract_type", Type.TEXT, "Under which contract.", "part_time", "", True),
        Column("start", Type.INSTANT, "Of what is added or freed.", "2026-10-20T17:00Z", "", True),
        Column("end", Type.INSTANT, "Of what is added or freed.", "2026-10-20T18:30Z", "", True),
        Column(
            "saves_harm",
            Type.NUMBER,
            "What customers are spared when it is taken after those before it; below 0 they lose.",
            "9.2",
            "harm points",
            is_required=True,
        ),
        Column("costs_hours", Type.NUMBER, "Paid hours; below 0 saved.", "1.5", "hours", True),
        Column("costs_money", Type.NUMBER, "What they cost.", "31.5", "money", default="not known"),
        Column("why", Type.TEXT, "In words.", "stays until Tue 18:30", is_required=True),
    ),
)

AUDIT = Table(
    "audit",
    "run",
    "audit.json",
    "What the independent audit found: one record per breach, beside the list of checked rules.",
    (
        Column("rule", Type.TEXT, "The rule that is broken.", "daily_rest", is_required=True),
        Column(
            "hardness",
            Type.CHOICE,
            "Whether it must or should hold.",
            "hard",
            is_required=True,
            choices=("hard", "soft"),
        ),
        replace(AGENT, is_required=False, default="not about one person"),
        Column("at", Type.INSTANT, "When.", "2026-10-20T06:00:00Z", is_required=True),
        Column("amount", Type.NUMBER, "By how much.", "45", "see unit", is_required=True),
        Column("unit", Type.TEXT, "What amount counts.", "minutes", is_required=True),
        Column("why", Type.TEXT, "In words.", "10 h 15 min of rest, 11 h asked", is_required=True),
    ),
)

ALL = (
    FORECAST, *FORECAST_TABLES, FORECAST_LAYERS, SUFFICIENCY, SNAPSHOT, REQUIREMENT, SCHEDULE,
    CHANGES, OUTCOME,
    SIMULATED_CONTACTS, LEDGER, OFFERS, AUDIT,
)  # fmt: skip

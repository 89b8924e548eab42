"""The tables of the planner's hand: override layers, a forecast from elsewhere, what came of it."""

from __future__ import annotations

from dataclasses import replace

from wfplan.domain.columns import CHANNEL, START, Column, Table, number
from wfplan.domain.columns import ColumnType as Type

OVERRIDES = Table(
    "overrides",
    "input",
    "overrides.csv",
    "Layers that the planner lays on the forecast, in the order of the rows: a percentage is of "
    "what lies below, a value and a copied week replace it. 'wfplan override' adds rows and takes "
    "them back; none is ever lost.",
    (
        Column("id", Type.ID, "The layer's name in reports.", "L001", is_required=True),
        Column("channel", Type.TEXT, "The channel it changes.", "voice", default="all channels"),
        Column("from", Type.DATE, "First date.", "2026-10-19", is_required=True),
        Column(
            "until", Type.DATE, "Last date, that day included.", "2026-10-25", default="one date"
        ),
        Column("times", Type.HOURS, "Times of each date.", "10:00-14:00", default="all day"),
        Column(
            "change",
            Type.CHANGE,
            "A percentage, contacts an interval or a day, or a week of the history to copy: "
            "+10%, =12/interval, =1200/day, copy 2026-W41, copy 2026-W41 +5%.",
            "+10%",
            is_required=True,
        ),
        Column("author", Type.TEXT, "Who answers for it.", "ada", is_required=True),
        Column("reason", Type.TEXT, "Why.", "autumn mailing", is_required=True),
        Column("made_at", Type.INSTANT, "When it was made.", "2026-10-12T09:30Z"),
        Column(
            "active", Type.TRUTH, "false: kept and shown, without effect.", "true", default="true"
        ),
    ),
)

EXTERNAL_FORECAST = Table(
    "external_forecast",
    "input",
    "external_forecast.csv",
    "A forecast from elsewhere, old ones included: it is judged by what came beside ours, and "
    "planned with where [forecast] use = \"external\". Rows may be finer than the plan's interval, "
    "never coarser.",
    (
        CHANNEL,
        START,
        number("offered", "Contacts expected.", "14.2", "contacts", is_required=True),
        number("aht_s", "Handle time expected.", "212.5", "seconds", high=86_400.0,
               default="as we forecast it"),
        number("low", "One in ten is below.", "9", "contacts", default="learnt from its errors"),
        number("high", "Nine in ten are below.", "20", "contacts",
               default="learnt from its errors"),
        Column(
            "made_at",
            Type.INSTANT,
            "When it was made; the last of those made before an interval counts.",
            "2026-10-12T09:30Z",
            default="some time before the interval",
        ),
        Column("source", Type.TEXT, "Who made it.", "head office", default="external"),
    ),
)  # fmt: skip

FORECAST_LAYERS = Table(
    "forecast_layers",
    "run",
    "forecast_layers.csv",
    "What was laid on the forecast, per channel, date and layer, from the lowest: a forecast from "
    "elsewhere, the planner's overrides, a scenario, what was edited in forecast.csv by hand. "
    "Written only where there is any.",
    (
        CHANNEL,
        Column("date", Type.DATE, "The local date.", "2026-10-19", is_required=True),
        Column("layer", Type.TEXT, "The override's id, external, scenario or hand edit.", "L001",
               is_required=True),
        Column("change", Type.TEXT, "What it does.", "+10%", default="no word of it"),
        replace(number("before", "Contacts of the date below it.", "1450.5", "contacts"),
                is_required=True),
        replace(number("after", "Contacts of the date with it.", "1595.6", "contacts"),
                is_required=True),
        Column("author", Type.TEXT, "Who answers for it.", "ada", default="not said"),
        Column("reason", Type.TEXT, "Why.", "autumn mailing", default="not said"),
    ),
)  # fmt: skip

SNAPSHOT = Table(
    "snapshot",
    "given",
    "snapshots/*.csv.gz",
    "What a forecast said, kept to be judged by what comes ('wfplan judge'). The line of JSON "
    "above the table says when it was made and up to when it knew what came.",
    (
        CHANNEL,
        START,
        number("statistical", "Contacts expected before any layer.", "13.1", "contacts"),
        number("mean", "Contacts expected.", "14.2", "contacts"),
        number("q10", "One in ten is below.", "9", "contacts"),
        number("q50", "Half are below.", "14", "contacts"),
        number("q90", "Nine in ten are below.", "20", "contacts"),
        number("rate_cv", "Coefficient of variation of the unknown rate.", "0.12", ""),
    ),
)

SUFFICIENCY = Table(
    "sufficiency",
    "run",
    "sufficiency.csv",
    "Whether the history suffices to forecast each channel, part by part.",
    (
        CHANNEL,
        Column("what", Type.TEXT, "What the forecast needs to know.", "length of the history",
               is_required=True),
        Column("have", Type.TEXT, "What there is.", "5 weeks", is_required=True),
        Column("need", Type.TEXT, "What there should be.", "10 weeks", is_required=True),
        Column("verdict", Type.TEXT, "enough, with care, or not enough.", "with care",
               is_required=True),
        Column("help", Type.TEXT, "What would help.", "Add older contacts.", default="nothing"),
    ),
)  # fmt: skip

"""What a forecast says, by interval and of longer times, as tables of a run folder."""

from __future__ import annotations

from wfplan.domain.columns import CHANNEL, START, Column, Table, count, number
from wfplan.domain.columns import ColumnType as Type

FORECAST = Table(
    "forecast",
    "run",
    "forecast.csv",
    "Demand of the week, per channel and interval, with its uncertainty.",
    (
        CHANNEL,
        START,
        number("offered_mean", "Expected contacts.", "14.2", "contacts", is_required=True),
        number("offered_q10", "One in ten is below.", "9", "contacts", is_required=True),
        number("offered_q50", "Half are below.", "14", "contacts", is_required=True),
        number("offered_q90", "Nine in ten are below.", "20", "contacts", is_required=True),
        number("aht_s", "Expected mean handle time.", "212.5", "seconds", default="not known"),
        number(
            "rate_cv", "Coefficient of variation of the unknown rate.", "0.12", "", is_required=True
        ),
        number(
            "offered_statistical",
            "Expected contacts before anything was laid on the forecast.",
            "13.1",
            "contacts",
            default="offered_mean",
        ),
        Column("is_open", Type.TRUTH, "Whether the channel is open.", "true", is_required=True),
        number(
            "fresh_share",
            "Part of offered_mean that comes of its own accord; the others come back, after they "
            "were lost or with the same matter.",
            "0.93",
            "share",
            default="not told apart",
        ),
        number("offered_q025", "25 in 1,000 are below.", "7", "contacts", default="not known"),
        number("offered_q975", "975 in 1,000 are below.", "23", "contacts", default="not known"),
        number(
            "aht_q10",
            "One in ten mean handle times is below.",
            "180",
            "seconds",
            default="not known",
        ),
        number(
            "aht_q90",
            "Nine in ten mean handle times are below.",
            "250",
            "seconds",
            default="not known",
        ),
    ),
)

FORECAST_TOTALS = Table(
    "forecast_totals",
    "run",
    "forecast_totals.csv",
    "Totals of channels, their groups and the site, by day and week: means add up at every level; "
    "ranges are their own, narrower than those of their parts added up. For reading only.",
    (
        Column(
            "level",
            Type.CHOICE,
            "Of what: a channel, a group of channels, all of them.",
            "channel",
            "",
            True,
            ("channel", "group", "site"),
        ),
        Column("name", Type.TEXT, "The channel, group or site (or plan).", "voice", "", True),
        Column("span", Type.CHOICE, "What is added up.", "day", "", True, ("day", "week")),
        Column("first_day", Type.DATE, "Local date, or the first of it.", "2026-10-19", "", True),
        number("offered_mean", "Expected contacts.", "4188.2", "contacts", is_required=True),
        *(
            number(f"offered_q{name}", meaning, "4100", "contacts", default="not known")
            for name, meaning in (
                ("025", "25 in 1,000 are below."),
                ("10", "One in ten is below."),
                ("50", "Half are below."),
                ("90", "Nine in ten are below."),
                ("975", "975 in 1,000 are below."),
            )
        ),
    ),
)

FORECAST_MODELS = Table(
    "forecast_models",
    "run",
    "forecast_models.csv",
    "Which model weighs how much in the forecast, and how wrong each was in tests on the past.",
    (
        CHANNEL,
        count("week", "Week of lead; 4 is for all that follow.", "1", "weeks", is_required=True),
        Column("model", Type.TEXT, "The model; blend: all together.", "regression", "", True),
        number("weight", "In the blend.", "0.35", "share", default="not known"),
        number("wape", "Sum of errors / contacts.", "0.061", "share", default="not tested"),
        number("noise_floor", "WAPE of chance alone.", "0.024", "share", default="not known"),
    ),
)

FORECAST_SET_ASIDE = Table(
    "forecast_set_aside",
    "run",
    "forecast_set_aside.csv",
    "What of the contact history the forecast did not learn from.",
    (
        CHANNEL,
        Column("start", Type.INSTANT, "Of what was set aside.", "2026-10-05T09:00:00Z", "", True),
        Column("end", Type.INSTANT, "Of what was set aside.", "2026-10-05T11:00:00Z", "", True),
        number("offered", "Contacts by the history.", "0", "contacts", default="not known"),
        number("expected", "Contacts one would expect.", "212", "contacts", default="not known"),
        Column("why", Type.TEXT, "In words.", "an outage", default="not said"),
    ),
)

FORECAST_SPECIAL_DAYS = Table(
    "forecast_special_days",
    "run",
    "forecast_special_days.csv",
    "Effects of the calendar on days of the forecast, and where each comes from.",
    (
        CHANNEL,
        Column("day", Type.DATE, "Local date.", "2026-10-26", "", True),
        Column("label", Type.TEXT, "What is special about it.", "October holiday", default="-"),
        Column("kind", Type.TEXT, "Of what kind.", "holiday", default="-"),
        number("factor", "On an ordinary day's contacts.", "0.23", "", is_required=True),
        number("low", "One in ten is below.", "0.18", "", default="not known"),
        number("high", "Nine in ten are below.", "0.29", "", default="not known"),
        number("days_seen", "Past days it is learned from.", "3", "", default="none"),
        Column("how", Type.TEXT, "Stated, learned, or guessed.", "learned", default="-"),
    ),
)

FORECAST_SO_FAR = Table(
    "forecast_so_far",
    "run",
    "forecast_so_far.csv",
    "The day under way: what came, and what that says of the rest of it ('--as-of').",
    (
        CHANNEL,
        Column("as_of", Type.INSTANT, "Until when.", "2026-10-19T10:30:00Z", "", True),
        Column("day", Type.DATE, "The day under way.", "2026-10-19", "", True),
        number("came", "Contacts of the day so far.", "412", "contacts", default="0"),
        number("came_expected", "Forecast before, of the same intervals.", "380", "contacts",
               default="0"),
        count("not_known", "Open intervals so far without a count.", "0", "", default="0"),
        number("rest_before", "Forecast of the rest, before.", "610", "contacts", default="0"),
        number("rest_now", "Forecast of the rest, now.", "646", "contacts", default="0"),
        number("rest_q10", "One in ten is below.", "602", "contacts", default="not known"),
        number("rest_q90", "Nine in ten are below.", "690", "contacts", default="not known"),
        number("busyness", "The factor on the day's expectation.", "1.06", "",
               default="nothing to come"),
    ),
)  # fmt: skip

FORECAST_TABLES = (
    FORECAST_TOTALS,
    FORECAST_MODELS,
    FORECAST_SET_ASIDE,
    FORECAST_SPECIAL_DAYS,
    FORECAST_SO_FAR,
)
"""What a forecast says beside its intervals: for reading, not read back as numbers to plan by."""

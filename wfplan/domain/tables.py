"""The tables of a run folder: every column with its type, unit and meaning.

One schema for the writer, the reader, ``wfplan schema``, the exported
``datapackage.json`` and the definitions that stand under a report's tables.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """
    A column: ``type`` is text, number, integer, boolean, instant or date.

    ``may_be_empty`` says that an empty cell has a meaning (not known, or the
    whole week, or all channels).
    """

    name: str
    type: str
    meaning: str
    unit: str = ""
    may_be_empty: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its file and its columns in order."""

    name: str
    file: str
    meaning: str
    columns: tuple[Column, ...]

    @property
    def header(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)


_CHANNEL = Column("channel", "text", "channel of the plan")
_INTERVAL = Column("interval_start", "instant", "first instant of the interval, UTC")
_AGENT = Column("agent_id", "text", "person, by id")


def _floor(name: str, why: str) -> Column:
    return Column(name, "number", f"effective staff that {why}; 0 where not asked for", "staff")


FORECAST = Table(
    "forecast",
    "forecast.csv",
    "demand expected per channel and interval, with its uncertainty",
    (
        _CHANNEL,
        _INTERVAL,
        Column("offered_mean", "number", "contacts expected", "contacts"),
        Column("offered_q10", "number", "one in ten outcomes lies below", "contacts"),
        Column("offered_q50", "number", "half of the outcomes lie below", "contacts"),
        Column("offered_q90", "number", "nine in ten outcomes lie below", "contacts"),
        Column("aht_s", "number", "mean talk, hold and wrap-up of a contact", "s", True),
        Column("rate_cv", "number", "coefficient of variation of the unknown arrival rate"),
        Column("is_open", "boolean", "whether the channel is open"),
    ),
)

REQUIREMENT = Table(
    "requirement",
    "requirement.csv",
    "effective staff asked for per channel and interval; raise or lower staff_required by hand",
    (
        _CHANNEL,
        _INTERVAL,
        Column("staff_required", "number", "effective staff to reach, fractional", "staff"),
        _floor("staff_promise", "keep the promised service level"),
        _floor("staff_occupancy", "keep occupancy under its cap"),
        _floor("staff_abandonment", "keep abandonment under its cap"),
        Column("binding", "text", "the floor that asks for the most; edited: changed by hand"),
        _floor("staff_due", "finish deferred work in time"),
        Column("staff_min", "number", "heads present at least", "heads"),
        Column("volume", "number", "contacts expected", "contacts"),
        Column("load_erlangs", "number", "offered load: contacts per second times AHT", "erlangs"),
    ),
)

SCHEDULE = Table(
    "schedule",
    "schedule.csv",
    "who does what and when, one row per activity; state cancelled: one row per shift",
    (
        Column("schedule_id", "text", "schedule, stable across revisions"),
        Column("revision", "integer", "rises whenever the shift changes"),
        _AGENT,
        Column("agent_name", "text", "name of the person", may_be_empty=True),
        Column("site", "text", "where the person works", may_be_empty=True),
        Column("group", "text", "team of the person", may_be_empty=True),
        Column("shift_id", "text", "shift, stable across re-solves"),
        Column("shift_date", "date", "local date on which the shift starts"),
        Column("state", "text", "draft, confirmed or cancelled"),
        Column("activity_code", "text", "what a rostering system shows", may_be_empty=True),
        Column(
            "activity_category",
            "text",
            "work, break, meal, training, meeting, off_queue or time_off",
            may_be_empty=True,
        ),
        Column("paid", "boolean", "whether the time is paid", may_be_empty=True),
        Column("start_local", "text", "wall time with its offset", may_be_empty=True),
        Column("end_local", "text", "wall time with its offset", may_be_empty=True),
        Column("timezone", "text", "IANA zone of the person", may_be_empty=True),
        Column("start_utc", "instant", "first instant, UTC", may_be_empty=True),
        Column("end_utc", "instant", "instant after the last, UTC", may_be_empty=True),
        Column("minutes", "integer", "elapsed, not wall-clock difference", "min", True),
        Column("locked", "boolean", "whether the shift stays as it is", may_be_empty=True),
    ),
)

OUTCOME = Table(
    "outcome",
    "outcome.csv",
    "what customers and staff live through in simulation",
    (
        Column("measure", "text", "what is measured, see the definitions"),
        Column("channel", "text", "channel; empty: all", may_be_empty=True),
        Column("interval_start", "instant", "interval, UTC; empty: the week", may_be_empty=True),
        Column("value", "number", "mean over replications (ratio of sums)", "unit", True),
        Column("half_width", "number", "half of the 95 % interval of the mean", "unit", True),
        Column("unit", "text", "unit of the value", may_be_empty=True),
        Column("q10", "number", "one in ten replications lies below", "unit", True),
        Column("q90", "number", "nine in ten replications lie below", "unit", True),
    ),
)

LEDGER = Table(
    "ledger",
    "ledger.csv",
    "overload per person and day",
    (
        _AGENT,
        Column("date", "date", "local date of the site"),
        Column("overload_min", "number", "planned overload of the day", "min"),
        Column("acute_min", "number", "overload that a week's memory holds", "min a day"),
        Column("chronic_min", "number", "overload that six weeks' memory holds", "min a day"),
    ),
)

RUN_TABLES = {table.name: table for table in (FORECAST, REQUIREMENT, SCHEDULE, OUTCOME, LEDGER)}

DEFINITIONS = {
    "service_level": "answered within the channel's target / offered; no demand: 1, no staff: 0",
    "abandon_rate": "abandoned / offered",
    "wait_mean_s": "mean wait of all offered contacts, abandoned ones included, seconds",
    "wait_p95_s": "wait that 95 in 100 offered contacts do not exceed, seconds",
    "occupancy": "busy time / (busy time + available time)",
    "harm": "points: waiting minutes, lost and late contacts, strain, by the plan's weights",
    "aht_s": "talk + hold + wrap-up per contact, seconds",
    "shrinkage": "share of paid on-queue time that serves no contacts",
    "average": "averages over intervals are weighted by contacts",
    "replications": "means over replications are ratios of sums; half-widths are of 95 % intervals",
}

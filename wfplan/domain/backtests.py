"""How good the forecast would have been: what a backtest hands on, and its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from wfplan.domain.columns import CHANNEL, Column, Table, count, number
from wfplan.domain.columns import ColumnType as Type

OURS = "wfplan"
LAST = "same weekday last"
"""What planners call last week's value."""

_LEAD = count("lead_weeks", "Weeks ahead: 1 is the week after the last one known.", "1", "weeks",
              is_required=True)  # fmt: skip
_FLOOR = number("noise_floor", "WAPE that chance alone leaves at this volume.", "0.024", "share")
_WAPE = number("wape", "Sum of absolute errors / contacts that came.", "0.061", "share")
_BIAS = Column("bias", Type.NUMBER, "(forecast - came) / came.", "-0.012", "share")

SCORES = Table(
    "backtest_scores",
    "backtest",
    "scores.csv",
    "How wrong every method was, all on the same intervals, days and weeks.",
    (
        CHANNEL,
        _LEAD,
        Column(
            "grain",
            Type.CHOICE,
            "What is judged: every interval, or totals.",
            "interval",
            is_required=True,
            choices=("interval", "day", "week"),
        ),
        Column("method", Type.TEXT, "wfplan, or a yardstick of recent weeks.", OURS, "", True),
        _WAPE,
        number("mase", "Mean error / mean change from week to week.", "0.72", ""),
        number("pinball", "Mean loss of the 10, 50 and 90 % quantiles, twice.", "0.04", "share"),
        number("crps", "Loss of the whole distribution.", "0.043", "share"),
        _BIAS,
        number("coverage80", "Share that came within the 80 % range.", "0.801", "share"),
        number("coverage95", "Share that came within the 95 % range.", "0.949", "share"),
        _FLOOR,
        Column("gain", Type.NUMBER, "WAPE of the method less wfplan's.", "0.013", "share"),
        number("gain_half_width", "Of its 95 % interval, over origins.", "0.004", "share"),
        number("contacts", "That came in what is judged.", "154135", "contacts"),
        count("cells", "Intervals, days or weeks judged.", "2016", ""),
        count("origins", "Forecasts that they come from.", "6", ""),
    ),
)

HOURS = Table(
    "backtest_hours",
    "backtest",
    "hours.csv",
    "Where in the week the forecast errs.",
    (
        CHANNEL,
        _LEAD,
        count("weekday", "0 is Monday.", "0", "", is_required=True),
        count("hour", "Of the local day.", "9", "", is_required=True),
        number("contacts", "In this hour of a week.", "76.8", "contacts"),
        _WAPE,
        _BIAS,
        _FLOOR,
    ),
)

CALIBRATION = Table(
    "backtest_calibration",
    "backtest",
    "calibration.csv",
    "Where in the forecast's distribution the contacts came: a tenth in every bin where it is "
    "right, more in the first and last where ranges are too narrow.",
    (
        CHANNEL,
        _LEAD,
        number("low", "From this probability.", "0.1", "share", is_required=True),
        number("high", "To this probability.", "0.2", "share", is_required=True),
        number("share", "Of the intervals.", "0.103", "share"),
        count("cells", "Intervals judged.", "2016", ""),
    ),
)

MODELS = Table(
    "backtest_models",
    "backtest",
    "models.csv",
    "Which model weighed how much, and how wrong each was: means over the origins.",
    (
        CHANNEL,
        count("week", "Week of lead; the last is for all that follow.", "1", "weeks"),
        Column("model", Type.TEXT, "The model; blend is all of them together.", "regression"),
        number("weight", "In the blend.", "0.35", "share"),
        _WAPE,
        count("origins", "Forecasts that had it.", "6", ""),
    ),
)

DAYS = Table(
    "backtest_days",
    "backtest",
    "days.csv",
    "Totals of days as every origin saw them, with what came.",
    (
        CHANNEL,
        Column("origin", Type.DATE, "First day that was not known.", "2026-09-28", "", True),
        _LEAD,
        Column("day", Type.DATE, "Local date.", "2026-10-01", "", True),
        number("actual", "Contacts that came.", "4210", "contacts", default="not all known"),
        number("offered_mean", "Expected contacts.", "4188.2", "contacts"),
        *(
            number(f"offered_q{name}", f"{share} in 1,000 are below.", "4100", "contacts")
            for name, share in (("025", 25), ("10", 100), ("50", 500), ("90", 900), ("975", 975))
        ),
    ),
)

EXTERNAL = Table(
    "backtest_external",
    "backtest",
    "external.csv",
    "A forecast from elsewhere beside ours, on the intervals of which both spoke at an origin; "
    "written only where the plan has one.",
    (
        CHANNEL,
        count("lead_weeks", "Weeks ahead; 0 is all together.", "1", "weeks", is_required=True),
        Column("method", Type.TEXT, "wfplan, a yardstick, or the other's name.", OURS, "", True),
        _WAPE,
        _BIAS,
        number("pinball", "Mean loss of the 10, 50 and 90 % quantiles, twice.", "0.04", "share"),
        number("coverage80", "Share that came within the 80 % range.", "0.801", "share"),
        _FLOOR,
        number("contacts", "That came in what is judged.", "154135", "contacts"),
        count("cells", "Intervals judged.", "2016", ""),
    ),
)

TABLES = (SCORES, HOURS, CALIBRATION, MODELS, DAYS, EXTERNAL)


@dataclass(frozen=True)
class ForecastBacktest:
    """
    Rolling origins over a plan's own history, scored.

    ``tables`` are frames by name of the table; ``daily`` are the day totals of the history
    (channel, day, offered), for pictures. ``origins`` of ``planned`` forecasts were made.
    """

    plan: str
    channels: tuple[str, ...]
    interval_min: int
    first_day: date
    last_day: date
    planned: int
    origins: int
    tables: Mapping[str, pd.DataFrame]
    daily: pd.DataFrame
    notes: tuple[str, ...] = ()

    @property
    def is_partial(self) -> bool:
        """Whether it was stopped before all origins."""
        return self.origins < self.planned

    @property
    def scores(self) -> pd.DataFrame:
        """The scores."""
        return self.tables[SCORES.name]

    @property
    def leads(self) -> tuple[int, ...]:
        """Weeks ahead that were scored."""
        return tuple(sorted({int(lead) for lead in self.scores["lead_weeks"]}))

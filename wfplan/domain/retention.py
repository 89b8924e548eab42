"""
How long what is about people is kept.

Working-time records may have to be kept by law (two years under UK WTR 1998, reg. 9, and for time
beyond eight hours under ArbZG, s. 16): so it is a setting, and never shorter than rules look back.
"""

from __future__ import annotations

from datetime import date

from pydantic import Field, field_validator

from wfplan.domain.base import Model

NEVER = "never"
LEAST_MONTHS = 6
"""As far back as rules, averages and fair shares look."""
_OF_YEAR = 12


class Retention(Model):
    """Months after which a past week loses what is about people; 0: it is kept for good."""

    months: int = Field(default=24, ge=0, le=1200)

    @field_validator("months", mode="before")
    @classmethod
    def _in_words(cls, value: object) -> object:
        return 0 if value == NEVER else value

    @field_validator("months")
    @classmethod
    def _long_enough(cls, value: int) -> int:
        if 0 < value < LEAST_MONTHS:
            raise ValueError(
                f"rules, averages and fair shares look back for {LEAST_MONTHS} months: keep weeks "
                'at least as long, or for good ("never")'
            )
        return value

    def before(self, today: date) -> date | None:
        """Weeks that ended by this date are over their time; None: none ever is."""
        return months_before(today, self.months) if self.months else None


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or the last one of a month that is shorter."""
    year, month = divmod(day.year * _OF_YEAR + day.month - 1 - months, _OF_YEAR)
    if year < 1:
        return date.min
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(last, day.day))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")

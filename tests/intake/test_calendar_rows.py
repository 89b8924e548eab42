"""Tests for wfplan.intake.calendar_rows."""

from __future__ import annotations

from datetime import date

import pytest

from wfplan.domain.calendar import DayKind
from wfplan.errors import InputError
from wfplan.intake.book import BadValueError
from wfplan.intake.calendar_rows import check_place, parts_of, public_holidays
from wfplan.intake.load import load_plan

HEAD = "date,kind,name,channel,factor,open,until,days,lag_days\n"


def with_calendar(folder, rows: str):
    (folder / "calendar.csv").write_text(HEAD + rows, encoding="utf-8")
    return folder


def rows_of(problem, name: str):
    return [day for day in problem.calendar if day.name == name]


def test_a_row_says_how_long_it_lasts(plan_folder):
    rows = (
        "2026-03-02,campaign,Mail,,,,,3,1\n"
        "2026-03-02,period,School holidays,,,,2026-03-13,,\n"
        "2026-03-06,payday,Salaries,,,,,,\n"
    )
    problem = load_plan(with_calendar(plan_folder(), rows))
    (mail,), (school,), (pay,) = (
        rows_of(problem, n) for n in ("Mail", "School holidays", "Salaries")
    )
    assert (mail.kind, mail.days, mail.lag_days) == (DayKind.CAMPAIGN, 3, 1)
    assert len(school.dates) == 12
    assert school.dates[-1] == date(2026, 3, 13)
    assert pay.dates == (date(2026, 3, 6),)


def test_a_calendar_without_the_columns_of_length_still_loads(plan_folder):
    folder = plan_folder()
    (folder / "calendar.csv").write_text("date,kind,name\n2026-03-02,event,Bills\n", "utf-8")
    (row,) = rows_of(load_plan(folder), "Bills")
    assert (row.until, row.days, row.lag_days) == (None, None, 0)


def test_a_closure_of_several_days_closes_each(plan_folder):
    problem = load_plan(with_calendar(plan_folder(), "2026-03-02,closed,,,,,2026-03-04,,\n"))
    opening = problem.opening_by_date(problem.channels[0])
    assert [opening[date(2026, 3, day)] for day in (2, 3, 4)] == [(), (), ()]
    assert date(2026, 3, 5) not in opening


def test_a_term_or_a_pay_day_does_not_hide_a_public_holiday(plan_folder):
    rows = "2026-03-16,period,Term,,,,2026-03-20,,\n2026-03-17,payday,Salaries,,,,,,\n"
    holidays = load_plan(with_calendar(plan_folder(), rows)).holidays
    assert date(2026, 3, 17) in [day.day for day in holidays]
    event = "2026-03-16,event,Fair,,,,2026-03-18,,\n"
    holidays = load_plan(with_calendar(plan_folder(), event)).holidays
    assert date(2026, 3, 17) not in [day.day for day in holidays]


def test_two_campaigns_of_one_date_are_told_apart_by_their_names(plan_folder):
    rows = "2026-03-02,campaign,Mail,,,,,,\n2026-03-02,campaign,Radio,,,,,,\n"
    problem = load_plan(with_calendar(plan_folder(), rows))
    assert rows_of(problem, "Mail")
    assert rows_of(problem, "Radio")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("2026-03-02,period,Term,,,,,,", "a period from 2026-03-02 has no end"),
        ("2026-03-02,event,Fair,,,,2026-03-01,,", "2026-03-01 lies before 2026-03-02"),
        ("2026-03-02,event,Fair,,,,2028-03-01,,", "are more than 400 days"),
        ("2026-03-02,event,Fair,,,,2026-03-04,2,", "until and days both say how long it lasts"),
        ("2026-03-02,holiday,Fair,,,,,2,", "a holiday does not fade or begin later"),
        ("2026-03-02,closed,,,,,,,1", "a closed day does not fade or begin later"),
        ("2026-03-02,event,Fair,,,,,2,90", "lag_days"),
        ("2026-03-02,campaign,Mail,,,,,,\n2026-03-02,campaign,Mail,,,,,,", "is already there"),
        ("2026-03-02,strike,,,,,,,", "strike"),
    ],
)
def test_a_row_that_means_nothing_is_named(plan_folder, row, message):
    with pytest.raises(InputError, match=message):
        load_plan(with_calendar(plan_folder(), row + "\n"))


def test_holidays_of_a_subdivision_are_added():
    bavaria = {
        d.day: d for d in public_holidays("DE", "BY", date(2026, 1, 1), date(2026, 5, 1), ())
    }
    whole = {d.day for d in public_holidays("DE", None, date(2026, 1, 1), date(2026, 5, 1), ())}
    assert bavaria[date(2026, 6, 4)].name == "Corpus Christi"
    assert date(2026, 6, 4) not in whole


def test_a_holiday_of_some_of_several_subdivisions_is_a_half_holiday():
    found = {
        d.day: d for d in public_holidays("DE", "BY, BE", date(2026, 1, 1), date(2026, 5, 1), ())
    }
    assert found[date(2026, 1, 1)].kind is DayKind.HOLIDAY
    assert found[date(2026, 6, 4)].kind is DayKind.HALF_HOLIDAY
    assert found[date(2026, 6, 4)].name == "Corpus Christi (in BY)"
    assert found[date(2026, 3, 8)].name.endswith("(in BE)")


def test_days_that_are_a_holiday_from_some_hour_on_are_half_holidays():
    found = {
        d.day: d for d in public_holidays("IS", None, date(2025, 12, 1), date(2025, 12, 1), ())
    }
    assert found[date(2025, 12, 24)].kind is DayKind.HALF_HOLIDAY
    assert found[date(2025, 12, 25)].kind is DayKind.HOLIDAY


def test_names_of_holidays_do_not_depend_on_the_language_of_the_computer(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "de")
    found = public_holidays("DE", None, date(2026, 1, 1), date(2026, 1, 1), ())
    assert next(iter(found)).name == "New Year's Day"


def test_every_subdivision_of_a_list_is_checked():
    check_place("DE", "BY, BE")
    assert parts_of("BY, BE") == ("BY", "BE")
    assert parts_of(None) == (None,)
    with pytest.raises(BadValueError, match="'XX' is not a subdivision of DE"):
        check_place("DE", "BY, XX")

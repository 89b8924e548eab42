"""``wfplan forecast``: what it tells, --weeks, --backtest and --as-of."""

from __future__ import annotations

import csv
import json

import pytest

from wfplan.cli import backtesting
from wfplan.domain.backtests import EXTERNAL, TABLES
from wfplan.errors import ExitCode, UsageError


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.slow
def test_a_forecast_tells_totals_ranges_peaks_and_its_test_on_the_past(wfplan, plan_folder):
    plan = plan_folder()
    said = wfplan("forecast", plan, "--out", plan / "run", "--json", "--quiet")
    assert said.code == 0
    result = said.object["result"]
    for channel in result["channels"]:
        (of_week,) = channel["weeks"]
        assert of_week["q025"] <= of_week["q10"] <= of_week["q90"] <= of_week["q975"]
        assert sum(day["mean"] for day in channel["days"]) == pytest.approx(of_week["mean"])
        assert channel["peak"]["offered_mean"] > 0
    table = rows(plan / "run" / "forecast.csv")
    assert all(float(row["offered_q025"]) <= float(row["offered_q10"]) for row in table)
    voice = sum(float(row["offered_mean"]) for row in table if row["channel"] == "voice")
    assert voice == pytest.approx(result["channels"][0]["weeks"][0]["mean"])


@pytest.mark.slow
def test_a_forecast_tells_first_contacts_and_totals_of_groups(wfplan, plan_folder):
    plan = plan_folder()
    path = plan / "plan.toml"
    keys = 'group = "lines"\nredial = { voice = 0.5 }\nrecontact = { email = 0.05 }\n'
    text = path.read_text(encoding="utf-8").replace(
        "[channels.voice]\n", f"[channels.voice]\n{keys}"
    )
    path.write_text(text, encoding="utf-8")
    said = wfplan("forecast", plan, "--out", plan / "run", "--json", "--quiet")
    assert said.code == 0
    result = said.object["result"]
    fresh = result["fresh_demand"]
    assert fresh["is_forecast"] or "abandoned" in fresh["why_not"]
    totals = {
        (row["level"], row["name"], row["span"], row["first_day"]): row for row in result["totals"]
    }
    table = rows(plan / "run" / "forecast_totals.csv")
    assert len(table) == len(totals)
    for (level, _, span, first), row in totals.items():
        if level == "site":
            parts = [totals["channel", name, span, first] for name in ("voice", "email")]
            assert row["offered_mean"] == pytest.approx(
                sum(p["offered_mean"] for p in parts), abs=1e-6
            )
        if level == "group":
            assert row["offered_mean"] == totals["channel", "voice", span, first]["offered_mean"]


@pytest.mark.slow
def test_two_weeks_are_one_run_that_goes_on(wfplan, plan_folder):
    plan = plan_folder(channels=1)
    said = wfplan("forecast", plan, "--weeks", "2", "--out", plan / "two", "--quiet")
    assert said.code == 0
    assert "2026-03-02" in said.out
    assert "2026-03-09" in said.out
    assert wfplan("staff", plan / "two", "--quiet").code == 0


@pytest.mark.slow
def test_a_run_of_before_these_tables_is_still_read(wfplan, plan_folder):
    plan = plan_folder(channels=1)
    run = plan / "run"
    wfplan("forecast", plan, "--out", run, "--quiet")
    path = run / "forecast.csv"
    table = rows(path)
    kept = [name for name in table[0] if name not in ("offered_q025", "offered_q975")]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, kept, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(table)
    for name in ("forecast_totals.csv", "forecast_models.csv", "forecast_special_days.csv"):
        (run / name).unlink()
    assert wfplan("staff", run, "--quiet").code == 0


@pytest.mark.slow
def test_a_backtest_writes_tables_a_page_and_a_verdict(wfplan, plan_folder):
    plan = plan_folder(channels=1)
    old = plan / "contacts.csv"
    before = old.read_text(encoding="utf-8").splitlines()
    earlier = [line.replace("2026-02-", "2026-01-") for line in before[1:] if "2026-02-" in line]
    old.write_text("\n".join([before[0], *earlier, *before[1:]]), encoding="utf-8")
    out = plan / "past"
    said = wfplan("forecast", plan, "--backtest", "--origins", "1", "--leads", "1", "--out", out,
                  "--quiet")  # fmt: skip
    assert said.code == 0
    assert "the floor at this volume is" in said.out
    assert "last week's value would have given" in said.out
    assert not (out / EXTERNAL.file).exists()  # nobody gave a forecast from elsewhere
    for table in set(TABLES) - {EXTERNAL}:
        assert set(table.names) <= set(rows(out / table.file)[0])
    page = (out / "backtest.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert page.count('role="img"') >= 4
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["verdicts"][0]["channel"] == "voice"


def test_a_history_without_a_whole_week_to_score_says_what_it_takes(wfplan, plan_folder):
    plan = plan_folder(channels=1)
    path = plan / "contacts.csv"
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if "2026-02-2" in line or "2026-03" in line]
    path.write_text("\n".join([head, *kept]), encoding="utf-8")
    said = wfplan("forecast", plan, "--backtest", "--quiet")
    assert said.code == ExitCode.BAD_INPUT
    assert "too short for a backtest: it takes 21 days" in said.err


@pytest.mark.slow
def test_the_day_under_way_is_forecast_from_what_came(wfplan, plan_folder):
    plan = plan_folder(channels=1)
    run = plan / "today"
    said = wfplan("forecast", plan, "--week", "2026-02-23", "--as-of", "2026-02-25 11:40", "--out",
                  run, "--json", "--quiet")  # fmt: skip
    assert said.code == 0
    (one,) = said.object["result"]["so_far"]
    table = [row for row in rows(run / "forecast.csv") if row["is_open"] == "true"]
    past = [row for row in table if row["interval_start"] < "2026-02-25T11:30:00Z"]
    assert past
    for row in past:
        assert row["offered_q025"] == row["offered_q975"] == row["offered_mean"]
        assert float(row["rate_cv"]) == 0
    ahead = [row for row in table if row["interval_start"] >= "2026-02-25T11:30:00Z"]
    assert all(float(row["rate_cv"]) > 0 for row in ahead)
    assert one["rest_q10"] < one["rest_now"] < one["rest_q90"]
    today = [float(row["offered_mean"]) for row in past if "2026-02-25" in row["interval_start"]]
    assert sum(today) == one["came"] > 0
    assert wfplan("staff", run, "--quiet").code == 0


@pytest.mark.slow
def test_contacts_so_far_may_come_from_a_file(wfplan, plan_folder):
    plan = plan_folder(channels=1)
    file = plan / "today.csv"
    file.write_text(
        "channel,interval_start,offered,aht_s\n"
        "voice,2026-03-02 09:00,400,300\nvoice,2026-03-02 09:30,410,300\n",
        encoding="utf-8",
    )
    ask = ("forecast", plan, "--as-of", "2026-03-02 10:00", "--quiet")
    none = wfplan(*ask, "--out", plan / "none")
    assert none.code == ExitCode.BAD_INPUT
    assert "give them with --so-far FILE" in none.err
    said = wfplan(*ask, "--so-far", file, "--out", plan / "run")
    assert said.code == 0
    assert "voice: so far 810 of" in said.out
    assert "above plan" in said.out


@pytest.mark.parametrize(
    ("more", "code", "message"),
    [
        (("--as-of", "2026-03-09 10:00", "--week", "2026-03-02"), 3, "lies outside the 7 days"),
        (("--as-of", "2026-03-02"), 2, "is no moment"),
        (("--as-of", "2026-03-03 10:00", "--backtest"), 2, "leave out one of them"),
        (("--backtest", "--leads", "0"), 2, "are no weeks ahead"),
        (("--backtest", "--origins", "0"), 2, "--origins"),
    ],
)
def test_what_has_no_meaning_is_refused(wfplan, plan_folder, more, code, message):
    said = wfplan("forecast", plan_folder(channels=1), *more, "--quiet")
    assert said.code == code
    assert message in said.err


def test_leads_are_read_in_order_and_once():
    assert backtesting.leads_of("4, 1,2,2") == (1, 2, 4)
    with pytest.raises(UsageError, match="'one' are no weeks ahead"):
        backtesting.leads_of("one")


@pytest.mark.slow
def test_a_build_can_go_on_from_a_forecast_that_stands(wfplan, plan_folder):
    plan = plan_folder()
    assert wfplan("forecast", plan, "--out", plan / "mine", "--quiet").code == 0
    path = plan / "mine" / "forecast.csv"
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    said = wfplan("build", plan, "--forecast", plan / "mine", "--out", plan / "run", "--passes", 1,
                  "--quiet")  # fmt: skip
    assert said.code == 0
    assert rows(path) == rows(plan / "run" / "forecast.csv")
    other = wfplan("build", plan, "--forecast", plan / "mine", "--week", "2026-03-09", "--out",
                   plan / "other", "--quiet")  # fmt: skip
    assert other.code == ExitCode.BAD_INPUT
    assert "make one for this week" in other.err

"""The report: one HTML file that opens without a network and is whole before a script ran.

Every chart is drawn here, as SVG that stretches with the page; the script only
chooses what is shown, reads values out and fills tables from the embedded
JSON. The content security policy lets nothing load from anywhere and runs no
script but ours, by its hash (W3C Content Security Policy Level 3, 8.3).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from wfplan.domain.results import Run
from wfplan.evaluation import WeekOfPromises, both_sides, consistency, fairness
from wfplan.report import numbers
from wfplan.report.activities import activity_panel
from wfplan.report.again import reserve_lines, rounds_panel
from wfplan.report.changes import changes_panel
from wfplan.report.charts_gantt import gantts, legend, teams_of
from wfplan.report.charts_heat import heatmaps
from wfplan.report.charts_interval import NET_Y, SERVICE_Y, STAFF_Y, interval_charts
from wfplan.report.consistency import even_definitions, even_panels
from wfplan.report.data import Measures, channel_series, page_data
from wfplan.report.failures import failures_context
from wfplan.report.fairness import fairness_page
from wfplan.report.forecast import forecast_context
from wfplan.report.habits import LIVED, habits_panel
from wfplan.report.load_effects import load_effect_lines
from wfplan.report.offers import offer_rows
from wfplan.report.own_load import PICTURE_PX, team_loads
from wfplan.report.people import people_pages
from wfplan.report.provenance import (
    amounts_beside,
    bound_text,
    breach_lines,
    limit_warnings,
    rule_values,
    stages_reached,
    sums,
    survey_lines,
    terms,
    versions,
    weights,
)
from wfplan.report.sides import customer_side, definitions, staff_side
from wfplan.report.sufficiency import data_context
from wfplan.report.timeline import DayAxis, day_axes, shown_window
from wfplan.report.week import bound_in_words, day_lines, facts, headline, search_in_words

FIRST_SCRIPT = 'document.documentElement.classList.add("js")'
"""Runs before anything is drawn, so that hidden panels never flash."""


def render(run: Run) -> str:
    """
    The report of a run as one HTML text.

    It shows names of people beside their ids, because it is the planner's own;
    nothing in it depends on when or where it was rendered.
    """
    script = asset("report.js")
    return template("report.html.j2").render(
        **_context(run),
        **changes_panel(run),
        **forecast_context(run),
        **data_context(run),
        **failures_context(run),
        offers=offer_rows(run),
        first_script=Markup(FIRST_SCRIPT),
        script=Markup(script),
        script_hashes=" ".join(_csp_hash(text) for text in (FIRST_SCRIPT, script)),
        style=Markup(asset("report.css")),
    )


def template(name: str) -> Template:
    """A page's template: everything is escaped, and nothing may be missing."""
    environment = Environment(
        loader=PackageLoader("wfplan.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    return environment.get_template(name)


def asset(name: str) -> str:
    """A file that goes into the page as it is."""
    return (files("wfplan.report") / "templates" / name).read_text(encoding="utf-8").strip()


def _csp_hash(script: str) -> str:
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


def _span(run: Run) -> str:
    """``week of``, ``28 days from``: what stands before the first date."""
    days = run.horizon.days
    return "week of " if days == 7 else f"{days} days from "


def _context(run: Run) -> dict[str, Any]:
    """Everything the templates show."""
    measures = Measures(run.outcome)
    days, series = day_axes(run), channel_series(run, measures)
    promises = WeekOfPromises.of(run)
    both, reports = both_sides(run, promises), consistency(run)
    first = next((a for a in days if run.demand.is_open[:, a.shown].any()), days[0])
    return {
        "n": numbers,
        "run": run,
        "title": f"{run.problem.name}, {_span(run)}{numbers.long_day(run.horizon.first_day)}",
        "headline": headline(run, both),
        "status": search_in_words(run.solution),
        "bound": bound_in_words(run.solution),
        "facts": facts(run, series),
        "sides": (customer_side(run, both), staff_side(run, both, measures)),
        "evens": even_panels(run, days, reports),
        "even_definitions": even_definitions(reports),
        "habits": habits_panel(run),
        "lived_names": LIVED,
        "reserve": reserve_lines(run),
        "rounds": rounds_panel(run),
        "definitions": definitions(both),
        **_of_people(promises, days),
        "days": days,
        "first_day": first.index,
        "day_lines": day_lines(run, days, series),
        "channels": [one.name for one in series],
        "charts": interval_charts(days, series),
        "layout": {"staff": STAFF_Y, "net": NET_Y, "service": SERVICE_Y},
        "heatmaps": heatmaps(run.horizon, shown_window(run), days, series),
        "breaches": breach_lines(run),
        "objective": (terms(run), stages_reached(run), sums(run), amounts_beside(run)),
        "bound_text": bound_text(run),
        "weights": weights(run),
        "versions": versions(),
        "rule_values": rule_values(run),
        "load_effects": load_effect_lines(run),
        "limits_said": [*survey_lines(run), *limit_warnings(run)],
        "page_data": Markup(page_data(run, days, series)),
    }


def _of_people(promises: WeekOfPromises, days: Sequence[DayAxis]) -> dict[str, Any]:
    """What the templates show of people and their days."""
    run, (loads, hidden) = promises.run, team_loads(promises.facts)
    return {
        "gantts": gantts(run, days),
        "legend": legend(run),
        "teams": teams_of(run),
        "people": people_pages(run, days, promises),
        "picture_px": PICTURE_PX,
        "team_loads": loads,
        "teams_hidden": hidden,
        "activities": activity_panel(run),
        "fair": fairness_page(run, fairness(run, promises.facts)),
    }

"""A plan folder as a planning problem: read everything, check everything, then say it all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import gcd
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from wfplan.domain.activities import Span
from wfplan.domain.calendar import CalendarDay
from wfplan.domain.columns import Table
from wfplan.domain.overrides import Override
from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.run_tables import SCHEDULE
from wfplan.domain.tables import TABLES
from wfplan.errors import InputFaultsError
from wfplan.horizon import wall_instant
from wfplan.intake.activities import Staff, read_activities
from wfplan.intake.book import BadValueError, FaultBook
from wfplan.intake.calendar_rows import (
    check_place,
    has_subdivisions,
    hidden_dates,
    public_holidays,
    read_calendar,
)
from wfplan.intake.contacts import ContactRows, no_contacts, read_contacts
from wfplan.intake.demand_checks import check_contacts, first_day, last_day
from wfplan.intake.external import check_use, read_external
from wfplan.intake.fit_checks import check_contract, check_hours, check_rules
from wfplan.intake.grid import Grid
from wfplan.intake.hr_limits import Given, hr_limits
from wfplan.intake.loads import read_loads
from wfplan.intake.locks import read_locks
from wfplan.intake.long_table import is_long_table
from wfplan.intake.models import note
from wfplan.intake.overrides import read_overrides
from wfplan.intake.past import read_history
from wfplan.intake.people import (
    PlanNames,
    Row,
    agent_ids,
    agent_rows,
    build_agents,
    read_availability,
    read_skills,
    read_time_off,
)
from wfplan.intake.published import read_published
from wfplan.intake.queue_reports import Site, learnt, note_layout, read_reports
from wfplan.intake.reading import PLAN_FILE, Folder, Sheet, read_table, sheet_of
from wfplan.intake.scenarios import read_scenarios
from wfplan.intake.service_checks import (
    check_effects,
    check_presence,
    check_served,
    check_skilled,
    demand_of,
)
from wfplan.intake.settings import Settings, read_settings, week_start
from wfplan.intake.toml_text import read_toml


def load_plan(path: Path | str, grids: Mapping[str, Grid] | None = None) -> PlanningProblem:
    """
    The planning problem of a plan file, or of the folder that holds ``plan.toml``.

    Nothing is written. What had to be guessed is in ``warnings``.

    Parameters
    ----------
    grids
        Tables that come from elsewhere, such as the planning store, by name; they take the place
        of those that the plan file names.

    Raises
    ------
    InputFaultsError
        With every fault of every file, by file and line.
    MissingExtraError
        When a table is a Parquet file and pyarrow is not installed.
    """
    book = FaultBook()
    plan_file = Path(path)
    if plan_file.is_dir():
        plan_file = plan_file / PLAN_FILE
    folder = Folder(plan_file.parent, book)
    toml = read_toml(folder, plan_file.name, book)
    if toml is None:
        raise InputFaultsError(book.sorted_faults())
    settings = read_settings(toml, folder, book, tuple(grids or ()))
    sheets = {
        name: read_table(folder, file, _schema(name, folder.root / file))
        for name, file in settings.inputs.items()
        if name not in (grids or {})
        and not (name == "contacts" and note_layout(folder, file, book))
    }
    sheets |= {name: sheet_of(grid, TABLES[name], book) for name, grid in (grids or {}).items()}
    tables = _tables(settings, sheets, folder, book)
    book.raise_if_any()
    return PlanningProblem(
        **settings.head.model_dump(exclude={"week_start", "store"}),
        week_start=week_start(settings.head),
        channels=tuple(settings.channels.values()),
        contracts=dict(settings.contracts),
        packs=dict(settings.packs),
        site_packs=settings.site_packs,
        load_effects=settings.load_effects,
        inputs=tuple(folder.inputs.values()),
        warnings=book.sorted_warnings(),
        **settings.sections,
        **tables,
    )


def _schema(name: str, path: Path) -> Table:
    """The columns of an input; what was published may be a whole schedule, too."""
    is_whole = name == "published" and is_long_table(path)
    return SCHEDULE if is_whole else TABLES[name]


def _tables(
    settings: Settings, sheets: Mapping[str, Sheet | None], folder: Folder, book: FaultBook
) -> dict[str, Any]:
    """The fields of the problem that come from tables, each checked against the others."""
    contacts = _contacts(settings, sheets.get("contacts"), folder, book)
    calendar = _calendar(settings, sheets.get("calendar"), contacts, book)
    if contacts is not None:
        interval_min = settings.head.interval_min
        check_contacts(contacts, settings.channels, interval_min, calendar, settings.toml, book)
    people = _people(settings, sheets, last_day(contacts), book)
    by_id = {agent.agent_id: agent for agent in people.agents}
    locks = read_locks(sheets.get("locks"), by_id, people.ids, _slot_min(settings), book)
    past = read_history(sheets.get("history"), people.ids, people.zone_of, last_day(contacts), book)
    published = read_published(
        sheets.get("published"), by_id, people.ids, settings.zone, settings.told, book
    )
    staff = Staff(by_id, people.ids, settings.contracts, locks)
    activities = read_activities(
        sheets.get("activities"), staff, settings.zone, _slot_min(settings),
        _next_weeks(settings, last_day(contacts)), book,
    )  # fmt: skip
    check_rules(settings, people.agents, book)
    loads = read_loads(sheets.get("overload"), people.ids, last_day(contacts), book)
    scenarios = read_scenarios(settings.toml, settings.channel_names, people.ids, book)
    _check_plan(settings, sheets, people, contacts, past_count=len(past), book=book)
    given = Given(people.agents, people.ids, settings)
    return {
        **hr_limits(given, sheets, book),
        "contacts": no_contacts() if contacts is None else contacts.frame,
        "contacts_source": learnt(settings.contacts, folder.root, contacts),
        "calendar": tuple(calendar),
        **_hand(settings, sheets, contacts, book),
        "agents": people.agents,
        "locks": tuple(locks),
        "activities": activities,
        "past_shifts": tuple(past),
        "published": published,
        "told": settings.told,
        "past_loads": tuple(loads),
        "scenarios": scenarios,
    }


def _hand(
    settings: Settings,
    sheets: Mapping[str, Sheet | None],
    contacts: ContactRows | None,
    book: FaultBook,
) -> dict[str, Any]:
    """What is laid on the forecast: the planner's overrides, a forecast from elsewhere."""
    names, zone = settings.channel_names, settings.zone
    external = read_external(
        sheets.get("external_forecast"), names, zone, settings.head.interval_min, book
    )
    check_use(settings, external, book)
    frame = None if contacts is None else contacts.frame
    overrides = read_overrides(sheets.get("overrides"), names, zone, frame, book)
    return {"overrides": overrides, "external": external}


def overrides_of(sheet: Sheet, problem: PlanningProblem, book: FaultBook) -> tuple[Override, ...]:
    """The layers of a table that belongs to a plan."""
    names = [channel.name for channel in problem.channels]
    return read_overrides(sheet, names, ZoneInfo(problem.timezone), problem.contacts, book)


def _slot_min(settings: Settings) -> int:
    """Minutes of a slot, by the horizon's rule."""
    return settings.head.slot_min or gcd(settings.head.interval_min, 15)


def _next_weeks(settings: Settings, last: date | None) -> Span | None:
    """What is planned where no week is asked for; None without a history."""
    if last is None:
        return None
    head = settings.head
    first = last + timedelta(days=(week_start(head) - last.weekday()) % 7 or 7)
    end = first + timedelta(days=head.days)
    return wall_instant(first, 0, head.timezone), wall_instant(end, 0, head.timezone)


def _contacts(
    settings: Settings, sheet: Sheet | None, folder: Folder, book: FaultBook
) -> ContactRows | None:
    """The contact history, in wfplan's own columns or in the layout that the plan names."""
    if settings.reports:
        site = Site(
            tuple(settings.channels.values()), settings.channel_names, settings.zone, settings.toml
        )
        return read_reports(settings.reports, settings.contacts, site, folder, book)
    if sheet is None:
        return None
    return read_contacts(sheet, settings.channel_names, settings.zone, book)


def _calendar(
    settings: Settings, sheet: Sheet | None, contacts: ContactRows | None, book: FaultBook
) -> list[CalendarDay]:
    """The calendar with the country's public holidays."""
    days = read_calendar(sheet, settings.channel_names, book)
    head, toml = settings.head, settings.toml
    if not head.country:
        return days
    try:
        check_place(head.country, head.subdivision)
    except BadValueError as bad:
        key = "subdivision" if "subdivision" in bad.reason else "country"
        value = head.subdivision if key == "subdivision" else head.country
        note(toml, (key,), bad.reason, book, value=value, hint=bad.hint, code="HR106")
        return days
    first, last = first_day(contacts), last_day(contacts)
    if first is not None and last is not None:
        spoken_of = hidden_dates(days)
        days += public_holidays(head.country, head.subdivision, first, last, spoken_of)
    if not head.subdivision and has_subdivisions(head.country):
        book.warn(
            f"only the holidays that all of {head.country} shares are known",
            file=toml.file,
            line=toml.line(("country",)),
            column="subdivision",
            hint="add subdivision for those of the place",
        )
    return days


@dataclass(frozen=True)
class _People:
    """What the tables about people gave."""

    rows: Mapping[str, tuple[int, Row]]  # line and row of the agents that have no fault, by id
    ids: frozenset[str]  # of all, good or not
    agents: tuple[Agent, ...]
    held: frozenset[str]  # skills that somebody has
    zone_of: Callable[[str], str]


def _people(
    settings: Settings,
    sheets: Mapping[str, Sheet | None],
    last: date | None,
    book: FaultBook,
) -> _People:
    """The agents with all that belongs to them."""
    names = PlanNames(
        settings.head.timezone,
        settings.head.site,
        settings.channel_names,
        settings.skills,
        settings.contract_names,
        tuple(settings.packs),
        last,
    )
    sheet = sheets.get("agents")
    rows = agent_rows(sheet, names, book) if sheet else {}
    ids = agent_ids(sheet)
    zones = {agent_id: row["timezone"] or names.timezone for agent_id, (_, row) in rows.items()}

    def zone_of(agent_id: str) -> str:
        return zones.get(agent_id, names.timezone)

    skills = read_skills(sheets.get("skills"), ids, names, book)
    parts: dict[str, Mapping[str, Iterable[Any]]] = {
        "skills": skills,
        "availability": read_availability(sheets.get("availability"), ids, names, book),
        "time_off": read_time_off(sheets.get("time_off"), ids, zone_of, book),
    }
    held = frozenset(skill.skill for found in skills.values() for skill in found)
    agents = build_agents(sheet, rows, names, parts, book) if sheet else ()
    return _People(rows, ids, agents, held, zone_of)


def _check_plan(
    settings: Settings,
    sheets: Mapping[str, Sheet | None],
    people: _People,
    contacts: ContactRows | None,
    *,
    past_count: int,
    book: FaultBook,
) -> None:
    """What only shows when all parts lie side by side."""
    fitting = {
        name: contract
        for name, contract in settings.contracts.items()
        if check_contract(contract, _slot_min(settings), settings.toml, book)
    }
    sheet = sheets.get("agents")
    if sheet is not None:
        if not len(sheet.lines):
            book.error("has no rows: nobody can be planned", file=sheet.file, line=1)
        lines = {agent_id: line for agent_id, (line, _) in people.rows.items()}
        check_hours(people.agents, fitting, lines, sheet.file, book)
        skills = sheets.get("skills")
        if skills is not None and skills.has_required:
            demand = demand_of(contacts, settings.channel_names)
            check_served(settings, people.held, demand, skills.file, book)
            check_presence(settings, people.agents, skills.file, book)
            check_skilled(people.agents, skills.file, book)
            check_effects(settings, people.agents, book)
    if not past_count:
        book.warn(
            "no shifts of past weeks: rests, averages and runs of days start blind",
            file=settings.inputs.get("history", settings.toml.file),
            column="" if "history" in settings.inputs else "inputs.history",
            hint="add the shifts of the last 4 to 17 weeks",
            code="HR301",
        )

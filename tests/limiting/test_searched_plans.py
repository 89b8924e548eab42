"""Every rule of HR's closed list in a searched plan: without its row the plan breaks it, with not.

The same small week is searched twice, without and with the row, and both plans are audited
against it by code that shares nothing with the planner.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from wfplan import engagement, pipeline, runs, scheduling
from wfplan.domain.limit_kinds import LIMIT_KINDS
from wfplan.domain.people import Availability
from wfplan.domain.progress import Control, Stop
from wfplan.domain.published import Published
from wfplan.evaluation.audit import audit
from wfplan.rules.hr_limits import OF_CHANNELS, OF_PUBLISHING, setting_of

WEEKEND = timedelta(days=2)


def _tinyplan():
    path = Path(__file__).parent.parent / "tinyplan.py"
    spec = importlib.util.spec_from_file_location("limits_tinyplan", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass
class Case:
    """A value that bites, and what else there is in the week."""

    value: float
    contract: dict = field(default_factory=dict)
    agents: dict = field(default_factory=dict)
    bare: bool = False  # without the law pack and the plan's own rules
    weekend: bool = False  # contacts from Wednesday to Sunday
    prefer: bool = False
    published: bool = False
    strain: float = 1.0


CASES = {
    "min_rest_between_shifts": Case(16),
    "min_weekly_rest": Case(70),
    "max_hours_per_day": Case(7.5),
    "max_hours_per_week": Case(36),
    "max_average_hours_per_week": Case(37),
    "max_consecutive_days": Case(4),
    "max_consecutive_nights": Case(
        2, contract={"start_window": (1320, 1380)}, agents={"min_hours_week": 30}
    ),
    "max_late_shifts_per_week": Case(
        2, contract={"start_window": (840, 900), "shortest_min": 450},
        agents={"min_hours_week": 14},
    ),
    "max_quick_returns_per_28_days": Case(
        0, contract={"longest_min": 840}, bare=True,
        agents={"min_hours_week": 65, "max_hours_week": 70},
    ),
    "min_full_weekends_off_per_4_weeks": Case(4, weekend=True, agents={"min_hours_week": 20}),
    "max_start_time_spread_per_week": Case(0),
    "max_continuous_contact": Case(180),
    "min_break_minutes": Case(45),
    "min_meal_minutes": Case(30),
    "min_off_queue_share": Case(0.05),
    "training_minutes_per_week": Case(60),
    "coaching_minutes_per_4_weeks": Case(120),
    "min_preferred_share": Case(1.0, prefer=True, agents={"min_hours_week": 20}),
    "max_changes_after_publish": Case(0, published=True),
}  # fmt: skip


@pytest.fixture(scope="module")
def bases(tmp_path_factory):
    """A tiny week and what staff is worth in it, with contacts on weekdays, or to Sunday."""
    tiny = _tinyplan()

    @cache
    def base(is_weekend):
        folder = tiny.write(tmp_path_factory.mktemp("plan"), channels=2)
        if is_weekend:
            _moved(folder)
        run = runs.begin(folder)
        for stage in ("forecast", "staff"):
            run = pipeline.take(run, stage, Control(stop=Stop(passes=2)))
        return run

    return base


def _moved(folder):
    """Contacts of weekdays two days later."""
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    (folder / "plan.toml").write_text(text.replace("mon-fri", "wed-sun"), encoding="utf-8")
    lines = (folder / "contacts.csv").read_text(encoding="utf-8").splitlines()
    moved = [lines[0]]
    for line in lines[1:]:
        channel, start, rest = line.split(",", 2)
        later = datetime.fromisoformat(start) + WEEKEND
        moved.append(f"{channel},{later.isoformat(timespec='minutes')},{rest}")
    (folder / "contacts.csv").write_text("\n".join(moved) + "\n", encoding="utf-8")


def problem_of(base, case):
    """The plan of a case, without its row; locks and absences would only be in the way."""
    problem = base.problem
    agents = []
    for agent in problem.agents:
        more = {"time_off": (), **case.agents}
        if case.prefer:
            more["availability"] = tuple(
                Availability(kind="prefer", weekday=day, start_min=360, end_min=840)
                for day in range(7)
            )
        if agent.contract_type == "part_time":
            more = {"time_off": ()}
        agents.append(agent.model_copy(update=more))
    work = problem.contracts["full_time"]
    tiers = work.break_tiers
    if case in (CASES["min_break_minutes"], CASES["min_meal_minutes"]):
        rest = tiers[0].model_copy(update={"breaks": tiers[0].breaks[:1]})
        tiers = (rest, tiers[0].model_copy(update={"over_h": 7.5}))
        agents = [a.model_copy(update={"min_hours_week": 16, "max_hours_week": 26}) for a in agents]
    work = work.model_copy(update={"break_tiers": tiers, **case.contract})
    channels = tuple(
        one.model_copy(update={"strain_weight": case.strain}) if one.name == "voice" else one
        for one in problem.channels
    )
    more = {"packs": {}, "site_packs": (), "plan_rules": ()} if case.bare else {}
    if case.bare:
        agents = [agent.model_copy(update={"rule_pack": None}) for agent in agents]
    return problem.model_copy(
        update={
            "agents": tuple(a for a in agents if a.contract_type == "full_time"),
            "contracts": {**problem.contracts, "full_time": work},
            "channels": channels, "locks": (), **more,
        }
    )  # fmt: skip


def with_row(problem, row, weight=None):
    setting = setting_of(row)
    if weight is not None:
        setting = setting.model_copy(update={"weight": weight})
    return problem.model_copy(update={"plan_rules": (*problem.plan_rules, setting)})


def broken(problem, base, solution, row, strength="hard"):
    """The breaches of the row in a plan, the ledger's measures with them."""
    occupancy = engagement.planned_occupancy(problem, base.need, solution.staff)
    ledger = engagement.overload_ledger(
        problem, base.horizon, solution.schedule, solution.channel_share, occupancy
    )
    measures = engagement.ledger_measures(ledger)
    found = audit(with_row(problem, row), base.horizon, solution.schedule, base.need, measures)
    return [one for one in found.breaches if row.origin in one.why and one.hardness == strength]


def searched(problem, base, passes=3):
    return scheduling.solve(problem, base.need, stop=Stop(passes=passes), seed=1)


DEAR = 20_000.0  # harm points: customers of a centre with too few people are worth thousands
PAID_FOR = "max_high_intensity_minutes_per_day"
SAMPLE = ("max_hours_per_day", "max_consecutive_days", "training_minutes_per_week")
"""Searched in every run of the tests; the others at night."""


@pytest.mark.parametrize(
    "name",
    [one if one in SAMPLE else pytest.param(one, marks=pytest.mark.nightly) for one in CASES],
)
def test_without_the_row_the_plan_breaks_it_and_with_it_not(bases, row, name):
    case, base = CASES[name], bases(CASES[name].weekend)
    limit = row(name, case.value)
    problem = problem_of(base, case)
    if case.published:
        other = searched(with_row(problem, row("max_start_time_spread_per_week", 0)), base)
        problem = problem.model_copy(update={"published": Published(schedule=other.schedule)})
    assert broken(problem, base, searched(problem, base), limit)
    limited = with_row(problem, limit)
    assert not broken(problem, base, searched(limited, base), limit)


@pytest.mark.nightly
@pytest.mark.parametrize("name", CASES)
def test_a_soft_row_that_weighs_much_is_broken_by_less(bases, row, name):
    case, base = CASES[name], bases(CASES[name].weekend)
    limit = row(name, case.value, "soft")
    problem = problem_of(base, case)
    if case.published:
        other = searched(with_row(problem, row("max_start_time_spread_per_week", 0)), base)
        problem = problem.model_copy(update={"published": Published(schedule=other.schedule)})
    over = [
        sum(one.amount for one in broken(problem, base, searched(some, base), limit, "soft"))
        for some in (problem, with_row(problem, limit, weight=DEAR))
    ]
    assert over[1] < over[0]


@pytest.mark.parametrize("most_min", [330, 405])
def test_time_on_hard_queues_keeps_its_cap(bases, row, most_min):
    """How much of a shift is on a hard queue hangs on everybody: it takes a few passes."""
    base, limit = bases(False), row(PAID_FOR, most_min)
    problem = problem_of(base, Case(most_min, strain=1.5, agents={"min_hours_week": 20}))
    free, kept = (searched(some, base, 6) for some in (problem, with_row(problem, limit)))
    assert broken(problem, base, free, limit)
    assert not broken(problem, base, kept, limit)
    assert not [one for one in kept.misses if "high_intensity_max" in one]


def test_every_rule_of_the_list_is_searched_but_those_of_channels_and_publishing():
    refused = {name for name, kind in LIMIT_KINDS.items() if kind.refused}
    assert {*CASES, PAID_FOR} == set(LIMIT_KINDS) - refused - {OF_CHANNELS, OF_PUBLISHING}

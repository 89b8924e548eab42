"""A small made-up run that three rooms test with: two channels, three people, one clock change.

The week of 2026-10-19 in Dublin ends with the night in which clocks go back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import numpy as np
import pandas as pd

from wfplan.domain.channels import Channel
from wfplan.domain.contracts import Contract
from wfplan.domain.external_ids import ExternalIds, ExternalKey, IdKind
from wfplan.domain.people import Agent, TimeOff
from wfplan.domain.problem import InputFile, PlanningProblem
from wfplan.domain.results import (
    Audit,
    Breach,
    DemandForecast,
    Outcome,
    Run,
    Solution,
    SolveStatus,
    StaffNeed,
)
from wfplan.domain.schedule import Activity, ActivityCategory, Schedule, Shift
from wfplan.domain.schedule_rows import told_shifts
from wfplan.export import Order, exported, write
from wfplan.horizon import wall_instant

DUBLIN = "Europe/Dublin"
WEEK = date(2026, 10, 19)
CLOCKS_BACK = date(2026, 10, 24)  # a night shift of this date has an hour more
CANARY = "Canary Quillfeather"  # a name that must never appear in errors


def agent(agent_id: str, **more: object) -> Agent:
    """A full-timer in Dublin."""
    given = {
        "name": "Ada Quinn",
        "team": "Billing",
        "site": "Dublin",
        "timezone": DUBLIN,
        "contract_type": "full_time",
        "contract_hours_week": 37.5,
        "min_hours_week": 0,
        "max_hours_week": 40,
    }
    return Agent(agent_id=agent_id, **given | more)


def activity(start: datetime, minutes: int, code: str = "ON_QUEUE") -> Activity:
    """Work, or a rest or meal by its code."""
    category, is_paid = {
        "ON_QUEUE": (ActivityCategory.WORK, True),
        "REST": (ActivityCategory.BREAK, True),
        "MEAL": (ActivityCategory.MEAL, False),
    }[code]
    return Activity(
        code=code,
        category=category,
        is_paid=is_paid,
        start=start,
        end=start + timedelta(minutes=minutes),
    )


def shift(agent_id: str, day: date, start_min: int, *parts: tuple[int, str]) -> Shift:
    """A shift that begins at a wall minute in Dublin and is tiled by (minutes, code)."""
    at, activities = wall_instant(day, start_min, DUBLIN), []
    for minutes, code in parts:
        activities.append(activity(at, minutes, code))
        at = activities[-1].end
    return Shift(
        shift_id=f"dublin-{agent_id}-{day:%Y%m%d}-1",
        agent_id=agent_id,
        shift_date=day,
        activities=tuple(activities),
    )


def schedule(**more: object) -> Schedule:
    """A day shift, and a night shift through the repeated hour (9 hours elapsed)."""
    given = {
        "schedule_id": "harbour-bank-20261019",
        "timezone": DUBLIN,
        "first_day": WEEK,
        "days": 7,
        "shifts": (
            shift("A001", WEEK, 480, (120, "ON_QUEUE"), (15, "REST"), (345, "ON_QUEUE")),
            shift("A002", CLOCKS_BACK, 1320, (240, "ON_QUEUE"), (30, "MEAL"), (270, "ON_QUEUE")),
        ),
    }
    return Schedule(**given | more)


def problem(**more: object) -> PlanningProblem:
    """Three people, voice and e-mail."""
    leave = TimeOff(
        start=wall_instant(date(2026, 10, 22), 0, DUBLIN),
        end=wall_instant(date(2026, 10, 24), 0, DUBLIN),
    )
    given = {
        "name": "Harbour Bank",
        "timezone": DUBLIN,
        "site": "Dublin",
        "interval_min": 60,
        "channels": (
            Channel(name="voice", open=["mon-fri 07:00-21:00"]),
            Channel(name="email", kind="deferred", open=["mon-fri 07:00-21:00"]),
        ),
        "agents": (
            agent("A001"),
            agent("A002", name=CANARY, time_off=(leave,)),
            agent("A003", name="Carla Díaz", team="Tech", timezone="America/Port_of_Spain"),
        ),
        "contracts": {
            "full_time": Contract(
                name="full_time", shortest_min=240, longest_min=540, start_window="06:00-23:00"
            )
        },
        "contacts": pd.DataFrame(
            {
                "channel": ["voice", "voice"],
                "interval_start": pd.to_datetime(
                    ["2026-10-16T08:00:00Z", "2026-10-16T19:00:00Z"], utc=True
                ),
                "offered": [40, 30],
                "aht_s": [200.0, 210.0],
            }
        ),
        "inputs": (InputFile(path="contacts.csv", sha256="0" * 64),),
    }
    return PlanningProblem(**given | more)


def run(plan_path: Path, *, seed: int = 7, seconds: float = 1.25) -> Run:
    """A run with arbitrary, reproducible numbers; ``seconds`` are its figures of time."""
    plan = problem()
    horizon = plan.horizon(WEEK)
    names = tuple(channel.name for channel in plan.channels)
    shape = len(names), horizon.interval_count
    rng = np.random.default_rng(seed)
    mean = rng.gamma(2.0, 10.0, shape)
    demand = DemandForecast(
        horizon=horizon,
        channels=names,
        is_open=rng.random(shape) < 0.5,
        offered_mean=mean,
        offered_q10=mean * 0.8,
        offered_q50=mean * 0.99,
        offered_q90=mean * 1.2,
        aht_s=np.where(rng.random(shape) < 0.1, np.nan, rng.normal(200, 3, shape)),
        rate_cv=rng.random(shape) / 3,
        day_share=np.array([0.5, 1 / 3]),
        patience_s=np.array([120.7, np.inf]),
        notes=("2026-10-05 was set aside: an outage",),
    )
    floors = {
        name: rng.random(shape) * 10
        for name in (
            "staff_promise",
            "staff_occupancy",
            "staff_abandonment",
            "staff_tail",
            "staff_due",
        )
    }
    need = StaffNeed(
        horizon=horizon,
        channels=names,
        harm=-np.sort(-rng.random((*shape, 6)), axis=2),
        volume=mean,
        load_erlangs=mean / 18,
        staff_required=np.max(list(floors.values()), axis=0),
        binding=rng.choice(["promise", "occupancy", "abandonment", "due"], shape),
        staff_min=np.ones(shape),
        empowered_min=np.ones(horizon.interval_count),
        presence_share=0.9215,
        **floors,
    )
    share = np.zeros(shape)
    share[0, 5:12] = rng.random(7)
    solution = Solution(
        schedule=schedule(),
        status=SolveStatus.SETTLED,
        objective=812.4,
        lower_bound=790.1,
        staff=rng.random(shape),
        heads=np.floor(rng.random(shape[1]) * 3),
        empowered=np.zeros(shape[1]),
        channel_share={"A001": share, "A002": np.zeros(shape)},
        prices=rng.random(shape),
        terms={"harm": 700.0, "tail": 112.4},
        passes=4,
        seconds=seconds,
        misses=("voice is two heads short on Monday at 09:00",),
    )
    starts = pd.to_datetime([None, None, horizon.interval_instant(9)], utc=True)
    measures = pd.DataFrame(
        {
            "measure": ["service_level", "occupancy", "service_level"],
            "channel": ["voice", "", "voice"],
            "interval_start": starts,
            "value": [0.83, 0.79, 0.41],
            "half_width": [0.01, np.nan, 0.05],
            "unit": ["share"] * 3,
            "q10": [0.8, 0.7, np.nan],
            "q90": [0.9, 0.8, np.nan],
        }
    )
    ledger = pd.DataFrame(
        {
            "agent_id": ["A001", "A002"],
            "date": [WEEK, CLOCKS_BACK],
            "overload_min": [12.5, 0.0],
            "acute_min": [1.1, 0.0],
            "chronic_min": [0.3, 1e-17],
            "high_intensity_min": [0.125, 60.0],
            "strain_table": ["2026.1", "2026.1"],
        }
    )
    breach = Breach(
        "daily_rest", "soft", "A002", datetime(2026, 10, 24, 21, tzinfo=UTC), 1.5, "h", "too short"
    )
    return Run(
        problem=plan,
        plan_path=plan_path,
        horizon=horizon,
        seed=seed,
        demand=demand,
        need=need,
        solution=solution,
        outcome=Outcome(horizon, measures, 100),
        ledger=ledger,
        audit=Audit(("daily_rest", "weekly_rest"), (breach,)),
        stages={"load": seconds / 10, "search": seconds},
    )


def order(**more: object) -> Order:
    """An order of the made-up schedule; ``previous`` is a schedule that was told before."""
    fields: dict[str, object] = {"problem": problem(), "schedule": schedule(), **more}
    previous = fields.pop("previous", None)
    if previous is not None:
        fields["told"] = told_shifts([previous])  # type: ignore[list-item]
    return Order(**fields)  # type: ignore[arg-type]


def ids(of: Order, *systems: str) -> ExternalIds:
    """Ids of everything in an order, in some systems: of people, teams, sites, codes, channels."""
    codes = {a.code for s in (*of.schedule.shifts, *(d.shift for d in of.told))
             for a in s.activities}  # fmt: skip
    things = {
        IdKind.AGENT: sorted(
            {*of.agents, *(dated.shift.agent_id for dated in (*of.told, *of.all_shifts))}
        ),
        IdKind.GROUP: sorted({agent.team for agent in of.agents.values()}),
        IdKind.SITE: sorted({of.site_of(agent) for agent in of.agents.values()}),
        IdKind.ACTIVITY: sorted({*codes, "TIME_OFF"}),
        IdKind.CHANNEL: [channel.name for channel in of.problem.channels],
    }
    return ExternalIds(
        {
            ExternalKey(system, kind, thing): str(uuid5(NAMESPACE_URL, f"{system} {kind} {thing}"))
            for system in systems
            for kind, known in things.items()
            for thing in known
        }
    )


def export(name: str, folder: Path, **more: object) -> None:
    """Write an export of the made-up schedule; see :func:`order`."""
    of = order(**more)
    write(folder, exported(name, replace(of, ids=ids(of, name)))[0])

"""A made-up but plausible run: what a build hands to the report, without building it.

Four channels, overlapping skills, part-timers and empowered people. The
requirement follows the square-root rule, shifts are laid greedily where most
is missing, the outcome is a noisy reading of both. Loaded by path from the
conftest files of ``tests/report`` and ``tests/browser``.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from wfplan.domain.calendar import CalendarDay
from wfplan.domain.channels import Channel
from wfplan.domain.contracts import Break, BreakTier, Contract
from wfplan.domain.people import Agent, Availability, Skill, TimeOff
from wfplan.domain.problem import InputFile, PlanningProblem, RulePack, RuleSetting
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
from wfplan.domain.schedule import Activity, LockedShift, Schedule, Shift
from wfplan.errors import Fault, Severity
from wfplan.horizon import Horizon, wall_instant

ZONE = "Europe/Dublin"
FIRST_NAMES = (
    "Aoife",
    "Brendan",
    "Ciara",
    "Declan",
    "Emer",
    "Fergal",
    "Gráinne",
    "Hugh",
    "Imelda",
    "Jarlath",
    "Kateryna",
    "Liam",
    "Maeve",
    "Niall",
    "Orla",
    "Pádraig",
    "Róisín",
    "Seán",
    "Tadhg",
    "Una",
    "Vytautas",
    "Wiktoria",
    "Yusuf",
    "Zofia",
)
LAST_NAMES = (
    "Byrne",
    "Costa",
    "Doyle",
    "Egan",
    "Fahy",
    "Gallagher",
    "Hughes",
    "Iqbal",
    "Joyce",
    "Kavanagh",
    "Lynch",
    "Murphy",
    "Nolan",
    "O'Brien",
    "Power",
    "Quinn",
    "Ryan",
    "Silva",
    "Tierney",
    "Walsh",
)
SKILLS = (
    ("voice",),
    ("voice", "chat"),
    ("voice", "email"),
    ("chat", "social"),
    ("voice", "chat", "email"),
    ("email", "social"),
)


def synthetic_run(
    people: int = 140,
    *,
    first_day: date = date(2026, 6, 1),
    is_round_the_clock: bool = False,
    has_findings: bool = True,
    seed: int = 7,
) -> Run:
    """A run of one week; 2026-03-23 and 2026-10-19 hold a clock change on their Sunday."""
    rng = np.random.default_rng(seed)
    problem = _problem(people, first_day, is_round_the_clock, rng)
    horizon = problem.horizon(first_day)
    demand = _demand(problem, horizon, rng)
    need = _need(problem, demand)
    solution = _solution(problem, horizon, need, rng, has_findings)
    return Run(
        problem=problem,
        plan_path=Path("harbour/plan.toml"),
        horizon=horizon,
        seed=seed,
        demand=demand,
        need=need,
        solution=solution,
        outcome=_outcome(problem, demand, need, solution, rng),
        ledger=_ledger(problem, horizon, solution, rng),
        audit=_audit(solution, has_findings),
        stages={
            "load": 0.41,
            "forecast": 1.2,
            "staffing": 2.7,
            "scheduling": 11.3,
            "simulation": 4.6,
        },
    )


def empty_run(*, has_people: bool = False, first_day: date = date(2026, 6, 1)) -> Run:
    """A week without one contact, without shifts and, unless asked for, without people."""
    run = synthetic_run(4 if has_people else 0, first_day=first_day, has_findings=False)
    zero = np.zeros_like(run.demand.offered_mean)
    demand = DemandForecast(
        **{
            **_fields(run.demand),
            "offered_mean": zero,
            "offered_q10": zero.copy(),
            "offered_q50": zero.copy(),
            "offered_q90": zero.copy(),
            "notes": (),
        }
    )
    need = StaffNeed(
        **{
            **_fields(run.need),
            "volume": zero.copy(),
            "load_erlangs": zero.copy(),
            **{
                name: zero.copy()
                for name in (
                    "staff_promise",
                    "staff_occupancy",
                    "staff_abandonment",
                    "staff_tail",
                    "staff_due",
                    "staff_required",
                    "staff_min",
                )
            },
            "binding": np.full(zero.shape, "none"),
        }
    )
    solution = Solution(
        **{
            **_fields(run.solution),
            "schedule": run.solution.schedule.model_copy(update={"shifts": ()}),
            "objective": 0.0,
            "lower_bound": 0.0,
            "staff": zero.copy(),
            "heads": zero[0].copy(),
            "empowered": zero[0].copy(),
            "prices": zero.copy(),
            "channel_share": {},
            "misses": (),
        }
    )
    measures = run.outcome.measures.copy()
    is_rate = measures["measure"].isin(["service_level", "due_share"])
    measures[["value", "q10", "q90"]] = np.repeat(np.where(is_rate, 1.0, 0.0)[:, None], 3, axis=1)
    problem = run.problem.model_copy(update={"warnings": ()})
    return Run(
        **{
            **_fields(run),
            "problem": problem,
            "demand": demand,
            "need": need,
            "solution": solution,
            "outcome": Outcome(run.horizon, measures, run.outcome.replications),
            "ledger": run.ledger.iloc[:0],
            "audit": Audit(checked=(), breaches=()),
        }
    )


def _fields(item: object) -> dict[str, object]:
    return dict(vars(item))


def _problem(people: int, first_day: date, is_round: bool, rng: np.random.Generator):
    opening = ["daily 00:00-24:00"] if is_round else ["mon-fri 07:00-21:00", "sat 09:00-17:00"]
    chat = ["daily 08:00-22:00"] if is_round else ["mon-fri 08:00-20:00"]
    office = ["mon-fri 08:00-18:00"]
    channels = (
        Channel(name="voice", open=opening, staff_min=1),
        Channel(name="chat", open=chat, answer_within_s=45, concurrency_rates=(1.0, 1.6, 1.95)),
        Channel(name="email", kind="deferred", open=office, due_h=8),
        Channel(name="social", kind="deferred", open=office, due_h=4, due_share=0.9),
    )
    return PlanningProblem(
        name="Harbour Bank",
        timezone=ZONE,
        site="Dublin",
        country="IE",
        channels=channels,
        agents=tuple(_agent(i, people, first_day, is_round, rng) for i in range(people)),
        contracts={
            c.name: c
            for c in (_contract("full_time", 360, 570, 5), _contract("part_time", 240, 360, 4))
        },
        packs={"eu": RulePack(id="eu", version="2026.1", jurisdiction="EU", rules=_rules())},
        site_packs=("eu",),
        calendar=(
            CalendarDay(day=first_day, kind="holiday", name="June bank holiday", factor=0.6),
            CalendarDay(
                day=first_day + timedelta(days=3),
                kind="campaign",
                name="Mortgage offer",
                channel="voice",
                factor=1.25,
            ),
        ),
        locks=(LockedShift(agent_id="A003", day=first_day + timedelta(days=2)),)
        if people > 3
        else (),
        inputs=tuple(
            InputFile(path=name, sha256=f"{abs(hash_of(name)):064x}")
            for name in ("plan.toml", "contacts.csv.gz", "agents.csv", "skills.csv", "calendar.csv")
        ),
        warnings=(
            Fault(
                reason="the e-mail address is missing",
                file="agents.csv",
                line=17,
                column="email",
                hint="the calendar file of this person carries none",
                code="HR117",
                severity=Severity.WARNING,
            ),
        ),
    )


def hash_of(text: str) -> int:
    """A stable number of a text (``hash`` is salted)."""
    import hashlib

    return int(hashlib.sha256(text.encode()).hexdigest(), 16)


def _rules() -> tuple[RuleSetting, ...]:
    return (
        RuleSetting(rule="daily_rest", value=11, unit="hours", source="2003/88/EC art. 3"),
        RuleSetting(rule="weekly_rest", value=35, unit="hours", source="2003/88/EC art. 5"),
        RuleSetting(rule="break_required", value=6, unit="hours", source="2003/88/EC art. 4"),
    )


def _contract(name: str, shortest: int, longest: int, days: int) -> Contract:
    rest = Break(kind="rest", length_min=15, is_paid=True, earliest_min=75, latest_min=150)
    meal = Break(kind="meal", length_min=30, is_paid=False, earliest_min=180, latest_min=300)
    late = Break(kind="rest", length_min=15, is_paid=True, earliest_min=345, latest_min=450)
    return Contract(
        name=name,
        shortest_min=shortest,
        longest_min=longest,
        start_window="06:00-16:00",
        work_days_max=days,
        break_tiers=(
            BreakTier(over_h=3, breaks=(rest,)),
            BreakTier(over_h=6, breaks=(rest, meal, late)),
        ),
    )


def _agent(i: int, people: int, first_day: date, is_round: bool, rng: np.random.Generator) -> Agent:
    is_full = rng.random() < 0.7
    hours = 37.5 if is_full else 20.0
    names = [*SKILLS[i % len(SKILLS)], *(["empowered"] if i % 3 == 0 else [])]
    wishes = []
    if rng.random() < 0.5:
        wishes.append(
            Availability(kind="prefer", weekday=int(rng.integers(5)), start_min=480, end_min=1080)
        )
    if rng.random() < 0.35:
        wishes.append(
            Availability(
                kind="avoid", weekday=int(rng.integers(6)), start_min=1080, end_min=1320, weight=0.8
            )
        )
    away = []
    if rng.random() < 0.12:
        day = first_day + timedelta(days=int(rng.integers(5)))
        away.append(
            TimeOff(
                start=wall_instant(day, 0, ZONE),
                end=wall_instant(day, 1440, ZONE),
                status="approved" if rng.random() < 0.7 else "requested",
            )
        )
    return Agent(
        agent_id=f"A{i:03d}",
        name=f"{FIRST_NAMES[i % len(FIRST_NAMES)]} {LAST_NAMES[(i * 7) % len(LAST_NAMES)]}",
        team=f"Team {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[i // 14 % 26]}",
        timezone=ZONE,
        contract_type="full_time" if is_full else "part_time",
        contract_hours_week=hours,
        min_hours_week=hours - 4,
        max_hours_week=hours + 4,
        cost_per_hour=24.0 if is_full else 22.5,
        skills=tuple(
            Skill(skill=name, aht_factor=float(rng.choice([0.9, 1.0, 1.1]))) for name in names
        ),
        availability=tuple(wishes),
        time_off=tuple(away),
    )


def _demand(problem: PlanningProblem, horizon: Horizon, rng: np.random.Generator) -> DemandForecast:
    scale = {"voice": 2.4, "chat": 1.0, "email": 0.55, "social": 0.25}
    minutes = horizon.interval_minutes / 60
    shape = (
        np.exp(-(((minutes - 10.5) / 2.6) ** 2))
        + 0.7 * np.exp(-(((minutes - 15.5) / 3.2) ** 2))
        + 0.08
    )
    weekday = np.array([1.15, 1.05, 1.0, 1.1, 0.95, 0.45, 0.3])[horizon.interval_days % 7]
    is_open = np.array(
        [
            horizon.open_intervals(channel.open, problem.opening_by_date(channel))
            for channel in problem.channels
        ]
    )
    people = max(len(problem.agents), 1)
    size = np.array([scale[c.name] for c in problem.channels])[:, None] * people / 3.6
    mean = size * shape * weekday * is_open * rng.uniform(0.95, 1.05, is_open.shape)
    cv = np.full(mean.shape, 0.11)
    spread = np.sqrt(mean + (cv * mean) ** 2)
    aht = np.array([240.0, 420.0, 540.0, 300.0])[:, None] * np.ones(mean.shape)
    return DemandForecast(
        horizon=horizon,
        channels=tuple(c.name for c in problem.channels),
        is_open=is_open,
        offered_mean=mean,
        offered_q10=np.floor(np.maximum(mean - 1.28 * spread, 0)),
        offered_q50=np.round(mean),
        offered_q90=np.ceil(mean + 1.28 * spread),
        aht_s=aht,
        rate_cv=cv,
        day_share=np.array([0.6, 0.5, 0.5, 0.4]),
        patience_s=np.array([150.0, 240.0, np.inf, np.inf]),
        notes=(
            "chat: 26 Dec to 2 Jan was set aside, its counts are not like other weeks.",
            "social: only 5 weeks of history; the uncertainty is widened by a fifth.",
        ),
    )


def _need(problem: PlanningProblem, demand: DemandForecast) -> StaffNeed:
    seconds = demand.horizon.interval_min * 60
    load = demand.offered_mean * demand.aht_s / seconds
    concurrency = np.array([1.0, 1.95, 1.0, 1.0])[:, None]
    load = load / concurrency
    promise = np.where(load > 0, load + 0.9 * np.sqrt(load), 0.0)
    occupancy = load / 0.85
    zero = np.zeros_like(load)
    is_realtime = np.array([c.is_realtime for c in problem.channels])[:, None]
    required = np.where(is_realtime, np.maximum(promise, occupancy), load * 1.15)
    binding = np.where(load == 0, "none", np.where(promise >= occupancy, "promise", "occupancy"))
    return StaffNeed(
        horizon=demand.horizon,
        channels=demand.channels,
        harm=np.zeros((*load.shape, 2)),
        volume=demand.offered_mean,
        load_erlangs=load,
        staff_promise=promise * is_realtime,
        staff_occupancy=occupancy * is_realtime,
        staff_abandonment=zero,
        staff_tail=zero,
        staff_due=load * ~is_realtime,
        staff_required=required,
        binding=np.where((load > 0) & ~is_realtime, "due", binding),
        staff_min=np.array([c.staff_min for c in problem.channels])[:, None] * demand.is_open,
        empowered_min=demand.is_open.any(axis=0).astype(float),
        presence_share=0.92,
    )


def _solution(
    problem: PlanningProblem,
    horizon: Horizon,
    need: StaffNeed,
    rng: np.random.Generator,
    has_findings: bool,
) -> Solution:
    missing = need.staff_required.copy()
    shares: dict[str, np.ndarray] = {}
    shifts: list[Shift] = []
    heads = np.zeros(horizon.interval_count)
    empowered = np.zeros(horizon.interval_count)
    is_open = (need.load_erlangs > 0).any(axis=0)
    is_round = bool(is_open.all())
    for agent in problem.agents:
        skilled = np.array([agent.skill(c, horizon.first_day) is not None for c in need.channels])
        share = np.zeros(missing.shape)
        for day in _days_of(agent, horizon, is_round, rng):
            shift = _best_shift(
                agent, day, horizon, (missing * skilled[:, None]).max(axis=0), is_open, rng
            )
            if shift is None:
                continue
            shifts.append(shift)
            on_queue = _on_queue(shift, horizon)
            wanted = np.maximum(missing, 0.01) * skilled[:, None]
            part = wanted / np.maximum(wanted.sum(axis=0), 1e-9) * on_queue
            share += part
            missing -= part * need.presence_share
            heads += on_queue
            empowered += on_queue * (agent.skill("empowered", horizon.first_day) is not None)
        shares[agent.agent_id] = share
    staff = need.staff_required - missing
    gap = np.maximum(missing, 0)
    schedule = Schedule(
        schedule_id="harbour-2026-w23",
        timezone=problem.timezone,
        first_day=horizon.first_day,
        days=horizon.days,
        shifts=tuple(sorted(shifts, key=lambda s: (s.agent_id, s.start))),
    )
    misses = [
        (
            "voice, Thu 4 Jun 10:00-11:15: up to 3.4 staff short of the promise; everybody with "
            "the skill who may work then already does."
        ),
        "email, Mon 1 Jun 08:00-09:00: up to 1.2 staff short of the due time.",
    ]
    return Solution(
        schedule=schedule,
        status=SolveStatus.SETTLED,
        objective=412.6,
        lower_bound=391.3,
        staff=np.maximum(staff, 0),
        heads=heads,
        empowered=empowered,
        channel_share=shares,
        prices=gap * 1.6 + 0.15 * (need.staff_required > 0),
        terms={
            "harm": 562.8,
            "tail_harm_per_contact": 0.008,
            "harm_weighted": 281.4,
            "tail_weighted": 96.0,
            "floors": 22.7,
            "empowered": 0.0,
            "wishes": 12.5,
        },
        passes=30,
        seconds=11.3,
        misses=tuple(misses) if has_findings else (),
    )


def _days_of(agent: Agent, horizon: Horizon, is_round: bool, rng: np.random.Generator) -> list[int]:
    count = 5 if agent.contract_type == "full_time" else 4
    weights = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 0.35, 0.2])
    for off in agent.time_off:
        weights[(horizon.local(off.start).date() - horizon.first_day).days] = 0
    if not is_round:
        weights[6] = 0
    possible = int((weights > 0).sum())
    return sorted(
        rng.choice(7, min(count, possible), replace=False, p=weights / weights.sum()).tolist()
    )


def _best_shift(agent, day, horizon, missing, is_open, rng) -> Shift | None:
    first = int(horizon.day_slots[day]) // horizon.slots_per_interval
    length = 8 * 60 if agent.contract_type == "full_time" else 5 * 60
    width = length // horizon.interval_min
    starts = []
    for start in range(6 * 60, 17 * 60, 30):
        at = first + start // horizon.interval_min
        window = slice(at, at + width)
        if at + width <= len(missing) and is_open[window].sum() >= width * 0.7:
            starts.append((float(np.maximum(missing[window], 0).sum()) + rng.random(), at))
    if not starts:
        return None
    _, at = max(starts)
    return _shift(agent, horizon.dates[day], horizon.interval_instant(at), length, rng)


def _shift(
    agent: Agent, day: date, start: datetime, length: int, rng: np.random.Generator
) -> Shift:
    plan = [(int(rng.integers(5, 11)) * 15, 15, "REST", "break", True)]
    if length > 360:
        plan += [
            (int(rng.integers(13, 19)) * 15, 30, "MEAL", "meal", False),
            (int(rng.integers(23, 26)) * 15, 15, "REST", "break", True),
        ]
    activities, at = [], start
    for offset, minutes, code, category, is_paid in plan:
        begin = start + timedelta(minutes=offset)
        activities.append(
            Activity(code="ON_QUEUE", category="work", is_paid=True, start=at, end=begin)
        )
        at = begin + timedelta(minutes=minutes)
        activities.append(
            Activity(code=code, category=category, is_paid=is_paid, start=begin, end=at)
        )
    if rng.random() < 0.06:
        begin = at + timedelta(minutes=15)
        activities.append(
            Activity(code="ON_QUEUE", category="work", is_paid=True, start=at, end=begin)
        )
        at = begin + timedelta(minutes=45)
        activities.append(
            Activity(code="TRAINING", category="training", is_paid=True, start=begin, end=at)
        )
    end = start + timedelta(minutes=length)
    activities.append(Activity(code="ON_QUEUE", category="work", is_paid=True, start=at, end=end))
    return Shift(
        shift_id=f"{agent.agent_id}-{day:%Y%m%d}",
        agent_id=agent.agent_id,
        shift_date=day,
        activities=tuple(activities),
        is_locked=bool(rng.random() < 0.02),
    )


def _on_queue(shift: Shift, horizon: Horizon) -> np.ndarray:
    slots = np.zeros(horizon.slot_count)
    for activity in shift.activities:
        if activity.category == "work":
            first, last = horizon.slot_at(activity.start), horizon.slot_at(activity.end)
            slots[max(first, 0) : max(last, 0)] = 1
    return slots.reshape(-1, horizon.slots_per_interval).mean(axis=1)


def _outcome(problem, demand, need, solution, rng) -> Outcome:
    staff, load = solution.staff, need.load_erlangs
    slack = (staff - load) / np.sqrt(np.maximum(load, 0.2))
    level = np.where(demand.is_open & (load > 0), 1 / (1 + np.exp(-1.5 * (slack + 0.2))), 1.0)
    level = np.clip(level + rng.normal(0, 0.015, level.shape), 0, 1)
    left = np.clip(0.22 * (1 - level) ** 1.3, 0, 1)
    busy = np.clip(load / np.maximum(staff, 0.1), 0, 1)
    offered = demand.offered_mean
    grids = {
        "offered": (offered, "contacts"),
        "answered": (offered * (1 - left), "contacts"),
        "abandoned": (offered * left, "contacts"),
        "service_level": (level, "share"),
        "abandon_rate": (left, "share"),
        "wait_mean_s": (90 * (1 - level), "s"),
        "wait_p95_s": (420 * (1 - level), "s"),
        "occupancy": (busy, "share"),
        "harm": (offered * (1 - level), "points"),
        "staff_present": (staff, "staff"),
        "backlog": (offered * 1.5 * (1 - level), "contacts"),
        "due_share": (1 - 0.3 * (1 - level), "share"),
    }
    is_realtime = {c.name: c.is_realtime for c in problem.channels}
    only = {
        "service_level": True,
        "abandon_rate": True,
        "wait_p95_s": True,
        "backlog": False,
        "due_share": False,
    }
    weeks, frames = [], []
    for measure, (grid, unit) in grids.items():
        for c, channel in enumerate(demand.channels):
            if measure in only and only[measure] != is_realtime[channel]:
                continue
            week, table = _grid_rows(measure, channel, grid[c], offered[c], unit, demand.horizon)
            weeks.append(week)
            frames.append(table)
    weeks += [_row(m, "", *_over_channels(weeks, m, unit), unit) for m, (_, unit) in grids.items()]
    weeks.append(_row("overtime_min", "", 215.0, 31.0, 120.0, 330.0, "min"))
    starts = [None] * len(weeks)
    measures = pd.concat([pd.DataFrame(weeks), *frames], ignore_index=True)
    at = pd.to_datetime(pd.Series([*starts, *measures["interval_start"][len(weeks) :]]), utc=True)
    return Outcome(demand.horizon, measures.assign(interval_start=at), replications=100)


def _over_channels(weeks, measure, unit) -> list[float]:
    """Mean of rates, sum of counts, over the channels that have the measure."""
    rows = [row for row in weeks if row["measure"] == measure]
    combine = np.mean if unit in ("share", "s") else np.sum
    return [
        float(combine([row[key] for row in rows])) for key in ("value", "half_width", "q10", "q90")
    ]


def _grid_rows(measure, channel, values, offered, unit, horizon):
    is_rate = unit in ("share", "s")
    noise = np.where(
        values > 0,
        0.06 + 0.5 * (1 - np.clip(values, 0, 1)) if unit == "share" else 0.15 * values,
        0,
    )
    top = 1.0 if unit == "share" else np.inf
    weight = offered.sum()
    week = (
        float((values * offered).sum() / weight) if is_rate and weight > 0 else float(values.sum())
    )
    week = float(values.mean()) if measure in ("staff_present", "backlog") else week
    table = pd.DataFrame(
        {
            "measure": measure,
            "channel": channel,
            "interval_start": horizon.interval_starts,
            "value": values,
            "half_width": noise / 10,
            "q10": np.clip(values - noise, 0, top),
            "q90": np.clip(values + 0.7 * noise, 0, top),
            "unit": unit,
        }
    )
    return _row(
        measure, channel, week, 0.01 * week, 0.95 * week, min(1.04 * week, top), unit
    ), table


def _row(measure, channel, value, half_width, q10, q90, unit) -> dict[str, object]:
    return {
        "measure": measure,
        "channel": channel,
        "value": value,
        "half_width": half_width,
        "q10": q10,
        "q90": q90,
        "unit": unit,
    }


def _ledger(problem: PlanningProblem, horizon: Horizon, solution: Solution, rng) -> pd.DataFrame:
    rows = []
    worked = {(s.agent_id, s.shift_date) for s in solution.schedule.shifts}
    for agent in problem.agents:
        acute, chronic = rng.uniform(5, 60), rng.uniform(10, 45)
        for day in horizon.dates:
            load = min(float(rng.gamma(3, 25)), 148.0) if (agent.agent_id, day) in worked else 0.0
            acute, chronic = 0.86688 * acute + 0.13312 * load, 0.97647 * chronic + 0.02353 * load
            rows.append((agent.agent_id, day, load, acute, chronic))
    return pd.DataFrame(
        rows, columns=["agent_id", "date", "overload_min", "acute_min", "chronic_min"]
    )


def _audit(solution: Solution, has_findings: bool) -> Audit:
    checked = (
        "daily_rest",
        "weekly_rest",
        "break_required",
        "night_work",
        "paid_time_week",
        "skill_required",
        "time_off",
    )
    shifts = solution.schedule.shifts
    if not has_findings or not shifts:
        return Audit(checked=checked, breaches=())
    breach = Breach(
        rule="time_off",
        hardness="soft",
        agent_id=shifts[-1].agent_id,
        at=datetime(2026, 6, 1, tzinfo=UTC),
        amount=90.0,
        unit="min",
        why=(
            f"time_off: agent {shifts[-1].agent_id} works 1 h 30 min of time off that was "
            "requested (time-off table)."
        ),
    )
    return Audit(checked=checked, breaches=(breach,))

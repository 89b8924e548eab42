"""Contact-centre weeks of any size: a fixed family of planning problems, drawn from a seed.

Day and night on two voice lines, chat and e-mail; eight skill groups; shifts of
4 to 9.5 hours with their breaks; the EU pack; floors, tail and harm curves as
:func:`wfplan.staffing.staff_need` makes them; nights worked last week, leave,
hours that cannot be and wishes. Contacts grow with the people, so that the staff
that promises ask for are a fixed share of the hours that contracts give
(``COVER``): in small centres, whose floors are far above their load, few
contacts are left.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.channels import Channel
from wfplan.domain.contracts import Break, BreakTier, Contract
from wfplan.domain.people import Agent, Availability, Skill, TimeOff
from wfplan.domain.problem import Empowered, PlanningProblem, RulePack
from wfplan.domain.results import DemandForecast, StaffNeed
from wfplan.domain.schedule import PastShift
from wfplan.horizon import Horizon, wall_instant
from wfplan.intake.book import FaultBook
from wfplan.intake.pack_files import configs_folder
from wfplan.intake.packs import read_packs
from wfplan.intake.reading import Folder
from wfplan.intake.toml_text import TomlText
from wfplan.staffing import staff_need

FloatArray = NDArray[np.float64]

MONDAY = date(2026, 3, 2)
ZONE = "Europe/Dublin"
COVER = 0.92  # staff that floors ask for, of the hours that people can be on queue
CHANNELS = ("voice", "claims", "chat", "email")
LOAD_SHARE = (0.46, 0.24, 0.16, 0.14)
AHT_S = (320.0, 480.0, 540.0, 420.0)
CHAT_RATES = (1.0, 1.6, 1.95)
RATE_CV = 0.08
#: Channels that a group serves, the first one of each at full speed, and its share of people.
GROUPS = (
    ((0,), 0.24),
    ((0, 1), 0.18),
    ((0, 2), 0.13),
    ((1,), 0.10),
    ((2, 3), 0.11),
    ((0, 3), 0.09),
    ((0, 1, 2, 3), 0.10),
    ((1, 0, 3), 0.05),
)
SECOND_SPEED = 1.1  # handle time of a second channel relative to the first
EMPOWERED_SHARE, EMPOWERED_LEAST = 0.12, 12
_STEPS = (0.6180339887498949, 0.4142135623730951)  # multiples, modulo 1, lie evenly
_ROUNDS, _CLOSE = 8, 0.005
_ON_QUEUE_SHARE = 0.955  # of paid time: the rest are paid breaks


@dataclass(frozen=True)
class _Terms:
    """A contract with its hours and its share of people."""

    contract: Contract
    hours: float
    share: float


@dataclass(frozen=True)
class Centre:
    """A centre of so many people over some days from a Monday on."""

    people: int
    seed: int = 0
    days: int = 7

    @cached_property
    def problem(self) -> PlanningProblem:
        """People, contracts, channels and rules."""
        rng = np.random.default_rng([self.seed, self.people, self.days, 0])
        agents = tuple(_agent(i, self, rng) for i in range(self.people))
        return PlanningProblem(
            name=f"Centre of {self.people}",
            timezone=ZONE,
            site="Dublin",
            interval_min=15,
            channels=_channels(),
            agents=agents,
            contracts={terms.contract.name: terms.contract for terms in TERMS},
            packs=_packs(),
            site_packs=("eu",),
            empowered=Empowered(share_of_contacts=0.003, handle_min=15, staff_min=1),
            past_shifts=tuple(_past(agents, rng)),
        )

    @cached_property
    def horizon(self) -> Horizon:
        """The days to be planned."""
        return self.problem.horizon(MONDAY, self.days)

    @property
    def demand(self) -> DemandForecast:
        """Contacts, handle times and their uncertainty."""
        return self._made[0]

    @property
    def need(self) -> StaffNeed:
        """Harm curves and floors."""
        return self._made[1]

    @property
    def demanded_h(self) -> float:
        """Effective staff-hours that floors ask for."""
        return _hours(self.need)

    @cached_property
    def _made(self) -> tuple[DemandForecast, StaffNeed]:
        """Demand, scaled until its floors ask for what the people can give, and its need."""
        rng = np.random.default_rng([self.seed, self.people, self.days, 1])
        shape = np.array([_profile(self.horizon, c, rng) for c in range(len(CHANNELS))])
        hours = sum(agent.contract_hours_week for agent in self.problem.agents) * self.days / 7
        given_h = hours * _ON_QUEUE_SHARE * self.problem.shrinkage.presence_share
        scale = 0.8 * given_h / (shape.sum() * self.horizon.interval_min / 60)
        for _ in range(_ROUNDS):
            demand = _demand(self.horizon, shape * scale)
            need = staff_need(self.problem, demand)
            share = _hours(need) / given_h
            if abs(share / COVER - 1) < _CLOSE:
                break
            scale *= COVER / share
        return demand, need


def _hours(need: StaffNeed) -> float:
    """Effective staff-hours that floors ask for."""
    return float(need.staff_required.sum()) * need.horizon.interval_min / 60


def _demand(horizon: Horizon, load: FloatArray) -> DemandForecast:
    """Contacts that make a load, (channel, interval)."""
    aht = np.array(AHT_S)[:, None] * np.ones(load.shape)
    offered = load * horizon.interval_min * 60 / aht
    spread = np.sqrt(offered + (RATE_CV * offered) ** 2)
    return DemandForecast(
        horizon=horizon,
        channels=CHANNELS,
        is_open=np.ones(load.shape, dtype=np.bool_),
        offered_mean=offered,
        offered_q10=np.maximum(offered - 1.28 * spread, 0.0),
        offered_q50=offered.copy(),
        offered_q90=offered + 1.28 * spread,
        aht_s=aht,
        rate_cv=np.full(load.shape, RATE_CV),
        day_share=np.full(len(CHANNELS), 0.5),
        patience_s=np.array([150.0, 180.0, 300.0, np.inf]),
    )


def _profile(horizon: Horizon, channel: int, rng: np.random.Generator) -> FloatArray:
    """Load over the intervals, of mean 1 times the channel's share: two humps and a night."""
    start = horizon.start
    hours = np.array(
        [
            (horizon.interval_instant(t) - start).total_seconds() / 3600
            for t in range(horizon.interval_count)
        ]
    )
    hour, day = hours % 24, (hours // 24).astype(np.int64) % 7
    shift = (0.0, 0.5, 2.0, -1.0)[channel]
    humps = np.exp(-(((hour - 10.5 - shift) / 2.6) ** 2))
    humps += 0.85 * np.exp(-(((hour - 16.0 - shift) / 3.4) ** 2))
    night = (0.16, 0.10, 0.14, 0.22)[channel]
    weekday = np.array([1.12, 1.02, 1.0, 0.98, 1.0, 0.72, 0.58])[day]
    of_day = rng.gamma(400, 1 / 400, horizon.days)[(hours // 24).astype(np.int64)]
    shape = (night + humps) * weekday * of_day * rng.gamma(900, 1 / 900, len(hours))
    return np.asarray(LOAD_SHARE[channel] * shape / shape.mean())


def _channels() -> tuple[Channel, ...]:
    always = ["daily 00:00-24:00"]
    return (
        Channel(name="voice", open=always, staff_min=1),
        Channel(name="claims", open=always, answer_within_s=30.0),
        Channel(name="chat", open=always, answer_within_s=40.0, concurrency_rates=CHAT_RATES),
        Channel(name="email", kind="deferred", open=always, due_h=8.0),
    )


def _packs() -> dict[str, RulePack]:
    """The EU pack as it comes with wfplan."""
    book = FaultBook()
    packs, _ = read_packs(
        ["eu"], TomlText("centre", {}, {}), Folder(configs_folder() / "rules", book), book
    )
    book.raise_if_any()
    return {"eu": packs["eu"]}


def _rest(first: int, last: int) -> Break:
    return Break(kind="rest", length_min=15, is_paid=True, earliest_min=first, latest_min=last)


def _meal(first: int, last: int) -> Break:
    return Break(kind="meal", length_min=30, is_paid=False, earliest_min=first, latest_min=last)


_TIERS = (
    BreakTier(over_h=3.5, breaks=(_rest(90, 165),)),
    BreakTier(over_h=5.0, breaks=(_rest(75, 135), _meal(165, 255))),
    BreakTier(over_h=7.0, breaks=(_rest(75, 150), _meal(180, 300), _rest(345, 435))),
)


def _terms(
    name: str, hours: float, share: float, lengths: tuple[int, int], starts: str, days: int
) -> _Terms:
    """A contract: lengths in minutes, wall times of starts, days a week at most."""
    return _Terms(
        Contract(
            name=name,
            shortest_min=lengths[0],
            longest_min=lengths[1],
            length_step_min=30,
            start_window=starts,
            start_step_min=30,
            work_days_max=days,
            consecutive_days_max=6,
            break_tiers=_TIERS,
        ),
        hours,
        share,
    )


TERMS = (
    _terms("full_time", 38.0, 0.34, (420, 570), "06:00-14:00", 5),
    _terms("any_time", 38.0, 0.24, (420, 570), "00:00-23:30", 5),
    _terms("late", 36.0, 0.12, (420, 570), "12:00-17:00", 5),
    _terms("night", 34.0, 0.10, (420, 540), "19:00-23:30", 5),
    _terms("part_time", 20.0, 0.20, (240, 360), "07:00-19:00", 5),
)


def _evenly(i: int, turn: int, shares: tuple[float, ...]) -> int:
    """Which of some shares the i-th person has; each share lies evenly among the people."""
    at = ((i + 0.5) * _STEPS[turn]) % 1.0 * sum(shares)
    return min(int(np.searchsorted(np.cumsum(shares), at, side="right")), len(shares) - 1)


def _agent(i: int, centre: Centre, rng: np.random.Generator) -> Agent:
    """The i-th person."""
    terms = TERMS[_evenly(i, 0, tuple(terms.share for terms in TERMS))]
    served = GROUPS[_evenly(i, 1, tuple(share for _, share in GROUPS))][0]
    skills = [
        Skill(skill=CHANNELS[c], aht_factor=1.0 if c == served[0] else SECOND_SPEED) for c in served
    ]
    wanted = max(EMPOWERED_SHARE * centre.people, min(EMPOWERED_LEAST, centre.people))
    if int((i + 1) * wanted / centre.people) > int(i * wanted / centre.people):
        skills.append(Skill(skill="empowered"))
    return Agent(
        agent_id=f"P{i + 1:05d}",
        timezone=ZONE,
        contract_type=terms.contract.name,
        contract_hours_week=terms.hours,
        min_hours_week=terms.hours - 2,
        max_hours_week=terms.hours,
        skills=tuple(skills),
        availability=_availability(terms, rng),
        time_off=_time_off(centre, rng),
    )


def _availability(terms: _Terms, rng: np.random.Generator) -> tuple[Availability, ...]:
    """A weekday or its evening that cannot be, and wishes."""
    draw, day = rng.random(), int(rng.integers(7))
    kind, hours = {
        0: ("unavailable", (0, 1440)),
        1: ("unavailable", (1080, 1440)),
        2: ("avoid", (0, 1440)),
        3: ("avoid", (1080, 1440)),
        4: ("prefer", (420, 1020)),
    }.get(int(draw * 16), ("", (0, 0)))
    if not kind or (kind == "unavailable" and terms.contract.name in ("late", "night")):
        return ()
    weight = round(float(rng.uniform(0.2, 0.9)), 2)
    return (
        Availability(kind=kind, weekday=day, start_min=hours[0], end_min=hours[1], weight=weight),
    )


def _time_off(centre: Centre, rng: np.random.Generator) -> tuple[TimeOff, ...]:
    """Approved leave of one to three days for one in sixteen in a week, asked for by others."""
    found = []
    for week in range(0, centre.days, 7):
        draw = rng.random()
        first = MONDAY + timedelta(days=week + int(rng.integers(0, 5)))
        length = int(rng.integers(1, 4))
        if draw < 0.09:
            status, days = ("approved", length) if draw < 0.06 else ("requested", 1)
            start = wall_instant(first, 0, ZONE)
            end = wall_instant(first + timedelta(days=days), 0, ZONE)
            found.append(TimeOff(start=start, end=end, status=status))
    return tuple(found)


def _past(agents: tuple[Agent, ...], rng: np.random.Generator) -> list[PastShift]:
    """Some shifts of the last week: half of the people worked its last two days."""
    shifts = []
    contracts = {terms.contract.name: terms.contract for terms in TERMS}
    for agent in agents:
        contract = contracts[agent.contract_type]
        if rng.random() >= 0.5:
            continue
        first, last = contract.start_window
        at = first + 30 * int(rng.integers(0, (last - first) // 60 + 1))
        for back in (2, 1):
            start = wall_instant(MONDAY - timedelta(days=back), at, ZONE)
            end = start + timedelta(minutes=contract.shortest_min)
            paid = contract.paid_min(contract.shortest_min)
            shifts.append(PastShift(agent_id=agent.agent_id, start=start, end=end, paid_min=paid))
    return shifts

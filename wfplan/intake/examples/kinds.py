"""The three example centres: what is asked of them, and who works there.

Shapes and sizes follow what is public about such centres, never their rows:
two humps on a working day with Monday high and a decline through the week, a
day-level coefficient of variation of some 8 % above Poisson (Avramidis,
Deslauriers, and L'Ecuyer 2004, https://doi.org/10.1287/mnsc.1040.0236), the
day after a holiday well above its weekday, lognormal handle times whose
standard deviation is as large as their mean, and patience of some minutes
(Brown et al. 2005, https://doi.org/10.1198/016214504000001808).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Hump:
    """A bell-shaped part of the day's profile: hour of its top, width and relative height."""

    hour: float
    width_h: float
    height: float


@dataclass(frozen=True, slots=True)
class DemandShape:
    """
    How contacts of a channel come in an ordinary week.

    ``weekday_weights`` run from Monday; ``level`` is the profile's height far
    from every hump; ``overnight_share`` of a day's contacts came while the
    channel was closed and is counted in the first hour.
    """

    channel: str
    contacts_per_week: float
    weekday_weights: tuple[float, ...]
    humps: tuple[Hump, ...]
    level: float
    aht_s: float
    aht_swing: float = 0.04  # handle times are that share longer in the evening
    wait_s: float = 9.0  # mean wait of all offered when demand is as expected
    patience_s: float = 150.0
    overnight_share: float = 0.0


@dataclass(frozen=True, slots=True)
class DayEffect:
    """
    A dated fact: ``factor`` is its true effect on volume, told to the planner or to be learnt.

    The row of a calendar file says ``kind``, ``name``, ``channel`` ("" is all) and ``open``.
    """

    day: date
    kind: str
    name: str
    factor: float
    channel: str = ""
    open: str = ""
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """So many people on one contract: paid hours a week, and how many of them are empowered."""

    contract_type: str
    people: int
    hours: float
    hours_min: float
    hours_max: float
    empowered: int
    days_off: tuple[tuple[int, ...], ...]  # weekdays off, person after person


@dataclass(frozen=True, slots=True)
class Example:
    """A centre, from which a seed makes a plan folder."""

    kind: str
    id_prefix: str
    history_from: date
    history_weeks: int
    shapes: tuple[DemandShape, ...]
    effects: tuple[DayEffect, ...]
    skill_sets: tuple[tuple[int, tuple[str, ...]], ...]  # (people, channels they serve)
    terms: tuple[Terms, ...]
    teams: tuple[tuple[str, str], ...]  # (site, team)
    has_activities: bool = False


_WEEKEND_OFF = (5, 6)
_BANK_DAYS_OFF = (_WEEKEND_OFF, _WEEKEND_OFF, (6, 3), _WEEKEND_OFF, (6, 4), _WEEKEND_OFF, (6, 2))
_MIXED_DAYS_OFF = (
    _WEEKEND_OFF,
    _WEEKEND_OFF,
    (6, 0),
    _WEEKEND_OFF,
    (2, 3),
    _WEEKEND_OFF,
    (3, 4),
)
_FOUR_DAYS_OFF = ((4, 5, 6), (5, 6, 0), (6, 0, 1), (1, 5, 6))
_AROUND_THE_WEEK = ((0, 1), (5, 6), (3, 4), (6, 0), (1, 2), (4, 5), (2, 3))

_OFFICE_HUMPS = (Hump(10.3, 1.5, 1.0), Hump(15.0, 1.8, 0.85))
_EVENING_HUMPS = (Hump(11.0, 2.0, 0.8), Hump(18.5, 2.2, 1.0))

BANK = Example(
    kind="bank",
    id_prefix="B",
    history_from=date(2026, 7, 6),
    history_weeks=9,
    shapes=(
        DemandShape(
            "voice",
            19_000,
            (1.18, 1.04, 0.99, 0.95, 0.93, 0.42, 0.0),
            _OFFICE_HUMPS,
            level=0.30,
            aht_s=235,
        ),
    ),
    effects=(
        DayEffect(date(2026, 8, 3), "holiday", "August bank holiday", 0.45, open="10:00-16:00"),
        DayEffect(date(2026, 8, 4), "event", "Day after the bank holiday", 1.17),
        DayEffect(date(2026, 8, 19), "event", "Statements posted", 1.12),
    ),
    skill_sets=((60, ("voice",)),),
    terms=(
        Terms("full_time", 38, 37.5, 34.0, 37.5, 9, _BANK_DAYS_OFF),
        Terms("evening", 10, 35.0, 32.0, 35.0, 4, _BANK_DAYS_OFF),
        Terms("part_time", 12, 20.0, 16.0, 22.5, 2, _BANK_DAYS_OFF),
    ),
    teams=(("Dublin", "Quay"), ("Dublin", "Custom House"), ("Dublin", "Harbour")),
    has_activities=True,
)

OMNICHANNEL = Example(
    kind="omnichannel",
    id_prefix="A",
    history_from=date(2026, 8, 24),
    history_weeks=9,
    shapes=(
        DemandShape(
            "voice",
            26_000,
            (1.16, 1.04, 1.00, 0.97, 0.94, 0.36, 0.22),
            _OFFICE_HUMPS,
            level=0.32,
            aht_s=260,
        ),
        DemandShape(
            "chat",
            5_700,
            (1.08, 1.02, 1.00, 1.00, 0.96, 0.42, 0.38),
            _EVENING_HUMPS,
            level=0.35,
            aht_s=470,
            wait_s=13.0,
            patience_s=200.0,
        ),
        DemandShape(
            "email",
            8_600,
            (1.22, 1.04, 0.98, 0.95, 0.92, 0.40, 0.0),
            (Hump(10.0, 2.0, 1.0), Hump(15.0, 2.5, 0.8)),
            level=0.40,
            aht_s=310,
            overnight_share=0.12,
        ),
        DemandShape(
            "social",
            5_400,
            (1.02, 1.00, 1.00, 1.00, 1.04, 0.50, 0.46),
            _EVENING_HUMPS,
            level=0.50,
            aht_s=165,
            overnight_share=0.05,
        ),
    ),
    effects=(
        DayEffect(date(2026, 9, 16), "campaign", "Smart meter letter", 1.20, "voice"),
        DayEffect(date(2026, 9, 17), "campaign", "Smart meter letter", 1.12, "voice"),
        DayEffect(
            date(2026, 10, 26),
            "holiday",
            "October bank holiday",
            0.45,
            open="10:00-16:00",
            is_told=True,
        ),
        DayEffect(
            date(2026, 10, 27), "event", "Day after the bank holiday", 1.12, "voice", is_told=True
        ),
        DayEffect(date(2026, 10, 28), "campaign", "Winter tariff letter", 1.18, "voice", "", True),
        DayEffect(date(2026, 10, 29), "campaign", "Winter tariff letter", 1.10, "voice", "", True),
        DayEffect(date(2026, 10, 29), "campaign", "Winter tariff letter", 1.15, "email", "", True),
    ),
    skill_sets=(
        (38, ("voice",)),
        (28, ("voice", "email")),
        (24, ("voice", "chat")),
        (12, ("chat", "social")),
        (12, ("email", "social")),
        (10, ("chat", "email")),
        (10, ("voice", "chat", "email")),
        (6, ("voice", "chat", "email", "social")),
    ),
    terms=(
        Terms("full_time", 62, 37.5, 34.0, 37.5, 15, _MIXED_DAYS_OFF),
        Terms("four_day", 20, 30.0, 27.0, 30.0, 5, _FOUR_DAYS_OFF),
        Terms("evening", 18, 35.0, 32.0, 35.0, 7, _MIXED_DAYS_OFF),
        Terms("part_time", 28, 20.0, 16.0, 22.5, 4, _MIXED_DAYS_OFF),
        Terms("weekend", 12, 24.0, 20.0, 26.0, 5, ((0, 1, 2), (1, 2, 3))),
    ),
    teams=(
        ("Dublin", "Liffey"),
        ("Dublin", "Tolka"),
        ("Dublin", "Dodder"),
        ("Dublin", "Poddle"),
        ("Cork", "Lee"),
        ("Cork", "Bride"),
        ("Cork", "Bandon"),
    ),
)

NIGHT = Example(
    kind="night",
    id_prefix="N",
    history_from=date(2026, 8, 17),
    history_weeks=9,
    shapes=(
        DemandShape(
            "voice",
            14_200,
            (1.08, 1.00, 0.98, 0.98, 1.06, 0.98, 0.92),
            (Hump(9.0, 2.0, 1.0), Hump(17.5, 2.6, 1.0), Hump(13.0, 3.0, 0.5)),
            level=0.18,
            aht_s=275,
            aht_swing=0.07,
            patience_s=180.0,
        ),
        DemandShape(
            "claims",
            5_900,
            (1.10, 1.04, 1.00, 0.98, 0.96, 0.98, 0.94),
            (Hump(11.0, 3.0, 1.0), Hump(20.0, 2.5, 0.7)),
            level=0.20,
            aht_s=320,
        ),
    ),
    effects=(
        DayEffect(date(2026, 9, 29), "event", "Storm warning", 1.30, "voice"),
        DayEffect(date(2026, 9, 30), "event", "Day after the storm", 1.25, "claims"),
        DayEffect(date(2026, 10, 25), "event", "Clocks go back in the night", 1.0, "", "", True),
    ),
    skill_sets=((34, ("voice",)), (42, ("voice", "claims"))),
    terms=(
        Terms("day", 28, 37.5, 34.0, 37.5, 7, _AROUND_THE_WEEK),
        Terms("late", 22, 37.5, 34.0, 37.5, 6, _AROUND_THE_WEEK),
        Terms("night", 6, 35.0, 32.0, 37.5, 4, _AROUND_THE_WEEK),
        Terms("small_hours", 10, 35.0, 32.0, 37.5, 6, _AROUND_THE_WEEK),
        Terms("part_time", 10, 20.0, 16.0, 22.5, 1, _AROUND_THE_WEEK),
    ),
    teams=(("Galway", "Corrib"), ("Galway", "Mask"), ("Galway", "Carra")),
)

EXAMPLES = {example.kind: example for example in (BANK, OMNICHANNEL, NIGHT)}

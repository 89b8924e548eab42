"""
The public examples of the Montreal contact-centre library, beside its printed results.

ContactCenters (E. Buist and P. L'Ecuyer, Universite de Montreal), examples
MMC, MMCAb, MMCBlocked, MMCClrQ, SimpleMSK, Telethon, Bilingual and Bank:
averages of 1000 days or weeks with 95 % confidence intervals. Parameters are
those of its documentation; results are read from ``bench/contact-centre``.

Criterion: both sides are random. Their difference is at most 2.77 of its own
standard errors, which is where two 95 % intervals of equal length just touch,
plus half of the last printed digit. Were the models the same, a number would
fail in 1 of 180 cases.

What is modelled otherwise, and what that does
----------------------------------------------
SimpleMSK
    One channel per type and period of arrival, since patience depends on it.
    The busyness that the three types share is drawn here and handed over as
    counts: the plan knows one busyness a channel. When staff fall, the library
    sends home whoever is free and then whoever falls free first; here people
    have names and end their own shift. So each day is run twice: first to see
    who would be free first, then with their shifts ended. (With names drawn
    beforehand more people are free at the fall, and after it more calls are
    answered at once: 20 of type 0 instead of 15.5.) Occupancy is counted to
    the last departure, as the library does.
Telethon
    A caller leaves a message after two minutes: patience is cut there before
    the week begins, as no law of the plan has an end. Those who wait when the
    volunteers leave are "disconnected"; here they are those still waiting then.
Bilingual
    A free person is chosen by longest idleness, in the library at random; a
    dummy skill makes specialists no narrower than the bilingual. Service times
    are Gamma of the same mean and variance instead of uniform. Who calls again
    has a new patience and waits 20 minutes on average; in the library the old
    patience and 20 minutes exactly. A plain simulation with one rule changed at
    a time says what that does: the old patience costs 9 of 144 abandonments a
    week, the idlest instead of a random person 5, the random delay 1, and the
    bilingual are busy for 55 % of their time instead of 63 %. So abandonments
    and second calls may lie 8 % apart, and groups are not compared one by one.
Bank
    A person who falls free takes a call of her own type first; here she takes
    the longest waiting one, as priorities are of channels, not of people. The
    account balance goes to a random person, and the 15 lines are shared by all
    types (limits here are per channel; 0.07 % of calls are blocked). Compared is
    what does not hang on it: arrivals, the time spent, which shows who was asked
    first and how much faster she is, and how busy everybody is together.

Not covered: Teamwork. A second person joins a call that another one is holding
(conference), a call moves on to a second service with its customer still on
the line (transfer), and is disconnected when nobody is free for it: contacts
here have one person and one service. TelethonMsg, Blend and CallCC have
dialled calls or routers written for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from wfplan.domain.channels import Channel

MANY, FEW = 1000, 60
WITHIN_S = 20.0
HOUR_S = 3600.0
Records = NDArray[Any]


@pytest.fixture
def compare(shared, floors, published) -> Callable[[str], Any]:
    """The printed results of a case, to compare with."""
    folder = shared / "bench" / "contact-centre" / "contactcenters-lib" / "results"
    return lambda case: published.Comparison(published.read_results(folder / f"{case}.res"), floors)


many_or_few = pytest.mark.parametrize(
    "count",
    [pytest.param(FEW, marks=pytest.mark.slow), pytest.param(MANY, marks=pytest.mark.nightly)],
)


@pytest.mark.parametrize(
    ("case", "name", "value", "low", "high"),
    [
        ("MMC", "Service level", 0.902, 0.900, 0.904),
        ("SimpleMSK", "Number of served contacts", 4297.305, 4270.150, 4324.460),
        ("Bilingual", "Agents' occupancy ratio: bilingual", 63.254, 63.197, 63.310),
        ("Bank", "Service level: savings, all periods", 99.234, 99.172, 99.295),
    ],
)
def test_printed_results_are_read_as_they_stand(compare, case, name, value, low, high):
    found = compare(case).published[name]
    assert (found.value, found.low, found.high) == pytest.approx((value, low, high), abs=1.5e-3)


# --- One type, twelve people, eight hours: MMC and its three variations


def one_queue(
    small: ModuleType, floors: ModuleType, count: int, *, hours: int = 24, **keys: Any
) -> Iterator[Records]:
    """4.2 calls a minute for eight hours, 12 people who handle 0.5 a minute each."""
    patience_s = keys.pop("patience_s", np.inf)
    channel = Channel(name="calls", open=["daily 00:00-08:00"], handle_law="exponential", **keys)
    span = small.horizon(1)
    rates = np.where(np.arange(span.interval_count) < 32, 4.2 * 60, 0.0)
    agents = small.team(12, ["calls"])
    shifts = [small.shift(a.agent_id, span.start, [(0, 60 * hours, "work")]) for a in agents]
    model = floors.model_of(
        small.problem([channel], agents),
        small.demand(span, [channel], rates, aht_s=120.0, patience_s=patience_s),
        small.schedule(span, shifts),
    )
    return floors.contacts(model, count, 1)


def note_queue(comparison: Any, floors: ModuleType, day: Records) -> tuple[int, int, int]:
    """What all four have in common; answered in time, answered, lost after the target."""
    answered = day[day["person"] >= 0]
    wait = answered["reached"] - answered["arrived"]
    lost = day[(day["person"] < 0) & ~day["is_blocked"]]
    late = int((lost["leaves"] - lost["arrived"] >= WITHIN_S).sum())
    in_time = int((wait < WITHIN_S).sum())
    comparison.note("Number of contacts in target", in_time)
    comparison.note("Service level", in_time, len(answered))
    comparison.note("Speed of answer", wait.sum() / 60, len(answered))
    comparison.note("Occupancy ratio", floors.busy_s(day, 8 * HOUR_S), 12 * 8 * HOUR_S)
    return in_time, len(answered), late


@many_or_few
def test_mmc(small, floors, compare, tell, count):
    comparison = compare("MMC")
    for day in one_queue(small, floors, count):
        note_queue(comparison, floors, day)
    comparison.judge(tell, 4)


@many_or_few
def test_mmc_with_abandonment(small, floors, compare, tell, count):
    comparison = compare("MMCAb")
    for day in one_queue(small, floors, count, patience_s=60.0):
        in_time, answered, late = note_queue(comparison, floors, day)
        comparison.note("Number of contacts having abandoned", len(day) - answered)
        comparison.note("Service level with abandonment", in_time, answered + late)
    comparison.judge(tell, 6)


@many_or_few
def test_mmc_with_room_for_five(small, floors, compare, tell, count):
    comparison = compare("MMCBlocked")
    for day in one_queue(small, floors, count, waiting_max=5):
        in_time, answered, _ = note_queue(comparison, floors, day)
        blocked = int(day["is_blocked"].sum())
        comparison.note("Number of blocked contacts", blocked)
        comparison.note("Service level with blocked contacts", in_time, answered + blocked)
    comparison.judge(tell, 6)


@many_or_few
def test_mmc_with_a_queue_that_is_cleared_at_the_end(small, floors, compare, tell, count):
    comparison = compare("MMCClrQ")
    for day in one_queue(small, floors, count, hours=8):
        in_time, answered, _ = note_queue(comparison, floors, day)
        cleared = len(day) - answered
        comparison.note("Number of disconnected contacts", cleared)
        comparison.note("Service level with disconnected contacts", in_time, answered + cleared)
    comparison.judge(tell, 6)


# --- Three types, two groups, three periods: SimpleMSK

PER_MIN = np.array([[4.2, 5.3, 3.2], [5.1, 4.3, 4.8], [6.3, 5.2, 4.8]])  # (type, period)
SERVED_PER_MIN, LOST_PER_MIN = (0.5, 0.6, 0.4), (0.3, 0.4, 0.2)  # (period,)
STAFF = ((12, 18, 9), (15, 20, 11))  # (group, period)
BUSYNESS = 28.7
PERIOD_H = 2


def three_types(small: ModuleType, floors: ModuleType) -> Any:
    """The model; a skill that nobody asks for makes the second group the broader one."""
    channels, patience_s, aht_s = [], [], []
    span = small.horizon(1, minutes=60)
    rates = np.zeros((10, span.interval_count))
    for kind in range(3):
        for period in range(3):
            window = f"daily {PERIOD_H * period:02d}:00-{PERIOD_H * (period + 1):02d}:00"
            name = f"t{kind}p{period}"
            channels.append(Channel(name=name, open=[window], handle_law="exponential"))
            patience_s.append(60 / LOST_PER_MIN[period])
            aht_s.append(60 / SERVED_PER_MIN[period])
            hours = slice(PERIOD_H * period, PERIOD_H * (period + 1))
            rates[3 * kind + period, hours] = 60 * PER_MIN[kind, period]
    channels.append(Channel(name="spare", open=["daily 00:00-24:00"], handle_law="exponential"))
    names = [channel.name for channel in channels]
    groups = (names[:6], names[3:])  # types 0 and 1; types 1 and 2, and the spare one
    agents, shifts = [], []
    for group, counts in enumerate(STAFF):
        team = small.team(max(counts), groups[group], "ab"[group])
        agents += team
        for number, agent in enumerate(team):
            late = PERIOD_H if number >= counts[0] else 0
            start = span.start + timedelta(hours=late)
            shifts.append(small.shift(agent.agent_id, start, [(0, 60 * (24 - late), "work")]))
    expected = small.demand(
        span, channels, rates, aht_s=[*aht_s, 120.0], patience_s=[*patience_s, 120.0]
    )
    return floors.model_of(small.problem(channels, agents), expected, small.schedule(span, shifts))


def busy_days(model: Any, floors: ModuleType, count: int) -> Iterator[Any]:
    """Days that are busy or not for all types alike, with who was there."""
    rng = np.random.default_rng(287)
    for day in range(count):
        busyness = rng.gamma(BUSYNESS, 1 / BUSYNESS)
        sources = tuple(
            replace(source, known=rng.poisson(busyness * source.mean).astype(float))
            for source in model.sources
        )
        yield with_fewer_people(floors, replace(model, sources=sources), day)


def with_fewer_people(floors: ModuleType, model: Any, day: int) -> Any:
    """A day from which those go home in the third period who are free, or fall free, first."""
    fall_s = 2 * PERIOD_H * HOUR_S
    floor = floors.run_replication(model, day, 2)
    contacts, free_s = floor.contacts, np.zeros(len(floor.people))
    in_hand = contacts[(contacts["reached"] < fall_s) & (contacts["finished"] > fall_s)]
    free_s[in_hand["person"]] = in_hand["finished"]
    floor = floors.empty_replication(model, day, 2)
    for group in range(len(model.centre.able)):
        own = np.flatnonzero(floor.people["group"] == group)
        stay = {counts[1]: counts[2] for counts in STAFF}[len(own)]
        gone = own[np.argsort(free_s[own], kind="stable")][: len(own) - stay]
        floor.people["shift_end"][gone] = fall_s
        floor.stretches["start"][floor.people["off_at"][gone]] = fall_s
    floors.run_week(floor)
    return floor


def group_occupancy(floor: Any, is_first: NDArray[np.bool_], until_s: float) -> tuple[float, float]:
    """Busy and present person-seconds of the first group, up to the last departure."""
    day = floor.contacts
    own = day[(day["person"] >= 0) & is_first[day["person"]]]
    busy = (own["finished"] - own["reached"]).sum()
    here = floor.people[is_first]
    ends = np.minimum(here["shift_end"], until_s) + here["overtime"]
    return float(busy), float((ends - here["start"]).sum())


@many_or_few
def test_simple_msk(small, floors, compare, tell, count):
    comparison = compare("SimpleMSK")
    model = three_types(small, floors)
    first_group = model.centre.able[:, 0].nonzero()[0][0]
    for floor in busy_days(model, floors, count):
        day = floor.contacts
        answered = day["person"] >= 0
        wait = np.where(answered, day["reached"], day["leaves"]) - day["arrived"]
        in_time = answered & (wait < WITHIN_S)
        judged = answered.sum() + (~answered & (wait >= WITHIN_S)).sum()
        comparison.note("Number of served contacts", answered.sum())
        comparison.note("Number of contacts having abandoned", (~answered).sum())
        comparison.note("Service level", in_time.sum(), judged)
        until_s = np.where(answered, day["finished"], day["leaves"]).max()
        is_first = floor.people["group"] == first_group
        comparison.note("Occupancy ratio", *group_occupancy(floor, is_first, until_s))
        for kind in range(3):
            for period in range(3):
                own = in_time & (day["channel"] == 3 * kind + period)
                comparison.note(
                    "Number of contacts meeting target service level: "
                    f"Type {kind}, period {period}",
                    own.sum(),
                )
    comparison.judge(tell, 13)


# --- A week of donors: Telethon


@many_or_few
def test_telethon(small, floors, compare, tell, count):
    """50 calls an hour on weekdays from 6 to 10, 12 volunteers, 24 lines."""
    comparison = compare("Telethon")
    channel = Channel(
        name="donors", open=["mon-fri 06:00-10:00"], handle_law="exponential", waiting_max=12
    )
    span = small.horizon(7, minutes=60)
    agents = small.team(12, ["donors"])
    shifts = [
        small.shift(a.agent_id, start + timedelta(hours=6), [(0, 240, "work")])
        for a in agents
        for start in span.day_starts[:5]
    ]
    is_open = span.open_intervals(channel.open)
    model = floors.model_of(
        small.problem([channel], agents),
        small.demand(span, [channel], np.where(is_open, 50.0, 0.0), aht_s=600.0, patience_s=120.0),
        small.schedule(span, shifts),
    )

    def message_after_two_minutes(contacts: Records, _: np.random.Generator) -> None:
        contacts["leaves"] = np.minimum(contacts["leaves"], contacts["arrived"] + 120.0)

    for week in range(count):
        found = floors.changed_contacts(model, week, 3, message_after_two_minutes)
        note_donors(comparison, floors, found)
    comparison.judge(tell, 9)


def note_donors(comparison: Any, floors: ModuleType, week: Records) -> None:
    """The numbers of a week, in the library's words."""
    answered, blocked = week["person"] >= 0, week["is_blocked"]
    wait = week["reached"] - week["arrived"]
    closes = (week["arrived"] // 86_400) * 86_400 + 10 * HOUR_S
    lost = ~answered & ~blocked
    cleared = lost & (week["leaves"] > closes)
    message = lost & ~cleared & (week["leaves"] - week["arrived"] >= 120.0 - 1e-6)
    in_time = answered & (wait < 60.0)
    comparison.note("Number of arrived contacts", len(week))
    comparison.note("Number of served contacts", answered.sum())
    comparison.note("Number of blocked contacts", blocked.sum())
    comparison.note("Number of abandoned contacts", (lost & ~cleared & ~message).sum())
    comparison.note("Number of messages", message.sum())
    comparison.note("Number of disconnected contacts", cleared.sum())
    comparison.note("Number of contacts in target", in_time.sum())
    comparison.note("Speed of answer", wait[answered].sum() / 60, answered.sum())
    comparison.note("Service level", 100 * in_time.sum() / 1000.0)
    comparison.note("Agents' occupancy ratio", 100 * floors.busy_s(week, np.inf), 12 * 20 * HOUR_S)


# --- English, Spanish, and people of both; the lost call again: Bilingual

TYPES = ("English", "Spanish")
HANDLED_MIN = {"English": (3, 7), "Spanish": (4, 6)}
WEEKDAYS = "mon-fri 08:00-17:00"


def first_hour_busier(span: Any, opening: Any, later: float) -> NDArray[np.float64]:
    """Calls per hour: twice as many in the first hour of a day."""
    is_open = span.open_intervals(opening)
    is_first = is_open & ~np.append(False, is_open[:-1])
    return np.where(is_first, 2 * later, np.where(is_open, later, 0.0))


def weekday_shifts(small: ModuleType, span: Any, agents: list[Any]) -> list[Any]:
    """Everybody from eight to five."""
    return [
        small.shift(agent.agent_id, start + timedelta(hours=8), [(0, 540, "work")])
        for agent in agents
        for start in span.day_starts[:5]
    ]


def two_languages(small: ModuleType, floors: ModuleType) -> Any:
    """7 English, 7 Spanish, 4 bilingual people; specialists have a skill that nobody asks for."""
    span = small.horizon(7, minutes=60)
    channels = [
        Channel(
            name=name,
            open=[WEEKDAYS],
            handle_law="gamma",
            handle_cv=(high - low) / np.sqrt(12) / ((high + low) / 2),
            redial={name: 0.75},
            redial_after_min=20,
        )
        for name, (low, high) in HANDLED_MIN.items()
    ]
    channels.append(Channel(name="spare", open=[WEEKDAYS]))
    agents = [
        *small.team(7, ["English", "spare"], "e"),
        *small.team(7, ["Spanish", "spare"], "s"),
        *small.team(4, TYPES, "b"),
    ]
    rates = np.array([first_hour_busier(span, channels[0].open, 50.0)] * 2)
    expected = small.demand(
        span, channels, np.vstack((rates, np.zeros(rates.shape[1]))), aht_s=300.0, patience_s=120.0
    )
    return floors.model_of(
        small.problem(channels, agents),
        expected,
        small.schedule(span, weekday_shifts(small, span, agents)),
    )


@many_or_few
def test_bilingual(small, floors, compare, tell, count):
    comparison = compare("Bilingual")
    model = two_languages(small, floors)
    for week in range(count):
        found = floors.run_replication(model, week, 4).contacts
        answered = found["person"] >= 0
        wait = found["reached"] - found["arrived"]
        for kind, name in enumerate((*TYPES, "all types")):
            own = (found["channel"] == kind) | (name == "all types")
            met = (own & answered & (wait < 60.0)).sum()
            again = (own & (found["cause"] > 0)).sum()
            comparison.note(f"Number of arrived contacts: {name}", own.sum())
            comparison.note(f"Number of retrials after abandonment: {name}", again)
            comparison.note(f"Number of served contacts: {name}", (own & answered).sum())
            comparison.note(f"Number of abandoned contacts: {name}", (own & ~answered).sum())
            comparison.note(f"Number of contacts in target: {name}", met)
            offered = 5000.0 if name == "all types" else 2500.0
            comparison.note(f"Service level: {name}", 100 * met / offered)
        busy_s = floors.busy_s(found, np.inf)
        comparison.note("Agents' occupancy ratio: all groups", 100 * busy_s / (18 * 45 * HOUR_S))
    lost, again, came = (
        sum(top for top, _ in comparison.rows[f"Number of {what}: all types"])
        for what in ("abandoned contacts", "retrials after abandonment", "arrived contacts")
    )
    assert again / lost == pytest.approx(0.75, abs=4 * np.sqrt(0.75 * 0.25 / lost) + 1e-3)
    assert (came - again) / count == pytest.approx(5000, abs=4 * np.sqrt(5000 / count))
    few = {"Number of retrials after abandonment": 0.08, "Number of abandoned contacts": 0.08}
    comparison.judge(tell, 19, {**few, "Number of arrived contacts": 0.004})


# --- Three types of one bank, specialists first: Bank

KINDS = ("savings", "checking", "account balance")
PER_H, HANDLED_S = (2.0, 20.0, 50.0), (300.0, 300.0, 60.0)
PATIENT_S = ((180.0, 300.0), (180.0, 300.0), (150.0, 210.0))


def bank(small: ModuleType, floors: ModuleType) -> Any:
    """Three people for savings, four for checking; all help out with everything at once."""
    span = small.horizon(7, minutes=60)
    own_first = {"preferred_level": 5, "overflow_after_s": 1e-3}
    channels = [
        Channel(
            name=name.replace(" ", "_"),
            open=[WEEKDAYS],
            handle_law="exponential",
            **(own_first if kind < 2 else {}),
        )
        for kind, name in enumerate(KINDS)
    ]
    names = [channel.name for channel in channels]
    agents = [
        small.agent(
            f"{names[own][0]}{i}",
            {name: 0.75 if kind == own else 1.0 for kind, name in enumerate(names)},
            {names[own]: 5},
        )
        for own, people in enumerate((3, 4))
        for i in range(people)
    ]
    rates = np.array([first_hour_busier(span, channels[0].open, later) for later in PER_H])
    expected = small.demand(span, channels, rates, aht_s=HANDLED_S, patience_s=[240.0] * 3)
    return floors.model_of(
        small.problem(channels, agents),
        expected,
        small.schedule(span, weekday_shifts(small, span, agents)),
    )


def uniformly_patient(contacts: Records, rng: np.random.Generator) -> None:
    """Between so many and so many seconds, all as likely."""
    low, high = np.array(PATIENT_S)[contacts["channel"]].T
    contacts["leaves"] = contacts["arrived"] + rng.uniform(low, high)


@many_or_few
def test_bank(small, floors, compare, tell, count):
    comparison = compare("Bank")
    model = bank(small, floors)
    for week in range(count):
        found = floors.changed_contacts(model, week, 6, uniformly_patient)
        spent = found["finished"] - found["reached"]
        for kind, name in enumerate(KINDS):
            own = found["channel"] == kind
            served = own & (found["person"] >= 0)
            comparison.note(f"Number of arrived contacts: {name}, all periods", own.sum())
            comparison.note(f"Service time: {name}, all periods", spent[served].mean() / 60)
        comparison.note("Number of arrived contacts: all types, all periods", len(found))
        busy_s = floors.busy_s(found, np.inf)
        share = busy_s / (7 * 45 * HOUR_S)
        comparison.note("Agents' occupancy ratio: all groups, all periods", 100 * share)
    comparison.judge(tell, 8)

"""Repair: hard rules that couple people, where prices in the search were not enough.

First everybody answers once more to prices that nothing outweighs. What is
still broken goes to CP-SAT a few people at a time, those whom a broken count
sees: legal weeks of hers are columns, all of them where they are few, else best
responses to drawn prices; one column is chosen for each so that the rules are
broken least, then for what the plan costs. What comes out is taken if the plan,
priced anew, is better. At the end everybody answers again, so that the others
make the best of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wfplan.domain.progress import Stop, Watch
from wfplan.scheduling.coupling.choosing import Choosing
from wfplan.scheduling.coupling.columns import every_week, some_weeks
from wfplan.scheduling.coupling.sat import choose
from wfplan.scheduling.search.search import Found, Search
from wfplan.scheduling.team.couples import Own
from wfplan.scheduling.team.oracle import Week

ROUNDS = 8
VAIN_MAX = 2  # rounds without any success before it is given up
BUDGET = 2.0  # deterministic time of CP-SAT in a round, about as many seconds
_PEOPLE = 8  # of a first neighbourhood; half as many again after a round in vain
_COLUMNS = 40  # of a person whose weeks are too many to list


@dataclass
class _Try:
    """The people of a round and their columns."""

    columns: dict[int, list[Week]]
    is_complete: bool  # all people whom some count sees, with all of their weeks


def repair(search: Search, stop: Stop, watch: Watch) -> tuple[Found, bool]:
    """
    A plan that breaks hard rules of the team less, and whether none can break them less.

    The search holds the plan afterwards.
    """
    tally = search.tally
    tally.learn(tally.steep)
    _answer(search, stop)
    rng = np.random.default_rng([search.seed, search.passes, ROUNDS])
    people, vain, is_proven = _PEOPLE, 0, False
    for done in range(ROUNDS):
        before = tally.broken
        if not before or is_proven or vain > VAIN_MAX or stop.interrupt.is_set():
            break
        is_proven = _round(search, rng, people, seed=done)
        if tally.broken < before:
            _answer(search, stop)
            vain = 0
        else:
            people, vain = people + people // 2, vain + 1
        watch("repair", {"round": done + 1, "broken": tally.broken})
    return search.found(stop), is_proven and bool(tally.broken)


def _round(search: Search, rng: np.random.Generator, people: int, seed: int) -> bool:
    """Choose anew for some people; whether nothing better is left to find."""
    tally = search.tally
    chosen = _neighbourhood(search, rng, people)
    old = {i: search.take_out(i) for i in chosen}
    for i in chosen:
        tally.put(i, search.weeks[i])  # nobody: what others count for stays
    tried = _columns(search, old, rng)
    choosing = Choosing(tally, search.coverage, tried.columns)
    choosing.hint(old)
    answer = choose(choosing.model, budget=BUDGET, seed=seed)
    new = old if answer is None else choosing.decode(answer)
    for i, week in old.items():
        search.put_in(i, week)
    before = tally.broken, search.objective()
    for i, week in new.items():
        search.take_out(i)
        search.put_in(i, week)
    if (tally.broken, search.objective()) > before:
        for i, week in old.items():
            search.take_out(i)
            search.put_in(i, week)
    return answer is not None and answer.is_best and tried.is_complete


def _neighbourhood(search: Search, rng: np.random.Generator, people: int) -> list[int]:
    """Some people whom broken hard counts see, those who are there before the others."""
    tally, couples = search.tally, search.tally.couples
    concern = np.zeros(len(search.weeks))
    for k in np.flatnonzero(couples.is_hard):
        over = tally.excess(int(k))
        if over.any():
            seen = couples.sign[k].any(axis=1)
            part = [tally.share(i, int(k), over) for i in range(len(concern))]
            concern += seen * (1.0 + np.array(part))
    for n, budget in enumerate(couples.budgets):
        if tally.overspent(n).any():
            concern += budget.rate > 0
    known = np.flatnonzero(concern)
    chance = concern[known] * rng.exponential(1.0, len(known))
    first = known[np.argsort(-chance, kind="stable")][:people]
    return sorted(int(i) for i in first)


def _columns(search: Search, old: dict[int, Week], rng: np.random.Generator) -> _Try:
    """Legal weeks of some people, who have been taken out."""
    tally, columns = search.tally, {}
    is_complete = set(old) >= tally.coupled()
    for i, week in old.items():
        member, gain = search.team.members[i], search.gain(search.team.members[i])
        own = tally.own(i) or _nothing(len(gain))
        weeks = every_week(member, gain, own)
        is_complete &= weeks is not None
        if weeks is None:
            owns = [own, _nothing(len(gain)), *_partners(search, i, old, own)]
            owns = [owns[n % len(owns)] for n in range(_COLUMNS)]
            weeks = some_weeks(member, search.oracle, gain, owns, rng)
        columns[i] = [week, *(one for one in weeks if one.shifts != week.shifts)]
    return _Try(columns, is_complete)


def _partners(search: Search, i: int, old: dict[int, Week], own: Own) -> list[Own]:
    """Prices of a member's moments with each of the others back in her old week."""
    tally, found = search.tally, []
    for other, week in old.items():
        if other != i and tally.meets(i, other):
            tally.put(other, week)
            found.append(tally.own(i) or own)
            tally.put(other, search.weeks[other])
    return found


def _answer(search: Search, stop: Stop) -> None:
    """A best response of everybody, kept if the plan is better for it."""
    weeks = list(search.weeks)
    before = search.tally.broken, search.objective()
    search.respond_all(stop)
    if (search.tally.broken, search.objective()) > before:
        search.restore(weeks, search.sessions)


def _nothing(slots: int) -> Own:
    return Own.nothing(slots)

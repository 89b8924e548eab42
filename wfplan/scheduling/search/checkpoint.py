"""Checkpoints: the state of a search in a file, so that another process can go on from it.

A file is replaced in one step and holds a state between two passes. What goes on
from it gets the plan, to the last bit, that the first process would have got.
Beside the state stands what the search was about, part by part: a state of
another problem is refused, and the message says what differs.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from hashlib import blake2b
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.atomic import CHECKPOINT, write_file
from wfplan.errors import InputError, OutputError
from wfplan.scheduling.search.heat import Heat
from wfplan.scheduling.search.state import Began, State
from wfplan.scheduling.team.oracle import Week, week_of
from wfplan.scheduling.team.sessions import Session, Sessions, with_sessions
from wfplan.scheduling.team.team import Team
from wfplan.scheduling.terms.people import Multipliers

EVERY_S = 20.0
_FORMAT = "wfplan-search/4"
_CURVES = "the requirement or its curves"
_CORRECTED = (
    "A build corrects the curves by what it simulated: its first search goes on with "
    "'wfplan build --resume'. "
)
_ANEW = "Leave --resume out to begin anew."
_DAMAGE = (  # whatever a file that is none, is cut short or was tampered with may lead to
    ValueError, KeyError, IndexError, TypeError, EOFError, MemoryError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip

Arrays = Mapping[str, NDArray[Any]]


class Checkpoint:
    """The state of one search in a folder: written now and then, read once."""

    def __init__(self, folder: Path, team: Team, every_s: float = EVERY_S) -> None:
        self.path = folder / CHECKPOINT
        self._team = team
        self._digest = digest_of(team)
        self._every_s = every_s
        self._written_at: float | None = None
        self._waiting: State | None = None

    def keep(self, state: State) -> None:
        """
        Write a state if it is the first one, or the last one has been there for a while.

        Raises
        ------
        OutputError
            When the disk refuses the first one. Later a plan is worth more than
            its checkpoint.
        """
        self._waiting = state
        if self._written_at is None:
            self._write(state)
        elif monotonic() - self._written_at >= self._every_s:
            self.close()

    def close(self) -> None:
        """Write the latest state, if it has not been written yet and the disk allows it."""
        if self._waiting is not None:
            with suppress(OutputError):
                self._write(self._waiting)

    def _write(self, state: State) -> None:
        write_file(self.path, state_bytes(self._team, state, self._digest))
        self._written_at, self._waiting = monotonic(), None

    def read(self, seed: int) -> State:
        """
        The state to go on from.

        Raises
        ------
        InputError
            When there is none, when it cannot be read, or when it is of another
            problem or seed.
        """
        if not self.path.exists():
            raise InputError(
                f"{self.path} does not exist: no search was stopped here whose state could be "
                f"gone on from. {_ANEW}"
            )
        try:
            with np.load(io.BytesIO(self.path.read_bytes()), allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            head = json.loads(str(arrays["head"]))
            _require_same(self.path, head, self._digest, seed)
            return _state(self._team, head, arrays)
        except OSError as error:
            raise InputError(f"{self.path} cannot be read: {error.strerror}. {_ANEW}") from error
        except _DAMAGE as error:
            raise InputError(
                f"{self.path} is not a state of a search, or is damaged. {_ANEW}"
            ) from error


def digest_of(team: Team) -> dict[str, str]:
    """What a search is about, part by part, in the words of :class:`Checkpoint`'s refusal."""
    need, goals = team.need, team.curves.settings
    people = [member.agent_id for member in team.members]
    skills = [(member.kinds, member.paid_cost) for member in team.members]
    return {
        "the horizon": _hashed([repr(need.horizon), repr(need.channels)]),
        "the people": _hashed([repr(people)]),
        "their skills or pay": _hashed([repr(team.kinds), repr(skills), team.speed]),
        "contracts, rules, wishes or history": _hashed(_of_people(team)),
        _CURVES: _hashed(
            [need.harm, need.volume, need.staff_required, need.staff_min, need.empowered_min,
             repr(need.presence_share)]
        ),
        "the objective": _hashed([goals.model_dump_json()]),
        "the activities": _hashed([one.request.model_dump_json() for one in team.asked]),
    }  # fmt: skip


def state_bytes(team: Team, state: State, digest: Mapping[str, str]) -> bytes:
    """A state as a file."""
    arrays: dict[str, Any] = {}
    head: dict[str, Any] = {"format": _FORMAT, "digest": dict(digest), "seed": state.seed}
    head |= {name: getattr(state, name) for name in ("passes", "eta", "best_cost", "turn", "moved")}
    head |= {"sessions": state.sessions, "best_sessions": state.best_sessions}
    head["heat"] = asdict(state.heat)
    head["saved"] = state.saved if np.isfinite(state.saved) else None
    arrays |= _plan(team, "weeks", state.weeks) | _plan(team, "best", state.best)
    arrays |= _prices("now", state.multipliers)
    if state.began is not None:
        began = state.began
        head["began"] = {"passes": began.passes, "eta": began.eta, "sessions": began.sessions}
        arrays |= _plan(team, "began", began.weeks) | _prices("began", began.multipliers)
    raw = io.BytesIO()
    np.savez_compressed(raw, head=np.array(json.dumps(head)), **arrays)
    return raw.getvalue()


def _hashed(parts: Sequence[str | NDArray[Any]]) -> str:
    """One number for texts and arrays."""
    total = blake2b(digest_size=16)
    for part in parts:
        raw = part.encode() if isinstance(part, str) else np.ascontiguousarray(part).tobytes()
        total.update(len(raw).to_bytes(8, "big") + raw)
    return total.hexdigest()


def _of_people(team: Team) -> list[str | NDArray[Any]]:
    """Everybody's legal days and wishes; what people share is read once."""
    known: dict[int, str] = {}
    parts: list[str | NDArray[Any]] = []
    for member in team.members:
        space = member.space
        if id(space) not in known:
            tables = [np.asarray(one) for one in space.legal]
            known[id(space)] = _hashed([*tables, space.opt_len, repr(space.lengths.breaks)])
        if id(member.burden) not in known:
            known[id(member.burden)] = _hashed([member.burden])
        parts.append(known[id(space)] + known[id(member.burden)])
    for kind, slots in team.carried:
        parts += [repr(kind), slots]
    facts = team.facts
    parts += [facts.cap_min, facts.cap_price, facts.carried_min, facts.run_before, facts.clock]
    return [*parts, facts.clock_row, *([facts.book.carried] if facts.fairness else [])]


def _require_same(
    path: Path, head: Mapping[str, Any], digest: Mapping[str, str], seed: int
) -> None:
    """Refuse a state of another format, problem or seed."""
    if head["format"] != _FORMAT:
        raise InputError(f"{path} was written by another version of wfplan. {_ANEW}")
    differing = [part for part, value in digest.items() if head["digest"].get(part) != value]
    if differing:
        why = _CORRECTED if _CURVES in differing else ""
        raise InputError(
            f"{path} is the state of a search for another problem: {_listed(differing)} "
            f"changed since. {why}{_ANEW}"
        )
    if head["seed"] != seed:
        raise InputError(
            f"{path} is the state of a search with seed {head['seed']}, not {seed}. "
            f"Go on with --seed {head['seed']}, or leave --resume out to begin anew."
        )


def _listed(parts: Sequence[str]) -> str:
    """``the people``; ``the people and the objective``; with commas between more."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def _plan(team: Team, name: str, weeks: Sequence[Week]) -> dict[str, NDArray[Any]]:
    """Everybody's week as arrays: options (person, day), breaks (person, day, break), costs."""
    days = len(team.day_edges) - 1
    most = max((len(breaks) for week in weeks for _, breaks in week.shifts), default=0)
    option = np.full((len(weeks), days), -1, dtype=np.int32)
    breaks = np.zeros((len(weeks), days, most), dtype=np.int32)
    for i, (member, week) in enumerate(zip(team.members, weeks, strict=True)):
        for chosen, starts in week.shifts:
            d = int(np.searchsorted(member.space.day_ptr, chosen, side="right")) - 1
            option[i, d] = chosen
            breaks[i, d, : len(starts)] = starts
    cost = np.array([week.cost for week in weeks], dtype=np.float64)
    return {f"{name}_option": option, f"{name}_breaks": breaks, f"{name}_cost": cost}


def _sessions(rows: Sequence[Sequence[Any]]) -> Sessions:
    """Sessions as they were, from lists."""
    return tuple(
        Session(k, first, stop, tuple((i, day) for i, day in people), leader)
        for k, first, stop, people, leader in rows
    )


def _weeks(team: Team, name: str, arrays: Arrays, sessions: Sessions) -> tuple[Week, ...]:
    """The weeks of :func:`_plan` with their sessions, their costs to the last bit."""
    team = with_sessions(team, sessions)
    option, breaks = arrays[f"{name}_option"], arrays[f"{name}_breaks"].astype(np.int64)
    weeks = []
    for i, (member, cost) in enumerate(zip(team.members, arrays[f"{name}_cost"], strict=True)):
        worked = np.flatnonzero(option[i] >= 0)
        week = week_of(member, [(int(option[i, d]), breaks[i, d]) for d in worked])
        weeks.append(replace(week, cost=float(cost)))
    return tuple(weeks)


def _prices(name: str, multipliers: Multipliers) -> dict[str, NDArray[Any]]:
    fields = ("cap", "above", "relief")
    return {f"{name}_{field}": getattr(multipliers, field) for field in fields}


def _multipliers(name: str, arrays: Arrays) -> Multipliers:
    return Multipliers(*(arrays[f"{name}_{field}"] for field in ("cap", "above", "relief")))


def _state(team: Team, head: Mapping[str, Any], arrays: Arrays) -> State:
    """The state of a file that has been found to fit."""
    began = None
    now, best = _sessions(head["sessions"]), _sessions(head["best_sessions"])
    if "began" in head:
        then = _sessions(head["began"]["sessions"])
        began = Began(
            weeks=_weeks(team, "began", arrays, then),
            sessions=then,
            passes=head["began"]["passes"],
            eta=head["began"]["eta"],
            multipliers=_multipliers("began", arrays),
        )
    return State(
        seed=head["seed"],
        passes=head["passes"],
        eta=head["eta"],
        weeks=_weeks(team, "weeks", arrays, now),
        best=_weeks(team, "best", arrays, best),
        sessions=now,
        best_sessions=best,
        moved=head["moved"],
        best_cost=head["best_cost"],
        heat=Heat(**head["heat"]),
        multipliers=_multipliers("now", arrays),
        saved=np.inf if head["saved"] is None else head["saved"],
        began=began,
        turn=head["turn"],
    )

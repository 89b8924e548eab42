"""Who and what ids of a file are: those of the plan, and of other systems through the id map."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from wfplan.domain.activities import DEVELOPMENT
from wfplan.domain.external_ids import ExternalIds, IdKind
from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.schedule import ActivityCategory
from wfplan.errors import did_you_mean
from wfplan.intake.book import FaultBook, shown
from wfplan.intake.privacy import may_be_name
from wfplan.rosters.assembling import USUAL_CODES, blame
from wfplan.rosters.given import Spot

Use = tuple[str, ActivityCategory]
"""A code of the plan and its category."""

_WORDS = {
    IdKind.AGENT: ("person", "people"),
    IdKind.ACTIVITY: ("activity code", "activity codes"),
}
_OURS = {
    **{code: kind for kind, code in USUAL_CODES.items()},
    "COACHING": ActivityCategory.TRAINING,
    "GAP": ActivityCategory.TIME_OFF,  # of a split shift
    DEVELOPMENT: ActivityCategory.OFF_QUEUE,
}


@dataclass
class _Unknown:
    """An id that nobody knows: where it is first, and how often."""

    spot: Spot
    count: int = 0


@dataclass
class Known:
    """
    What the plan and the id map know, and what a file has that they do not.

    ``person`` is whose the file is, where the planner says so; ``around`` a day of the week that
    is asked for, where one is.
    """

    problem: PlanningProblem
    ids: ExternalIds = field(default_factory=ExternalIds)
    person: str = ""
    around: date | None = None
    _unknown: dict[tuple[IdKind, str], dict[str, _Unknown]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    _shared: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.agents: dict[str, Agent] = {a.agent_id: a for a in self.problem.agents}
        self.codes = _OURS | {one.code: one.category for one in self.problem.activities}
        found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for one, external in self.ids.known.items():
            found[one.kind, one.system, external].append(one.id)
        self._ours: Mapping[tuple[str, str, str], list[str]] = found
        self.pairs = frozenset(found)
        counts = Counter(_address(agent.email) for agent in self.problem.agents)
        self._addresses = {
            _address(agent.email): agent.agent_id
            for agent in self.problem.agents
            if agent.email and counts[_address(agent.email)] == 1
        }

    def agent(self, external: str, system: str, spot: Spot) -> str | None:
        """The person of an id, by the map or by her own; nobody is noted for :meth:`blame`."""
        names: list[str] = [*self._ours.get((IdKind.AGENT, system, external), ()), external]
        for name in names:
            if name in self.agents:
                return name
        self._note(IdKind.AGENT, system, external, spot)
        return None

    def is_agent(self, name: str) -> bool:
        """Whether a text is the id of a person of the plan."""
        return name in self.agents

    def of_address(self, address: str) -> str | None:
        """The only person who has an e-mail address, ``mailto:`` in front or not."""
        return self._addresses.get(_address(address))

    def use(self, external: str, system: str) -> Use | None:
        """The code and category of another system's activity by the map, else None."""
        names = self._ours.get((IdKind.ACTIVITY, system, external), ())
        codes = [code for code in names if code in self.codes]
        if not codes:
            return None
        if len(codes) > 1:
            self._shared[external] = codes
        return codes[0], self.codes[codes[0]]

    def own_use(self, code: str) -> Use | None:
        """The code of the plan, with its category."""
        category = self.codes.get(code)
        return None if category is None else (code, category)

    def no_activity(self, external: str, system: str, spot: Spot) -> None:
        """Note an activity that nobody knows for :meth:`blame`."""
        self._note(IdKind.ACTIVITY, system, external, spot)

    def _note(self, kind: IdKind, system: str, external: str, spot: Spot) -> None:
        found = self._unknown[kind, system].setdefault(external, _Unknown(spot))
        found.count += 1

    def say_shared(self, book: FaultBook, file: str) -> None:
        """A warning for each id that several codes have elsewhere, of which one was taken."""
        for external, codes in sorted(self._shared.items()):
            book.warn(
                f"'{shown(external)}' is {' and '.join(codes)} in the id map: read as {codes[0]}",
                file=file,
                hint="give each code an id of its own to tell them apart",
            )

    def blame(self, book: FaultBook) -> None:
        """A fault for each kind of id that nobody knows, with all of them."""
        for (kind, system), found in self._unknown.items():
            word = _WORDS[kind][len(found) > 1]
            spot = min((one.spot for one in found.values()), key=lambda s: (s.file, s.line or 0))
            reason = f"{len(found)} {word} of the file {_are(found)} not known: {_listed(found)}"
            blame(book, spot, reason, self._hint(kind, system, found), "HR111")

    def _hint(self, kind: IdKind, system: str, found: Mapping[str, _Unknown]) -> str:
        """How to go on: by the map for ids of another system, by the plan for its own."""
        first = next((name for name in found if not _is_private(name)), "ID")
        if system:
            ours = next(iter(self.agents), "A001") if kind is IdKind.AGENT else "MEAL"
            return (
                f"give each a row in the file of --ids, such as {kind},{ours},{system},"
                f"{shown(first)}"
            )
        if kind is IdKind.AGENT:
            near = did_you_mean(first, self.agents)
            return near or "the plan has no such people: add them, or remove their shifts"
        return did_you_mean(first, self.codes) or f"the codes are {', '.join(self.codes)}"


def _are(found: Mapping[str, _Unknown]) -> str:
    return "is" if len(found) == 1 else "are"


def _listed(found: Mapping[str, _Unknown]) -> str:
    """All ids but those that look like names, the most frequent first."""
    ordered = sorted(found, key=lambda name: (-found[name].count, name))
    said = [f"{shown(name)} ({found[name].count})" for name in ordered if not _is_private(name)]
    hidden = len(ordered) - len(said)
    more = [f"{hidden} that may be names, which are not repeated here"] if hidden else []
    return ", ".join([*said, *more])


def _is_private(name: str) -> bool:
    """Whether an id may be a name or an address."""
    return "@" in name or " " in name.strip() or may_be_name(name)


def _address(text: str) -> str:
    """An e-mail address as it is compared."""
    return text.strip().removeprefix("mailto:").removeprefix("MAILTO:").casefold()

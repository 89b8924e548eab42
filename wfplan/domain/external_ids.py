"""What people, teams, activities and sites are called in other systems: the external-id map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from wfplan.domain.cells import single_line
from wfplan.domain.columns import Column, Table
from wfplan.domain.columns import ColumnType as Type


class IdKind(StrEnum):
    """What has an id elsewhere; an activity by its code, a channel by its name."""

    AGENT = "agent"
    GROUP = "group"
    ACTIVITY = "activity"
    SITE = "site"
    CHANNEL = "channel"
    SHIFT = "shift"  # of a system that gives shifts ids of its own


EXTERNAL_IDS = Table(
    "external_ids",
    "given",
    "external_ids.csv",
    "What people, teams, activity codes, sites, channels and shifts are called in other systems, "
    "for 'wfplan export --ids' and 'wfplan import-schedule --ids'.",
    (
        Column(
            "kind",
            Type.CHOICE,
            "What has the id.",
            "agent",
            is_required=True,
            choices=tuple(IdKind),
        ),
        Column(
            "id",
            Type.TEXT,
            "agent_id, team, activity_code, site, channel or shift_id.",
            "A001",
            is_required=True,
        ),
        Column(
            "system",
            Type.TEXT,
            "The system whose id it is: teams, teams-xlsx (whose ids are work e-mails and names of "
            "groups), genesys, oracle or the name of a profile. A site's id in teams is its team.",
            "genesys",
            is_required=True,
        ),
        Column(
            "external_id",
            Type.TEXT,
            "Its id there.",
            "5b1f0c2e-0000-4000-8000-000000000001",
            is_required=True,
        ),
    ),
)


@dataclass(frozen=True, slots=True, order=True)
class ExternalKey:
    """One thing in one system."""

    system: str
    kind: IdKind
    id: str


@dataclass
class ExternalIds:
    """
    The map of one export or import; ids that were asked for and are not in it are noted.

    So everything is asked first, and what is :attr:`missing` is told together.
    """

    known: Mapping[ExternalKey, str] = field(default_factory=dict)
    missing: dict[ExternalKey, str] = field(default_factory=dict)  # and what it is in words

    def __post_init__(self) -> None:
        self.known = {asked: single_line(external) for asked, external in self.known.items()}
        self._by_thing: dict[tuple[IdKind, str], dict[str, str]] = {}
        for asked, external in self.known.items():
            self._by_thing.setdefault((asked.kind, asked.id), {})[asked.system] = external

    def of(self, system: str, kind: IdKind, key: str, words: str = "") -> str:
        """The id of something in a system; empty, and noted, where nobody said it."""
        asked = ExternalKey(system, kind, key)
        if asked not in self.known:
            self.missing[asked] = words
        return self.known.get(asked, "")

    def find(self, system: str, kind: IdKind, key: str) -> str:
        """The same, where it may be missing."""
        return self.known.get(ExternalKey(system, kind, key), "")

    def all_of(self, kind: IdKind, key: str) -> dict[str, str]:
        """The ids of something by system, in order."""
        return dict(sorted(self._by_thing.get((kind, key), {}).items()))

    def backwards(self, system: str, kind: IdKind) -> dict[str, str]:
        """The things of a system by their id there."""
        return {
            external: asked.id
            for asked, external in self.known.items()
            if (asked.system, asked.kind) == (system, kind)
        }

    def with_rows(self, rows: Iterable[tuple[ExternalKey, str]]) -> ExternalIds:
        """A map that knows more."""
        return ExternalIds({**self.known, **dict(rows)})

    def rows(self) -> Iterator[tuple[str, str, str, str]]:
        """Rows of the table, what is missing among them with an empty ``external_id``."""
        for key in sorted({*self.known, *self.missing}):
            yield str(key.kind), key.id, key.system, self.known.get(key, "")

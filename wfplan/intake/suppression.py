"""Which groups of a survey are hidden so that no small group can be computed from the shown ones.

Groups are parts of parents, and of the group of all where they name none; the parts of one type
have nobody in common, but for skills. What can be computed from the shown means are differences:
a shown group without the shown groups of one type inside it. With as many respondents as each
difference has, or none, no score of fewer people is to be had (complementary suppression, as
suppliers describe it: Dialog, Effectory). Groups whose people the plan knows are held against
each other, too, whatever their parents (:mod:`wfplan.intake.overlaps`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, product
from types import MappingProxyType

from wfplan.domain.surveys import Shown, SurveyGroup
from wfplan.intake.overlaps import leak_of

Key = tuple[str, str]
WHOLE, OVERLAPPING = "all", "skill"


@dataclass(frozen=True)
class Hidden:
    """Why a group is hidden; ``left`` are the people whom ``parent`` would have left."""

    why: Shown
    parent: str = ""
    left: int = 0


def parents_of(groups: Sequence[SurveyGroup]) -> dict[Key, Key]:
    """The parent of every group that has one among the groups of a wave and scale, or all."""
    by_name: dict[str, list[Key]] = defaultdict(list)
    for group in groups:
        by_name[group.group].append(group.key)
    found = {}
    for group in groups:
        named = [key for key in by_name.get(group.parent, ()) if key != group.key]
        if group.parent and named:
            found[group.key] = named[0]
    whole = [group.key for group in groups if group.group_type == WHOLE]
    if len(whole) == 1:
        for group in groups:
            if not group.parent and group.key != whole[0]:
                found[group.key] = whole[0]
    return found


@dataclass(frozen=True)
class _Tree:
    """The groups of one wave and scale, and the parts of each."""

    groups: Mapping[Key, SurveyGroup]
    parts: Mapping[Key, Sequence[Key]]

    @classmethod
    def of(cls, groups: Sequence[SurveyGroup]) -> _Tree:
        """The tree of groups, none of which is part of itself."""
        parts: dict[Key, list[Key]] = defaultdict(list)
        for key, parent in parents_of(groups).items():
            parts[parent].append(key)
        return cls({group.key: group for group in groups}, parts)

    def ways(self, key: Key, away: Mapping[Key, Hidden]) -> list[list[Key]]:
        """
        The largest shown groups inside one, for each type of its parts.

        A hidden part stands for those inside it.
        """
        found: list[list[Key]] = []
        for kind in dict.fromkeys(part[0] for part in self.parts.get(key, ())):
            own = [part for part in self.parts[key] if part[0] == kind]
            if kind == OVERLAPPING:
                found += [[part] for part in own if part not in away]
                continue
            choices = [
                [[part]] if part not in away else self.ways(part, away) or [[]] for part in own
            ]
            found += [list(chain.from_iterable(one)) for one in product(*choices)]
        return found


def hidden_groups(
    groups: Sequence[SurveyGroup],
    least: int,
    members: Mapping[Key, frozenset[str]] = MappingProxyType({}),
) -> dict[Key, Hidden]:
    """The groups to hide, and why; ``least`` answers may be looked at, ``members`` are known."""
    tree = _Tree.of(groups)
    away = {group.key: Hidden(Shown.TOO_SMALL) for group in groups if group.respondents < least}
    while (found := _next(tree, away, least, members)) is not None:
        key, one = found
        away[key] = one
    return away


def _next(
    tree: _Tree, away: Mapping[Key, Hidden], least: int, members: Mapping[Key, frozenset[str]]
) -> tuple[Key, Hidden] | None:
    """A group to hide beside those that are, and why; None where nobody is given away."""
    if (found := next(_given_away(tree, away, least), None)) is not None:
        return found
    shown = [group for key, group in tree.groups.items() if key not in away]
    leak = leak_of(shown, members, least)
    if leak is None:
        return None
    smallest = min(leak.groups, key=lambda one: (one.respondents, one.key))
    largest = max(leak.groups, key=lambda one: (one.respondents, one.key))
    return smallest.key, Hidden(Shown.WITH_OTHERS, largest.group, leak.left)


def _given_away(
    tree: _Tree, away: Mapping[Key, Hidden], least: int
) -> Iterator[tuple[Key, Hidden]]:
    """Groups to hide because a shown one, without the shown ones inside it, leaves too few."""
    for key, group in tree.groups.items():
        if key in away:
            continue
        for inside in tree.ways(key, away):
            left = group.respondents - sum(tree.groups[one].respondents for one in inside)
            if inside and 0 < left < least:
                smallest = min(inside, key=lambda one: (tree.groups[one].respondents, one))
                yield smallest, Hidden(Shown.WITH_OTHERS, group.group, left)


def too_many(
    groups: Sequence[SurveyGroup],
) -> Iterator[tuple[SurveyGroup, list[SurveyGroup], str]]:
    """Groups whose parts of one type have more people, or answers, than they have."""
    tree = _Tree.of(groups)
    for key, group in tree.groups.items():
        by_type: dict[str, list[SurveyGroup]] = defaultdict(list)
        for part in tree.parts.get(key, ()):
            by_type[part[0]].append(tree.groups[part])
        for kind, parts in by_type.items():
            if kind == OVERLAPPING:
                continue
            for what in ("headcount", "respondents"):
                if sum(getattr(part, what) for part in parts) > getattr(group, what):
                    yield group, parts, what
                    break

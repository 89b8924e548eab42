"""The fields of a mapping profile: how each of them is made of what a record is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from wfplan.domain.external_ids import IdKind
from wfplan.domain.schedule import ActivityCategory
from wfplan.export.order import fit_id
from wfplan.export.profiles.forms import Form, NoNumberError, number_of
from wfplan.export.profiles.sources import Scope, Source, open_id

LEFT_OUT = object()
"""What a field is where it is not to be written."""


@dataclass
class Told:
    """What an export found: values that cannot be sent, and shifts that nobody knows there."""

    refusals: dict[str, None] = field(default_factory=dict)
    unknown_shifts: set[str] = field(default_factory=set)  # without an id in the system


Make = Callable[[Scope, Told], object]
"""Makes the value of a field."""
Fields = Sequence[tuple[str, Make]]
"""The fields of a record in order."""


def record_of(fields: Fields, scope: Scope, told: Told) -> dict[str, object]:
    """A record; fields that are left out are not in it."""
    made = ((name, make(scope, told)) for name, make in fields)
    return {name: value for name, value in made if value is not LEFT_OUT}


def constant(value: object) -> Make:
    """A value that is always the same; None for null."""
    return lambda scope, told: value


def said(key: str, source: Source, form: Form, words: Mapping[str, object], other: object) -> Make:
    """
    What a source says, in a form or by a table of words.

    ``other`` stands for what is empty or has no word; where it is None, an empty value stays so
    and a value without a word is refused.
    """

    def make(scope: Scope, told: Told) -> object:
        value = source.of(scope)
        if words:
            text_of = "" if value is None else str(value)
            word = text_of.lower() if isinstance(value, bool) else text_of
            if word in words:
                return words[word]
            if other is None and word:
                told.refusals[f"{key}: '{word}' is not in its map; add it, or a default"] = None
            return other
        if value is None or value == "":
            return other
        try:
            return form(value, scope)
        except NoNumberError:
            told.refusals[f"{key}: '{value}' is no whole number"] = None
            return None

    return make


def text(parts: Sequence[str | Make]) -> Make:
    """Parts put together, what is empty among them left out."""

    def make(scope: Scope, told: Told) -> object:
        pieces = [part if isinstance(part, str) else part(scope, told) for part in parts]
        return "".join("" if piece is None or piece is LEFT_OUT else str(piece) for piece in pieces)

    return make


def external_id(
    system: str, kinds: Sequence[IdKind], *, is_number: bool, is_optional: bool
) -> Make:
    """
    The id of something in the system: of the first kind that the table of external ids has.

    Where none is there, the first kind's is missing, unless it is optional.
    """

    def make(scope: Scope, told: Told) -> object:
        found, key = "", ""
        for kind in kinds:
            key = _thing(scope, kind)
            found = scope.order.ids.find(system, kind, key) if key else ""
            if found:
                break
        if not found:
            if IdKind.SHIFT in kinds and scope.dated is not None:
                told.unknown_shifts.add(scope.dated.shift.shift_id)
            if not is_optional:
                _require(system, kinds[0], scope, told)
            return None
        if not is_number:
            return found
        try:
            return number_of(found)
        except NoNumberError:
            told.refusals[
                f"{kind} '{key}' is '{found}' in {system}, which takes whole numbers: correct its "
                "row in the table of external ids"
            ] = None
            return None

    return make


def listed(entries: str, only: Sequence[ActivityCategory], fields: Fields) -> Make:
    """A list of records: of activities, breaks, shifts or days."""

    def make(scope: Scope, told: Told) -> object:
        return [record_of(fields, one, told) for one in scope.entries(entries, only)]

    return make


def values(makes: Sequence[Make]) -> Make:
    """A list of values; what is empty is not in it."""

    def make(scope: Scope, told: Told) -> object:
        made = (one(scope, told) for one in makes)
        return [value for value in made if value is not None and value is not LEFT_OUT]

    return make


def nested(fields: Fields) -> Make:
    """A record inside a record."""
    return lambda scope, told: record_of(fields, scope, told)


def conditional(
    make: Make, when: Source | None, unless: Source | None, *, is_optional: bool
) -> Make:
    """A field that is left out unless its conditions hold, or where it is empty and optional."""

    def conditioned(scope: Scope, told: Told) -> object:
        if (when and not when.of(scope)) or (unless and unless.of(scope)):
            return LEFT_OUT
        value = make(scope, told)
        return LEFT_OUT if is_optional and value in (None, "", []) else value

    return conditioned if when or unless or is_optional else make


def _thing(scope: Scope, kind: IdKind) -> str:
    """What of a scope has an id of a kind."""
    match kind:
        case IdKind.AGENT:
            return scope.agent_id
        case IdKind.GROUP:
            team = scope.agent.team if scope.agent else ""
            return scope.offer.group if scope.offer else team
        case IdKind.SITE:
            return scope.order.site_of(scope.agent)
        case IdKind.ACTIVITY:
            return scope.activity.code if scope.activity else ""
        case IdKind.SHIFT:
            if scope.offer is not None:
                return open_id(scope)
            return fit_id(scope.dated.shift.shift_id) if scope.dated else ""
    return ""


def _require(system: str, kind: IdKind, scope: Scope, told: Told) -> None:
    """Note that an id is missing, or that there is nothing to have one."""
    key = _thing(scope, kind)
    if key:
        scope.order.ids.of(system, kind, key)
        return
    word = {IdKind.GROUP: "team"}.get(kind, str(kind))
    told.refusals[f"{scope.agent_id or 'an open shift'} has no {word}, which {system} needs"] = None

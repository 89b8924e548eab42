"""Survey scores of groups: rows checked, small groups hidden, and what would give them away.

Individual answers are never read: a column or a group of single people is refused. A group of
fewer than 10 answers (20 on scales about offensive behaviour) is hidden, and so is as much beside
it as keeps every difference of a shown group and the shown parts of it empty or as large.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from wfplan.domain.surveys import Policy, Shown, Survey, SurveyGroup
from wfplan.errors import did_you_mean
from wfplan.intake.book import FaultBook, shown
from wfplan.intake.constraint_people import Crowd
from wfplan.intake.people import note_invalid
from wfplan.intake.reading import Sheet
from wfplan.intake.single_people import names_a_person
from wfplan.intake.suppression import WHOLE, Hidden, Key, hidden_groups, parents_of, too_many

ANSWERS_MIN = 10
SENSITIVE_MIN = 20
YEAR_DIGITS = 4
GROUP_TYPES = ("all", "site", "department", "team", "contract_type", "skill")
_SENSITIVE = re.compile(
    r"offens|bully|mobbing|harass|violen|threat|discrimin|unwanted|sexual|belästig|harcel",
    re.IGNORECASE,
)
Row = dict[str, Any]


def answers_min(full_scale: str, sensitive: Collection[str] = ()) -> int:
    """The fewest answers with which a group's score on a scale may be looked at."""
    is_sensitive = full_scale in sensitive or _SENSITIVE.search(full_scale)
    return SENSITIVE_MIN if is_sensitive else ANSWERS_MIN


def read_survey(
    sheet: Sheet | None,
    crowd: Crowd,
    policy: Policy | None,
    book: FaultBook,
) -> Survey | None:
    """
    The latest wave of a table of survey scores, without the groups that are hidden.

    Parameters
    ----------
    crowd
        The people of the plan; groups that it does not have are pointed at.
    policy
        What its scores may change; without one they change nothing, which is said.
    """
    if sheet is None:
        return None
    before = len(book.faults)
    known = {kind: crowd.names(kind) for kind in ("site", "team", "contract_type", "skill")}
    groups = _groups(sheet, known, book)
    if len(book.faults) > before:
        return None
    sensitive = policy.sensitive if policy else ()
    latest = max((group.wave for group in groups), key=wave_order, default="")
    kept: list[SurveyGroup] = []
    for (_, scale), some in _by_scale(groups).items():
        _check_sums(sheet, some, book)
        least = answers_min(scale, sensitive)
        away = hidden_groups(some, least, _members(some, crowd))
        _say_hidden(sheet, some, away, least, book)
        kept += [group for group in some if group.key not in away and group.wave == latest]
    hidden = sum(group.wave == latest for group in groups) - len(kept)
    _say_older(sheet, groups, latest, book)
    if not groups or len(book.faults) > before:
        return None
    survey = Survey(wave=latest, shown=tuple(kept), hidden=hidden, policy=policy)
    if policy is None:
        hint = 'to let them, name one: survey_policy = "policy.toml" under [rules]'
        book.warn("without a policy file survey scores change nothing", file=sheet.file, hint=hint)
    return survey


def wave_order(wave: str) -> tuple[int, tuple[int, ...], str]:
    """By what waves are ordered: the year, the other numbers, and then the text."""
    numbers = re.findall(r"\d+", wave)
    year = next((number for number in numbers if len(number) == YEAR_DIGITS), None)
    others = [int(number) for number in numbers if number != year]
    return int(year or 0), tuple(others), wave


def _by_scale(groups: Iterable[SurveyGroup]) -> dict[tuple[str, str], list[SurveyGroup]]:
    """The groups of each wave and scale."""
    found: dict[tuple[str, str], list[SurveyGroup]] = defaultdict(list)
    for group in groups:
        found[group.wave, group.full_scale].append(group)
    return found


def _members(groups: Iterable[SurveyGroup], crowd: Crowd) -> dict[Key, frozenset[str]]:
    """The people of groups that the plan has, as it has them today."""
    everybody = frozenset(agent.agent_id for agent in crowd.agents)
    people = {
        group.key: everybody if group.group_type == WHOLE else crowd.of_scope.get(group.key)
        for group in groups
    }
    return {key: ids for key, ids in people.items() if ids}


def _say_older(sheet: Sheet, groups: Iterable[SurveyGroup], latest: str, book: FaultBook) -> None:
    """Say which scales the last wave does not have: older scores are not looked at."""
    last: dict[str, str] = {}
    for group in groups:
        known = last.get(group.full_scale, group.wave)
        last[group.full_scale] = max(known, group.wave, key=wave_order)
    for scale, wave in last.items():
        if wave != latest:
            book.warn(
                f"{scale} was last asked in {shown(wave)}: only the last wave, {shown(latest)}, "
                "is looked at",
                file=sheet.file,
                column="wave",
            )


def _groups(
    sheet: Sheet, known: Mapping[str, Collection[str]], book: FaultBook
) -> list[SurveyGroup]:
    """The groups of the rows that have no fault."""
    found: dict[tuple[str, str, str, str], SurveyGroup] = {}
    for line, row in sheet.rows():
        if not _has_known_type(sheet, line, row, book):
            continue
        try:
            given = {key: value for key, value in row.items() if value is not None}
            group = SurveyGroup(**given, line=line)
        except ValidationError as error:
            note_invalid(error, sheet.file, line, book)
            continue
        key = (group.wave, group.full_scale, *group.key)
        if key in found:
            reason = f"{group.group_type} '{shown(group.group)}' is already in line "
            reason += f"{found[key].line} for {group.wave} and {group.full_scale}"
            hint = "keep one of the rows"
            sheet.blame(book, line, "group", reason, value=group.group, hint=hint, code="HR110")
            continue
        found[key] = group
    _check_parents(sheet, found.values(), book)
    _say_unknown(sheet, found.values(), known, book)
    return list(found.values())


def _has_known_type(sheet: Sheet, line: int, row: Row, book: FaultBook) -> bool:
    """Whether the type of a row's group is one of the list; single people are none."""
    word = row["group_type"].strip().lower()
    if names_a_person(word):
        reason = "the row is about one person; answers of single people are never read"
        hint = "hand over means of groups only"
        sheet.blame(book, line, "group_type", reason, value=word, hint=hint, code="HR202")
        return False
    if word not in GROUP_TYPES:
        hint = did_you_mean(word, GROUP_TYPES)
        reason = f"'{shown(word)}' is not one of {', '.join(GROUP_TYPES)}"
        sheet.blame(book, line, "group_type", reason, value=word, hint=hint, code="HR106")
        return False
    row["group_type"] = word
    return True


def _check_parents(sheet: Sheet, groups: Iterable[SurveyGroup], book: FaultBook) -> None:
    """Every parent is a group of its wave and scale, and nobody is part of itself."""
    for (wave, scale), some in _by_scale(groups).items():
        parents = parents_of(some)
        for group in some:
            if group.parent and group.key not in parents:
                reason = f"'{shown(group.parent)}' is no other group of {wave} and {scale}"
                names = [one.group for one in some if one.key != group.key]
                hint = did_you_mean(group.parent, names) or "add its row, or leave parent empty"
                code = "HR111"
            elif _is_in_itself(group, parents):
                reason, hint, code = "the group is part of itself", "correct the parents", "HR109"
            else:
                continue
            sheet.blame(
                book, group.line, "parent", reason, value=group.parent, hint=hint, code=code
            )


def _is_in_itself(group: SurveyGroup, parents: Mapping[Key, Key]) -> bool:
    """Whether the parents of a group go round in a ring."""
    at, steps = group.key, 0
    while at in parents and steps <= len(parents):
        at, steps = parents[at], steps + 1
    return steps > len(parents)


def _say_unknown(
    sheet: Sheet,
    groups: Iterable[SurveyGroup],
    known: Mapping[str, Collection[str]],
    book: FaultBook,
) -> None:
    """Point at groups that nobody of the plan is in: no policy can speak of them."""
    said: set[tuple[str, str]] = set()
    for group in groups:
        names = known.get(group.group_type)
        if not names or group.group in names or group.key in said:
            continue
        said.add(group.key)
        book.warn(
            f"nobody of the plan is in the {group.group_type} '{shown(group.group)}'",
            file=sheet.file,
            line=group.line,
            column="group",
            hint=did_you_mean(group.group, names),
            code="HR111",
        )


def _check_sums(sheet: Sheet, groups: Sequence[SurveyGroup], book: FaultBook) -> None:
    """The parts of a group are together no more than it."""
    for parent, parts, what in too_many(groups):
        total = sum(getattr(part, what) for part in parts)
        reason = (
            f"the {parts[0].group_type}s of '{shown(parent.group)}' have {total} {what} together, "
            f"and it has {getattr(parent, what)}"
        )
        hint = "correct the numbers, or the parents"
        sheet.blame(book, parent.line, what, reason, hint=hint, code="HR205")


def _say_hidden(
    sheet: Sheet,
    groups: Sequence[SurveyGroup],
    away: Mapping[tuple[str, str], Hidden],
    least: int,
    book: FaultBook,
) -> None:
    """Say which groups are hidden, and why; no score of them is repeated."""
    for group in groups:
        one = away.get(group.key)
        if one is None:
            continue
        who = f"{group.group_type} '{shown(group.group)}'"
        if one.why is Shown.TOO_SMALL:
            text = f"{who} has {group.respondents} answers (minimum {least}): hidden"
            book.warn(text, file=sheet.file, line=group.line, code="HR203")
        else:
            text = (
                f"{who} hidden too: '{shown(one.parent)}' minus the shown groups would leave "
                f"{one.left} people"
            )
            book.warn(text, file=sheet.file, line=group.line, code="HR204")

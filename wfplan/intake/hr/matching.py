"""Which caption of a file is which column, and which table and layout a file has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wfplan.domain.tables import TABLES
from wfplan.intake.hr.asked import LEFT_OUT, hr_tables
from wfplan.intake.hr.layouts import COMMON, Layout, layout_of, shipped
from wfplan.intake.naming import same_word


@dataclass(frozen=True)
class Match:
    """
    Captions of a file as columns of a table.

    ``columns`` gives the column of a caption's number; ``twice`` the column that a caption would
    give a second time. A number in none of them is of a caption that nobody knows.
    """

    table: str
    layouts: tuple[Layout, ...]
    columns: Mapping[int, str]
    twice: Mapping[int, str]
    left_out: tuple[int, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Required columns that no caption gives."""
        return tuple(n for n in TABLES[self.table].required if n not in self.known)

    @property
    def known(self) -> frozenset[str]:
        """Columns that are given, those that extras are turned into among them."""
        found = set(self.columns.values())
        return frozenset(found | ({"contract_hours_week"} if "fte" in found else set()))

    def value_of(self, column: str) -> Mapping[str, str]:
        """Words of a column and their values, those of the layout before the common ones."""
        merged: dict[str, str] = {}
        for layout in reversed(self.layouts):
            merged |= layout.values.get(column, {})
        return merged


def matched(
    header: Sequence[str], table: str, layouts: Sequence[Layout], maps: Mapping[str, str]
) -> Match:
    """The captions of a file as columns of a table."""
    words = [same_word(caption) for caption in header]
    wanted: dict[str, list[tuple[int, int]]] = {}  # column: rank and number of its captions
    left_out = []
    for number, word in enumerate(words):
        rank, column = _meaning(word, table, layouts, maps)
        if column == LEFT_OUT:
            left_out.append(number)
        elif column:
            wanted.setdefault(column, []).append((rank, number))
    columns = {min(found)[1]: column for column, found in wanted.items()}
    twice = {number: column for column, found in wanted.items() for _, number in sorted(found)[1:]}
    for number in [n for n in twice if _is_left_out(words[n], layouts)]:
        left_out.append(number)
        del twice[number]
    _drop_spare(columns, left_out)
    return Match(table, tuple(layouts), columns, twice, tuple(left_out))


def _meaning(
    word: str, table: str, layouts: Sequence[Layout], maps: Mapping[str, str]
) -> tuple[int, str]:
    """Rank (the lower, the surer) and column of a caption; no column where nobody knows it."""
    if word in maps:
        return 0, maps[word]
    if word in TABLES[table].names:
        return 1, word
    rank = 2
    for layout in layouts:
        column = layout.column_of(table, word)
        if column:
            return rank + layout.captions[table][column].index(word), column
        rank += 100
    return rank, LEFT_OUT if word and _is_left_out(word, layouts) else ""


def _is_left_out(word: str, layouts: Sequence[Layout]) -> bool:
    """Whether a layout has nothing to do with a caption."""
    return any(word in layout.left_out for layout in layouts)


def _drop_spare(columns: dict[int, str], left_out: list[int]) -> None:
    """Leave out captions that say less than another one of the file does."""
    given = set(columns.values())
    spare = set()
    if "contract_hours_week" in given:
        spare.add("fte")
    if "name" in given:
        spare |= {"first_name", "last_name"}
    for number in [n for n, column in columns.items() if column in spare]:
        left_out.append(number)
        del columns[number]


def layouts_of(header: Sequence[str], asked: str, maps: Mapping[str, str]) -> tuple[Layout, ...]:
    """The layouts to read captions with: as asked, or the one that explains most of them."""
    common = layout_of(COMMON)
    if asked:
        return (layout_of(asked), common)

    def explained(layouts: tuple[Layout, ...]) -> int:
        return max(_explained(matched(header, table, layouts, maps)) for table in hr_tables())

    plain = explained((common,))
    best = max(shipped(), key=lambda name: explained((layout_of(name), common)), default="")
    if best and explained((layout_of(best), common)) > plain:
        return (layout_of(best), common)
    return (common,)


def _explained(match: Match) -> int:
    """How many captions are understood."""
    return len(match.columns) + len(match.left_out)


def table_of(
    header: Sequence[str], layouts: Sequence[Layout], maps: Mapping[str, str]
) -> Match | None:
    """The table whose columns a file has; None where none or several fit alike."""
    ranked = sorted(
        (
            (len(match.missing), -len(match.columns), match.table, match)
            for match in (matched(header, table, layouts, maps) for table in hr_tables())
            if len(match.columns) >= 2
        ),
        key=lambda item: item[:3],
    )
    if not ranked:
        return None
    if len(ranked) > 1 and ranked[0][:2] == ranked[1][:2]:
        return None
    return ranked[0][3]


def named_table(name: str) -> str:
    """The table that a name of a file or sheet speaks of, or an empty text."""
    word = f"_{same_word(name)}_"
    found = [table for table in hr_tables() if f"_{table}_" in word]
    return found[0] if len(found) == 1 else ""

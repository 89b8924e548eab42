"""Which columns of a report a layout asks for, and what is wrong with its header."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from wfplan.errors import did_you_mean
from wfplan.intake.book import FaultBook, shown
from wfplan.intake.grid import Cells, Grid
from wfplan.intake.naming import same_word
from wfplan.intake.queue_reports.layouts import DURATIONS, TARGET, Layout
from wfplan.intake.queue_reports.units import without_unit

BY_PLAN, BY_NAME = "as the plan says", "as its name says"
"""Who stated the unit of a column, where somebody did for this very file."""

_LISTED = 6
_VOLUMES = ("offered", "answered", "handled")
HANDLE_TIMES = frozenset(("aht", "handle_total", "talk", "talk_total"))
"""Fields that a handle time can be made of, with hold and wrap-up beside talk."""


@dataclass(frozen=True)
class Found:
    """A column of a report; ``unit`` and ``whence`` say what its plain numbers are, if known."""

    caption: str
    cells: Cells
    unit: str = ""
    whence: str = ""


@dataclass(frozen=True)
class Header:
    """
    The columns of a report by what they mean.

    ``splits`` part the rows of a queue, ``in_target`` are contacts answered within so many seconds;
    ``unread`` are the captions that no field asks for.
    """

    fields: Mapping[str, Found]
    splits: tuple[Found, ...] = ()
    in_target: Mapping[float, Found] = field(default_factory=dict)
    unread: tuple[str, ...] = ()

    def caption(self, name: str) -> str:
        """The caption of a field, or the field's own name."""
        return self.fields[name].caption if name in self.fields else name


def read_header(
    grid: Grid, layout: Layout, units: Mapping[str, str], book: FaultBook
) -> Header | None:
    """
    The columns that the layout asks for; None, and faults, where a needed one is absent.

    ``units`` are those that the plan states, by caption.
    """
    stated = {same_word(caption): unit for caption, unit in units.items()}
    words = [same_word(caption) for caption in grid.header]
    is_good = _refuse_reports(grid, words, layout, book)
    used: set[int] = set()
    fields = {}
    for name in layout.captions:
        if name in ("split", "in_target"):
            continue
        at = _column_of(name, grid.header, words, layout)
        if name == "date" and at == _column_of("start", grid.header, words, layout):
            continue  # a date with its time of day
        if at is not None:
            used.add(at)
            fields[name] = _found(name, grid, at, layout, stated)
            is_good &= _is_single(at, words, grid, book)
    splits = [at for at, word in enumerate(words) if word in layout.words("split")]
    targets = _targets(words, layout)
    used |= {*splits, *targets.values()}
    unread = tuple(c for at, c in enumerate(grid.header) if at not in used and c)
    header = Header(
        fields,
        tuple(Found(grid.header[at], grid.columns[at]) for at in splits),
        {after: Found(grid.header[at], grid.columns[at]) for after, at in targets.items()},
        unread,
    )
    is_good &= _has_needed(header, grid, layout, book)
    return header if is_good else None


def _column_of(
    name: str, header: Sequence[str], words: Sequence[str], layout: Layout
) -> int | None:
    """The place of the first caption of a field that a header has."""
    bases = [without_unit(c)[0] for c in header] if name in DURATIONS else ()
    for word in layout.words(name):
        if word in words:
            return words.index(word)
        if word in bases:
            return bases.index(word)
    return None


def _found(name: str, grid: Grid, at: int, layout: Layout, stated: Mapping[str, str]) -> Found:
    """A column with its unit: the plan's word, the caption's, the layout's."""
    caption, cells = grid.header[at], grid.columns[at]
    if name not in DURATIONS:
        return Found(caption, cells)
    word, (base, unit) = same_word(caption), without_unit(caption)
    if word in stated:
        return Found(caption, cells, stated[word], BY_PLAN)
    if unit:
        return Found(caption, cells, unit, BY_NAME)
    known = layout.units.get(word) or layout.units.get(base) or layout.unit
    return Found(caption, cells, known, f"as {layout.system} writes it" if known else "")


def _targets(words: Sequence[str], layout: Layout) -> dict[float, int]:
    """Columns of contacts answered within so many seconds, by these seconds; 0 where unsaid."""
    found: dict[float, int] = {}
    for caption in layout.captions.get("in_target", ()):
        shape = re.escape(same_word(caption)).replace(re.escape(TARGET), "([0-9]{1,5})")
        for at, word in enumerate(words):
            if match := re.fullmatch(shape, word):
                found.setdefault(float(match[1]) if match.groups() else 0.0, at)
    return found


def _refuse_reports(grid: Grid, words: Collection[str], layout: Layout, book: FaultBook) -> bool:
    """Whether no column shows that the report is the wrong one."""
    is_good = True
    for number, (caption, word) in enumerate(zip(grid.header, words, strict=True), 1):
        if word in layout.refused:
            book.error(
                f"column {number} '{shown(caption)}' is not one of a report by queue",
                file=grid.file,
                line=grid.header_line,
                hint=layout.refused[word],
                code="HR101",
            )
            is_good = False
    return is_good


def _is_single(at: int, words: Sequence[str], grid: Grid, book: FaultBook) -> bool:
    """Whether a column that is read stands only once."""
    if list(words).count(words[at]) == 1:
        return True
    book.error(
        f"the column '{shown(grid.header[at])}' is there twice",
        file=grid.file,
        line=grid.header_line,
        column=grid.header[at],
        hint="keep one of them",
        code="HR110",
    )
    return False


def _has_needed(header: Header, grid: Grid, layout: Layout, book: FaultBook) -> bool:
    """Whether there are a start and a volume, and the talk of a handle time given in parts."""
    missing = [] if "start" in header.fields else ["start"]
    if not any(name in header.fields for name in _VOLUMES):
        missing.append("offered")
    there = set(header.fields)
    if there & {"hold", "wrap", "hold_total", "wrap_total"} and not there & HANDLE_TIMES:
        missing.append("talk")
    for name in missing:
        _note_missing(name, header, grid, layout, book)
    return not missing


def _note_missing(name: str, header: Header, grid: Grid, layout: Layout, book: FaultBook) -> None:
    """A fault for a field that no caption means."""
    captions = [one for key in (_VOLUMES if name == "offered" else (name,))
                for one in layout.captions.get(key, ())]  # fmt: skip
    what = {"start": "the start of the interval", "offered": "the contacts that came"}
    looked = ", ".join(f"'{one}'" for one in captions) or "a caption"
    near = [(one, hint) for one in header.unread if (hint := did_you_mean(one, captions))]
    hint = (
        f"'{shown(near[0][0])}': {near[0][1]}"
        if near
        else "export it with that column, or copy the layout file and add the caption it has"
    )
    book.error(
        f"no column holds {what.get(name, 'the time of talk')}: {looked} of the layout "
        f"{layout.id} would",
        file=grid.file,
        line=grid.header_line,
        column=captions[0] if captions else name,
        hint=hint,
        code="HR102",
    )


def say_unread(header: Header) -> str:
    """Which columns are not read, in words; empty when all are."""
    if not header.unread:
        return ""
    listed = ", ".join(f"'{shown(one)}'" for one in header.unread[:_LISTED])
    more = len(header.unread) - _LISTED
    return f"not read: {listed}" + (f" and {more} more columns" if more > 0 else "")

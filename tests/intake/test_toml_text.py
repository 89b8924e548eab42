"""Tests for wfplan.intake.toml_text: every key knows its line."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.intake import configs_folder
from wfplan.intake.book import FaultBook
from wfplan.intake.reading import Folder
from wfplan.intake.toml_text import TomlText, dotted, read_toml

TEXT = '''\
# a comment with [brackets] and "quotes"
top = "a # no comment" # one
"quoted key" = 1
a.b.c = [1, 2,
  3.5, "],",
]
long = """
[not.a.table]
x = 1
"""
[table]
inner = { x = 1, y = { z = 2.5 } }
[[list]]
k = 1
[[list]]
k = 2
[list.below]
deep = true
[[list.rows]]
r = 1979-05-27T07:32:00Z
[[list.rows]]
r = 'it''s'
'''.replace("'it''s'", "'its'")


def parsed(tmp_path: Path, text: str) -> tuple[TomlText | None, FaultBook]:
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    book = FaultBook()
    return read_toml(Folder(tmp_path, book), "plan.toml", book), book


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 2),
        (("quoted key",), 3),
        (("a", "b", "c"), 4),
        (("a", "b", "c", 1), 4),
        (("a", "b", "c", 2), 5),
        (("long",), 7),
        (("table",), 11),
        (("table", "inner", "x"), 12),
        (("table", "inner", "y", "z"), 12),
        (("list", 0, "k"), 14),
        (("list", 1, "k"), 16),
        (("list", 1, "below", "deep"), 18),
        (("list", 1, "rows", 0, "r"), 20),
        (("list", 1, "rows", 1, "r"), 22),
        (("table", "missing"), 11),
    ],
)
def test_a_key_is_found_on_its_line(tmp_path, path, line):
    toml, _ = parsed(tmp_path, TEXT)
    assert toml is not None
    assert toml.line(path) == line


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if not isinstance(value, dict | list):
        return [path]
    items = value.items() if isinstance(value, dict) else enumerate(value)
    return [leaf for key, inner in items for leaf in leaves(inner, (*path, key))] or [path]


@pytest.mark.parametrize("name", ["plan.toml", "rules/eu.toml"])
def test_every_key_of_the_shipped_files_has_a_line_that_shows_it(name):
    path = configs_folder() / name
    book = FaultBook()
    toml = read_toml(Folder(path.parent, book), path.name, book)
    assert toml is not None
    rows = path.read_text(encoding="utf-8").split("\n")
    for leaf in leaves(tomllib.loads(path.read_text(encoding="utf-8"))):
        key = next(part for part in reversed(leaf) if isinstance(part, str))
        line = toml.lines[leaf]
        assert key in rows[line - 1], dotted(leaf)


KEYS = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=6)
SCALARS = st.one_of(
    st.integers(-1000, 1000),
    st.booleans(),
    st.floats(-1e6, 1e6).map(lambda x: round(x, 3)),
    st.text(
        st.characters(exclude_categories=("C", "Zl", "Zp"), exclude_characters='\\"'), max_size=9
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=6,
)


def written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{k}" = {written(v)}' for k, v in value.items()) + "}"
    return repr(value)


@settings(max_examples=60, deadline=None)
@given(content=st.dictionaries(KEYS, VALUES, min_size=1, max_size=6))
def test_every_leaf_of_any_file_is_found_on_the_line_it_was_written_on(tmp_path_factory, content):
    text = "".join(f'"{key}" = {written(value)}\n' for key, value in content.items())
    toml, book = parsed(tmp_path_factory.mktemp("toml"), text)
    assert toml is not None, book.faults
    assert toml.content == content
    for number, key in enumerate(content, 1):
        for leaf in leaves(content[key], (key,)):
            assert toml.line(leaf) == number


@settings(deadline=None)
@given(noise=st.text(st.sampled_from("[]{}\"'=.,#\n\\ab1 "), max_size=80))
def test_no_text_breaks_the_reader(tmp_path_factory, noise):
    toml, book = parsed(tmp_path_factory.mktemp("noise"), noise + "\n")
    assert (toml is None) == bool(book.faults)

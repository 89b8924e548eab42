"""The page of a quarter in headless Chromium at two widths."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from wfplan.report import render_quarter

SIZES = pytest.mark.parametrize("size", [(1280, 900), (390, 844)], ids=["desktop", "phone"])


@pytest.fixture(scope="session")
def page_file(tmp_path_factory):
    """The page of a quarter that is made up."""
    path = Path(__file__).parent.parent / "report" / "synthetic_quarter.py"
    spec = importlib.util.spec_from_file_location("synthetic_quarter", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    file = tmp_path_factory.mktemp("quarter") / "quarter.html"
    file.write_text(render_quarter(module.synthetic_quarter()), encoding="utf-8")
    return file


@SIZES
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_quiet_offline_and_no_wider_than_the_window(page_file, opened, size, scheme):
    found = opened(page_file, size, color_scheme=scheme)
    found.page.wait_for_load_state("networkidle")
    assert found.messages == []
    assert [u for u in found.requests if not u.startswith("data:")] == [page_file.as_uri()]
    assert found.page.evaluate("document.documentElement.scrollWidth") == size[0]


@SIZES
def test_every_picture_has_an_area_and_words(page_file, opened, size):
    page = opened(page_file, size).page
    pictures = page.evaluate("""() => [...document.querySelectorAll('[role=img]')].map(
        s => [s.getBoundingClientRect().width, s.getBoundingClientRect().height,
              s.getAttribute('aria-label')])""")
    assert len(pictures) == 13
    assert all(width > 60 and height > 8 and label for width, height, label in pictures)

"""The picture of the README: the demo's report, made here again.

``WFPLAN_UPDATE_PICTURE=1 pytest tests/browser/test_readme_picture.py`` plans the demo and
replaces it; otherwise a week that is made up stands in, of which the picture is much alike.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest

from wfplan.intake import write_example
from wfplan.pipeline import build

KEPT = Path(__file__).with_name("report.png")
WIDTH, HEIGHT = 1200, 1690
MOST_BYTES = 400_000

ARRANGE = """() => {
    const hide = '.side tbody:nth-of-type(n+3), .sides ~ *, #intervals .controls, nav, .note, '
        + '#intervals details, .readout, #heat .controls';
    document.querySelectorAll(hide).forEach(e => { e.style.display = 'none'; });
    document.querySelectorAll('main > section').forEach(s => { s.style.paddingBlock = '1.5rem'; });
}"""


IS_UPDATED = bool(os.environ.get("WFPLAN_UPDATE_PICTURE"))


@pytest.fixture
def report(reports, tmp_path) -> Path:
    """The report of the demo where the picture is replaced, else of a week made up."""
    if not IS_UPDATED:
        return reports["week"]
    write_example("omnichannel", tmp_path / "demo")
    return build(tmp_path / "demo")[1] / "report.html"


def make_picture(opened, report: Path, target: Path) -> None:
    """What a planner sees first: the verdict, both sides, the chart of a busy day."""
    page = opened(report, (WIDTH, HEIGHT), color_scheme="light").page
    page.locator("#intervals select").first.select_option(index=1)
    page.evaluate(ARRANGE)
    page.screenshot(path=target)


def size_of(png: Path) -> tuple[int, int]:
    """Width and height from the header of a PNG file (RFC 2083, 11.2.2)."""
    head = png.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def test_the_picture_can_be_made_again(report, opened, tmp_path):
    fresh = tmp_path / "report.png"
    make_picture(opened, report, fresh)
    if IS_UPDATED:
        KEPT.write_bytes(fresh.read_bytes())
    assert size_of(fresh) == size_of(KEPT) == (WIDTH, HEIGHT)
    assert fresh.stat().st_size < MOST_BYTES
    assert 0.5 < fresh.stat().st_size / KEPT.stat().st_size < 2

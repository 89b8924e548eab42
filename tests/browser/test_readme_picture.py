"""The picture of the README: made here again, and not far from the one that is kept.

``WFPLAN_UPDATE_PICTURE=1 pytest tests/browser/test_readme_picture.py`` replaces it.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

KEPT = Path(__file__).with_name("report.png")
WIDTH, HEIGHT = 1200, 1690
MOST_BYTES = 400_000

ARRANGE = """() => {
    const hide = '.side tbody:nth-of-type(n+3), .sides ~ *, #intervals .controls, nav, .note, '
        + '#intervals details, .readout, #heat .controls';
    document.querySelectorAll(hide).forEach(e => { e.style.display = 'none'; });
    document.querySelectorAll('main > section').forEach(s => { s.style.paddingBlock = '1.5rem'; });
}"""


def make_picture(opened, report: Path, target: Path) -> None:
    """What a planner sees first: the verdict, both sides, an interval chart, a heatmap."""
    page = opened(report, (WIDTH, HEIGHT), color_scheme="light").page
    page.evaluate(ARRANGE)
    page.screenshot(path=target)


def size_of(png: Path) -> tuple[int, int]:
    """Width and height from the header of a PNG file (RFC 2083, 11.2.2)."""
    head = png.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def test_the_picture_can_be_made_again(reports, opened, tmp_path):
    fresh = tmp_path / "report.png"
    make_picture(opened, reports["week"], fresh)
    if os.environ.get("WFPLAN_UPDATE_PICTURE"):
        KEPT.write_bytes(fresh.read_bytes())
    assert size_of(fresh) == size_of(KEPT) == (WIDTH, HEIGHT)
    assert fresh.stat().st_size < MOST_BYTES
    assert 0.5 < fresh.stat().st_size / KEPT.stat().st_size < 2

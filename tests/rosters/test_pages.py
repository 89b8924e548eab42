"""The room's guide for newcomers is true."""

import re
from pathlib import Path

import wfplan.rosters

ROOM = Path(wfplan.rosters.__file__).parent


def test_every_page_is_named_in_the_guide_and_there():
    pages = {path.stem for path in ROOM.glob("*.py")} - {"__init__"}
    assert pages == set(re.findall(r"``(\w+)``", wfplan.rosters.__doc__))

"""The room's guide for newcomers is true."""

import re
from importlib import import_module
from pathlib import Path

import pytest

import wfplan.scheduling

ROOM = Path(wfplan.scheduling.__file__).parent
PARTS = sorted(path.parent.name for path in ROOM.glob("*/__init__.py"))


@pytest.mark.parametrize("part", PARTS)
def test_every_page_of_a_part_is_named_in_its_guide_and_there(part):
    guide = import_module(f"wfplan.scheduling.{part}").__doc__
    pages = {path.stem for path in (ROOM / part).glob("*.py")} - {"__init__"}
    assert pages == set(re.findall(r"``(\w+)``", guide))


def test_the_guide_of_the_room_names_every_part():
    named = set(re.findall(r"``(\w+)``", wfplan.scheduling.__doc__))
    assert named == {*PARTS, "solve"}

"""The room's guide for newcomers is true."""

import re
from pathlib import Path

import wfplan.scheduling


def test_every_page_that_the_guide_names_is_there():
    folder = Path(wfplan.scheduling.__file__).parent
    named = set(re.findall(r"``(\w+)``", wfplan.scheduling.__doc__))
    assert len(named) > 20
    assert named <= {path.stem for path in folder.glob("*.py")}

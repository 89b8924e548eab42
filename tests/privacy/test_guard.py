"""The guard over the whole test run sees a name wherever one may slip."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wfplan.cli.talk import Talk
from wfplan.errors import Fault, InputError, InputFaultsError, OutputError

NAMED = "row 3: Canary Quillfeather"


@pytest.mark.parametrize(
    "slip",
    [
        lambda: InputError(NAMED),
        lambda: OutputError(f"{NAMED} cannot be written"),
        lambda: InputFaultsError([Fault("is unknown", file="agents.csv", column=NAMED)]),
        lambda: Talk("check", is_json=False, is_quiet=True).say(NAMED),
    ],
)
def test_a_name_in_a_message_fails_the_test_that_is_running(slip: Callable[[], object]) -> None:
    with pytest.raises(AssertionError, match="a message names"):
        slip()


def test_a_name_in_a_temporary_file_is_found(tmp_path) -> None:
    from importlib import util
    from pathlib import Path

    path = Path(__file__).parents[1] / "canary_guard.py"
    spec = util.spec_from_file_location("canary_guard", path)
    guard = util.module_from_spec(spec)
    spec.loader.exec_module(guard)
    (tmp_path / "kept.log").write_bytes(b"\0\xffQUILLFEATHER")
    (tmp_path / "fine.log").write_bytes(b"A002")
    assert guard.named_in(tmp_path) == [tmp_path / "kept.log"]

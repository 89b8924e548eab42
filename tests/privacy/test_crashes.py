"""A crash shows places in the code, and nothing of the people it worked on."""

from __future__ import annotations

import pytest

from wfplan.cli.crashes import print_where
from wfplan.errors import InputError
from wfplan.intake import load_plan

CANARY = "Canary Quillfeather"


def test_a_traceback_has_neither_locals_nor_texts_of_foreign_errors(capsys) -> None:
    def fail(name: str) -> None:
        try:
            raise KeyError(name)
        except KeyError as error:
            raise InputError("agents.csv:2 cannot be read") from error

    with pytest.raises(InputError) as caught:
        fail(CANARY)
    print_where(caught.value)
    said = capsys.readouterr().err
    assert CANARY not in said
    assert "builtins.KeyError (its text is left out)" in said
    assert said.rstrip().endswith("InputError: agents.csv:2 cannot be read")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.partition("\n")[2],  # no header
        lambda text: text.replace("A001,", "", 1),  # columns shifted
        lambda text: text.replace("A001", CANARY),  # a name for an id
        lambda text: text.replace("37.5", CANARY, 1),
        lambda text: text.replace("Europe/Dublin", CANARY, 1),
        lambda text: text.replace("2023-04-03", CANARY),
    ],
)
def test_no_message_about_a_bad_table_repeats_a_name(plan_folder, change) -> None:
    folder = plan_folder()
    path = folder / "agents.csv"
    text = path.read_text(encoding="utf-8").replace("Ada Quinn", CANARY)
    path.write_text(change(text.replace("ada.quinn", "canary.q")), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_plan(folder)
    said = str(caught.value) + "".join(str(f.as_dict()) for f in caught.value.faults)
    assert [word for word in ("Canary", "canary.q", "Ben Okoro") if word in said] == []

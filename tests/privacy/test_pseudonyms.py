"""Exports in which people are pseudonyms."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest

from wfplan.errors import ExportRefusedError, InputError
from wfplan.export import TARGETS, exported, key_of, pseudonym_of, pseudonymised_text
from wfplan.export.pseudonyms import pseudonymised_problem

KEY, OTHER = b"k" * 32, b"o" * 32
NAMES = ("Ada Quinn", "Canary Quillfeather", "Carla D", "A001", "A002", "A003", "@example")


def text_of(raw: bytes) -> str:
    """A file as text; of a workbook, all its parts."""
    if not raw.startswith(b"PK"):
        return raw.decode()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return "".join(archive.read(part).decode() for part in archive.namelist())


@pytest.mark.parametrize("name", [name for name, one in TARGETS.items() if one.has_people])
def test_no_exporter_names_anybody(synthetic, name: str) -> None:
    order = synthetic.order(previous=synthetic.schedule())
    files, _ = exported(name, order, key=KEY)
    text = "".join(f"{file}{text_of(raw)}" for file, raw in files.items())
    assert [word for word in NAMES if word in text] == []
    assert pseudonym_of("A001", KEY) in text
    plain = "".join(text_of(raw) for raw in exported(name, order)[0].values())
    assert text.count("START") == plain.count("START")


@pytest.mark.parametrize("name", [name for name, one in TARGETS.items() if not one.has_people])
def test_a_target_of_ids_refuses_pseudonyms(synthetic, name: str) -> None:
    with pytest.raises(ExportRefusedError, match="which pseudonyms have none of"):
        exported(name, synthetic.order(), key=KEY)


def test_pseudonyms_are_the_same_for_one_key_and_others_for_another() -> None:
    assert pseudonym_of("A001", KEY) == pseudonym_of("A001", KEY)
    assert len({pseudonym_of(f"A{n:03}", KEY) for n in range(1000)}) == 1000
    assert pseudonym_of("A001", KEY) != pseudonym_of("A001", OTHER)


def test_teams_under_five_people_are_left_out_and_never_told_by_the_rest(synthetic) -> None:
    sizes = {"Blue": 9, "Red": 5, "Tiny": 2}
    agents = tuple(
        synthetic.agent(f"{team}{n}", team=team, site="") for team, size in sizes.items()
        for n in range(size)
    )  # fmt: skip
    teams = [a.team for a in pseudonymised_problem(synthetic.problem(agents=agents), KEY).agents]
    assert {team: teams.count(team) for team in set(teams)} == {"Blue": 9, "": 7}


def test_a_page_names_nobody(synthetic) -> None:
    agents = synthetic.problem().agents
    page = "<a href='#p-A001'>A001</a> Ada Quinn; A0011; Carla D\\u00edaz, Carla Díaz"
    text = pseudonymised_text(page, agents, KEY)
    assert "A0011" in text
    assert [word for word in ("Ada", "Carla", "'#p-A001'", ">A001<") if word in text] == []


def test_a_name_with_quotes_is_found_as_templates_write_it(synthetic) -> None:
    agents = [synthetic.agent("A001", name='Zoë "Quotation" O\'Neil')]
    page = "<td>Zoë &#34;Quotation&#34; O&#39;Neil</td> Zoë &quot;Quotation&quot; O&#x27;Neil"
    assert "Quotation" not in pseudonymised_text(page, agents, KEY)


def test_a_page_of_people_with_mere_numbers_is_refused(synthetic) -> None:
    with pytest.raises(ExportRefusedError, match="ids such as 12 cannot be told from"):
        pseudonymised_text("12", [synthetic.agent("12")], KEY)


def test_a_key_is_made_once_and_is_its_owners(tmp_path) -> None:
    path = tmp_path / "pseudonyms.key"
    key = key_of(path)
    assert key_of(path) == key
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("secret")
    with pytest.raises(InputError, match="is no key of pseudonyms"):
        key_of(path)

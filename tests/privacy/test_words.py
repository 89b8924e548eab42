"""What looks like health information, in seven languages, and what only sounds like it."""

from __future__ import annotations

import pytest

from wfplan.domain.people import Agent
from wfplan.errors import UsageError
from wfplan.intake.privacy import (
    may_be_name,
    require_no_health,
    require_nobody,
    suggests_special_category,
    tells_health,
)

TOLD = """
Ada is ill|on sick leave|pregnant until May|her back pain|doctor's appointment|diagnosed in March
burn-out|burnout|he has depression|chemo on Mondays|migraines|in hospital|disability|unfit for work
krank gemeldet|arbeitsunfähig|Schwangerschaft|Arzttermin|Bandscheibe|Behinderung|ärztliches Attest
malade|arrêt maladie|arrêt de travail|enceinte|rendez-vous chez le médecin|congé maternité
enferma|baja médica|embarazada|incapacidad temporal|cita médica|depresión
malattia|malata|gravidanza|certificato medico|infortunio
ziek gemeld|zwanger|arbeidsongeschikt|naar de huisarts
doente|baixa médica|atestado|grávida|licença médica
SICK|Sick_Leave|mental health day|reason: illness
"""
NOT_TOLD = """
chat disabled for maintenance|depressed demand after the holidays|disable the queue|discuss rates
patience was shorter|no nights|starts after ten|part time from May|medical insurance line is down
injury claims peak after the storm|Krankenkasse schickt Briefe|Krankenversicherung mailing
assurance maladie: envoi de courriers|I'll cover|illustrated leaflet|Illinois|still open|bill run
marketing mail|price change|union square campaign|stressed servers|school holidays|Parkfest
baja la demanda|media hora|la medida nueva|enfermera en huelga|disabilitare la chat|incontro
ziekenhuis opent|ziektekostenverzekering|training|coaching|team meeting|kick-off|sickle
médiathèque|medición|mailing|operation hours change|recovery after the outage|Kurt|Artsen app
lesson|lesen
"""


def words(text: str) -> list[str]:
    """The texts of a list."""
    return [one for line in text.strip().splitlines() for one in line.split("|")]


@pytest.mark.parametrize("text", words(TOLD))
def test_health_is_recognised(text: str) -> None:
    assert tells_health(text)


@pytest.mark.parametrize("text", words(NOT_TOLD))
def test_what_only_sounds_like_health_is_let_through(text: str) -> None:
    assert not tells_health(text)


@pytest.mark.parametrize(
    "caption",
    [
        "Diagnosis", "Sick_Leave", "Reason for absence", "Krankheit", "Religion", "Ethnicity",
        "Santé", "Saúde", "Schwerbehindert", "Baja médica", "Ziekteverzuim", "Malattia",
        "Gewerkschaft", "sindacato", "Doença", "fit note",
    ],
)  # fmt: skip
def test_captions_of_special_categories_are_recognised(caption: str) -> None:
    assert suggests_special_category(caption)


@pytest.mark.parametrize(
    "caption", ["agent_id", "Scheduled Weekly Hours", "team", "Standort", "Kurs", "paid", "note",
                "cost_per_hour", "reunion", "terrace", "embrace"],
)  # fmt: skip
def test_other_captions_are_not(caption: str) -> None:
    assert not suggests_special_category(caption)


def test_a_reason_about_health_is_refused_and_not_repeated() -> None:
    with pytest.raises(UsageError, match="--reason looks like health information") as refused:
        require_no_health("Ada is on sick leave", "--reason")
    assert "Ada" not in str(refused.value)
    require_no_health("a storm", "--reason")


@pytest.mark.parametrize("text", ["ask Ada Quinn", "for A001", "ada.quinn@example.com agreed"])
def test_a_reason_that_is_kept_for_good_names_nobody(text: str) -> None:
    ada = Agent(
        agent_id="A001", name="Ada Quinn", email="ada.quinn@example.com", timezone="UTC",
        contract_type="x", contract_hours_week=38, min_hours_week=0, max_hours_week=40,
    )  # fmt: skip
    with pytest.raises(UsageError, match="--override names somebody") as refused:
        require_nobody(text, "--override", [ada])
    assert "Quinn" not in str(refused.value)
    require_nobody("a storm in A0011", "--override", [ada])


@pytest.mark.parametrize(
    ("text", "may_be"),
    [("Ada Quinn", True), ("Díaz, Carla", True), ("x@y.example", True), ("full_time", False),
     ("A001", False), ("37,5", False), ("Europe/Dublin", False), ("mon", False)],
)  # fmt: skip
def test_names_and_addresses_are_not_to_be_repeated(text: str, may_be: bool) -> None:
    assert may_be_name(text) is may_be

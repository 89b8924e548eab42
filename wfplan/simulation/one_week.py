"""One simulated week: drawn, then run."""

from __future__ import annotations

from wfplan.simulation.draws import draw_contacts, draw_people
from wfplan.simulation.engine import run_week
from wfplan.simulation.frames import Floor, empty_floor
from wfplan.simulation.model import Model


def empty_replication(model: Model, replication: int, seed: int) -> Floor:
    """The floor of one week before its first event: contacts and people drawn."""
    assumptions = model.assumptions
    contacts, first = draw_contacts(
        model.sources, seed, replication, assumptions.handle_law, assumptions.handle_cv
    )
    people, factor, stretches = draw_people(
        model.plan,
        seed,
        replication,
        absence_share=model.absence_share,
        unplanned_share=model.unplanned_share,
        spell_s=assumptions.spell_min * 60,
    )
    return empty_floor(model.centre, people, factor, stretches, contacts, first)


def run_replication(model: Model, replication: int, seed: int) -> Floor:
    """One week: its contacts with what became of them, its people, their time."""
    floor = empty_replication(model, replication, seed)
    run_week(floor)
    return floor

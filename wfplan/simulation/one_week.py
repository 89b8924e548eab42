"""One simulated week: drawn, then run."""

from __future__ import annotations

from wfplan.errors import InputError
from wfplan.simulation.draws import draw_contacts, draw_people
from wfplan.simulation.engine import run_week
from wfplan.simulation.frames import Floor, empty_floor, has_repeats
from wfplan.simulation.model import Model

MOST_REPEATS = 256  # per fresh contact, more are a mistake in the plan


def empty_replication(model: Model, replication: int, seed: int, room: int = 0) -> Floor:
    """The floor of one week before its first event, with room for contacts that follow others."""
    contacts, first = draw_contacts(model.sources, model.centre.customers, seed, replication, room)
    people, factor, stretches = draw_people(model.plan, model.losses, seed, replication)
    return empty_floor(model.centre, people, factor, stretches, contacts, first)


def run_replication(model: Model, replication: int, seed: int) -> Floor:
    """
    One week: its contacts with what became of them, its people, their time.

    Raises
    ------
    InputError
        When customers come back without end.
    """
    room = 0
    if has_repeats(model.centre):
        room = 1000 + int(sum(source.mean.sum() for source in model.sources))
    while True:
        floor = empty_replication(model, replication, seed, room)
        if run_week(floor):
            return floor._replace(contacts=floor.contacts[: floor.week[0]["contacts"]])
        fresh = len(floor.contacts) - room
        if room > MOST_REPEATS * (fresh + 1000):
            raise InputError(
                f"customers come back without end: {fresh} contacts were followed by more than "
                f"{room}, as nearly everybody comes back and few are answered. Lower the shares of "
                "redial, recontact or chase, or give the schedule more staff."
            )
        room *= 4

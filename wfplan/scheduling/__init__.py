"""Scheduling: one legal week for every named person, and a bound on how good it can be.

Where to begin reading, each part by itself; a part imports what stands before it:

- ``person``: one person's legal days, and her best week at given prices.
- ``service``: one slot, who serves what, and what one more is worth to customers.
- ``team``: what a problem becomes, and the oracle that the others ask.
- ``terms``: what a plan costs, term by term.
- ``blend``: the shifts of many people on one day, chosen together.
- ``search``: best responses and annealing.
- ``bound``, ``coupling``, ``stays``, ``rosters``: the proof of how far from best; rules
  that couple people; people who stay on one channel at a time; fixed shifts.
- ``why`` gives reasons for a plan, and what alternatives would cost.
- ``activities``: training, meetings, development, placed where service can bear it.
- ``shifts``: which shifts to offer for a demand, as a plain linear program.
- ``offers``: open shifts, overtime and time off where supply does not fit.
- ``conflict`` says why there is no plan, and what would have to give.
- ``solve`` is the room's line.
"""

from wfplan.scheduling.conflict import (
    long_text,
    refused_locks,
    relaxed_for_people,
    require_locks,
)
from wfplan.scheduling.solve import evaluate, solve
from wfplan.scheduling.team_conflicts import find_conflicts
from wfplan.scheduling.why import Standing, why_day, why_interval, why_person

__all__ = [
    "Standing",
    "evaluate",
    "find_conflicts",
    "long_text",
    "refused_locks",
    "relaxed_for_people",
    "require_locks",
    "solve",
    "why_day",
    "why_interval",
    "why_person",
]

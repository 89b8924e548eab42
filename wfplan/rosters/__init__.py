"""
Rosters from elsewhere, read back as schedules of a plan.

``sources`` reads files as bytes and says what they look like, ``reading`` finds the layout of
each (the content decides, not the name) and puts the parts together. One page per layout:
``canonical`` (wfplan-schedule/1, held against its ``schema``), ``long_table`` (schedule.csv),
``shift_list``, ``calendars`` (with ``own_events`` and ``own_text`` for those of wfplan),
``genesys``, ``graph`` (Teams) and ``connect``; ``documents`` is what JSON layouts share. They hand
over what is ``given``: shifts with their places in the file. ``known`` tells who and what the ids
are, ``chains`` makes shifts of loose stretches, ``assembling`` makes shifts of a plan, ``requests``
says which activities give what the plan asks for, ``period`` keeps the weeks that are asked for.
``told`` reads what an export said that people were told.
"""

from wfplan.rosters.period import in_its_period, roster_days
from wfplan.rosters.reading import LAYOUTS, Asked, Layout, Roster, read_roster
from wfplan.rosters.told import read_told

__all__ = [
    "LAYOUTS",
    "Asked",
    "Layout",
    "Roster",
    "in_its_period",
    "read_roster",
    "read_told",
    "roster_days",
]

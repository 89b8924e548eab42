"""Scheduling: one legal week for every named person, and a bound on how good it can be.

Where to begin reading, each page by itself:

- ``solve`` is the room's line. ``team`` is what a problem becomes: members with
  their legal days, kinds of people, and the curves of ``objective``.
- *One person.* ``patterns``, ``lengths``, ``arrays``, ``rests`` and ``days`` turn her
  limits into ``legal``, arrays on a ``grid`` of slots; ``week`` finds her best days
  at given prices (``labels``, ``worth``, ``budget``, ``pricing``), and ``oracle``
  is how others ask.
- *One slot.* ``spread`` says who serves what, ``slots`` what one person more or
  less is worth, ``coverage`` holds all slots.
- *The search.* ``search`` takes people out and puts them back, then ``anneal`` moves
  them about: ``moves``, ``redraw``, ``exchange``, on ``trial``; ``heat`` says how hot it
  begins. ``state`` and ``checkpoint`` are what a search goes on from, ``stages`` put
  some terms of the objective first.
- *What couples people* is priced between passes: ``people``, from ``people_facts``,
  ``duties`` and ``strain``. What is a person's own is in ``own_prices`` and ``own_terms``.
- *The bound.* ``bound`` proves; ``market`` finds the prices between ``buyers`` (with
  ``buying``) and ``sellers`` (with ``narrow``); ``certificate`` tells what stands between
  it and the plan.
- *Stays.* ``stay_search`` plans people who stay on one channel at a time: ``stays``
  fills a shift, ``tours`` and ``serving`` hold who serves what, ``stay_moves``,
  ``stay_proposals`` and ``stay_chain`` change it.
- *Rosters* of fixed shifts: ``roster``, ``rows``, ``recombine``, ``roster_search``.
- *In and out.* ``encode`` and ``decode`` between schedules and weeks; ``terms``,
  ``misses`` and ``conflict`` say what a plan costs, misses, and why there is none.
"""

from wfplan.scheduling.solve import evaluate, solve

__all__ = ["evaluate", "solve"]

"""Who stays free for contacts that must be answered now, while others do work that can wait.

A plan spreads people over channels; on the floor the same people serve all of
theirs, and whoever is idle would take up written work and be busy when the
telephone rings. The plan meant her to be there: what it has on a channel beyond
the channel's load is the reserve that keeps its promise (the threshold of
Bhulai and Koole 2003, one for every interval).

References
----------
.. [1] Bhulai, S., and G. Koole (2003). A queueing model for call blending in
       call centers. *IEEE Transactions on Automatic Control* 48(8): 1434-1438.
       https://doi.org/10.1109/TAC.2003.815038
"""

from __future__ import annotations

import numpy as np

from wfplan.domain.results import FloatArray, StaffNeed


def planned_reserve(need: StaffNeed, staff: FloatArray) -> FloatArray:
    """
    People whom a plan keeps free on each channel, (channel, interval).

    Parameters
    ----------
    staff
        Effective staff of the plan, (channel, interval).
    """
    reserve: FloatArray = np.maximum(staff - need.load_erlangs, 0.0)
    return reserve

"""How many people with authority and expertise each open interval needs.

References
----------
.. [1] Jagerman, D. L. (1975). Nonstationary blocking in telephone traffic. *Bell
       System Technical Journal* 54(3): 625-661 (Erlang B at the modified
       offered load).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.problem import Empowered
from wfplan.domain.results import DemandForecast, FloatArray
from wfplan.queueing import erlang_b
from wfplan.queueing.offered_load import modified


def with_escalations(demand: DemandForecast, empowered: Empowered) -> DemandForecast:
    """
    Demand whose handle times include the work of escalations.

    An escalated contact takes an empowered person ``handle_min`` beside the
    handle time of who answered it. Those people serve the same channels, so
    a contact is worth ``share_of_contacts * handle_min`` minutes more of work
    on average. Only the mean of handle times changes, not the shape of their
    law.
    """
    extra_s = empowered.share_of_contacts * empowered.handle_min * 60
    return replace(demand, aht_s=demand.aht_s + extra_s) if extra_s > 0 else demand


def empowered_minimum(
    empowered: Empowered,
    contacts: FloatArray,
    realtime_open: NDArray[np.bool_],
    interval_min: int,
) -> FloatArray:
    """
    Empowered heads wanted in every interval, shape (interval,).

    Exceptions are ``share_of_contacts`` of the ``contacts`` of all channels
    and are to find somebody free with probability ``answer_share`` (Erlang B,
    for an exception that waits is not planned for). An exception lasts about
    as long as an interval, so the load is that in hand [1]_, of a week that
    the weeks before resembled. Nobody is wanted where no realtime channel is
    open.
    """
    load = modified(
        empowered.share_of_contacts * contacts / interval_min * 60,
        empowered.handle_min * 60,
        interval_min * 60,
        start_erlangs=None,
    ).mean_erlangs
    free = erlang_b.required_staff(load, blocking_max=1 - empowered.answer_share)
    wanted = np.maximum(free, empowered.staff_min).astype(np.float64)
    return np.where(realtime_open, wanted, 0.0)

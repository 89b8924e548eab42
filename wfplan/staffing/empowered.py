"""How many people with authority and expertise each open interval needs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.problem import Empowered
from wfplan.domain.results import FloatArray
from wfplan.queueing import erlang_b


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
    for an exception that waits is not planned for). Nobody is wanted where no
    realtime channel is open.
    """
    load = empowered.share_of_contacts * contacts / interval_min * empowered.handle_min
    free = erlang_b.required_staff(load, blocking_max=1 - empowered.answer_share)
    wanted = np.maximum(free, empowered.staff_min).astype(np.float64)
    return np.where(realtime_open, wanted, 0.0)

"""What may be assumed instead of what a plan says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from wfplan.errors import InputError, did_you_mean
from wfplan.simulation.chance import LAWS


@dataclass(frozen=True)
class Assumptions:
    """
    What is to be assumed instead of what the plan says; ``None`` is what it says.

    ``handle_law`` and ``handle_cv`` hold for all channels; channels in
    ``priority`` with smaller numbers go first; ``absence`` is the chance of not
    coming to the shifts of an agent and date, where it is another than the
    plan's. (Handle times of call centres
    are log-normal with a coefficient of variation of about 1.2 [1]_, which is
    what plans say by default.)

    References
    ----------
    .. [1] Brown, L., et al. (2005). Statistical analysis of a telephone call
           center: a queueing-science perspective. *JASA*, 100(469): 36-50.
           https://doi.org/10.1198/016214504000001808
    """

    handle_law: str | None = None
    handle_cv: float | None = None
    spell_min: float | None = None
    priority: Mapping[str, int] = field(default_factory=dict)
    absence: Mapping[tuple[str, date], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.handle_law not in (None, *LAWS):
            meant = did_you_mean(str(self.handle_law), LAWS)
            raise InputError(
                f"handle_law = '{self.handle_law}' is not a law of handle times: "
                f"use {', '.join(LAWS)}{f' ({meant})' if meant else ''}."
            )
        for name in ("handle_cv", "spell_min"):
            value = getattr(self, name)
            if value is not None and not 0 < value < np.inf:
                raise InputError(f"{name} = {value} must be above 0 and finite.")
        for (agent_id, day), share in self.absence.items():
            if not 0 <= share < 1:
                raise InputError(f"absence of {agent_id} on {day}: {share} is no share below 1.")

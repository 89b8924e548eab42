"""How long a plan waits for its bound."""

from __future__ import annotations

from time import monotonic

from wfplan.domain.progress import Stop

_LEAST_S = 5.0  # small searches end sooner than the first prices settle
_SHARE = 0.2  # of the search's time: the last rounds of a bound prove little more


class SoonAfter(Stop):
    """A stop that is due when another one is, or soon after the search beside has ended."""

    def __init__(self, asked: Stop) -> None:
        super().__init__(asked.passes, asked.seconds, asked.work, asked.interrupt, asked.started)
        self._asked = asked
        self._begun = monotonic()
        self._until = float("inf")

    @property
    def is_due(self) -> bool:
        """Whether the other one is due, or the search ended too long ago."""
        return self._asked.is_due or monotonic() >= self._until

    def search_ended(self) -> None:
        """Wait for a share of the search's time from now on."""
        now = monotonic()
        self._until = now + max(_LEAST_S, _SHARE * (now - self._begun))

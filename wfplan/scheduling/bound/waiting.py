"""How long a plan waits for its bound."""

from __future__ import annotations

from time import thread_time

from wfplan.domain.progress import Stop

_LEAST_S = 10.0  # the first prices of small teams settle in less, kernels compiled
_SHARE = 1.2  # of the search's time: what the last rounds of a bound prove is little


class SoonAfter(Stop):
    """
    A stop that is due when another one is, or soon after the search beside has ended.

    The bound has a little more time than the search, counted in processor
    seconds of both threads: other work on the machine changes no result.
    """

    def __init__(self, asked: Stop) -> None:
        """Begin to count the search's time, in its own thread."""
        super().__init__(asked.passes, asked.seconds, asked.work, asked.interrupt, asked.started)
        self._asked = asked
        self._search_from = thread_time()
        self._bound_from: float | None = None
        self._most_s = float("inf")

    @property
    def is_due(self) -> bool:
        """Whether the other one is due, or the bound's thread, which asks, has had its time."""
        if self._bound_from is None:
            self._bound_from = thread_time()
        return self._asked.is_due or thread_time() - self._bound_from >= self._most_s

    def search_ended(self) -> None:
        """Give the bound a little more time than the search took until now, in its own thread."""
        self._most_s = max(_LEAST_S, _SHARE * (thread_time() - self._search_from))

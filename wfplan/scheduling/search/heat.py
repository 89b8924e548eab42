"""The temperatures of an annealing: how hot it begins, and how it cools.

A falling temperature is a search at first and a descent in the end (Kirkpatrick,
Gelatt and Vecchi 1983, doi:10.1126/science.220.4598.671).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

_FIRST = 0.7  # temperature in spreads of what a person is worth
_HOTTER = 1.3  # a pass
_RISE_SHARE = 0.08  # of the budget in which the temperature may rise
_COLD = 0.1  # last temperature, in hottest ones
_WARM = 0.3  # temperature of a plan that is warmed up again, in hottest ones
_COOLING = 1 / 600  # of a budget: where a pass is less of it, there is time for several coolings


@dataclass(frozen=True)
class Heat:
    """
    The temperatures of an annealing, in harm points.

    How hot is hot enough depends on the team, its shifts and how good the plan is
    already: the temperature rises until a pass leaves the plan no better than it
    was in the beginning, and falls from there. Where there is time for few passes it
    does not rise far; where there is time for very many, it falls several times,
    each time but the first from less far up.
    """

    hot: float = 0.0
    enough: float = 0.0  # harm points of the plan in the beginning
    is_rising: bool = False
    coolings: int = 0  # in the budget; 0 as long as nobody knows

    @classmethod
    def begin(cls, spread: float, cost: float) -> Heat:
        """From how much what a person is worth varies from slot to slot, and the plan's cost."""
        return cls(_FIRST * spread, cost, is_rising=True)

    def at(self, progress: float) -> float:
        """The temperature when a share of the budget is used."""
        if self.is_rising:
            return self.hot
        turn = self.turn(progress)
        top = _WARM if turn else 1.0
        within = progress * max(self.coolings, 1) - turn
        return float(self.hot * top * (_COLD / top) ** within)

    def turn(self, progress: float) -> int:
        """Which of the coolings it is, from 0 on."""
        return min(int(progress * self.coolings), max(self.coolings - 1, 0))

    def planned(self, share: float) -> Heat:
        """So many coolings as there is time for, a pass being a share of the budget."""
        if self.coolings or self.is_rising:
            return self
        return replace(self, coolings=max(int(_COOLING / max(share, 1e-9)), 1))

    def after(self, progress: float, is_enough: bool) -> Heat:
        """What a pass has shown."""
        if not self.is_rising:
            return self
        if is_enough or progress > _RISE_SHARE:
            return replace(self, is_rising=False)
        return replace(self, hot=self.hot * _HOTTER)

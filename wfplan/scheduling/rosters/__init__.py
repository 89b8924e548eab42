"""Rosters of fixed shifts, where what is planned is who has which shift on which day.

``roster`` is such a problem and ``rows`` the best row of one person at given
prices; ``recombine`` puts known rows together, ``swaps`` exchanges parts of two,
and ``roster_search`` does so in turn.
"""

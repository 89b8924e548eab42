"""The terms of the objective, told one by one, each in its own unit.

``customers`` is their harm with its tail; ``people`` prices what people share,
from ``duties`` and ``strain``, and ``settled`` spreads them for both;
``own_terms`` is what is a person's own.
``activities`` is what has no place. ``terms`` adds them up, ``stages`` puts some of
them first, ``misses`` says which promises a plan does not keep, and ``over_caps`` who is
above a cap of the ledger.
"""

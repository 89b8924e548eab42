"""One person: her legal days, and the best of them at given prices.

``patterns``, ``lengths``, ``arrays``, ``rests`` and ``days`` turn her limits into
``legal``, arrays on a ``grid`` of slots; ``week`` finds her best days at given
prices (``labels``, ``worth``, ``budget``), and ``pricing`` is how others ask;
``kept`` puts the shifts of a kept plan among hers.
"""

"""Rules that couple people, where prices in the search were not enough.

``repair`` takes the few people concerned out and lets ``sat`` (in ``sat_child``, a
process of its own) choose among their ``columns`` as ``choosing`` says;
``impossible`` and ``unkept`` say which rules nobody can keep, or nobody kept.
"""

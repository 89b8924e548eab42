"""Activities: what people asked for beside service, placed where service can bear it.

``worths`` is what a person's best week is worth with a session at each moment. ``meeting``
chooses times and groups of all that meet, ``pieces`` the moments of those who sit alone;
``placing`` puts single sessions into a search, and ``arranging`` all of them, and moves
them where prices have changed. ``stuck`` says why something has no place.
"""

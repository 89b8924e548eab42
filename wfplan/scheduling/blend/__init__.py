"""Whole days put together anew: the shifts of many people at once, their breaks left open.

``candidates`` are what one person may have on some days, and ``program`` chooses among
those of all, with ``sums`` for its variables and rows.
"""

"""People who stay on one channel at a time, for shortest and longest stays.

``stay_search`` plans them: ``stays`` fills a shift, ``tours`` and ``serving`` hold who
serves what, ``stay_moves``, ``stay_proposals`` and ``stay_chain`` change it.
"""

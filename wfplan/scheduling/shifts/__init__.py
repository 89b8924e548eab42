"""Which shifts to offer for a demand, and how many people of each group: small plain programs.

``templates`` and ``crews`` are the parts, ``cover`` the arrays and the choice of
templates, ``program`` what is written in PuLP, ``solver`` how it is solved,
``design`` the line.
"""

from wfplan.scheduling.shifts.design import ShiftDesign, ShiftQuestion, design_shifts

__all__ = ["ShiftDesign", "ShiftQuestion", "design_shifts"]

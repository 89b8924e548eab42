"""Which shifts to offer for a demand, and how many people of each group: small plain programs.

``templates`` and ``crews`` are the parts, ``cover`` the arrays and the choice of
templates, ``program`` what is written in PuLP, ``solver`` how it is solved,
``rounding`` where it is too large for that, ``answer`` what comes out, ``design`` the line.
"""

from wfplan.scheduling.shifts.answer import ShiftDesign, ShiftQuestion
from wfplan.scheduling.shifts.design import design_shifts

__all__ = ["ShiftDesign", "ShiftQuestion", "design_shifts"]

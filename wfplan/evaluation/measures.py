"""Both sides of the loop: what a week means to customers and to staff.

Neither stands without the other: a plan with a failing side, or with one of
which nothing is known, is not ready to publish. Definitions are in each
figure, so that no number is read without them.
"""

from __future__ import annotations

from wfplan.domain.results import Run
from wfplan.evaluation.customers import customer_figures
from wfplan.evaluation.figures import BothSides
from wfplan.evaluation.load import load_figures
from wfplan.evaluation.promises import WeekOfPromises
from wfplan.evaluation.series import Series
from wfplan.evaluation.staff import staff_figures


def both_sides(run: Run, promises: WeekOfPromises | None = None) -> BothSides:
    """
    The numbers of the week for customers and staff, with targets and verdicts.

    Reads the simulated outcome, the schedule, the ledger and the audit of the
    run; nothing is simulated or planned again. ``promises`` are those of the run where they
    are counted already.
    """
    series, promises = Series(run.outcome), promises or WeekOfPromises.of(run)
    return BothSides(
        customers=customer_figures(run, series),
        staff=(*staff_figures(run, series, promises.facts), *load_figures(promises)),
    )

"""What planned work does to people: the overload ledger, and burdens shared with memory."""

from wfplan.engagement.absence import ODDS_MOST, absence_shares
from wfplan.engagement.fairness import (
    BURDENS,
    BurdenBook,
    burden_book,
    gini,
    is_there,
    shift_burdens,
)
from wfplan.engagement.ledger import ledger_measures, overload_ledger
from wfplan.engagement.occupancy import occupancy_curves, planned_occupancy
from wfplan.engagement.promises import (
    PROTECTED,
    PROTECTED_WEEKS,
    WishBook,
    cancelled_lately,
    credit_weights,
    is_cancelled,
    protected,
    wish_books,
)
from wfplan.engagement.strain import STRAIN_TABLE, StrainTable

__all__ = [
    "BURDENS",
    "ODDS_MOST",
    "PROTECTED",
    "PROTECTED_WEEKS",
    "STRAIN_TABLE",
    "BurdenBook",
    "StrainTable",
    "WishBook",
    "absence_shares",
    "burden_book",
    "cancelled_lately",
    "credit_weights",
    "gini",
    "is_cancelled",
    "is_there",
    "ledger_measures",
    "occupancy_curves",
    "overload_ledger",
    "planned_occupancy",
    "protected",
    "shift_burdens",
    "wish_books",
]

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
from wfplan.engagement.ledger import ledger_measures, other_tables, overload_ledger
from wfplan.engagement.occupancy import occupancy_curves, planned_occupancy
from wfplan.engagement.promises import (
    PROTECTED,
    PROTECTED_WEEKS,
    WishBook,
    cancelled_lately,
    credit_of,
    credit_weights,
    is_cancelled,
    protected,
    wish_books,
)
from wfplan.engagement.wishes import Wish, is_clear, wishes_of

__all__ = [
    "BURDENS",
    "ODDS_MOST",
    "PROTECTED",
    "PROTECTED_WEEKS",
    "BurdenBook",
    "Wish",
    "WishBook",
    "absence_shares",
    "burden_book",
    "cancelled_lately",
    "credit_of",
    "credit_weights",
    "gini",
    "is_cancelled",
    "is_clear",
    "is_there",
    "ledger_measures",
    "occupancy_curves",
    "other_tables",
    "overload_ledger",
    "planned_occupancy",
    "protected",
    "shift_burdens",
    "wish_books",
    "wishes_of",
]

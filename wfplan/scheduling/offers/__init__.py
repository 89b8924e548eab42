"""Offers where supply does not fit demand: open shifts, overtime, voluntary time off.

``market`` has the prices, ``chances`` what one person could be offered, ``offers``
chooses.
"""

from wfplan.scheduling.offers.offers import OFFERS_MAX, find_offers, taken

__all__ = ["OFFERS_MAX", "find_offers", "taken"]

"""What planned work does to people: the overload ledger."""

from wfplan.engagement.ledger import overload_ledger
from wfplan.engagement.strain import STRAIN_TABLE, StrainTable

__all__ = ["STRAIN_TABLE", "StrainTable", "overload_ledger"]

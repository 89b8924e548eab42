"""Example plan folders from a seeded generator; everybody and everything in them is invented."""

from wfplan.intake.examples.kinds import EXAMPLES
from wfplan.intake.examples.write import write_example

__all__ = ["EXAMPLES", "write_example"]

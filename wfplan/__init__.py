"""wfplan: workforce planning and engagement optimisation for contact centres.

Read :mod:`wfplan.pipeline` first: it is the whole week in one line.
"""

__version__ = "0.1.0"

"""The bound: no plan of this team can be better.

``bound`` proves; ``market`` finds the prices between ``buyers`` (with ``buying``)
and ``sellers`` (with ``narrow``) by ``climbing``; ``certificate`` tells what stands
between it and the plan.
"""

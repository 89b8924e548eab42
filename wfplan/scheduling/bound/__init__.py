"""The bound: no plan of this team can be better.

``bound`` proves; ``market`` finds the prices between ``buyers`` (with ``buying``)
and ``sellers`` (with ``narrow``; who are ``alike`` sell the same) by ``climbing``;
``certificate`` tells what stands between it and the plan, ``waiting`` how long a plan
waits for it.
"""

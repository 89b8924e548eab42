"""The search for a plan: best responses, then annealing.

``search`` takes people out and puts them back, then ``annealing`` moves them about
by ``anneal``: ``moves``, ``redraw``, ``exchange``, on ``trial``; ``turns`` shares out
the order, ``heat`` says how hot it is. Where shifts are rigid ``whole_days`` chooses the
days of everybody anew. ``state`` and ``checkpoint`` are what a search goes on from;
``least_change`` is the search that begins with a plan people know.
"""

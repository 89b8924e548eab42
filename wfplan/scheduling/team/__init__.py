"""What a problem becomes: members with their legal days, kinds of people, and curves.

``team`` holds them, and ``oracle`` asks for a member's best week; ``encode`` and
``decode`` go between schedules and weeks; ``kept`` is what people were told, as limits
and prices, ``as_told`` a plan in its words, and
``fingerprint`` what a plan is an answer to. ``couples`` are the rules that count heads
or money of several people, and ``tally`` counts them; ``own_prices`` is what is a
person's own, and ``people_facts`` what is known of people before the week. ``asked`` is
what is asked for beside service, and ``sessions`` are the stretches of shifts given to it.
``usual_start`` prices a start far from where a person's shifts usually begin.
"""

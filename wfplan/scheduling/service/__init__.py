"""One slot: who serves what, and what one person more or less is worth to customers.

``objective`` has the curves of harm, ``spread`` says who serves what, ``slots``
what one more is worth, ``coverage`` holds all slots.
"""

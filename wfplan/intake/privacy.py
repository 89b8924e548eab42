"""What wfplan refuses to read: special categories of personal data (GDPR, article 9).

A caption that suggests them keeps its whole column unread; a free text that
looks like health information is pointed at without being repeated (a team may
well be called "Cancer support", so it is no fault). Word stems of
English, German, French and Spanish; a stem must begin a word.
"""

from __future__ import annotations

import re

_HEALTH = (
    "diagnos|illness|disease|disab|medical|medicat|pregnan|maternity|sick|migraine|asthma|"
    "depress|anxiety|cancer|surger|surgical|therap|diabet|epilep|allerg|injur|burnout|"
    "krank|behinder|schwanger|mutterschutz|schwerbehind|arzt|maladie|grossesse|handicap|"
    "enfermedad|embarazo|discapacidad|doctor'?s"
)
_SPECIAL = (
    f"{_HEALTH}|health|gesundheit|sant[eé]\\b|salud\\b|relig|confession|ethnic|ethnie|"
    "race\\b|racial|union\\b|trade_?union|gewerkschaft|syndicat|sindicat|sexual|orientation|"
    "genetic|biometr|political|belief|konfession"
)
_HEALTH_WORD = re.compile(rf"(?<![a-z])(?:{_HEALTH})", re.IGNORECASE)
_SPECIAL_WORD = re.compile(rf"(?<![a-z])(?:{_SPECIAL})", re.IGNORECASE)


def suggests_special_category(caption: str) -> bool:
    """Whether a column caption suggests data that wfplan must not hold."""
    return bool(_SPECIAL_WORD.search(caption))


def tells_health(text: str) -> bool:
    """Whether a free text looks like information about somebody's health."""
    return bool(_HEALTH_WORD.search(text))

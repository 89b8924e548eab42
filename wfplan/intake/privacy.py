"""What wfplan refuses to read: special categories of personal data (GDPR, article 9).

A caption that suggests them keeps its whole column unread. A free text that looks like
information about somebody's health is refused without being repeated: wfplan needs what is
planned, never why. Only names of teams, sites and days may look like it (a team may well be
called "Cancer support"): they are pointed at. Words of English, German, French, Spanish,
Italian, Dutch and Portuguese, without accents; a stem must begin a word. A caption is held
against broad stems; a text against closer ones, since "chat disabled" and "depressed demand"
tell nothing of anybody.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from wfplan.domain.people import Agent
from wfplan.errors import UsageError

_CAPTIONS = (
    "diagnos|illness|disease|disab|medical|medicat|pregnan|maternity|sick|migraine|asthma|"
    "depress|anxiety|cancer|surger|surgical|therap|diabet|epilep|allerg|injur|burn.?out|"
    "wheelchair|mental|fit.?note|absence.?reason|reason.?for.?absence|"
    "krank|behinder|schwanger|mutterschutz|schwerbehind|arzt|arbeitsunfahig|fehlgrund|attest|"
    "maladie|grossesse|handicap|invalidite|arret.?de.?travail|"
    "enfermedad|embarazo|discapacidad|baja.?medica|incapacidad|"
    "malattia|gravidanza|invalidita|infortunio|"
    "ziek|zwanger|arbeidsongeschikt|"
    "doenca|gravidez|deficiencia|atestado|baixa.?medica|"
    "doctor'?s"
)
_SPECIAL = (
    f"{_CAPTIONS}|health|gesundheit|sante\\b|salud\\b|salute\\b|saude\\b|gezondheid|relig|"
    "confession|ethnic|ethnie|etnia\\b|race\\b|racial|union\\b|trade_?union|gewerkschaft|syndicat|"
    "sindicat|sindacat|vakbond|sexual|orientation|genetic|biometr|political|belief|konfession"
)
_TEXTS = (
    # English
    "diagnos|illness|ill\\b(?![-.])|unwell\\b|disease|disabilit(?:y|ies|a\\b)|"
    "disabled (?:person|people|worker|"
    "employee|colleague|agent|by)|(?:is|registered) disabled|medical(?! (?:insur|line\\b|queue|"
    "team|claim|suppl|desk|centre|center))|medicat|pregnan|maternity|miscarr|menopaus|sick(?!l)|"
    "migraine|asthma|headache|fever\\b|depression|depressive|depressed(?! (?:demand|volume|sales|"
    "market|call))|anxiety|cancer\\b|chemo|surgery|surgical|therap(?:y|ist|ies)|diabet|epilep|"
    "allerg(?!ic to change)|injur(?!y (?:claim|law|line))|burn-?out\\b|"
    "mental(?:ly)? (?:health|ill)|"
    "covid|hiv\\b|autis|adhd\\b|dyslex|bipolar|insomnia|back (?:pain|problem)|hospitali[sz]|"
    "(?:in|to|at) (?:the )?hospital\\b|wheelchair|dialysis|rehab|unfit (?:for|to) work|fit note|"
    "doctor'?s\\b|(?:gp|doctor|dentist|clinic) (?:appointment|visit|note)|"
    # German
    "krank(?!enkass|enversicher|enhaus)|erkrank|behinder(?:ung|t)|schwerbehind|schwanger|"
    "mutterschutz|arzt(?!praxen)|arztlich|arbeitsunfahig|attest\\b|bandscheib|reha\\b|"
    "wiedereingliederung|entbindung|grippe\\b|operiert|"
    # French
    "(?<!assurance )malad|grossesse|enceinte\\b|handicap|arret (?:de travail|maladie)|medecin|"
    "medicales?\\b|medicaux|hospitalis|depressi(?:f|ve|on)|blessure|chirurg|maternite|invalidite|"
    "inaptitude|"
    # Spanish
    "enferm(?!er[ao])|embaraz|discapacid|baja (?:medica|por|laboral)|medic[oa]s?\\b|cirugia|"
    "lesion(?:es|ad)?|depresion|terapia|incapacidad|maternidad|migrana|alergi|minusval|"
    # Italian
    "malatti|malat[oaie]\\b|gravidanz|incint[ae]\\b|infortuni|ospedal|depressione|emicrani|"
    # Dutch
    "ziek(?!tekosten|enhuis)|zwanger|gehandicapt|arbeidsongeschikt|huisarts|medische?\\b|"
    "depressie|bevallingsverlof|blessure|"
    # Portuguese
    "doenca|doente|gravid[ae]|deficiencia|baixa medica|atestado|cirurgia|lesao\\b|depressao|"
    "licenca (?:medica|maternidade)|enxaqueca"
)
_TEXT_WORD = re.compile(rf"(?<![a-z'])(?:{_TEXTS})")
_SPECIAL_WORD = re.compile(rf"(?<![a-z])(?:{_SPECIAL})")
_MAY_BE_NAME = re.compile(r"[^\W\d_a-z][\w'’.-]*(?:,? [^\W\d_a-z][\w'’.-]*){1,4}")
_LEAST_NAME = 3  # letters; a shorter name is a word like others


def suggests_special_category(caption: str) -> bool:
    """Whether a column caption suggests data that wfplan must not hold."""
    return bool(_SPECIAL_WORD.search(_plain(caption)))


def tells_health(text: str) -> bool:
    """Whether a free text looks like information about somebody's health."""
    return bool(_TEXT_WORD.search(_plain(text)))


def may_be_name(text: str) -> bool:
    """Whether a text may be somebody's name or address, so that no message may repeat it."""
    return "@" in text or bool(_MAY_BE_NAME.fullmatch(text.strip()))


def require_no_health(text: str, what: str) -> None:
    """
    Refuse a text of the command line that looks like information about somebody's health.

    Raises
    ------
    UsageError
        Without repeating the text.
    """
    if tells_health(text):
        raise UsageError(
            f"{what} looks like health information, so it is neither kept nor repeated: say what "
            "is planned, not why."
        )


def require_nobody(text: str, what: str, agents: Iterable[Agent]) -> None:
    """
    Refuse a text that is kept for good and names one of the people of a plan.

    Raises
    ------
    UsageError
        Without repeating the text.
    """
    words = {word for one in agents for word in (one.agent_id, one.name, one.email)}
    named = [
        word
        for word in words
        if len(word) >= _LEAST_NAME
        and not word.isdigit()
        and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
    ]
    if named:
        raise UsageError(
            f"{what} names somebody, but the log keeps it for good, and people can ask to be "
            "forgotten: say it without the names and ids of people."
        )


def _plain(text: str) -> str:
    """Small letters without accents."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in folded if not unicodedata.combining(letter))

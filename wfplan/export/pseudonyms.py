"""
People behind pseudonyms: the same for one key, and nobody's without it.

A pseudonym is the start of HMAC-SHA-256 (RFC 2104) of the ``agent_id``: stable, so that weeks
can be put side by side, and without the key neither read back nor guessed from known ids. The
key is a file of the user's; whoever deletes it makes every pseudonym final. Teams and sites of
fewer than five people are left out, and with them the next larger one where the rest would tell.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from wfplan.domain.atomic import write_file
from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.schedule import Schedule, Shift
from wfplan.domain.schedule_rows import DatedShift
from wfplan.domain.spellings import spellings
from wfplan.errors import ExportRefusedError, InputError

KEY_FILE = "pseudonyms.key"
LEAST_PEOPLE = 5
_KEY_BYTES = 32
_LETTERS = 12
_TELLING = re.compile(r"(?=.*[A-Za-z])(?=.*[0-9])[A-Za-z0-9._-]{4,64}")


def key_of(path: Path) -> bytes:
    """
    The key in a file; made, for its owner's eyes only, where there is none.

    Raises
    ------
    InputError
        When the file holds no key.
    OutputError
        When it cannot be made.
    """
    if not path.exists():
        write_file(path, f"{secrets.token_hex(_KEY_BYTES)}\n".encode())
        path.chmod(0o600)
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        key = b""
    if len(key) < _KEY_BYTES:
        raise InputError(
            f"{path} is no key of pseudonyms: it must hold {2 * _KEY_BYTES} hexadecimal digits. "
            "Give another --key; where the file is missing, one is made."
        )
    return key


def pseudonym_of(agent_id: str, key: bytes) -> str:
    """``p-3f9c2a7be041``."""
    return f"p-{hmac.digest(key, agent_id.encode(), 'sha256').hex()[:_LETTERS]}"


def pseudonymised_problem(problem: PlanningProblem, key: bytes) -> PlanningProblem:
    """A plan whose people have pseudonyms, no names, and no small team or site."""
    teams = _shown(agent.team for agent in problem.agents)
    sites = _shown(agent.site for agent in problem.agents)
    agents = [
        agent.model_copy(
            update={
                "agent_id": pseudonym_of(agent.agent_id, key),
                "name": "",
                "email": "",
                "team": agent.team if agent.team in teams else "",
                "site": agent.site if agent.site in sites else "",
            }
        )
        for agent in problem.agents
    ]
    agents.sort(key=lambda agent: agent.agent_id)
    return problem.model_copy(update={"agents": tuple(agents)})


def pseudonymised_schedule(schedule: Schedule, key: bytes) -> Schedule:
    """A schedule whose shifts are of pseudonyms, their ids too."""
    shifts = [_pseudonymised_shift(shift, key) for shift in schedule.shifts]
    shifts.sort(key=lambda shift: (shift.agent_id, shift.start))
    return schedule.model_copy(update={"shifts": tuple(shifts)})


def pseudonymised_told(told: Iterable[DatedShift], key: bytes) -> tuple[DatedShift, ...]:
    """What was told, of pseudonyms."""
    return tuple(replace(dated, shift=_pseudonymised_shift(dated.shift, key)) for dated in told)


def _pseudonymised_shift(shift: Shift, key: bytes) -> Shift:
    return shift.model_copy(
        update={
            "agent_id": pseudonym_of(shift.agent_id, key),
            "shift_id": f"s{pseudonym_of(shift.shift_id, key)[1:]}",
        }
    )


def pseudonymised_text(text: str, agents: Iterable[Agent], key: bytes) -> str:
    """
    A page with pseudonyms in place of ids, and without names and addresses.

    Raises
    ------
    ExportRefusedError
        When ids are mere numbers or short words, which nobody can tell from others in a text.
    """
    people = list(agents)
    unfit = sorted(one.agent_id for one in people if not _TELLING.fullmatch(one.agent_id))
    if unfit:
        raise ExportRefusedError(
            f"ids such as {unfit[0]} cannot be told from other words and numbers of a page: "
            "pseudonymise the schedule instead (wfplan export RUN --pseudonymise)."
        )
    words = _words(people, key)
    longest = sorted(words, key=len, reverse=True)
    either = "|".join(map(re.escape, longest))
    pattern = re.compile(rf"(?<![A-Za-z0-9])(?:{either})(?![A-Za-z0-9])")
    return pattern.sub(lambda found: words[found[0]], text) if words else text


def _words(agents: Iterable[Agent], key: bytes) -> Mapping[str, str]:
    """What stands for each id, name and address, in the spellings of a page."""
    found: dict[str, str] = {}
    for agent in agents:
        instead = pseudonym_of(agent.agent_id, key)
        for word in (agent.name, agent.email):
            forms = spellings(word)
            found |= dict.fromkeys(forms | {form.lower() for form in forms}, "")
        found[agent.agent_id.lower()] = instead  # a page is searched in small letters
        found[agent.agent_id] = instead
    return found


def _shown(groups: Iterable[str]) -> set[str]:
    """The groups that are large enough; more are left out where a remainder would be small."""
    counts = sorted(Counter(groups).items(), key=lambda item: (item[1], item[0]))
    hidden = 0
    shown: set[str] = set()
    for name, count in counts:
        if count < LEAST_PEOPLE or 0 < hidden < LEAST_PEOPLE:
            hidden += count
        else:
            shown.add(name)
    return shown

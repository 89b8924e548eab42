"""HR's limits of a plan: the table of constraints, the survey scores, and what both amount to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wfplan.domain.people import Agent
from wfplan.intake.book import FaultBook
from wfplan.intake.constraint_conflicts import check_together
from wfplan.intake.constraint_people import Crowd
from wfplan.intake.constraints import read_constraints
from wfplan.intake.reading import Sheet
from wfplan.intake.settings import Settings
from wfplan.intake.surveys import read_survey
from wfplan.rules.hr_limits import setting_of, weeks_of


@dataclass(frozen=True)
class Given:
    """The plan that the limits belong to; ``ids`` are of all its people, good or not."""

    agents: tuple[Agent, ...]
    ids: frozenset[str]
    settings: Settings

    @property
    def crowd(self) -> Crowd:
        """Whom limits can be about."""
        given = self.settings
        return Crowd(
            self.agents, self.ids, given.skills, given.contract_names, given.packs,
            given.site_packs,
        )  # fmt: skip

    @property
    def reference_weeks(self) -> int:
        """Weeks over which the site's packs take averages of paid hours."""
        packs = self.settings.packs
        return weeks_of(
            rule for name in self.settings.site_packs if name in packs for rule in packs[name].rules
        )


def hr_limits(given: Given, sheets: Mapping[str, Sheet | None], book: FaultBook) -> dict[str, Any]:
    """
    The fields of the problem that HR's limits fill: constraints, rules, survey.

    Where people or plan have faults the limits are read all the same; whether they
    hold together is asked only without.
    """
    crowd, weeks = given.crowd, given.reference_weeks
    rows = read_constraints(sheets.get("constraints"), crowd, weeks, book)
    if not book.faults:
        check_together(rows, given.agents, given.settings.contracts, book)
    own = tuple(given.settings.plan_rules.values())
    made = (setting_of(row, weeks) for row in rows)
    survey = read_survey(sheets.get("survey_groups"), crowd, given.settings.policy, book)
    return {
        "constraints": rows,
        "plan_rules": (*own, *(setting for setting in made if setting is not None)),
        "survey": survey,
    }

"""Activities in exports: their code and a name that people read."""

import json

from icalendar import Calendar

from wfplan.domain.schedule import ActivityCategory
from wfplan.export.words import use_in_words


def with_coaching(synthetic):
    """The made-up schedule with coaching at the end of the first shift."""
    first, *others = synthetic.schedule().shifts
    *before, last = first.activities
    coaching = last.model_copy(
        update={
            "code": "COACHING", "category": ActivityCategory.TRAINING, "activity_id": "c-1",
            "start": last.start.replace(hour=14, minute=0),
        }
    )  # fmt: skip
    work = last.model_copy(update={"end": coaching.start})
    first = first.model_copy(update={"activities": (*before, work, coaching)})
    return synthetic.schedule(shifts=(first, *others))


def test_a_code_of_its_own_names_the_activity():
    assert use_in_words("COACHING", "training") == "Coaching"
    assert use_in_words("TEAM_TALK", "meeting") == "Team talk"
    assert use_in_words("OFF_QUEUE", "off_queue") == "Off queue"
    assert use_in_words("REST", "break") == "Break"


def test_calendars_say_what_the_activity_is(files, synthetic):
    raw = files("ics", with_coaching(synthetic))["agent_A001.ics"]
    (event,) = Calendar.from_ical(raw).walk("VEVENT")
    assert event["DESCRIPTION"].split("\n")[-1] == "15:00-16:00 Coaching"


def test_the_canonical_document_has_its_code(files, synthetic):
    document = json.loads(files("json", with_coaching(synthetic))["schedule.json"])
    code = {"code": "COACHING", "name": "Coaching", "category": "training", "paid": True}
    assert any(code.items() <= known.items() for known in document["activity_codes"])
    assert document["shifts"][0]["activities"][-1]["code"] == "COACHING"


def test_the_long_table_says_which_activity_it_is(files, synthetic):
    text = files("csv", with_coaching(synthetic))["schedule.csv"].decode("utf-8-sig")
    header, *rows = (line.split(",") for line in text.splitlines())
    of_activity = [dict(zip(header, row, strict=True)) for row in rows if row[-1] == "c-1"]
    assert [(r["activity_code"], r["activity_category"]) for r in of_activity] == [
        ("COACHING", "training")
    ]

"""The table of activities that somebody asks for."""

from __future__ import annotations

from wfplan.domain.columns import Column, Table, number
from wfplan.domain.columns import ColumnType as Type

ACTIVITIES = Table(
    "activities",
    "input",
    "activities.csv",
    "Training, coaching, meetings and off-queue work to be placed inside shifts: fixed where start "
    "is given, else anywhere from earliest to latest. Times are wall time of the site.",
    (
        Column(
            "activity_id",
            Type.ID,
            "Its name in the schedule and in messages; one row each.",
            "safety-1",
            is_required=True,
        ),
        Column(
            "code",
            Type.ID,
            "What a rostering system shows: TRAINING, COACHING, DEVELOPMENT, ...",
            "COACHING",
            default="the category",
        ),
        Column(
            "category",
            Type.CHOICE,
            "What it is to capacity; all of them are paid.",
            "training",
            is_required=True,
            choices=("training", "meeting", "off_queue"),
        ),
        Column(
            "who",
            Type.LIST,
            "Ids of people, team:, skill: or contract: with a name, or all; with a semicolon "
            "between. Who is named in other ways than by id takes part if they can.",
            "A001; A002; team:Billing-1",
            is_required=True,
        ),
        Column(
            "minutes",
            Type.COUNT,
            "How long it takes each person.",
            "60",
            "minutes",
            is_required=True,
            low=1.0,
            high=720.0,
        ),
        Column(
            "start",
            Type.INSTANT,
            "When it begins, where that is settled.",
            "2026-10-20T10:00",
            default="anywhere from earliest to latest",
        ),
        Column(
            "earliest",
            Type.MOMENT,
            "First date, or the moment from which.",
            "2026-10-19",
            default="start is given",
        ),
        Column(
            "latest",
            Type.MOMENT,
            "Last date (that day included), or the moment by which it ends.",
            "2026-10-23",
            default="the date of earliest",
        ),
        Column(
            "hours",
            Type.HOURS,
            "Hours of each date in which it lies.",
            "09:00-12:00, 14:00-16:00",
            default="at any time",
        ),
        Column(
            "attend",
            Type.CHOICE,
            "All at once in one session, or each person at a time of her own.",
            "together",
            choices=("together", "each"),
            default="together for training and meeting, each for off_queue",
        ),
        Column(
            "group_max",
            Type.COUNT,
            "The most people in a session; more meet in several sessions.",
            "8",
            "people",
            low=1.0,
            high=1000.0,
            default="all in one",
        ),
        Column(
            "piece_min",
            Type.COUNT,
            "Who attends alone may have it in pieces of at least this.",
            "30",
            "minutes",
            low=1.0,
            high=720.0,
            default="in one piece",
        ),
        Column(
            "facilitators",
            Type.LIST,
            "Who may lead it, as who; one of them is in each session.",
            "T001; T002",
            default="nobody leads it",
        ),
        Column("room", Type.TEXT, "A room, which holds one session at a time.", "Training room 1"),
        Column(
            "hardness",
            Type.CHOICE,
            "Whether it must or should take place.",
            "hard",
            choices=("hard", "soft"),
            default="hard",
        ),
        number(
            "weight",
            "What a person-hour that is not placed costs, where it is soft.",
            "20",
            "harm points",
            high=100_000.0,
            default="20",
        ),
    ),
)

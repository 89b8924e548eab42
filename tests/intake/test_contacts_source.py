"""[contacts] of a plan: layouts and queues end to end, several files, the day so far."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest

from wfplan.errors import InputFaultsError
from wfplan.intake import load_plan, with_so_far

SECTION = (
    '[contacts]\nlayout = "{layout}"\nqueues = {{ "Sales EN" = "voice", "Mail" = "email" }}\n\n'
)
QUEUES = {"voice": "Sales EN", "email": "Mail"}


def history(folder: Path) -> pd.DataFrame:
    """The contacts of the tiny plan, with queues and instants of the site."""
    frame = pd.read_csv(folder / "contacts.csv")
    stamps = pd.to_datetime(frame["interval_start"]).dt.tz_localize("Europe/Dublin")
    return frame.assign(at=stamps.dt.tz_convert("UTC"), queue=frame["channel"].map(QUEUES))


def as_connect(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({
        "Queue": frame["queue"],
        "StartInterval": frame["at"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "EndInterval": (frame["at"] + pd.Timedelta(minutes=15)).dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Contacts queued": frame["offered"], "Contacts handled": frame["offered"],
        "Average handle time": frame["aht_s"],
    })  # fmt: skip


def as_dynamics(frame: pd.DataFrame) -> pd.DataFrame:
    local = frame["at"].dt.tz_convert("Europe/Dublin")
    return pd.DataFrame({
        "DateTime": local.dt.strftime("%Y-%m-%d %H:%M:%S"), "ChannelId": 1, "ChannelName": "voice",
        "QueueId": 1, "QueueName": frame["queue"], "Volume": frame["offered"],
        "AHT": frame["aht_s"] / 60, "Interval": "15 min", "MaxVolumeByHour": 100,
    })  # fmt: skip


def as_genesys(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({
        "Interval Start": frame["at"].dt.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "Interval Complete": "TRUE", "Media Type": "voice", "Queue Name": frame["queue"],
        "Offer": frame["offered"], "Handle": frame["offered"], "Avg Handle": frame["aht_s"] * 1000,
    })  # fmt: skip


def as_generic(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({
        "Queue": frame["queue"], "Interval start": frame["at"].dt.strftime("%d/%m/%Y %H:%M +00:00"),
        "Calls offered": frame["offered"],
        "AHT": [f"0:{s // 60:02}:{s % 60:02}" for s in frame["aht_s"]],
    })  # fmt: skip


LAYOUTS = {
    "amazon-connect": as_connect,
    "dynamics-365": as_dynamics,
    "genesys": as_genesys,
    "generic": as_generic,
}


def use(folder: Path, layout: str, contacts: str, section: str = SECTION) -> None:
    """Name other contacts, and their layout, in a plan."""
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    text = text.replace('contacts = "contacts.csv"', f"contacts = {contacts}")
    text = text.replace("[channels.voice]", section.format(layout=layout) + "[channels.voice]", 1)
    (folder / "plan.toml").write_text(text, encoding="utf-8")


def known(frame: pd.DataFrame) -> pd.DataFrame:
    """What every layout knows of a history; nobody answered nobody."""
    frame = frame[["channel", "interval_start", "offered", "aht_s"]]
    return frame[frame["offered"] > 0].reset_index(drop=True)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_history_is_the_same_in_every_layout(plan_folder, layout, kind):
    folder = plan_folder()
    before = load_plan(folder)
    report = LAYOUTS[layout](history(folder))
    if kind == "csv":
        report.to_csv(folder / "export.csv", index=False)
    else:
        report.to_excel(folder / "export.xlsx", sheet_name="contacts", index=False)
    use(folder, layout, f'"export.{kind}"')
    after = load_plan(folder)
    pd.testing.assert_frame_equal(known(after.contacts), known(before.contacts), rtol=1e-9)
    assert [file.path for file in after.inputs if "export" in file.path] == [f"export.{kind}"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_without_a_layout_the_one_that_the_header_shows_is_suggested(plan_folder, layout):
    folder = plan_folder()
    LAYOUTS[layout](history(folder)).to_csv(folder / "contacts.csv", index=False)
    with pytest.raises(InputFaultsError) as caught:
        load_plan(folder)
    told = [fault for fault in caught.value.faults if fault.file == "contacts.csv"]
    assert len(told) == 1
    assert f'set layout = "{layout}" under [contacts] of the plan' in str(told[0])


def test_a_layout_over_our_own_columns_is_told(plan_folder):
    folder = plan_folder()
    use(folder, "genesys", '"contacts.csv"')
    with pytest.raises(InputFaultsError, match="these are wfplan's own columns, not those of Gen"):
        load_plan(folder)


def test_wfplans_own_columns_with_a_slip_are_told_as_ever(plan_folder):
    folder = plan_folder()
    text = (folder / "contacts.csv").read_text(encoding="utf-8")
    (folder / "contacts.csv").write_text(text.replace("offered", "ofered", 1), encoding="utf-8")
    with pytest.raises(InputFaultsError, match="'ofered' is not known; did you mean 'offered'"):
        load_plan(folder)


@pytest.mark.parametrize("named", ['["b.csv", "a.csv"]', '"*[ab].csv"'])
def test_wfplans_own_columns_may_stand_in_several_files(plan_folder, named):
    folder = plan_folder()
    before = load_plan(folder)
    frame = pd.read_csv(folder / "contacts.csv")
    frame[:500].to_csv(folder / "a.csv", index=False)
    frame[500:].to_csv(folder / "b.csv", index=False)
    use(folder, "", named, section="")
    pd.testing.assert_frame_equal(load_plan(folder).contacts, before.contacts)


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ('[contacts]\nlayot = "x"\n\n',
         "contacts.layot: the key is not known; did you mean 'layout'?"),
        ('[contacts]\nqueues = { A = "voice" }\n\n', "queues cannot be used without a layout"),
        ('[contacts]\nlayout = "genesys"\nqueues = { A = "vioce" }\n\n',
         "contacts.queues.A: 'vioce' is not a channel of the plan; did you mean 'voice'?"),
        ('[contacts]\nlayout = "genesys"\ntimezone = "Europe/Dubln"\n\n',
         "contacts.timezone: 'Europe/Dubln' is not an IANA time zone; did you mean 'Europe/D"),
        ('[contacts]\nlayout = "genesys"\nunits = { AHT = "fortnight" }\n\n',
         "contacts.units.AHT: 'fortnight' is no unit of time; write ms (milliseconds)"),
        ('[contacts]\nlayout = "genesys"\ndates = "year"\n\n', "contacts.dates"),
        ('[contacts]\nlayout = 3\n\n', "contacts.layout: 3 is not a text in quotes"),
        ('[contacts]\nlayout = "acd.toml"\n\n', "acd.toml: "),
    ],
)  # fmt: skip
def test_slips_in_the_section_are_told_at_their_key(plan_folder, section, told):
    folder = plan_folder()
    as_genesys(history(folder)).to_csv(folder / "export.csv", index=False)
    use(folder, "", '"export.csv"', section.replace("{", "{{").replace("}", "}}"))
    with pytest.raises(InputFaultsError) as caught:
        load_plan(folder)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("named", "told"),
    [('[]', "is no list of files"), ('["a.csv", 3]', "is no list of files"),
     ('"none/*.csv"', "no file is like 'none/*.csv'"),
     ('["contacts.csv", "contacts.csv"]', "'contacts.csv' is named twice"),
     ('["gone.csv"]', "gone.csv: ")],
)  # fmt: skip
def test_slips_in_the_files_are_told(plan_folder, named, told):
    folder = plan_folder()
    use(folder, "", named, section="")
    with pytest.raises(InputFaultsError) as caught:
        load_plan(folder)
    assert told in str(caught.value)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("is_own", [False, True])
def test_the_day_so_far_is_read_in_the_plans_layout_or_in_our_columns(
    plan_folder, tmp_path, layout, is_own
):
    folder = plan_folder()
    frame = history(folder)
    LAYOUTS[layout](frame).to_csv(folder / "export.csv", index=False)
    use(folder, layout, '"export.csv"')
    problem = load_plan(folder)
    day = frame[frame["at"].dt.date == frame["at"].dt.date.max()]
    day = day.assign(offered=day["offered"] + 5, at=day["at"] + pd.Timedelta(days=7))
    if is_own:
        ours = day.assign(interval_start=day["at"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
        ours[["channel", "interval_start", "offered", "aht_s"]].to_csv(tmp_path / "day.csv")
        text = (tmp_path / "day.csv").read_text(encoding="utf-8").split("\n")
        text = "\n".join(line.partition(",")[2] for line in text)
        (tmp_path / "day.csv").write_text(text, encoding="utf-8")
    else:
        LAYOUTS[layout](day).to_csv(tmp_path / "day.csv", index=False)
    after = with_so_far(problem, tmp_path / "day.csv")
    assert len(after.contacts) == len(problem.contacts) + len(day)
    new = after.contacts[after.contacts["interval_start"] >= day["at"].min()]
    assert new["offered"].sum() == day["offered"].sum()
    assert any("day.csv" in str(one) for one in after.warnings) or is_own


def test_a_layout_of_ones_own_is_found_from_anywhere(plan_folder, tmp_path, monkeypatch):
    folder = plan_folder()
    frame = history(folder)
    as_generic(frame).rename(columns={"Queue": "Gruppe"}).to_csv(folder / "export.csv", index=False)
    (folder / "acd.toml").write_text(
        '[columns]\nqueue = ["Gruppe"]\nstart = ["Interval start"]\noffered = ["Calls offered"]\n'
        'aht = ["AHT"]\n', encoding="utf-8",
    )  # fmt: skip
    use(folder, "acd.toml", '"export.csv"')
    monkeypatch.chdir(tmp_path)
    problem = load_plan(Path("plan"))
    assert "acd.toml" in [file.path for file in problem.inputs]
    assert len(with_so_far(problem, Path("plan/export.csv")).contacts) == len(problem.contacts)


def test_a_workbooks_durations_keep_their_seconds(plan_folder):
    import datetime as dt

    import openpyxl

    folder = plan_folder(channels=1)
    rows = (folder / "contacts.csv").read_text(encoding="utf-8").split("\n")[:200]
    (folder / "contacts.csv").write_text("\n".join([*rows, ""]), encoding="utf-8")
    frame = history(folder)
    report = as_connect(frame)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Queue performance, all queues"])
    sheet.append(list(report.columns))
    for values in report.itertuples(index=False):
        sheet.append([*values[:-1], dt.timedelta(seconds=int(values[-1]))])
        sheet.cell(sheet.max_row, len(report.columns)).number_format = "[h]:mm:ss"
    raw = io.BytesIO()
    book.save(raw)
    (folder / "export.xlsx").write_bytes(raw.getvalue())
    before = load_plan(folder)
    section = '[contacts]\nlayout = "{layout}"\nqueues = {{ "Sales EN" = "voice" }}\n\n'
    use(folder, "amazon-connect", '"export.xlsx"', section)
    pd.testing.assert_frame_equal(known(load_plan(folder).contacts), known(before.contacts))

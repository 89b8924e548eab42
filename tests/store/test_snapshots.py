"""Tests for wfplan.store.snapshots: what was said is kept once and never changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from wfplan.domain.results import DemandForecast
from wfplan.errors import InputFaultsError, OutputError
from wfplan.horizon import Horizon
from wfplan.store import keep_snapshot, read_snapshots

ORIGIN = datetime(2026, 10, 18, 22, tzinfo=UTC)
MADE = datetime(2026, 10, 18, 9, tzinfo=UTC)


@pytest.fixture
def demand():
    horizon = Horizon("Europe/Dublin", datetime(2026, 10, 19).date(), 7, 60)
    is_open = np.zeros((1, horizon.interval_count), dtype=bool)
    is_open[0, 8:17] = True
    mean = is_open * 12.3456789
    return DemandForecast(
        horizon, ("voice",), is_open, mean, mean * 0.7, mean, mean * 1.4, is_open * 240.0,
        is_open * 0.12, np.array([0.5]), np.array([120.0]), offered_statistical=mean / 1.1,
    )  # fmt: skip


def keep(folder, demand, *, days=0, most=10, scale=1.0):
    changed = DemandForecast(**{**vars(demand), "offered_mean": demand.offered_mean * scale})
    return keep_snapshot(folder, changed, ORIGIN, MADE + timedelta(days=days), "0.1.0", most=most)


def test_a_snapshot_comes_back_as_it_was_said(tmp_path, demand):
    path = keep(tmp_path, demand)
    (found,) = read_snapshots(tmp_path)
    assert path.parent == tmp_path / "snapshots"
    assert path.name.startswith("2026-10-19-")
    assert (found.made_at, found.origin, found.week) == (MADE, ORIGIN, "2026-10-19")
    assert len(found.said) == 9
    assert found.said["mean"].to_numpy() == pytest.approx(12.3457, rel=1e-5)
    assert found.said["statistical"].to_numpy() == pytest.approx(12.3457 / 1.1, rel=1e-5)


def test_the_same_forecast_is_kept_once_and_a_newer_one_beside_it(tmp_path, demand):
    first = keep(tmp_path, demand)
    raw = first.read_bytes()
    assert keep(tmp_path, demand, days=3) == first
    assert first.read_bytes() == raw
    keep(tmp_path, demand, days=3, scale=1.2)
    assert [one.made_at for one in read_snapshots(tmp_path)] == [MADE, MADE + timedelta(days=3)]


def test_the_same_forecast_has_the_same_bytes_anywhere(tmp_path, demand):
    one, other = (keep(tmp_path / name, demand) for name in ("a", "b"))
    assert one.name == other.name
    assert one.read_bytes() == other.read_bytes()


def test_beyond_the_retention_the_oldest_go(tmp_path, demand):
    for n in range(5):
        keep(tmp_path, demand, days=n, most=3, scale=1 + n / 10)
    made = [one.made_at for one in read_snapshots(tmp_path)]
    assert made == [MADE + timedelta(days=n) for n in (2, 3, 4)]
    assert keep(tmp_path, demand, most=0) is None


def test_files_of_others_are_neither_read_silently_nor_removed(tmp_path, demand):
    keep(tmp_path, demand)
    alien = tmp_path / "snapshots" / "mine.csv.gz"
    alien.write_bytes(b"not gzip")
    keep(tmp_path, demand, days=1, most=1, scale=1.5)
    assert alien.exists()
    with pytest.raises(InputFaultsError, match=r"mine\.csv\.gz: is no snapshot .* move it away"):
        read_snapshots(tmp_path)


def test_a_folder_that_cannot_be_written_is_said(tmp_path, demand):
    (tmp_path / "snapshots").write_text("a file")
    with pytest.raises(OutputError, match="could not be written"):
        keep(tmp_path, demand)


def test_a_plan_without_snapshots_has_none(tmp_path):
    assert read_snapshots(tmp_path) == ()

"""Tests for forecasts.models.handle_time."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forecasts.history.series import Series, ordinal
from forecasts.models.handle_time import handle_profile


def series_of(handle: np.ndarray, contacts: np.ndarray) -> Series:
    days = ordinal(date(2025, 1, 6)) + np.arange(len(handle))
    return Series("v", 60, days, contacts, contacts, handle)


def lognormal(contacts: np.ndarray, mean: float, seed: int = 0) -> np.ndarray:
    """Mean handle times of cells whose contacts are lognormal with SD 1.2 times the mean."""
    rng = np.random.default_rng(seed)
    sigma = np.sqrt(np.log(1 + 1.2**2))
    cells = [
        rng.lognormal(np.log(mean) - sigma**2 / 2, sigma, int(n)).mean() for n in contacts.flat
    ]
    return np.array(cells).reshape(contacts.shape)


def test_the_mean_of_heavy_tailed_times_is_kept():
    contacts = np.full((56, 24), 12.0)
    profile = handle_profile(series_of(lognormal(contacts, 200.0), contacts), 8)
    assert profile is not None
    assert profile.mean() == pytest.approx(200.0, rel=0.03)
    assert profile.std() < 0.04 * 200.0


def test_busy_cells_weigh_more():
    contacts = np.full((28, 24), 1.0)
    contacts[:, 12] = 1000.0
    handle = np.full((28, 24), 100.0)
    handle[:, 12] = 300.0
    profile = handle_profile(series_of(handle, contacts), 8)
    assert profile is not None
    assert profile[:, 12].mean() == pytest.approx(300.0, rel=0.05)


def test_a_weekday_of_its_own_is_seen():
    contacts = np.full((56, 24), 50.0)
    handle = np.full((56, 24), 200.0)
    handle[5::7] = 260.0
    profile = handle_profile(series_of(handle, contacts), 8)
    assert profile is not None
    assert profile[5].mean() == pytest.approx(260.0, rel=0.05)
    assert profile[1].mean() == pytest.approx(200.0, rel=0.05)


def test_one_absurd_time_is_held():
    contacts = np.full((28, 24), 10.0)
    handle = np.full((28, 24), 200.0)
    handle[3, 4] = 1e9
    profile = handle_profile(series_of(handle, contacts), 8)
    assert profile is not None
    assert profile.max() < 230.0


def test_one_contact_is_not_a_weekday():
    contacts = np.zeros((14, 24))
    contacts[:7, 9:17] = 20.0
    contacts[13, 10] = 1.0
    handle = np.where(contacts > 0, 200.0, np.nan)
    handle[13, 10] = 2000.0
    contacts[6] = 0.0
    profile = handle_profile(series_of(handle, contacts), 8)
    assert profile is not None
    assert profile[6].mean() < 1.2 * profile[1].mean()


def test_nothing_known_is_said_to_be_nothing():
    assert handle_profile(series_of(np.full((7, 24), np.nan), np.zeros((7, 24))), 8) is None

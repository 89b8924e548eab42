"""
Handle times per weekday and slot: a contact-weighted, robust, smoothed profile.

A cell's mean handle time is held within reach of the channel's mean (heavy
tails), weighted by its contacts and their age. Slots and weekdays deviate from
the mean only as far as contacts speak for it: an effect has a prior standard
deviation of 8 %, one contact one of the channel's own spread.
"""

from __future__ import annotations

import numpy as np

from forecasts.history.series import FloatArray, Series

_EFFECT_SD = 0.08
_REACH_SD = 6.0
_SPREAD_LEAST = 0.5  # no queue's contacts take more even times than that
_SMOOTH_MIN = 45.0
_HALF_LIFE_WEEKS = 4.0


def handle_profile(past: Series, weeks: int) -> FloatArray | None:
    """
    Mean handle times in seconds, (weekday, slot); None where none is known.

    ``weeks`` recent weeks count; when they hold no handle time, the whole past.
    """
    known = (past.contacts > 0) & np.isfinite(past.handle_s)
    if not known.any():
        return None
    last = int(past.days[known.any(axis=1)][-1])
    recent = known & (past.days > last - 7 * weeks)[:, None]
    contacts = np.where(recent, past.contacts, 0.0)
    handle = np.where(recent, past.handle_s, 0.0)
    mean, spread, held = _held(contacts, handle)
    weight = contacts * 0.5 ** ((last - past.days) / (7.0 * _HALF_LIFE_WEEKS))[:, None]
    work = weight * held
    mean = float(work.sum() / weight.sum())

    prior = (spread / _EFFECT_SD) ** 2  # contacts that weigh as much as the prior
    kernel = _kernel(past.slots, past.interval_min)
    by_slot = _effect(kernel @ work.sum(axis=0), kernel @ weight.sum(axis=0), mean, prior)
    expected = by_slot[None, :] * mean
    by_weekday = np.ones(7)
    for weekday in range(7):
        on = past.weekdays == weekday
        usual = float((weight[on] * expected).sum())
        seen = float(weight[on].sum())
        by_weekday[weekday] = (
            (float(work[on].sum()) + prior * mean) / (usual + prior * mean) if seen else 1.0
        )
    profile: FloatArray = mean * by_weekday[:, None] * by_slot[None, :]
    return profile


def _held(contacts: FloatArray, handle: FloatArray) -> tuple[float, float, FloatArray]:
    """Mean, relative spread of one contact, and cells held within reach of the mean."""
    seen = contacts > 0
    order = np.argsort(handle[seen])
    ranked = np.cumsum(contacts[seen][order])
    median = float(handle[seen][order][np.searchsorted(ranked, ranked[-1] / 2)])
    mean, spread, held = median, 1.0, handle
    for _ in range(4):
        scaled = np.sqrt(contacts[seen]) * np.abs(handle[seen] / mean - 1.0)
        spread = max(_SPREAD_LEAST, 1.4826 * float(np.median(scaled)))
        reach = np.zeros_like(handle)
        reach[seen] = _REACH_SD * mean * np.sqrt(spread**2 / contacts[seen] + 0.1**2)
        held = np.where(
            seen, np.clip(handle, np.maximum(mean - reach, 0.1 * mean), mean + reach), 0.0
        )
        mean = float((contacts * held).sum() / contacts.sum())
    return mean, spread, held


def _kernel(slots: int, interval_min: int) -> FloatArray:
    """Gaussian weights of slots for slots, around the clock."""
    apart = np.abs(np.arange(slots)[:, None] - np.arange(slots)[None, :])
    apart = np.minimum(apart, slots - apart) * float(interval_min)
    kernel: FloatArray = np.exp(-0.5 * (apart / _SMOOTH_MIN) ** 2)
    return kernel


def _effect(work: FloatArray, weight: FloatArray, mean: float, prior: float) -> FloatArray:
    """Effects relative to the mean, shrunk towards 1."""
    effect: FloatArray = (work / mean + prior) / (weight + prior)
    return effect

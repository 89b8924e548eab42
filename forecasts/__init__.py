"""Forecasts of contact demand: frames in, frames out; knows nothing of wfplan."""

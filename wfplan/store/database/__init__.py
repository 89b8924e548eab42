"""The planning store: published weeks, HR's limits, and the log of what was done to them."""

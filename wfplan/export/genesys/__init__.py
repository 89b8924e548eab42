"""Genesys Cloud: week schedules and forecasts for its imports, and updates of what is there."""

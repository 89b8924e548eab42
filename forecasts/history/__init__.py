"""Contact history: checks, its grid of days and slots, the shape of a day."""

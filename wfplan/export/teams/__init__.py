"""Microsoft Teams Shifts: Graph's objects and requests, and the workbook that the app imports."""

"""The workbook for planners."""

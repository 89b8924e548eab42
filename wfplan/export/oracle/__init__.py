"""Oracle Workforce Scheduling: schedule requests as a file of HCM Data Loader."""

"""What forecasts from past origins missed, and what follows from it: which models to believe."""

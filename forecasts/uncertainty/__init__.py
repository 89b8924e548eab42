"""How wrong a forecast may be: variances, dependence, scenarios."""

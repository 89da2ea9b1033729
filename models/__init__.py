"""Make, measure and register detector models."""

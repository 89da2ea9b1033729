"""Clocks: working time, deadlines, periods."""

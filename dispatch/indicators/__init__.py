"""Indicators as data: formulas, the table of them, intervals of shares."""

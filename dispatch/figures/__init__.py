"""Figures: lives of cases told as facts, and indicators reckoned from them."""

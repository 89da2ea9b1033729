"""Keeping: how long things are kept, what holds them, how they are erased."""

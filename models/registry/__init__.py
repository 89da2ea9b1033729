"""Finished models: their cards, which may be activated, packages signed and received."""

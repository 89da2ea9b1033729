"""Which ground a pass truly inspected, for which classes, and what hid the rest."""

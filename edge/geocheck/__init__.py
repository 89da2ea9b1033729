"""Whether overlapping frames of a flight or a drive agree on where the ground lies, and why not."""

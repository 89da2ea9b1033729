"""A whole patrol on one machine: a rendered street, real software, scripted people."""

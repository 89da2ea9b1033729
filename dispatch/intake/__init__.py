"""Intake: what devices and people send becomes sights, problems and cases."""

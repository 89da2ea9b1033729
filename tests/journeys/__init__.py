"""Journeys: the shipped commands, end to end."""

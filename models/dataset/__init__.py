"""Labelled pictures in our own layout: brought in, named by the catalogue, checked, divided."""

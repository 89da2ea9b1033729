"""Devices of patrols: what they are, how they fare, what they are asked for."""

"""Cameras that are looked through while they run: opened, stamped, judged, and never waited for."""

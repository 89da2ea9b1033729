"""Serve the centre over HTTP: translation and wiring, no rule of casework."""

"""Run on a patrol vehicle or drone: frames in, findings and sweeps out."""

"""A rendered street with planted problems: the simulated twin of camera, GNSS and phone."""

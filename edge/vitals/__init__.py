"""How a device is: what it measures of itself, what it complains of, and who is told."""

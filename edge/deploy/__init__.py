"""How a device runs for good: its systemd unit and its container."""

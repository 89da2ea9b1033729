"""What patrols see: messages understood, sights, problems, ground driven and ground covered."""

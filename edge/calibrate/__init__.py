"""What a recorded drive tells of its camera: how it is mounted, and how its clock runs."""

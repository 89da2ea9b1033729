"""What goes on without being asked: the line is drained, clocks are looked at."""

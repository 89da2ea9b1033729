"""The case: its history, its table of transitions, its tasks, numbers, photos and seals."""

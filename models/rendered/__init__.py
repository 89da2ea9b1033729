"""Draw labelled street frames by procedure, for training only."""

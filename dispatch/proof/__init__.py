"""What proves the record to outsiders: the bundle, and the programs that check it."""

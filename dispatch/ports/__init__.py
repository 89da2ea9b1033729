"""What casework asks of a store: one protocol for each thing that is kept."""

"""Cities with a known truth, to measure the rules against; nothing here is ever shown as real."""

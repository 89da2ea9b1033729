"""Reports that one command writes."""

"""Pictures as files and as arrays: what they are, and which of them show the same."""

"""How the files of a city are read: every fault with its file, line and field."""

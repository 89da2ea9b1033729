"""A city as data: what its profile says, once it has been read."""

"""A patrol as it is driven: live cameras and a receiver become passes, one drive after another."""

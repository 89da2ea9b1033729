"""What tells where the camera was: one module a format, recognised by `opening`."""

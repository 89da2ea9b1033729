"""Looks at everything a device needs before it goes out; each answer says what to do."""

"""The centre, opened: its settings, key, database, evidence, and how requests are written."""

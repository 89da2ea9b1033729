"""Where the centre keeps what it knows: memory for tests, SQLite or PostgreSQL, and a folder."""

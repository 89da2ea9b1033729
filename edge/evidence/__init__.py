"""Pictures that show a finding: redacted in memory, then encoded, hashed and kept."""

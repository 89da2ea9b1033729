"""From tracks to what the centre is told: joined, measured, described with evidence."""

"""Models over the air: fetched, believed, tried, kept or given back."""

"""The model that finds faces and plates to be covered: its pictures, and what it misses."""

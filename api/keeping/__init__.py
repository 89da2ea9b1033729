"""Keeping the centre: backups, the registry, facts told anew, what is erased in its time."""

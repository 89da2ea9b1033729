"""A real centre for faults of the way to it, as the centre's own tests open it."""

from tests.api.conftest import building, opened

__all__ = ["building", "opened"]

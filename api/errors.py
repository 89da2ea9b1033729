"""The root of every error the HTTP centre raises."""

from dispatch.errors import BilingualError


class ApiError(BilingualError):
    """A fact of the centre that stops a request or a command."""

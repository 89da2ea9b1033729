"""Who may call each route, read from the application's own dependencies."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.app import PREFIX, ROUTERS
from api.doors.auth import OneOf, signed_in, verified_device
from dispatch.people.people import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A route and its callers: some roles, anybody signed in, a device, or the public."""

    name: str
    method: str
    path: str
    summary: str
    roles: frozenset[Role] | None
    signed_in: bool
    device: bool

    @property
    def public(self) -> bool:
        """Whether it asks nobody who they are."""
        return not (self.signed_in or self.device)

    @property
    def callers(self) -> str:
        """Say who may call it."""
        if self.device:
            return "device"
        if self.roles is not None:
            return ", ".join(sorted(self.roles - {Role.MACHINE}))
        return "anybody signed in" if self.signed_in else "**public**"


def operations() -> list[Operation]:
    """List the operations of the API in their order."""
    routes = [route for router in ROUTERS for route in router.routes]
    return [_operation(route) for route in routes if isinstance(route, APIRoute)]


def _operation(route: APIRoute) -> Operation:
    asked = list(_asked(route.dependant))
    roles = [each.roles for each in asked if isinstance(each, OneOf)]
    (method,) = route.methods
    return Operation(
        name=route.operation_id or "",
        method=method,
        path=PREFIX + route.path,
        summary=(route.description or "").splitlines()[0] if route.description else "",
        roles=frozenset.intersection(*roles) if roles else None,
        signed_in=signed_in in asked,
        device=verified_device in asked,
    )


def _asked(dependant: Dependant) -> Iterator[object]:
    for each in dependant.dependencies:
        yield each.call
        yield from _asked(each)

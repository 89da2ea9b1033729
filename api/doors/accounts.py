"""Accounts of people and invitations of devices, as the administrator makes them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypedDict

from api.centre.wiring import Centre
from api.doors.passwords import hash_password, new_token, token_digest
from api.errors import ApiError
from dispatch.devices.device import DeviceKind, Invitation
from dispatch.ids import DepartmentId, PersonId
from dispatch.people.account import Account
from dispatch.people.people import ACCOUNTLESS, Person, Role

INVITATION_LASTS: Final = timedelta(hours=48)


class UnknownRole(ApiError):
    """No role has this name."""

    def __init__(self, name: str) -> None:
        known = ", ".join(role.value for role in Role if role not in ACCOUNTLESS)
        super().__init__(f"没有岗位 {name}；可用：{known}", f"no role {name}; there are: {known}")


class UnknownDepartment(ApiError):
    """The city profile has no such department."""

    def __init__(self, name: str, known: list[str]) -> None:
        names = ", ".join(known)
        super().__init__(
            f"没有[部门] {name}；可用：{names}", f"no [department] {name}; there are: {names}"
        )


class NameTaken(ApiError):
    """An account of this name exists."""

    def __init__(self, name: str) -> None:
        super().__init__(f"账号 {name} 已存在", f"the account {name} exists already")


class NoSuchDevice(ApiError):
    """No device has this id."""

    def __init__(self, device: str) -> None:
        super().__init__(f"没有设备 {device}", f"there is no device {device}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """A person and how they sign in."""

    name: str
    password: str
    person: str
    roles: tuple[str, ...]
    department: str | None = None
    area: str = ""


class PersonRow(TypedDict):
    """A person in a list."""

    id: str
    name: str
    roles: list[str]
    department: str | None
    area: str


def add_account(order: NewAccount, *, centre: Centre) -> None:
    """Make a person with an account.

    Raises:
        UnknownRole, UnknownDepartment, NameTaken, WeakPassword: the order cannot be followed.
        MixedPowers, NoDepartment: one person may not be this.
    """
    known = centre.profile.departments
    if order.department is not None and order.department not in known:
        raise UnknownDepartment(order.department, sorted(known))
    person = Person(
        id=PersonId(order.name),
        name=order.person,
        roles=frozenset(_role(name) for name in order.roles),
        department=DepartmentId(order.department) if order.department else None,
        area=order.area,
    )
    hashed = hash_password(order.password)
    with centre.begin() as uow:
        if uow.accounts.by_name(order.name) is not None:
            raise NameTaken(order.name)
        uow.people.save(person)
        uow.accounts.save(Account(name=order.name, person=person.id, password_hash=hashed))
        uow.commit()


def list_people(*, centre: Centre) -> list[PersonRow]:
    """List everybody."""
    with centre.read() as uow:
        return [
            PersonRow(
                id=person.id,
                name=person.name,
                roles=sorted(person.roles),
                department=person.department,
                area=person.area,
            )
            for person in uow.people.all()
        ]


def invite_device(
    device: str, name: str, *, centre: Centre, kind: DeviceKind = DeviceKind.VEHICLE
) -> tuple[str, datetime]:
    """Make a one-time code for a device; give it and until when it is good.

    One that is known keeps its key until the code is used, and its history after.
    """
    code, expires = new_token(), centre.real_now() + INVITATION_LASTS
    with centre.begin() as uow:
        uow.devices.invite(
            Invitation(
                code_sha256=token_digest(code),
                device=device,
                name=name,
                expires_at=expires,
                kind=kind,
            )
        )
        uow.commit()
    return code, expires


def revoke_device(device: str, *, centre: Centre) -> None:
    """Shut a device out, at once; what it sent before stays.

    Raises:
        NoSuchDevice: there is none of this id.
    """
    with centre.begin() as uow:
        known = uow.devices.get(device)
        if known is None:
            raise NoSuchDevice(device)
        if known.revoked_at is None:
            uow.devices.save(replace(known, revoked_at=centre.real_now()))
            uow.commit()


def _role(name: str) -> Role:
    try:
        role = Role(name)
    except ValueError as error:
        raise UnknownRole(name) from error
    if role in ACCOUNTLESS:
        raise UnknownRole(name)
    return role

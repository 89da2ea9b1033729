"""Which device runs which model: packages that were registered, and to whom each is rolled out.

Nothing goes back: an older model reaches devices again under a higher sequence only, since devices
refuse what is not above the highest they ever ran.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A signed package that the centre holds.

    Attributes:
        sha256: of the whole file.
        labels: catalogue names of the model's classes.
    """

    sha256: str
    size_bytes: int
    role: str
    name: str
    version: str
    sequence: int
    not_before: datetime
    expires: datetime
    labels: tuple[str, ...]
    registered_at: datetime
    registered_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """To whom a package goes.

    Attributes:
        devices: patterns of device ids, `*` for all, `car-*` for a kind that is so named.
        share: of the devices that a pattern names, 0 to 1; always the same ones, and a larger share
            holds those of a smaller one.
    """

    sha256: str
    devices: tuple[str, ...]
    share: float
    paused: bool
    changed_at: datetime
    changed_by: str

    def reaches(self, device: str) -> bool:
        """Say whether a device is to run the package."""
        if self.paused or not any(fnmatchcase(device, pattern) for pattern in self.devices):
            return False
        return _place(self.sha256, device) < self.share


def offered(
    device: str,
    *,
    packages: Mapping[str, Registered],
    rollouts: Iterable[Rollout],
    at: datetime,
) -> tuple[Registered, ...]:
    """Give what a device is to run: of each role the highest sequence that reaches it now."""
    best: dict[str, Registered] = {}
    for rollout in rollouts:
        package = packages.get(rollout.sha256)
        if package is None or not rollout.reaches(device):
            continue
        if not package.not_before <= at < package.expires:
            continue
        before = best.get(package.role)
        if before is None or package.sequence > before.sequence:
            best[package.role] = package
    return tuple(best[role] for role in sorted(best))


def _place(sha256: str, device: str) -> float:
    """Give a device's place in the order in which a package reaches devices, 0 to below 1."""
    digest = hashlib.sha256(f"{sha256}\n{device}".encode()).digest()
    return int.from_bytes(digest[:7], "big") / (1 << 56)

"""From a fetched file to a model that may run: believed, unpacked, rehearsed, noted."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from detect.package import Package, files_of, read_package
from detect.statement import PackageRefused, Refusal, Role, Statement, check_when
from edge.config import ModelConfig
from edge.failpoints import UNARMED, Failpoints
from edge.files import Files, OsFiles
from edge.updates.rehearsal import rehearse
from edge.updates.slots import Slots

Rehearse = Callable[[Path, ModelConfig], None]


class Admission:
    """Lets models into the folder of a device."""

    def __init__(
        self,
        folder: Path,
        slots: Slots,
        how: ModelConfig,
        *,
        now: Callable[[], datetime],
        software: str,
        files: Files | None = None,
        failpoints: Failpoints = UNARMED,
        rehearse: Rehearse = rehearse,
    ) -> None:
        """Make ready.

        Args:
            folder: of models that came over the air.
            how: as the device runs its models.
            now: UTC as well as the device knows it.
            software: this program's version.
        """
        self._folder, self._slots, self._how = folder, slots, how
        self._now, self._software, self._rehearse = now, software, rehearse
        self._files, self._failpoints = files or OsFiles(), failpoints

    def admit(self, path: Path, *, sha256: str | None = None) -> Statement:
        """Take a package, so that its model runs from the next pass on.

        Args:
            sha256: of the whole file as it was offered; None for a file that somebody brought.

        Raises:
            PackageRefused: with the reason; what runs goes on running.
            DiskTrouble: the disk does not take it.
        """
        package = read_package(path, trusted=self._slots.keys.all())
        if sha256 is not None and package.sha256 != sha256:
            raise PackageRefused(
                Refusal.DAMAGED,
                "下载的内容与中心所说的不同；会重新下载",
                "what came is not what the centre named; it is fetched anew",
            )
        statement = package.statement
        floor = self._slots.slot(statement.role).floor
        check_when(statement, now=self._now(), floor=floor, software=self._software)
        _check_role(package)
        place = self._unpack(path, package)
        try:
            self._rehearse(place, self._how_for(statement.role))
        except PackageRefused:
            shutil.rmtree(place)
            raise
        self._slots.admit(statement, sha256=package.sha256, folder=place.name)
        self._failpoints.passing("update.after_admit")
        return statement

    def clear_strays(self) -> None:
        """Delete what a killed process left half unpacked, and models that nothing needs."""
        wanted = set()
        for role in Role:
            slot = self._slots.slot(role)
            needed = {slot.active, slot.good}
            wanted |= {
                each.folder
                for each in self._slots.kept(role)
                if each.sequence in needed or each.stage.value == "ready"
            }
        for place in self._folder.iterdir() if self._folder.is_dir() else ():
            ours = place.name.startswith(tuple(f"{role.value}-" for role in Role))
            if ours and place.name not in wanted:
                shutil.rmtree(place)

    def _how_for(self, role: Role) -> ModelConfig:
        """Give how a role's model is run: the patrol's as configured, others as they state."""
        return self._how if role is Role.PATROL else ModelConfig(threads=1)

    def _unpack(self, path: Path, package: Package) -> Path:
        """Write a package's files to a folder of their own, which appears whole or not at all."""
        name = f"{package.statement.role.value}-{package.statement.sequence}-{package.sha256[:12]}"
        place, draft = self._folder / name, self._folder / f"{name}.new"
        for old in (draft, place):
            if old.exists():
                shutil.rmtree(old)
        self._files.make_folder(draft)
        for file, content in files_of(path, package):
            self._files.write(draft / file, content)
        self._files.sync_folder(draft)
        self._failpoints.passing("update.after_unpack")
        self._files.rename(draft, place)
        self._files.sync_folder(self._folder)
        return place


def _check_role(package: Package) -> None:
    """Refuse a model that cannot do what its role is for."""
    private = all(label.startswith("privacy.") for label in package.manifest.labels)
    if private is not (package.statement.role is Role.PRIVACY):
        named = package.statement.role.value
        raise PackageRefused(
            Refusal.UNFIT,
            f"它的类别不适合用途 {named}；请核对模型",
            f"its classes do not fit the role {named}; check the model",
        )

"""Take the file of a census into the registry of the centre."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from api.centre.wiring import Centre
from dispatch.catalogue.component import Component
from dispatch.city_files.census_file import read_census
from dispatch.errors import DispatchError
from dispatch.files.datafile import DataFolder, Fault
from dispatch.ground.datum import Datum
from dispatch.intake.census import Census, take_census


class NoRegistry(DispatchError):
    """The profile says nothing of a registry, so nobody would ask it."""

    def __init__(self) -> None:
        super().__init__(
            '城市配置没有 [registry]，请在 profile.toml 中写明坐标系，例如 datum = "wgs84"',
            'the profile has no [registry]: add it to profile.toml, e.g. datum = "wgs84"',
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a census did, what should be known of it, and how many components are held now."""

    census: Census
    warnings: tuple[Fault, ...]
    held: int


def import_census(
    file: Path, *, day: date, datum: Datum | None, whole: bool, centre: Centre
) -> Taken:
    """Take a census of a day into the registry; nothing of it where a line is faulty.

    Args:
        datum: what the positions refer to, if not what the profile says.
        whole: it names every component of the city: what it lacks is gone.

    Raises:
        NoRegistry: the profile says nothing of a registry.
        FaultyData: with every fault of the file.
    """
    profile = centre.profile
    if profile.registry is None:
        raise NoRegistry
    data = DataFolder(path=file.parent)

    def sound() -> Iterator[Component]:
        for _, each in read_census(data, file.name, profile=profile, day=day, datum=datum):
            yield each
        data.refuse()

    begin = centre.begin()
    census = take_census(sound(), day=day, whole=whole, county=profile.county, uow=begin)
    with centre.read() as uow:
        held = uow.components.count()
    return Taken(census=census, warnings=tuple(data.warnings), held=held)

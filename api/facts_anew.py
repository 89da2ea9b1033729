"""Tell the facts behind all figures anew: after a restore, or where a formula's reading changed."""

from dataclasses import dataclass

from api.wiring import Centre
from dispatch import surveying


@dataclass(frozen=True, slots=True, kw_only=True)
class Differed:
    """Of which cases, by number, and sweeps, by id, something else was kept than is told now."""

    cases: tuple[str, ...]
    sweeps: tuple[str, ...]


def retell(*, centre: Centre, write: bool) -> Differed:
    """Tell everything anew, and put it in the place of what differs.

    Args:
        write: False only compares.
    """
    cases = centre.retell_facts(write=write).differed
    if write:
        surveying.keep_lands(at=centre.now(), profile=centre.profile, uow=centre.begin())
    sweeps = surveying.retell_sweeps(
        recalls=centre.recalls, profile=centre.profile, uow=centre.begin(), write=write
    )
    return Differed(cases=cases, sweeps=sweeps)

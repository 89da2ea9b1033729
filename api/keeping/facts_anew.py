"""Tell the facts behind all figures anew: after a restore, or where a formula's reading changed."""

from dataclasses import dataclass

from api.centre.wiring import Centre
from dispatch.intake import surveying


@dataclass(frozen=True, slots=True, kw_only=True)
class Differed:
    """Of what something else was kept than is told now.

    Args:
        cases: by number.
        sweeps: by id.
        ground: days and unit grids.
    """

    cases: tuple[str, ...]
    sweeps: tuple[str, ...]
    ground: tuple[str, ...]


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
    ground = surveying.add_up_ground(uow=centre.begin(), write=write)
    return Differed(cases=cases, sweeps=sweeps, ground=ground)

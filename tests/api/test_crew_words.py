"""What a crew said of a find stands beside it for whoever decides the case."""

from dispatch import wire
from tests.api.open_centre import OpenCentre


def word(found: wire.Finding, *, true: bool) -> wire.CrewVerdict:
    return wire.CrewVerdict(
        id=wire.crew_verdict_id(found.id, captured_at=found.captured_at, device=found.device),
        device=found.device,
        finding=found.id,
        pass_id=found.pass_id,
        said_at=found.captured_at,
        true=true,
    )


def test_the_officer_sees_what_the_crew_said_and_that_others_said_nothing(
    opened: OpenCentre,
) -> None:
    case = opened.reported()
    before = opened.get("supervisor", f"/cases/{case}")["sights"]
    with opened.centre.read() as uow:
        found = uow.observations.get(before[0]["id"])
    assert found is not None

    opened.send(word(found.finding, true=False))

    after = opened.get("supervisor", f"/cases/{case}")["sights"]
    assert [each["crew"] for each in before] == [None] * len(before)
    assert after[0]["crew"] is False

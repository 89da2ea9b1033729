"""What the centre hears of a device is what the device knows of itself."""

import pytest

from dispatch.wire import MESSAGE, canonical_bytes
from edge.vitals.beat import heartbeat_of
from tests.edge.vitals.signs import Stopwatch, receiver_of, signs_of, vitals_of


def test_a_heartbeat_says_what_is_wrong_and_how_each_camera_is() -> None:
    report = vitals_of(Stopwatch()).take(
        signs_of(receiver=receiver_of(age_s=95.0), temperature_c=97.0)
    )

    beat = heartbeat_of(report, device="car-7", version="0.1.0")

    assert MESSAGE.validate_json(canonical_bytes(beat)) == beat
    assert not beat.ok
    assert [reason.code for reason in beat.reasons] == ["gnss_lost", "too_hot"]
    assert (beat.fix_age_s, beat.temperature_c, beat.clock_offset_s) == (95.0, 97.0, 0.02)
    assert (beat.cameras[0].name, beat.cameras[0].veil_share) == ("front", 0.02)
    assert beat.running is not None
    assert (beat.running.precision, beat.running.provider) == ("int8", "cpu")


def test_what_only_wants_care_leaves_a_device_well() -> None:
    report = vitals_of(Stopwatch()).take(signs_of(veils={"front": 0.6}))

    beat = heartbeat_of(report, device="car-7", version="0.1.0")

    assert beat.ok
    (complaint,) = beat.complaints
    assert complaint.startswith("lens_veiled: camera front: dirt hides 60% of the street: clean")


def test_there_is_no_heartbeat_of_a_device_that_has_not_looked_at_itself() -> None:
    with pytest.raises(ValueError, match="needs signs"):
        heartbeat_of(vitals_of(Stopwatch()).report(), device="car-7", version="0.1.0")

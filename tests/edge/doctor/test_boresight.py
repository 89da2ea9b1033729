"""What recorded drives say of a camera file is what an examination says of it."""

from pathlib import Path

import pytest

from edge.delivery.outbox import Outbox
from edge.doctor.centre import check_outbox
from edge.doctor.check import Check, Outcome
from edge.geocheck.drive import check_drive
from edge.placing.camera import Camera
from tests.edge.test_geocheck_drive import drive, mounted


def examined(folder: Path) -> Check:
    (check,) = [each for each in check_outbox(folder) if each.name == "boresight"]
    return check


def driven(folder: Path, camera: Camera) -> None:
    """Check a recorded drive, and hold or lift its pass as a replay does."""
    outbox = Outbox(folder)
    verdict = check_drive(drive(1, camera=camera))
    outbox.holds.hold("pass-1", zh="未完成", en="not done")
    if verdict.faults:
        outbox.holds.hold("pass-1", zh=verdict.zh, en=verdict.en)
    else:
        outbox.holds.lift("pass-1")
    outbox.close()


@pytest.mark.parametrize(
    ("camera", "zh", "en"),
    [
        (mounted(pitch_deg=-5.0), "相机俯仰角不对：约差 -", "wrong camera pitch: off by about -"),
        (mounted(height_m=2.0), "真实高度约为所写的 0.8", "height is about 0.8"),
    ],
)
def test_a_camera_file_that_a_drive_contradicts_is_named_with_the_way_to_mend_it(
    tmp_path: Path, camera: Camera, zh: str, en: str
) -> None:
    driven(tmp_path, camera)

    check = examined(tmp_path)

    assert check.outcome is Outcome.WARN
    assert zh in check.zh and en in check.en
    assert "xunhuan-edge calibrate" in check.zh and "xunhuan-edge calibrate" in check.en


def test_a_camera_file_with_which_drives_agree_passes(tmp_path: Path) -> None:
    driven(tmp_path, mounted())

    assert examined(tmp_path).outcome is Outcome.OK

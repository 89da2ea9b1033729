"""How the makers of drones write into a photo where its camera looked: one row per layout.

Angles are degrees. Keys are names of the XMP packet as `edge.photo` gives them; a struct's member
is "Struct/Member". Every layout but DJI's is built from what the makers and users of their photos
have published, and has met no real file here.
"""

from dataclasses import dataclass
from typing import Final

from edge.photo import PhotoHeader


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where a maker's photos say what.

    Attributes:
        makes: EXIF "Make", lower case.
        angles: yaw, pitch, roll of the camera, in the world or on the platform.
        platform: yaw, pitch, roll of the platform in the world, where `angles` are relative to it.
        pitch_from_nadir: whether pitch counts up from straight down; else down from the horizon.
        height: height above the take-off; None where photos state one above sea level only.
        ellipsoidal: height above the ellipsoid, to be believed with an RTK fix only.
        fix: what says the kind of fix, and which value is an RTK fix.
        spread: standard errors of that fix: east, north, up, metres.
        dewarp: the lens's calibration, "date;fx,fy,cx,cy,k1,k2,p1,p2,k3" with cx, cy from the
            middle of the picture, and what says whether the picture is corrected by it already.
        focal, centre: calibrated focal length and principal point, pixels: across and down.
        seen_real: whether real photos of the maker have been placed with it.
    """

    maker: str
    makes: frozenset[str]
    angles: tuple[str, str, str]
    platform: tuple[str, str, str] | None = None
    pitch_from_nadir: bool = False
    height: str | None = None
    ellipsoidal: str | None = None
    fix: tuple[str, int] | None = None
    spread: tuple[str, str, str] | None = None
    dewarp: tuple[str, str] | None = None
    focal: tuple[str, str] | None = None
    centre: tuple[str, str] | None = None
    seen_real: bool = False


_GIMBAL: Final = ("GimbalYawDegree", "GimbalPitchDegree", "GimbalRollDegree")

LAYOUTS: Final = (
    Layout(
        maker="DJI",
        makes=frozenset({"dji", "hasselblad"}),
        angles=_GIMBAL,
        height="RelativeAltitude",
        # Without RTK it is above sea level, above the take-off or neither, by model.
        ellipsoidal="AbsoluteAltitude",
        fix=("RtkFlag", 50),
        spread=("RtkStdLon", "RtkStdLat", "RtkStdHgt"),
        dewarp=("DewarpData", "DewarpFlag"),
        focal=("CalibratedFocalLength", "CalibratedFocalLength"),
        centre=("CalibratedOpticalCenterX", "CalibratedOpticalCenterY"),
        seen_real=True,
    ),
    Layout(
        maker="Skydio",
        makes=frozenset({"skydio"}),
        angles=(
            "CameraOrientationNED/Yaw",
            "CameraOrientationNED/Pitch",
            "CameraOrientationNED/Roll",
        ),
        height="RelativeAltitude",
        focal=("CalibratedFocalLength/X", "CalibratedFocalLength/Y"),
        centre=("CalibratedOpticalCenter/X", "CalibratedOpticalCenter/Y"),
    ),
    Layout(
        maker="Parrot",
        makes=frozenset({"parrot"}),
        angles=("CameraYawDegree", "CameraPitchDegree", "CameraRollDegree"),
        height="AboveGroundAltitude",
    ),
    Layout(
        maker="Autel",
        makes=frozenset({"autel robotics", "autel"}),
        angles=_GIMBAL,
        height="RelativeAltitude",
    ),
    Layout(
        maker="Autel (old)",
        makes=frozenset({"autel robotics", "autel"}),
        angles=("Yaw", "Pitch", "Roll"),
        pitch_from_nadir=True,
    ),
    Layout(
        maker="Teal",
        makes=frozenset({"teledyne flir", "teal"}),
        angles=("CameraYaw", "CameraPitch", "CameraRoll"),
        platform=("PlatformYaw", "PlatformPitch", "PlatformRoll"),
    ),
)


def layout_of(photo: PhotoHeader) -> Layout | None:
    """Give the layout a photo is written in; None where it states no camera's attitude.

    A photo that names no make is DJI's where it has DJI's keys; other keys are too common words.
    One of a known make that states no pitch is given its maker's first layout, so that what is
    missing can be named.
    """
    make = (photo.exif.get("Image Make") or photo.xmp.get("Make", "")).strip().lower()
    made = [layout for layout in LAYOUTS if make in layout.makes]
    known = made if make else [LAYOUTS[0]]
    stated = [layout for layout in known if layout.angles[1] in photo.xmp]
    return next(iter((*stated, *made)), None)

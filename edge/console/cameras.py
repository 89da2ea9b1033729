"""The command that lists the drone cameras this device knows."""

from edge.console.options import Json
from edge.console.speech import answer


def cameras(as_json: Json = False) -> None:
    """列出已知的无人机相机（静止照片）· List the drone cameras known by make and model (stills)."""
    from edge.placing.cameras import drone_cameras

    known = drone_cameras()
    answer(
        [
            {
                "make": camera.make,
                "model": camera.model,
                "thermal": camera.thermal,
                "width": camera.width,
                "height": camera.height,
                "sensor_mm": camera.sensor_mm,
                "focal_mm": camera.focal_mm,
                "scale_error": round(camera.scale_error, 4),
                "name": camera.name,
            }
            for camera in known
        ],
        as_json=as_json,
        text="\n".join(
            f"{camera.make:15} {camera.model:26} {camera.width:5}×{camera.height:<5}"
            f"{'热成像 thermal ' if camera.thermal else ''}{camera.name}".rstrip()
            for camera in known
        ),
    )

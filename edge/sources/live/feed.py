"""A live camera as the source of one pass: named by device time, never to be had again."""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from dispatch.wire import Platform
from edge.frame import Frame
from edge.sources.live.capture import LiveCamera


class LiveFeed:
    """What one camera shows from a moment on; its frames are handed over one by one."""

    def __init__(self, camera: LiveCamera, *, from_: datetime) -> None:
        """Begin a pass of a camera."""
        said = f"{camera.name}\x1f{from_.isoformat()}"
        self._camera = camera
        self._digest = hashlib.sha256(said.encode()).hexdigest()

    @property
    def digest(self) -> str:
        """Hash of the camera's name and the moment: no other pass has it."""
        return self._digest

    @property
    def platform(self) -> Platform:
        """What carries the camera: one without a stated height above ground flies."""
        on_wheels = self._camera.camera.mounting.height_above_ground_m is not None
        return Platform.VEHICLE if on_wheels else Platform.DRONE

    @property
    def rendered(self) -> bool:
        """Whether the stream is drawn: of a simulated twin."""
        return self._camera.rendered

    def frames(self) -> Iterator[Frame]:
        """Give nothing: what was live is gone."""
        return iter(())

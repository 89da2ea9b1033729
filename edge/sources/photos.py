"""A folder of photos as frames, in order of the time they were taken."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from dispatch.wire import Platform
from edge.frame import Frame
from edge.photo import PhotoHeader, PhotoRefused, read_bytes, read_photos
from edge.placing.makers import layout_of


class PhotoFolder:
    """The photos of a flight or a walk; those that cannot be used are counted in `refused`."""

    def __init__(self, folder: Path) -> None:
        """Read every photo's header.

        Raises:
            NoPhotos: there is none, or none can be used.
        """
        self._set = read_photos(folder)
        self._refused = list(self._set.refused)

    @property
    def photos(self) -> tuple[PhotoHeader, ...]:
        """Give the headers of the usable photos, by time."""
        return self._set.photos

    @property
    def refused(self) -> tuple[PhotoRefused, ...]:
        """Give the photos that cannot be used, so far, each with its reason."""
        return tuple(self._refused)

    @property
    def digest(self) -> str:
        """Hash of all the photos."""
        return self._set.digest

    @property
    def platform(self) -> Platform:
        """A drone's photos say how the camera was turned."""
        flown = any(layout_of(photo) is not None for photo in self._set.photos)
        return Platform.DRONE if flown else Platform.PHONE

    @property
    def rendered(self) -> bool:
        """Photos are taken, not drawn."""
        return False

    def frames(self) -> Iterator[Frame]:
        """Decode the photos one by one; one that does not decode joins `refused`."""
        for index, photo in enumerate(self._set.photos):
            try:
                content = np.frombuffer(read_bytes(photo.path), np.uint8)
                # Intrinsics belong to sensor pixels, so EXIF rotation stays unapplied.
                image = cv2.imdecode(content, cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
                if image is None or image.shape[:2] != (photo.height, photo.width):
                    raise PhotoRefused(photo.path, "解码失败", "its pixels cannot be decoded")
            except PhotoRefused as error:
                self._refused.append(error)
                continue
            yield Frame(
                index=index,
                at=photo.at,
                image=np.asarray(image, np.uint8),
                name=photo.path.name,
            )

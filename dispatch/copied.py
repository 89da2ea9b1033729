"""A picture that was handed in before does not show work done since (照片重复).

The same file under another name is refused where it is handed in.
"""

from collections.abc import Iterable

from dispatch.errors import DispatchError
from dispatch.ids import PhotoId
from dispatch.ports import UnitOfWork


class PictureUsed(DispatchError):
    """A photo of the work done is the same file as a picture that was there before."""

    def __init__(self) -> None:
        super().__init__(
            "这张照片以前已经提交过，不能作为处理后的照片，请到现场重新拍一张",
            "this very picture was handed in before and cannot show the finished work: "
            "take a new one on the spot",
        )


def refuse_used(photos: Iterable[tuple[PhotoId, str]], *, uow: UnitOfWork) -> None:
    """Refuse photos of work done that are the same file as another photo or as evidence.

    Args:
        photos: the id and the SHA-256 of each, as it was handed in.

    Raises:
        PictureUsed: one is.
    """
    handed_in = set[str]()
    for id_, sha256 in photos:
        others = [each for each in uow.photos.of_content(sha256) if each.id != id_]
        if others or sha256 in handed_in or not uow.evidence.missing((sha256,)):
            raise PictureUsed
        handed_in.add(sha256)

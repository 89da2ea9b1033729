"""Why a camera's stream was lost, in words that say what to look at.

An error's own text may hold the address with the password; its kind tells enough.
"""

from typing import Final

import av

ENDED: Final = ("码流结束", "it ended")
_WORDS: Final[tuple[tuple[type[Exception], tuple[str, str]], ...]] = (
    (av.error.ExitError, ("长时间没有数据", "it sent nothing for too long")),
    (av.error.TimeoutError, ("长时间没有数据", "it sent nothing for too long")),
    (av.error.HTTPUnauthorizedError, ("用户或密码不对", "user or password are wrong")),
    (av.error.HTTPForbiddenError, ("相机不允许这个用户", "the camera does not allow this user")),
    (av.error.HTTPNotFoundError, ("相机没有这个码流", "the camera has no such stream")),
    (av.error.ConnectionRefusedError, ("相机拒绝连接", "the camera refuses to be called")),
    (av.error.ConnectionResetError, ("相机断开了连接", "the camera hung up")),
    (av.error.BrokenPipeError, ("相机断开了连接", "the camera hung up")),
    (
        av.error.FileNotFoundError,
        ("没有这个相机，可能拔掉了", "there is no such camera: unplugged?"),
    ),
    (av.error.PermissionError, ("没有权限打开", "opening it is not permitted")),
    (av.error.InvalidDataError, ("收到的不是视频", "what came is no video")),
    (IndexError, ("码流里没有视频", "there is no video in it")),
)


def why(error: Exception) -> tuple[str, str]:
    """Say in Chinese and English why a stream was lost; without words the kind of the error."""
    kind = type(error).__name__
    return next((words for of, words in _WORDS if isinstance(error, of)), (kind, kind))

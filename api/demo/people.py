"""Scripted people: each signs in like anybody and decides through the same routes.

They survive a centre that dies under their hands: a decision whose answer was lost is looked up
before it is made again.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final, Self

import httpx

from api.doors.auth import PAGE_HEADER
from api.errors import ApiError

TRIES: Final = 60
PAUSE_S: Final = 0.5

Json = Mapping[str, Any]


class Refused(ApiError):
    """The centre refused what a scripted person did, which the script did not foresee."""

    def __init__(self, what: str, answer: httpx.Response) -> None:
        said = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        super().__init__(
            f"{what} 被拒绝：{said.get('title', answer.status_code)}",
            f"{what} was refused: {said.get('title_en', answer.status_code)}",
        )
        self.status = answer.status_code


class ScriptedPerson:
    """Somebody with an account, a password and a phone."""

    def __init__(
        self, name: str, password: str, *, url: Callable[[], str], revive: Callable[[], None]
    ) -> None:
        """Set up.

        Args:
            url: gives the centre's address now.
            revive: sees to it that the centre runs.
        """
        self.name, self._password = name, password
        self._url, self._revive = url, revive
        self._client = httpx.Client(headers={PAGE_HEADER: "1"}, timeout=30.0)

    def __enter__(self) -> Self:
        """Sign in."""
        self._sign_in()
        return self

    def __exit__(self, *_: object) -> None:
        """Put the phone away."""
        self._client.close()

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON as it comes
        """Read something."""
        return self._call("GET", path).json()

    def tasks(self, kind: str) -> list[Json]:
        """Give the open tasks of a kind, each with its case."""
        entries: list[Json] = self.get("/tasks/mine")["tasks"]
        return [entry for entry in entries if entry["task"]["kind"] == kind]

    def decide(self, case: str, action: str, *, note: str = "", **more: str) -> None:
        """Decide on a case as it stands, once, whatever happens to the answer."""
        line = self.get(f"/cases/{case}")["line"]
        body = {"version": line["version"], "note": note, **more}
        answer = self._call("POST", f"/cases/{case}/{action}", json=body, allowed=(409,))
        if answer.status_code == httpx.codes.CONFLICT:
            now = self.get(f"/cases/{case}")["line"]
            # The decision was kept, its answer lost with the centre.
            if now["version"] == line["version"]:
                raise Refused(action, answer)

    def hand_in(self, case: str, photo: bytes, *, photo_id: str, taken_at: str) -> None:
        """Hand in an after-photo, as a phone's own file; the same one again changes nothing."""
        self._call(
            "POST",
            f"/cases/{case}/photos",
            files={"file": ("photo.jpg", _shot(photo, photo_id), "image/jpeg")},
            data={"purpose": "after", "taken_at": taken_at, "id": photo_id},
        )

    def _sign_in(self) -> None:
        body = {"name": self.name, "password": self._password}
        self._call("POST", "/session", json=body)

    def _call(
        self,
        method: str,
        path: str,
        *,
        allowed: tuple[int, ...] = (),
        **more: Any,  # noqa: ANN401
    ) -> httpx.Response:
        for _ in range(TRIES):
            try:
                answer = self._client.request(method, f"{self._url()}/api/v1{path}", **more)
            except httpx.TransportError:
                time.sleep(PAUSE_S)
                self._revive()
                continue
            if answer.is_success or answer.status_code in allowed:
                return answer
            raise Refused(f"{method} {path}", answer)
        raise Refused(f"{method} {path}", httpx.Response(503))


def _shot(photo: bytes, name: str) -> bytes:
    """Give a photo the bytes of a shot of its own: a JPEG comment that names it (T.81, B.2.4.5)."""
    comment = name.encode()
    return photo[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2) + comment + photo[2:]

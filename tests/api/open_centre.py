"""A centre that is open: the real application over SQLite, with people, a device and a watch."""

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx

from api.app import create_app
from api.background.drain import drain_once
from api.background.ticker import tell_sweeps
from api.centre.settings import Settings
from api.centre.wiring import Centre, open_centre
from api.doors.accounts import NewAccount, add_account
from api.doors.auth import COOKIE, PAGE_HEADER
from api.doors.passwords import new_token, token_digest
from dispatch import wire
from dispatch.devices.device import Device
from dispatch.ids import PersonId
from dispatch.intake import surveying
from dispatch.people.account import Session
from dispatch.verification.detectability import RecallBand
from tests.api import pictures
from tests.api.server import Server
from tests.api.signed_device import GZIP, SignedDevice, batch
from tests.dispatch import making
from tests.dispatch.city import MONDAY, City, certain_recall
from tests.loopback import NOBODY

PASSWORD: Final = "correct-horse-battery"
FAR: Final = "999901001001001"
"""A grid in which nothing lies."""


def _account(name: str, roles: str, *, department: str | None = None, area: str = "") -> NewAccount:
    return NewAccount(
        name=name,
        password=PASSWORD,
        person=f"{name}某",
        roles=tuple(roles.split(",")),
        department=department,
        area=area,
    )


def _people(city: City) -> tuple[NewAccount, ...]:
    mends, other = city.department, city.other_department
    far = city.profile.grids.grids[0].id
    return (
        _account("collector", "collector"),
        _account("acceptor", "acceptor"),
        _account("supervisor", "supervisor"),
        _account("dispatcher", "dispatcher"),
        _account("department", "department", department=mends),
        _account("handler", "handler", department=mends),
        _account("sweeper", "handler", department=other),
        _account("evaluator", "evaluator"),
        _account("administrator", "administrator"),
        _account("far-supervisor", "supervisor", area=far),
        _account("far-handler", "handler", department=mends, area=far),
    )


class KnowingCentre(Centre):
    """A centre that knows the tests' model and what it finds."""

    def recalls(self, model: wire.ModelRef, label: str) -> tuple[RecallBand, ...]:
        """State a high recall of everything."""
        return tuple(certain_recall(model, label))


@dataclass(slots=True)
class Watch:
    """A clock that the test turns on."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        """Give the time."""
        return self.now

    def later(self, **span: float) -> datetime:
        """Turn the watch on."""
        self.now += timedelta(**span)
        return self.now


@dataclass(slots=True)
class OpenCentre:
    """The centre with its application; `phone` gives a client that somebody is signed in with."""

    centre: Centre
    watch: Watch
    door: Watch
    device: SignedDevice
    server: Server
    where: tuple[float, float] = (making.LATITUDE, making.LONGITUDE)
    """Latitude and longitude of the usual place."""
    passes: int = 0
    opened: list[httpx.Client] = field(default_factory=list)
    clients: dict[str, httpx.Client] = field(default_factory=dict)

    def close(self) -> None:
        """Send everybody home and let go of the database."""
        for client in self.opened:
            client.close()
        self.centre.engine.dispose()

    def stranger(self) -> httpx.Client:
        """Give a client that nobody is signed in with."""
        client = httpx.Client(
            base_url=self.server.address, headers={PAGE_HEADER: "1"}, timeout=60, verify=NOBODY
        )
        self.opened.append(client)
        return client

    def phone(self, name: str) -> httpx.Client:
        """Give a client that somebody is signed in with."""
        if name not in self.clients:
            client = self.stranger()
            if name == "device":
                return self.clients.setdefault(name, client)
            client.cookies.set(COOKIE, self._session(name))
            self.clients[name] = client
        return self.clients[name]

    def _session(self, name: str) -> str:
        # Through the door that the tests of signing in prove; a password costs time by intention.
        token, now = new_token(), self.door.now
        session = Session(
            token_sha256=token_digest(token),
            person=PersonId(name),
            started_at=now,
            expires_at=now + self.centre.settings.session_idle,
        )
        with self.centre.begin() as uow:
            uow.accounts.save_session(session)
            uow.commit()
        return token

    def get(self, name: str, path: str) -> Any:
        """Read something as somebody."""
        answer = self.phone(name).get(f"/api/v1{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def decide(self, name: str, case: str, action: str, **said: object) -> httpx.Response:
        """Decide on a case as it stands."""
        with self.centre.read() as uow:
            version = uow.cases.get(case).version
        body = {"version": version, "note": "", **said}
        return self.phone(name).post(f"/api/v1/cases/{case}/{action}", json=body)

    def signed(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a request of the device."""
        path = f"/api/v1{path}"
        signature = self.device.headers(method, path, body, at=self.door.now)
        sent = {**signature, **(headers or {})}
        answer = self.phone("device").request(method, path, content=body, headers=sent)
        while any(drain_once(self.centre, hazards=each) for each in (True, False)):
            pass
        return answer

    def send(self, *messages: wire.Message) -> Any:
        """Send a batch, and the pictures that the centre then asks for."""
        body = batch(messages)
        answer = self.signed("POST", "/device/messages", body, headers=GZIP)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def put_picture(self, content: bytes) -> str:
        """Hand in a picture under its hash."""
        sha256 = hashlib.sha256(content).hexdigest()
        answer = self.signed("PUT", f"/device/evidence/{sha256}", content)
        assert answer.status_code == 200, answer.text
        return sha256

    def find(self, name: str = "1", **facts: Any) -> wire.Finding:
        """Make a finding of now with a picture that the centre then holds."""
        mark = f"{name} {facts.get('pass_id', '')}"
        content = pictures.road(pothole=True, mark=mark)
        latitude, longitude = self.where
        here = making.position().model_copy(update={"latitude": latitude, "longitude": longitude})
        facts = {"where": here, **facts}
        found = making.finding(name, at=self.watch.now, device=self.device.name, **facts)
        shown = picture(content, at=self.watch.now, box=pictures.BOX)
        return found.model_copy(update={"evidence": (shown,), "measure": SURE})

    def drive(self, *found: wire.Finding, last: bool = True, hidden: bool = False) -> str:
        """Send a whole pass over the usual place with its finds and their pictures."""
        self.passes += 1
        pass_id = f"{self.device.name}:{self.passes}"
        found = tuple(each.model_copy(update={"pass_id": pass_id}) for each in found)
        self.send(*found, self.swept(pass_id, last=last, hidden=hidden))
        for each in found:
            for name in ("1", "2", "3"):
                for mark in (f"{name} ", f"{name} {each.pass_id}"):
                    content = pictures.road(pothole=True, mark=mark)
                    if hashlib.sha256(content).hexdigest() == each.evidence[0].sha256:
                        self.put_picture(content)
        return pass_id

    def swept(self, pass_id: str, *, last: bool = True, hidden: bool = False) -> wire.Sweep:
        """Make the sweep of a pass that saw the usual place well, or had it hidden."""
        cells = sorted(making.h3.grid_disk(making.h3.latlng_to_cell(*self.where, 13), 6))
        base = making.sweep(
            device=self.device.name, pass_id=pass_id, at=self.watch.now - timedelta(minutes=1)
        )
        packed = wire.pack_cells(cells)
        views = wire.pack_ppm([200.0] * len(cells))
        ground = base.inspected[0].model_copy(update={"cells": packed, "pixels_per_metre": views})
        why = base.hidden[0].model_copy(update={"cells": packed})
        return base.model_copy(
            update={
                "inspected": () if hidden else (ground,),
                "hidden": (why,) if hidden else (),
                "position_sigma_m": 0.3,
                "last": last,
            }
        )

    def told(self) -> None:
        """Have the sweeps that came told for the figures, as the ticker would."""
        centre = self.centre
        surveying.keep_lands(at=centre.now(), profile=centre.profile, uow=centre.begin())
        self.watch.later(seconds=1)
        while tell_sweeps(centre):
            self.watch.later(seconds=1)

    def reported(self, name: str = "1") -> str:
        """Bring a case to its report, over the wire."""
        known = {line["id"] for line in self.get("supervisor", "/cases?limit=200")["cases"]}
        self.drive(self.find(name))
        lines = self.get("supervisor", "/cases?limit=200")["cases"]
        (new,) = [line["id"] for line in lines if line["id"] not in known]
        return str(new)

    def dispatched(self) -> str:
        """Bring a case to its department, filed by a person where the city wants one."""
        case = self.reported()
        self.watch.later(minutes=5)
        assert self.decide("collector", case, "confirm").status_code == 200
        if self.get("supervisor", f"/cases/{case}")["line"]["status"] == "confirmed":
            assert self.decide("supervisor", case, "file").status_code == 200
        return case

    def handling(self) -> str:
        """Bring a case to a worker."""
        case = self.dispatched()
        self.watch.later(minutes=5)
        assert self.decide("handler", case, "accept").status_code == 200
        return case

    def handled(self) -> str:
        """Bring a case to its check, its after-photo looked at."""
        case = self.handling()
        self.watch.later(minutes=30)
        self.look_at(self.hand_in(case))
        assert self.decide("handler", case, "finish").status_code == 200
        return case

    def hand_in(
        self, case: str, *, name: str = "handler", mark: str = "phone", purpose: str = "after"
    ) -> str:
        """Hand in a photo, if nothing else is said one of the finished work, and give its id."""
        photo = str(making.hashlib.sha256(f"{case} {mark}".encode()).hexdigest())
        id_ = f"{photo[:8]}-{photo[8:12]}-4{photo[13:16]}-8{photo[17:20]}-{photo[20:32]}"
        answer = self.phone(name).post(
            f"/api/v1/cases/{case}/photos",
            files={
                "file": ("a.jpg", pictures.road(pothole=False, mark=f"{mark} {case}"), "image/jpeg")
            },
            data={"purpose": purpose, "taken_at": self.watch.now.isoformat(), "id": id_},
        )
        assert answer.status_code == 201, answer.text
        return id_

    def look_at(self, photo: str) -> str:
        """Answer as the vision worker does: the photo redacted, nothing of the problem seen."""
        content = pictures.road(pothole=False, mark="redacted")
        shown = picture(content, at=self.watch.now)
        result = wire.PhotoResult(
            id=wire.message_id(self.watch.now, self.device.name, "photo", photo),
            device=self.device.name,
            photo=photo,
            looked_at=self.watch.now,
            model=making.MODEL,
            readable=True,
            seen={},
            same_place=0.94,
            evidence=(shown,),
        )
        self.send(result)
        return self.put_picture(content)


SURE: Final = wire.Measure(quantity=wire.Quantity.AREA_M2, value=1.2, sigma=0.12)


def picture(
    content: bytes, *, at: datetime, box: tuple[float, float, float, float] | None = None
) -> wire.Evidence:
    """Describe a picture as evidence."""
    return wire.Evidence(
        sha256=hashlib.sha256(content).hexdigest(),
        kind=wire.EvidenceKind.NEAR,
        media_type="image/jpeg",
        size_bytes=len(content),
        width_px=640,
        height_px=480,
        box_xyxy_px=box,
        taken_at=at.astimezone(UTC),
        redaction=wire.Redaction(method="pixelate", by="street-n 0.1.0", regions=0),
    )


def knowing(centre: Centre, *, watch: Watch, door: Watch) -> KnowingCentre:
    """Let a centre know the tests' model and go by two watches: casework's and the door's."""
    facts = {name: getattr(centre, name) for name in Centre.__slots__}
    return replace(KnowingCentre(**facts), now=watch, real_now=door)


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    """What is set up once: a data folder with people and one device, and a port."""

    folder: Path
    device: SignedDevice
    server: Server
    city: City


@contextmanager
def furnish(folder: Path, *, city: City | None = None) -> Iterator[Building]:
    """Give a data folder people and one device, and open a port."""
    city = city or City()
    centre = open_centre(Settings(data_dir=folder, profile=city.name), profile=city.profile)
    for order in _people(city):
        add_account(order, centre=centre)
    device = SignedDevice("vehicle-07")
    key = device.key.public_key().public_bytes_raw()
    with centre.begin() as uow:
        uow.devices.save(
            Device(id=device.name, name="巡检车七号", public_key=key, registered_at=MONDAY)
        )
        uow.commit()
    centre.engine.dispose()
    server = Server()
    try:
        yield Building(folder=folder, device=device, server=server, city=city)
    finally:
        server.close()


@contextmanager
def open_copy(
    building: Building, *, to: Path, drill: bool = False, profile: str | None = None
) -> Iterator[OpenCentre]:
    """Open a centre on a copy of a furnished folder, for a while."""
    shutil.copytree(building.folder, to)
    clock = to / "drill.json" if drill else None
    settings = Settings(data_dir=to, drill_clock=clock, profile=profile or building.city.name)
    watch, door = Watch(), Watch()
    # Read once for all tests: nothing changes a profile, and reading one is a test of its own.
    read = building.city.profile if profile is None else None
    centre = knowing(open_centre(settings, profile=read), watch=watch, door=door)
    building.server.app = create_app(centre)
    where = building.city.where
    opened = OpenCentre(centre, watch, door, building.device, building.server, where=where)
    try:
        yield opened
    finally:
        opened.close()

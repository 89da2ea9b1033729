"""Whatever the way does, nothing is lost or doubled, no try hangs, and the matter has a name."""

import random
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from api.background.drain import drain_once
from api.doors.accounts import invite_device
from edge.delivery.away import Away, CentreAway
from edge.delivery.centre import Centre, enrol
from edge.delivery.exchange import Patience
from edge.delivery.keys import Enrolment, Identity, ensure_key, write_enrolment
from edge.delivery.outbox import Outbox
from edge.delivery.sending import identity_at
from edge.delivery.uplink import Flushed, Uplink
from tests.api.open_centre import OpenCentre
from tests.edge.faults.bad_way import BadWay, Mode, bad_way
from tests.edge.messages import finding_of, picture_of

HASTY = Patience(connect_s=1.0, step_s=0.6, whole_s=1.5, slowest=1e9)
FINDINGS = 3
ATTEMPTS = 3
pytestmark = pytest.mark.faults

NAMES = {
    Mode.BYTE_A_TICK: Away.SLOW,
    Mode.HALF_OPEN: Away.SLOW,
    Mode.RESET_IN_BODY: Away.CUT_OFF,
    Mode.CUT_IN_ANSWER: Away.CUT_OFF,
    Mode.LOST_ANSWER: Away.CUT_OFF,
    Mode.PORTAL: Away.PORTAL,
    Mode.REDIRECT: Away.PORTAL,
    Mode.BUSY: Away.BUSY,
    Mode.LYING: Away.FORGED,
}


@pytest.fixture
def way(opened: OpenCentre) -> Iterator[BadWay]:
    with bad_way(opened.server.address) as laid:
        yield laid


@pytest.fixture
def state(opened: OpenCentre, way: BadWay, tmp_path: Path) -> Path:
    """Give a device that was let in, with findings of now that wait."""
    opened.door.now = opened.watch.now = datetime.now(UTC)
    code, _ = invite_device("car-7", "七号车", centre=opened.centre)
    folder = tmp_path / "device"
    key = ensure_key(folder)
    write_enrolment(folder, enrol(way.address, code=code, key=key, name=None, now=opened.door.now))
    outbox = Outbox(folder)
    for number in range(FINDINGS):
        picture = picture_of(number)
        at = opened.watch.now - timedelta(minutes=5, seconds=number)
        found = finding_of(number, pictures=(picture,))
        times = {"captured_at": at, "first_seen_at": at, "last_seen_at": at}
        outbox.record(found.model_copy(update=times), [picture], at=at)
    outbox.close()
    return folder


def _flush(folder: Path, opened: OpenCentre, pauses: list[float]) -> tuple[Flushed, Centre]:
    link = Centre(identity_at(folder, centre=None), now=lambda: opened.door.now, patience=HASTY)
    outbox = Outbox(folder)
    try:
        uplink = Uplink(link, outbox, sleep=pauses.append, rng=random.Random(1))
        return uplink.flush(attempts=ATTEMPTS), link
    finally:
        link.close()
        outbox.close()


def _held(opened: OpenCentre) -> tuple[int, int]:
    while any(drain_once(opened.centre, hazards=each) for each in (True, False)):
        pass
    with opened.centre.read() as uow:
        findings = len(uow.observations.of_pass("pass-1"))
    return findings, len(list(opened.centre.evidence.names()))


@pytest.mark.parametrize("mode", sorted(NAMES))
def test_a_spoilt_way_has_a_name_and_once_it_is_mended_all_is_there_once(
    state: Path, way: BadWay, opened: OpenCentre, mode: Mode
) -> None:
    way.mode, way.connections, pauses = mode, 0, list[float]()
    begun = time.monotonic()

    spoilt, _ = _flush(state, opened, pauses)
    took_s = time.monotonic() - begun
    way.mode = Mode.OPEN
    mended, _ = _flush(state, opened, pauses)

    assert spoilt.away is not None and NAMES[mode].zh in spoilt.away
    assert (len(pauses), way.connections <= 2 * ATTEMPTS + 2) == (ATTEMPTS - 1, True)
    assert took_s < ATTEMPTS * (HASTY.whole_s + HASTY.connect_s) + 5.0
    assert mended.away is None
    assert _held(opened) == (FINDINGS, FINDINGS)


def test_a_way_that_is_slow_to_begin_is_waited_for(
    state: Path, way: BadWay, opened: OpenCentre
) -> None:
    way.mode = Mode.SLOW_ACCEPT

    done, _ = _flush(state, opened, [])

    assert done == Flushed(sent=FINDINGS, evidence_sent=FINDINGS)


def test_a_busy_centre_is_left_alone_as_long_as_it_asks(
    state: Path, way: BadWay, opened: OpenCentre
) -> None:
    way.mode, pauses = Mode.BUSY, list[float]()

    _flush(state, opened, pauses)

    assert all(7.0 <= pause <= 7.0 * 1.25 for pause in pauses)


def test_a_name_that_is_not_found_has_a_name(tmp_path: Path) -> None:
    identity = Identity(
        enrolment=Enrolment(device="car-7", centre="http://centre.invalid"),
        key=ensure_key(tmp_path),
    )
    link = Centre(identity, now=lambda: datetime.now(UTC), patience=HASTY)

    with pytest.raises(CentreAway) as away:
        link.send("GET", "/api/v1/device/asked")

    assert away.value.kind is Away.NO_NAME
    link.close()


def test_nothing_is_said_to_who_shows_a_wrong_certificate(tmp_path: Path) -> None:
    heard: list[str] = []
    with _impostor(tmp_path, heard) as address:
        identity = Identity(
            enrolment=Enrolment(device="car-7", centre=address), key=ensure_key(tmp_path / "d")
        )
        link = Centre(identity, now=lambda: datetime.now(UTC), patience=HASTY)

        with pytest.raises(CentreAway) as away:
            link.send("POST", "/api/v1/device/messages", body=b"{}")
        link.close()

    assert away.value.kind is Away.NOT_TRUSTED
    assert heard == []


@contextmanager
def _impostor(folder: Path, heard: list[str]) -> Iterator[str]:
    """Serve HTTPS on loopback with a certificate that nobody vouches for."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.path)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(folder))
    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # refused handshakes
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = folder / "impostor.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file

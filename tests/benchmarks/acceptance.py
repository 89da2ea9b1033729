"""How fast the centre accepts findings for good over HTTP, and how soon a case knows of them."""

import gzip
import multiprocessing
import re
import socket
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Final

from api.centre.settings import Settings
from api.centre.wiring import Centre, open_centre
from api.demo.processes import CentreProcess
from dispatch import wire
from dispatch.devices.device import Device, DeviceKind
from tests.api.signed_device import GZIP, SignedDevice
from tests.benchmarks.figure import Measured, benchmark
from tests.benchmarks.intake import empty_postgres
from tests.dispatch import making

PATH: Final = "/api/v1/device/messages"
DEVICES: Final = 8
FINDINGS: Final = {500: 48_000, 50: 32_000}
"""How many findings are sent, by the size of the batches; the first quarter is not measured."""
INSERTED: Final = 6_000
"""How many findings plain SQLite is given."""
ROUNDS: Final = 3
STARTED_WITHIN_S: Final = 2.0
"""How long a reader takes to start at most."""
_SIZE: Final = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
STEADY_PER_S: Final = 50
STEADY_S: Final = 10
BEATS_PER_S: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it goes over the line, signed and packed beforehand."""

    whole: bytes


def findings(device: str, count: int, *, before: datetime) -> list[wire.Finding]:
    """Make a drive's findings, each of a place of its own, the last of them seen just now."""
    rng = Random(device)
    pass_id = f"{device}:{before:%Y%m%d%H%M%S}"
    begun = before - timedelta(seconds=0.1 * count + 60)
    found = []
    for number in range(count):
        where = making.position(north_m=rng.uniform(-550.0, 550.0))
        at = begun + timedelta(seconds=0.1 * number)
        found.append(
            making.finding(str(number), device=device, pass_id=pass_id, at=at, where=where)
        )
    return found


def requests(device: SignedDevice, found: Sequence[wire.Finding], batch: int) -> list[Request]:
    """Pack and sign the findings as a device does."""
    made = []
    for start in range(0, len(found), batch):
        bodies = [wire.canonical_bytes(each) for each in found[start : start + batch]]
        body = gzip.compress(b'{"messages":[' + b",".join(bodies) + b"]}", 6)
        signature = device.headers("POST", PATH, body, at=datetime.now(UTC))
        stated = {"Host": "127.0.0.1", "Content-Length": str(len(body)), **GZIP, **signature}
        head = "".join(f"{name}: {value}\r\n" for name, value in stated.items())
        made.append(Request(whole=f"POST {PATH} HTTP/1.1\r\n{head}\r\n".encode() + body))
    return made


def post(port: int, ready: Sequence[Request]) -> list[float]:
    """Send requests one after the other as one device does; gives how long each took, seconds.

    Over a bare socket: devices are other machines, and take as little of this one as they can.
    """
    spent = []
    with socket.create_connection(("127.0.0.1", port), timeout=60.0) as line:
        for each in ready:
            began = time.perf_counter()
            line.sendall(each.whole)
            head, said = _answer(line)
            spent.append(time.perf_counter() - began)
            assert head.startswith(b"HTTP/1.1 200 "), said
            assert said.count(b'"accepted"') == said.count(b'"status"') > 0, said[:300]
    return spent


def _answer(line: socket.socket) -> tuple[bytes, bytes]:
    """Read the head and the body of an answer."""
    came = b""
    while b"\r\n\r\n" not in came:
        came += _more(line)
    head, _, body = came.partition(b"\r\n\r\n")
    size = _SIZE.search(head)
    assert size is not None, head
    while len(body) < int(size[1]):
        body += _more(line)
    return head, body


def _more(line: socket.socket) -> bytes:
    part = line.recv(65_536)
    assert part, "the centre hung up"
    return part


@contextmanager
def centre_process(
    url: str | None = None,
) -> Iterator[tuple[CentreProcess, Centre, list[SignedDevice]]]:
    """Run `xunhuan serve` with some enrolled devices, and look at its database beside it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder) / "centre", database_url=url)
        centre = open_centre(settings)
        devices = [SignedDevice(f"vehicle-{number:02}") for number in range(DEVICES)]
        with centre.begin() as uow:
            for each in devices:
                key = each.key.public_key().public_bytes_raw()
                uow.devices.save(
                    Device(
                        id=each.name,
                        name=each.name,
                        public_key=key,
                        registered_at=datetime.now(UTC),
                        kind=DeviceKind.VEHICLE,
                    )
                )
            uow.commit()
        told = {"XUNHUAN_DATA_DIR": str(settings.data_dir)}
        if url is not None:
            told["XUNHUAN_DATABASE_URL"] = url
        process = CentreProcess(told, log=Path(folder) / "centre.log")
        process.ensure()
        try:
            yield process, centre, devices
        finally:
            process.stop()
            centre.engine.dispose()


def accepted_per_s(batch: int, *, url: str | None = None) -> float:
    """Give findings a second that several devices are acknowledged, each from its own process.

    A quarter of each goes before, so that neither a centre that was just started is measured nor
    the start of its reader.
    """
    each = FINDINGS[batch] // DEVICES
    before = each // batch // 4
    with centre_process(url) as (process, _centre, devices):
        now = datetime.now(UTC)
        ready = [requests(one, findings(one.name, each, before=now), batch) for one in devices]
        with multiprocessing.get_context("fork").Pool(DEVICES) as pool:
            pool.starmap(post, [(process.port, one[:before]) for one in ready], chunksize=1)
            time.sleep(STARTED_WITHIN_S)
            began = time.perf_counter()
            pool.starmap(post, [(process.port, one[before:]) for one in ready], chunksize=1)
            spent = time.perf_counter() - began
    return (each - before * batch) * DEVICES / spent


def inserted_per_s(batch: int) -> float:
    """Give findings a second that plain SQLite keeps for good, committed by the batch."""
    found = findings("vehicle-00", INSERTED, before=datetime.now(UTC))
    rows = [(each.id, wire.canonical_bytes(each).decode()) for each in found]
    with tempfile.TemporaryDirectory() as folder:
        raw = sqlite3.connect(Path(folder) / "raw.db", isolation_level=None)
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("CREATE TABLE findings (id TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID")
        began = time.perf_counter()
        for start in range(0, len(rows), batch):
            raw.execute("BEGIN IMMEDIATE")
            raw.executemany("INSERT INTO findings VALUES (?, ?)", rows[start : start + batch])
            raw.execute("COMMIT")
        spent = time.perf_counter() - began
        raw.close()
    return len(rows) / spent


def _ratio(batch: int) -> Measured:
    """Set acceptance against the raw insert, each measured in turn, and take the middle ratio."""
    measured = []
    for _ in range(ROUNDS):
        raw = inserted_per_s(batch)
        accepted = accepted_per_s(batch)
        measured.append((accepted / raw, accepted, raw))
    value, accepted, raw = sorted(measured)[ROUNDS // 2]
    how = (
        f"{accepted:.0f}/s of {DEVICES} devices over HTTP, signed and packed, against {raw:.0f}/s "
        f"raw, batches of {batch}; the middle of {ROUNDS}; devices and centre share the processor"
    )
    return Measured(value=value, how=how)


@benchmark(name="intake.http_ratio_500", unit="ratio", goal=">= 0.3")
def http_ratio_500() -> Measured:
    """Set durable acceptance over HTTP against SQLite's raw insert, by the 500."""
    return _ratio(500)


@benchmark(name="intake.http_ratio_50", unit="ratio", goal=">= 0.3")
def http_ratio_50() -> Measured:
    """Set durable acceptance over HTTP against SQLite's raw insert, by the 50."""
    return _ratio(50)


@benchmark(name="intake.http_per_s_postgres", unit="findings/s")
def http_per_s_postgres() -> Measured:
    """Accept batches of 500 over HTTP into PostgreSQL."""
    with empty_postgres() as url:
        rate = accepted_per_s(500, url=url)
    return Measured(value=rate, how=f"{DEVICES} devices, signed and packed, batches of 500")


@benchmark(name="intake.case_known_p95_s", unit="s", goal="<= 1")
def case_known_p95_s() -> Measured:
    """Send 50 findings a second, and see how long each waits from its receipt to its case."""
    with centre_process() as (process, centre, devices):
        now = datetime.now(UTC)
        found = findings(devices[0].name, STEADY_PER_S * STEADY_S, before=now)
        ready = requests(devices[0], found, STEADY_PER_S // BEATS_PER_S)
        waited = []
        due = time.monotonic()
        for each in ready:
            due += 1.0 / BEATS_PER_S
            post(process.port, [each])
            answered = time.monotonic()
            while _waits(centre):
                time.sleep(0.002)
            waited.append(time.monotonic() - answered)
            time.sleep(max(0.0, due - time.monotonic()))
    p95 = quantiles(waited, n=20)[-1]
    how = f"{len(found)} findings, {STEADY_PER_S} a second in {BEATS_PER_S} batches, on SQLite"
    return Measured(value=p95, how=how)


def _waits(centre: Centre) -> bool:
    with centre.read() as uow:
        return uow.arrivals.backlog().waiting > 0

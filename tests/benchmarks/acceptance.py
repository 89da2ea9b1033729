"""How fast the centre accepts findings for good over HTTP, and how soon a case knows of them."""

import gzip
import http.client
import multiprocessing
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from api.demo.processes import CentreProcess
from api.settings import Settings
from api.wiring import Centre, open_centre
from dispatch import wire
from dispatch.device import Device, DeviceKind
from tests.api.signed_device import GZIP, SignedDevice
from tests.dispatch import making

PATH: Final = "/api/v1/device/messages"
DEVICES: Final = 8
FINDINGS: Final = {500: 24_000, 50: 12_000}
"""How many findings are sent, by the size of the batches."""
ROUNDS: Final = 3
DRAIN_S: Final = 120.0
STEADY_PER_S: Final = 50
STEADY_S: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it goes over the line, signed and packed beforehand."""

    body: bytes
    headers: dict[str, str]


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
        made.append(Request(body=body, headers={**GZIP, **signature}))
    return made


def post(port: int, ready: Sequence[Request]) -> list[float]:
    """Send requests one after the other as one device does; gives how long each took, seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60.0)
    spent = []
    for each in ready:
        began = time.perf_counter()
        connection.request("POST", PATH, body=each.body, headers=each.headers)
        answer = connection.getresponse()
        said = answer.read()
        spent.append(time.perf_counter() - began)
        assert answer.status == 200, said
        assert said.count(b'"accepted"') == said.count(b'"status"') > 0, said[:300]
    connection.close()
    return spent


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
    """Give findings a second that several devices are acknowledged, each from its own process."""
    each = FINDINGS[batch] // DEVICES
    with centre_process(url) as (process, _centre, devices):
        now = datetime.now(UTC)
        ready = [requests(one, findings(one.name, each, before=now), batch) for one in devices]
        with multiprocessing.get_context("fork").Pool(DEVICES) as pool:
            pool.map(abs, range(DEVICES))
            began = time.perf_counter()
            pool.starmap(post, [(process.port, one) for one in ready], chunksize=1)
            spent = time.perf_counter() - began
    return each * DEVICES / spent


def inserted_per_s(batch: int) -> float:
    """Give findings a second that plain SQLite keeps for good, committed by the batch."""
    found = findings("vehicle-00", FINDINGS[batch] // DEVICES, before=datetime.now(UTC))
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


if __name__ == "__main__":
    for b in (500, 50):
        raw = inserted_per_s(b)
        http_ = accepted_per_s(b)
        print(b, round(raw), round(http_), round(http_ / raw, 3), flush=True)

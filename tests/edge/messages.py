"""Messages and pictures as a device makes them, for tests of what keeps and sends them."""

from datetime import UTC, datetime, timedelta

import numpy as np

from dispatch.wire import (
    Covariance,
    Finding,
    Heartbeat,
    Light,
    ModelRef,
    Platform,
    Position,
    message_id,
)
from edge.evidence.pictures import Picture, View, near_picture
from edge.evidence.redaction import Redactor

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
MODEL = ModelRef(name="street-n", version="1.0.0", sha256="a" * 64)
REDACTOR = Redactor(
    by="street-n 1.0.0 boxes",
    thresholds=(("traffic.person", 0.4), ("traffic.two_wheeler", 0.4), ("traffic.vehicle", 0.4)),
)


def picture_of(number: int) -> Picture:
    image = np.random.default_rng(number).integers(0, 255, (90, 160, 3), dtype=np.uint8)
    return near_picture(View(image=image, at=AT, subject=None, private=()), redactor=REDACTOR)


def finding_of(
    number: int,
    *,
    pictures: tuple[Picture, ...] = (),
    score: float = 0.7,
    label: str = "road.pothole",
) -> Finding:
    at = AT + timedelta(seconds=number)
    spread = Covariance(ee=1.0, en=0.1, nn=1.0)
    return Finding(
        id=message_id(at, "car-7", "pass-1", str(number)),
        device="car-7",
        pass_id="pass-1",
        platform=Platform.VEHICLE,
        captured_at=at,
        first_seen_at=at,
        last_seen_at=at,
        label=label,
        score=score,
        threshold=0.3,
        probabilities={label: 0.8},
        frames_seen=4,
        frames_offered=6,
        position=Position(latitude=30.0, longitude=110.0, shared=spread, own=spread),
        pixels_per_metre=60.0,
        light=Light.DAY,
        model=MODEL,
        evidence=tuple(picture.evidence for picture in pictures),
    )


def heartbeat_of(minute: int) -> Heartbeat:
    at = AT + timedelta(minutes=minute)
    return Heartbeat(
        id=message_id(at, "car-7", "heartbeat"),
        device="car-7",
        at=at,
        version="0.1.0",
        outbox_depth=0,
        oldest_unsent_s=0.0,
        disk_free_bytes=10**9,
        ok=True,
    )

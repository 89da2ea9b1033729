"""The device's signs as Prometheus reads them; names are stable, see docs/reference/operations.md.

Only numbers, camera names and codes: no position, no picture, nothing of a person.
"""

from collections.abc import Callable, Iterator
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from edge.state import AgentState, CameraState
from edge.telemetry.live_state import LiveState
from edge.vitals.complaints import CODES
from edge.vitals.signs import Signs
from edge.vitals.vitals import Rates, Report

PREFIX: Final = "xunhuan_edge"
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_OF_A_CAMERA: Final = {
    "camera_fps": "Frames that come a second",
    "process_fps": "Frames looked at a second",
    "skipped_fps": "Frames lost a second, of those that might have shown new ground",
    "camera_queue": "Frames that wait to be looked at",
    "camera_open": "1 if frames come",
    "camera_frame_age_seconds": "Since the newest frame",
    "camera_veil_share": "Share of the street that dirt hides",
}


class VitalsCollector(Collector):
    """Turns a report into metrics whenever somebody scrapes."""

    def __init__(self, report: Callable[[], Report]) -> None:
        self._report = report

    def collect(self) -> Iterator[Metric]:
        """Give every metric of now; what the device does not know is left out."""
        report = self._report()
        yield _gauge("loop_age_seconds", "Since the loop last moved", report.moved_s)
        yield _gauge("ready", "1 if the device inspects and its finds arrive", float(report.ready))
        complaints = GaugeMetricFamily(f"{PREFIX}_complaint", "1 if complained of", labels=["code"])
        named = {each.code for each in report.complaints}
        for code in CODES:
            complaints.add_metric([code], float(code in named))
        yield complaints
        if report.signs is not None:
            yield from _device(report.signs)
            yield from _cameras(report)


def metrics_text(report: Callable[[], Report]) -> bytes:
    """Give the exposition of a report in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(VitalsCollector(report))
    return generate_latest(registry)


def _device(signs: Signs) -> Iterator[Metric]:
    outbox, disk = signs.outbox, signs.disk
    yield _gauge("outbox_depth", "Messages that wait to be sent", outbox.waiting)
    yield _gauge("outbox_held", "Messages a person must look at first", outbox.held)
    yield _gauge("outbox_refused", "Messages the centre refused for good", outbox.refused)
    yield _gauge("oldest_unacked_seconds", "Age of the oldest waiting message", outbox.oldest_s)
    yield _gauge("evidence_bytes", "Evidence pictures on the disk", outbox.evidence_bytes)
    yield _gauge("disk_free_bytes", "Room on the state folder's disk", disk.free_bytes)
    yield _gauge("disk_total_bytes", "Size of the state folder's disk", disk.total_bytes)
    if signs.temperature_c is not None:
        yield _gauge("temperature_celsius", "The hottest thermal zone", signs.temperature_c)
    if signs.clock_offset_s is not None:
        yield _gauge("clock_offset_seconds", "The centre's clock minus ours", signs.clock_offset_s)
    if signs.receiver is not None:
        yield from _receiver(signs.receiver)
    yield from _metered(signs.agent)
    if signs.agent is not None:
        yield from _agent(signs.agent)
    if signs.model is not None:
        yield _model(signs)


def _metered(agent: AgentState | None) -> Iterator[Metric]:
    if agent is not None:
        yield _gauge("uplink_metered", "1 if paid by the byte", float(agent.metered))
        yield _gauge("metered_bytes_today", "Pictures sent so, bytes", agent.metered_bytes)


def _receiver(receiver: LiveState) -> Iterator[Metric]:
    yield _gauge("gnss_connected", "1 if the line is open", float(receiver.connected))
    yield _counter("gnss_reconnects", "Lines opened again", receiver.reconnections)
    if receiver.fix_age_s is not None:
        yield _gauge("gnss_age_seconds", "Since the last position", receiver.fix_age_s)
    if receiver.satellites is not None:
        yield _gauge("gnss_satellites", "Satellites of the last position", receiver.satellites)
    if receiver.accuracy_m is not None:
        yield _gauge(
            "gnss_accuracy_metres", "Standard error a horizontal axis", receiver.accuracy_m
        )
    if receiver.clock_ahead_s is not None:
        yield _gauge("gnss_clock_ahead_seconds", "Our clock minus UTC", receiver.clock_ahead_s)


def _agent(agent: AgentState) -> Iterator[Metric]:
    yield _counter("passes", "Passes begun since the start", agent.passes)
    yield _counter("findings", "Findings recorded since the start", agent.findings)
    if agent.inference_s is not None:
        yield _gauge("inference_seconds", "The model's last frame", agent.inference_s)
    if agent.first_detection_s is not None:
        yield _gauge("first_detection_seconds", "From the start", agent.first_detection_s)


def _model(signs: Signs) -> Metric:
    assert signs.model is not None, "asked only of a loaded model"
    labels = {
        "name": signs.model.name,
        "version": signs.model.version,
        "sha256": signs.model.sha256,
        "precision": signs.running.precision if signs.running else "",
        "provider": signs.running.provider if signs.running else "",
    }
    family = GaugeMetricFamily(f"{PREFIX}_model_info", "The loaded model", labels=list(labels))
    family.add_metric(list(labels.values()), 1.0)
    return family


def _cameras(report: Report) -> Iterator[Metric]:
    signs = report.signs
    assert signs is not None, "asked only of a report with signs"
    families = {
        name: GaugeMetricFamily(f"{PREFIX}_{name}", words, labels=["camera"])
        for name, words in _OF_A_CAMERA.items()
    }
    for camera in signs.cameras:
        rates = report.rates.get(camera.name, Rates())
        told = {
            "camera_fps": camera.captured_fps,
            "process_fps": rates.process_fps,
            "skipped_fps": rates.skipped_fps,
            "camera_queue": camera.queued,
            "camera_open": float(camera.open),
            "camera_frame_age_seconds": camera.last_frame_age_s(signs.at),
            "camera_veil_share": signs.veils.get(camera.name),
        }
        for name, value in told.items():
            if value is not None:
                families[name].add_metric([camera.name], value)
    yield from families.values()
    yield from _counts(signs.cameras)


def _counts(cameras: tuple[CameraState, ...]) -> Iterator[Metric]:
    opened = CounterMetricFamily(
        f"{PREFIX}_camera_reconnects", "Streams opened again", labels=["camera"]
    )
    passed = CounterMetricFamily(
        f"{PREFIX}_frames_passed", "Frames not looked at", labels=["camera", "reason"]
    )
    looked = CounterMetricFamily(f"{PREFIX}_frames_looked", "Frames looked at", labels=["camera"])
    for camera in cameras:
        opened.add_metric([camera.name], camera.reconnects)
        looked.add_metric([camera.name], camera.looked_at)
        for reason, count in sorted(camera.passed.items()):
            passed.add_metric([camera.name, reason.value], count)
    yield from (opened, looked, passed)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{PREFIX}_{name}", words, value=value)


def _counter(name: str, words: str, value: float) -> Metric:
    return CounterMetricFamily(f"{PREFIX}_{name}", words, value=value)

"""What the device answers on loopback: alive, ready, metrics, and a redacted picture for few."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import cv2
import httpx
import numpy as np
import pytest
from prometheus_client.parser import text_string_to_metric_families

from detect.manifest import read_manifest
from edge.evidence.annotate import Annotator
from edge.vitals.preview import Preview
from edge.vitals.server import Answers, CannotListen, VitalsServer
from edge.vitals.vitals import Vitals
from tests.edge import toy
from tests.edge.vitals.signs import LIMITS, Stopwatch, camera_of, receiver_of, signs_of, vitals_of
from tests.loopback import NOBODY

TOKEN = "a-token-that-nobody-guesses"


@dataclass
class Device:
    """A device that answers questions."""

    stopwatch: Stopwatch
    vitals: Vitals
    server: VitalsServer
    preview: Preview | None = None

    def get(self, path: str, **more: object) -> httpx.Response:
        url = self.server.address + path
        return httpx.get(url, trust_env=False, timeout=10.0, verify=NOBODY, **more)


@pytest.fixture
def device() -> Iterator[Device]:
    stopwatch = Stopwatch()
    vitals = vitals_of(stopwatch)
    answers = Answers(report=vitals.report, preview=lambda: made.preview, token=TOKEN)
    made = Device(stopwatch, vitals, VitalsServer("127.0.0.1:0", answers))
    yield made
    made.server.close()


def test_a_device_whose_loop_moves_is_alive_and_one_that_hangs_is_not(device: Device) -> None:
    device.vitals.take(signs_of())
    alive = device.get("/healthz")

    device.stopwatch.pass_by(LIMITS.stalled_after_s + 1.0)
    hung = device.get("/healthz")
    device.vitals.moved()

    assert (alive.status_code, hung.status_code) == (200, 503)
    assert device.get("/healthz").status_code == 200


def test_a_device_is_not_ready_before_it_looked_at_itself(device: Device) -> None:
    before = device.get("/readyz")
    device.vitals.take(signs_of())

    assert (before.status_code, before.json()["started"]) == (503, False)
    assert device.get("/readyz").status_code == 200


def test_a_device_that_lost_its_position_is_not_ready_and_says_why_in_both_languages(
    device: Device,
) -> None:
    device.vitals.take(signs_of(receiver=receiver_of(age_s=95.0)))

    answer = device.get("/readyz")

    (reason,) = answer.json()["reasons"]
    assert answer.status_code == 503
    assert reason["code"] == "gnss_lost"
    assert "95" in reason["zh"] and "95" in reason["en"]


def test_a_dirty_lens_is_told_and_the_device_stays_ready(device: Device) -> None:
    device.vitals.take(signs_of(veils={"front": 0.4}))

    answer = device.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["reasons"][0]["code"] == "lens_veiled"


def test_a_loop_that_hangs_is_named_among_the_reasons(device: Device) -> None:
    device.vitals.take(signs_of())
    device.stopwatch.pass_by(1000.0)

    assert device.get("/readyz").json()["reasons"][0]["code"] == "loop_stalled"


def test_metrics_are_read_by_prometheus_and_hold_what_the_signs_say(device: Device) -> None:
    device.vitals.take(signs_of(camera_of(looked_at=100)))
    device.stopwatch.pass_by(10.0)
    device.vitals.take(signs_of(camera_of(looked_at=200), temperature_c=97.0))

    text = device.get("/metrics").text

    samples = {
        (sample.name.removeprefix("xunhuan_edge_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert samples["camera_fps", "front"] == 25.0
    assert samples["process_fps", "front"] == 10.0
    assert samples["skipped_fps", "front"] == 1.0
    assert samples["outbox_depth",] == 2.0
    assert samples["oldest_unacked_seconds",] == 3.0
    assert samples["gnss_age_seconds",] == 0.4
    assert samples["complaint", "too_hot"] == 1.0
    assert samples["complaint", "gnss_lost"] == 0.0
    assert samples["frames_passed_total", "front", "near"] == 140.0


def test_what_a_device_does_not_have_is_left_out_of_its_metrics(device: Device) -> None:
    device.vitals.take(signs_of(agent=None, veils={}, receiver=None, temperature_c=None))

    text = device.get("/metrics").text

    assert "temperature" not in text
    assert "gnss" not in text.replace('code="gnss_lost"', "")


def test_a_web_page_that_names_a_foreign_host_is_told_nothing(device: Device) -> None:
    answer = device.get("/readyz", headers={"Host": "evil.example"})

    assert answer.status_code == 421
    assert "reasons" not in answer.json()


def test_an_address_in_use_is_refused_with_what_to_change(device: Device) -> None:
    taken = device.server.address.removeprefix("http://")

    with pytest.raises(CannotListen, match=r"\[health\] listen"):
        VitalsServer(taken, Answers(report=device.vitals.report, preview=lambda: None, token=""))


@pytest.fixture
def preview(device: Device, tmp_path) -> Preview:
    annotator = Annotator(read_manifest(toy.write_model(tmp_path)))
    device.preview = Preview(annotator, pause=lambda seconds: None, monotonic=device.stopwatch)
    return device.preview


@pytest.mark.parametrize("path", ["/preview", "/preview?token=wrong", "/preview?token="])
def test_nobody_watches_without_the_token(device: Device, preview: Preview, path: str) -> None:
    assert device.get(path).status_code == 401


def test_a_frame_is_not_even_kept_while_nobody_looks(preview: Preview, tmp_path) -> None:
    from detect.detector import Detector

    detector = Detector(tmp_path, threads=1)
    image = toy.road(8.0)

    preview.show(image, detector.detect(image))

    assert not preview.watched
    assert preview._shown.frame is None


def test_a_picture_that_is_not_live_says_its_age(
    device: Device, preview: Preview, tmp_path
) -> None:
    from detect.detector import Detector

    image = toy.road(8.0)
    detections = Detector(tmp_path, threads=1).detect(image)
    pictures, marked = preview.watch(), []
    show = partial(preview.show, image, detections)

    for age_s in (0.0, 7.0):
        shower = threading.Timer(0.1, show, kwargs={"age_s": age_s})
        shower.start()
        jpeg = next(pictures)
        shower.join()
        shown = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
        drawn = preview._annotator.draw(image, detections)
        marked.append(int(np.abs(shown.astype(int) - drawn)[-40:, :120].max()) > 100)
    device.stopwatch.pass_by(3.0)
    age_s = preview.age_s
    pictures.close()

    assert marked == [False, True]
    assert age_s == 10.0
    assert preview.age_s is None


def test_a_watcher_sees_a_picture_in_which_people_are_unrecognisable(
    device: Device, preview: Preview, tmp_path
) -> None:
    from detect.detector import Detector

    image = toy.road(8.0)
    detections = Detector(tmp_path, threads=1).detect(image)
    stop = threading.Event()

    def drive() -> None:
        while not stop.wait(0.02):
            preview.show(image, detections)

    threading.Thread(target=drive, daemon=True).start()
    try:
        with httpx.stream(
            "GET",
            device.server.address + "/preview",
            headers={"Authorization": f"Bearer {TOKEN}"},
            trust_env=False,
            timeout=10.0,
        ) as answer:
            content = b""
            for part in answer.iter_raw():
                content += part
                if content.count(b"--frame") > 1:
                    break
    finally:
        stop.set()
    jpeg = content.split(b"\r\n\r\n", 1)[1].split(b"\r\n--frame")[0]
    shown = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    drawn = preview._annotator.draw(image, detections)
    assert answer.status_code == 200
    assert float(np.abs(shown.astype(int) - drawn).mean()) < 4.0
    assert not np.array_equal(drawn, image)


def test_the_token_stands_in_no_answer(device: Device, preview: Preview) -> None:
    device.vitals.take(signs_of())

    for path in ("/healthz", "/readyz", "/metrics", "/preview"):
        assert TOKEN not in device.get(path).text
    assert json.loads(device.get("/nothing").text)["en"]

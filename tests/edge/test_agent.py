"""The unattended agent: photos of people are looked at, dropped footage is worked through."""

import itertools
import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from detect.detector import Detector
from dispatch.case.imprint import COPY_BITS, bits_apart
from dispatch.wire import MESSAGE, Heartbeat, PhotoResult, RegionKind
from edge.agent import Agent, Worked
from edge.config import Config, ModelConfig, SourceConfig, SourceKind, UplinkConfig
from edge.delivery.centre import enrol
from edge.delivery.exchange import ShutOut
from edge.delivery.keys import ensure_key, write_enrolment
from edge.delivery.outbox import Outbox
from edge.evidence.annotate import CannotRedact
from edge.evidence.compare import same_place
from edge.inbox import VisionWorker
from edge.replay import World
from tests.edge import toy
from tests.edge.fake_centre import CODE, FakeCentre, fake_centre

PHOTO = str(uuid.UUID(int=7))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy.write_model(tmp_path_factory.mktemp("model"))


@pytest.fixture
def centre() -> Iterator[FakeCentre]:
    with fake_centre() as running:
        yield running


def now() -> datetime:
    return datetime.now(UTC)


SECONDS = itertools.count()
WORLD = World(
    now=now,
    # Time passes with every look at it, so that nothing is waited for.
    monotonic=lambda: next(SECONDS) * 0.2,
    sleep=lambda seconds: None,
    rng=random.Random(1),
    say=lambda zh, en: None,
)


def agent_of(state: Path, centre: FakeCentre, source: SourceConfig, model: Path) -> Agent:
    state.mkdir(exist_ok=True)
    enrolment = enrol(centre.address, code=CODE, key=ensure_key(state), name=None, now=now())
    write_enrolment(state, enrolment)
    config = Config(
        state=state,
        source=source,
        model=ModelConfig(folder=model, threads=1),
        uplink=UplinkConfig(attempts=1),
    )
    return Agent(config, WORLD, failpoint=None)


def jpeg(image: np.ndarray) -> bytes:
    return cv2.imencode(".jpg", image)[1].tobytes()


def photo_results(centre: FakeCentre) -> list[PhotoResult]:
    messages = [MESSAGE.validate_json(body) for body in centre.messages.values()]
    return [message for message in messages if isinstance(message, PhotoResult)]


def heartbeats(centre: FakeCentre) -> list[Heartbeat]:
    messages = [MESSAGE.validate_json(body) for body in centre.messages.values()]
    return [message for message in messages if isinstance(message, Heartbeat)]


def look(state: Path, centre: FakeCentre, model: Path) -> Worked:
    inbox = SourceConfig(kind=SourceKind.INBOX)
    return agent_of(state, centre, inbox, model).run(once=True)


def waiting(centre: FakeCentre, content: bytes, **more: object) -> None:
    entry = {"photo": PHOTO, "kind": "after", "case": "c1", "taken_at": "2026-11-21T08:00:00Z"}
    centre.inbox = [{**entry, "before_evidence": None, "label": "road.pothole", **more}]
    centre.photos[PHOTO] = content


def test_a_workers_photo_comes_back_redacted_and_looked_at(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    waiting(centre, jpeg(toy.road(8.0)))

    done = look(tmp_path, centre, model)

    (result,) = photo_results(centre)
    assert done.photos == 1
    assert result.readable
    assert result.seen["road.pothole"] > 0.9
    assert "traffic.person" not in result.seen
    redaction = result.evidence[0].redaction
    assert redaction.kinds is not None
    assert redaction.kinds[RegionKind.PERSON] == 1
    assert [model.name for model in redaction.models] == ["toy-colours", "privacy-n"]
    assert set(centre.evidence) == {result.evidence[0].sha256}
    assert centre.evidence[result.evidence[0].sha256] != centre.photos[PHOTO]


def test_a_repaired_road_shows_nothing_at_the_same_place(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    before = toy.road(8.0)
    after = before.copy()
    after[100:130, 150:220] = 110
    sha256 = "c" * 64
    centre.evidence[sha256] = jpeg(cv2.resize(before, (960, 576)))
    waiting(centre, jpeg(cv2.resize(after, (960, 576))), before_evidence=sha256)

    look(tmp_path, centre, model)

    (result,) = photo_results(centre)
    assert result.seen["road.pothole"] == 0.0
    assert (result.same_place or 0.0) > 0.8
    assert result.imprint not in {None, result.before_imprint}
    assert result.before_imprint is not None


def test_a_photo_is_held_against_every_picture_that_the_centre_names(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    context, gone, broken = "c" * 64, "d" * 64, "e" * 64
    centre.evidence[context] = jpeg(toy.road(40.0))
    centre.evidence[broken] = b"no picture"
    waiting(centre, jpeg(toy.road(40.0)[:, ::-1]), against=[context, gone, broken])

    look(tmp_path, centre, model)

    (result,) = photo_results(centre)
    assert set(result.compared) == {context}
    assert result.imprint is not None
    assert bits_apart(result.imprint, result.compared[context]) <= COPY_BITS


def test_a_photo_that_cannot_be_read_is_answered_with_its_reason(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    waiting(centre, jpeg(toy.road(8.0))[:3000])

    look(tmp_path, centre, model)

    (result,) = photo_results(centre)
    assert not result.readable
    assert result.refused
    assert result.evidence == ()


def test_a_photo_still_listed_is_not_looked_at_twice(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    waiting(centre, jpeg(toy.road(8.0)))
    look(tmp_path, centre, model)

    again = look(tmp_path, centre, model)

    assert again.photos == 0
    assert len(photo_results(centre)) == 1


def test_no_unredacted_photo_is_written_anywhere(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    content = jpeg(toy.road(8.0))
    waiting(centre, content)

    look(tmp_path, centre, model)

    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert all(content not in path.read_bytes() for path in files)


def test_a_model_that_knows_no_people_may_not_look_at_photos(tmp_path: Path) -> None:
    labels = ("road.pothole", "road.crack", "sanitation.litter", "sanitation.garbage_pile")
    detector = Detector(toy.write_model(tmp_path, labels=labels), threads=1)

    with pytest.raises(CannotRedact):
        VisionWorker(detector, device="car-7")


def test_an_inbox_that_is_no_list_counts_as_a_centre_away(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    inbox = SourceConfig(kind=SourceKind.INBOX)
    agent = agent_of(tmp_path, centre, inbox, model)
    centre.answers = [(200, {"Content-Type": "text/html"}, b"<html>log in")]

    done = agent.run(once=True)

    assert done.photos == 0
    assert done.failed == 0


def test_a_revoked_device_that_shall_end_with_its_work_ends_with_the_centres_word(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    agent = agent_of(tmp_path, centre, SourceConfig(kind=SourceKind.INBOX), model)
    centre.shut_out = True

    with pytest.raises(ShutOut, match=r"已停用.*xunhuan-edge enrol"):
        agent.run(once=True)

    assert centre.turned_away == ["/api/v1/device/inbox"]


def test_a_revoked_device_goes_on_with_its_footage_and_tells_it_once_it_is_let_in(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    video, _, camera = toy.write_drive(tmp_path / "footage")
    source = SourceConfig(kind=SourceKind.WATCH, folder=video.parent, camera=camera, settled_s=0.1)
    state = tmp_path / "state"
    shut_out = agent_of(state, centre, source, model)
    centre.shut_out = True

    with pytest.raises(ShutOut):
        shut_out.run(once=True)

    outbox = Outbox(state)
    kept = outbox.depth().waiting
    outbox.close()
    assert (kept, centre.messages) == (3, {})
    done = agent_of(state, centre, source, model).run(once=True)
    assert (done.passes, done.waiting, done.away) == (0, 0, None)
    kinds = sorted(MESSAGE.validate_json(body).kind for body in centre.messages.values())
    assert kinds == ["finding", "heartbeat", "sweep"]
    assert len(centre.posted) == len(centre.messages)


def test_a_photo_that_another_worker_has_taken_is_passed_over(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    waiting(centre, jpeg(toy.road(8.0)))
    centre.photos.clear()

    done = look(tmp_path, centre, model)

    assert (done.photos, done.failed) == (0, 0)


def test_footage_dropped_into_the_folder_is_reported_once(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    video, track, camera = toy.write_drive(tmp_path / "footage")
    (tmp_path / "footage" / "broken.mp4").write_text("not a video", encoding="utf-8")
    source = SourceConfig(kind=SourceKind.WATCH, folder=video.parent, camera=camera, settled_s=0.1)
    first = agent_of(tmp_path / "state", centre, source, model).run(once=True)

    second = agent_of(tmp_path / "state", centre, source, model).run(once=True)

    kinds = sorted(MESSAGE.validate_json(body).kind for body in centre.messages.values())
    reason = (tmp_path / "footage" / "broken.mp4.refused.txt").read_text(encoding="utf-8")
    assert "不是视频文件" in reason
    assert track.is_file()
    assert (first.passes, first.failed) == (1, 1)
    assert (second.passes, second.failed) == (0, 0)
    assert kinds == ["finding", "heartbeat", "heartbeat", "sweep"]
    beat = next(beat for beat in heartbeats(centre) if beat.running is not None)
    assert (beat.ok, beat.model and beat.model.name) == (True, "toy-colours")
    assert abs(beat.clock_offset_s or 0.0) < 2.0
    outbox = Outbox(tmp_path / "state")
    assert outbox.depth().waiting == 0
    outbox.close()


def test_two_places_are_not_taken_for_one() -> None:
    rng = np.random.default_rng(3)
    one = cv2.resize(rng.integers(0, 255, (60, 80, 3), dtype=np.uint8), (800, 600))
    other = cv2.resize(rng.integers(0, 255, (60, 80, 3), dtype=np.uint8), (800, 600))
    turned = cv2.warpAffine(one, cv2.getRotationMatrix2D((400, 300), 7, 1.1), (800, 600))

    assert same_place(one, turned) > 0.8
    assert same_place(one, other) < 0.2
    assert same_place(one, np.zeros_like(one)) == 0.0


def test_a_watched_folder_inside_the_state_folder_is_made_and_no_other(
    tmp_path: Path, centre: FakeCentre, model: Path
) -> None:
    state, unmounted = tmp_path / "state", tmp_path / "card"
    for folder in (state / "footage", unmounted):
        centre.key = None
        agent_of(state, centre, SourceConfig(kind=SourceKind.WATCH, folder=folder), model).run(
            once=True
        )

    assert (state / "footage").is_dir()
    assert not unmounted.exists()

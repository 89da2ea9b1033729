"""Whatever the way, the clock and the order: the centre holds what the device last said, once."""

import json
import random
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from edge.delivery.outbox import Outbox
from edge.delivery.uplink import Uplink
from tests.edge.faults.near_centre import NearCentre
from tests.edge.messages import AT, finding_of

pytestmark = pytest.mark.faults

CLOCKS = st.sampled_from(
    [
        datetime(1970, 1, 1, 0, 0, 7, tzinfo=UTC),
        AT - timedelta(hours=5),
        AT,
        AT + timedelta(hours=3),
        AT + timedelta(days=30),
        datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),
    ]
)


class Delivery(RuleBasedStateMachine):
    """A device and its centre, beside a model: by finding, the scores in the order they came."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.outbox = Outbox(self.folder)
        self.centre = NearCentre(None)
        self.said: dict[str, list[float]] = {}
        self.sent: list[bytes] = []

    @rule(number=st.integers(0, 5), score=st.sampled_from([0.5, 0.7, 0.9]), clock=CLOCKS)
    def record(self, number: int, score: float, clock: datetime) -> None:
        """Find something, or see it better; the clock may say anything."""
        finding = finding_of(number, score=score)
        self.outbox.record(finding, at=clock)
        scores = self.said.setdefault(finding.id, [])
        if scores[-1:] != [score]:
            scores.append(score)

    @rule(seed=st.integers(0, 1000))
    def send(self, seed: int) -> None:
        """Send over a way that loses requests and answers."""
        batch = self.outbox.next_batch(100, max_bytes=1 << 20)
        if batch:
            bodies = b",".join(message.body for message in batch)
            self.sent.append(b'{"messages":[' + bodies + b"]}")
        self.centre.lose(random.Random(seed))
        self.flush(attempts=1)

    @rule(times=st.sampled_from([1, 2, 1000]), which=st.integers(0, 1000))
    def come_again(self, times: int, which: int) -> None:
        """Have an old batch come again, late and out of order, once or a thousand times."""
        if self.sent:
            for _ in range(times):
                self.centre.held.take(self.sent[which % len(self.sent)])

    @rule()
    def restart(self) -> None:
        """Close the outbox and open it."""
        self.outbox.close()
        self.outbox = Outbox(self.folder)

    @invariant()
    def the_centre_knows_nothing_that_was_not_said(self) -> None:
        """Every revision that the centre holds is the one that the device gave this number."""
        for (identity, revision), body in self.centre.held.messages.items():
            assert json.loads(body)["score"] == self.said[identity][revision]

    def flush(self, *, attempts: int) -> None:
        """Send what waits."""
        Uplink(
            self.centre,  # type: ignore[arg-type] # the same words without a network
            self.outbox,
            sleep=lambda _: None,
            rng=random.Random(1),
        ).flush(attempts=attempts)

    def teardown(self) -> None:
        """In the end the centre holds every revision once, and refused none."""
        self.centre.heal()
        self.flush(attempts=1)
        wanted = {(i, r) for i, scores in self.said.items() for r in range(len(scores))}
        assert set(self.centre.held.messages) == wanted
        assert self.centre.refused == []
        assert self.outbox.depth().waiting == self.outbox.depth().refused == 0
        self.outbox.close()
        shutil.rmtree(self.folder)


TestDelivery = Delivery.TestCase
TestDelivery.settings = settings(
    max_examples=40,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_after_a_partition_of_days_everything_arrives_once(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    centre = NearCentre(random.Random(3), away=1.0)
    uplink = Uplink(
        centre,  # type: ignore[arg-type] # the same words without a network
        outbox,
        sleep=lambda _: None,
        rng=random.Random(1),
    )
    for hour in range(72):
        for each in range(5):
            finding = finding_of(5 * hour + each)
            outbox.record(finding, at=AT + timedelta(hours=hour))
        assert uplink.flush(attempts=3).away
    centre.heal()

    done = uplink.flush(attempts=1)

    assert (done.sent, done.away) == (360, None)
    assert len(centre.held.messages) == len(centre.held.posted) == 360

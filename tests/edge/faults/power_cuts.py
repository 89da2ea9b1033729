"""Lives of an outbox that end by a power cut or a kill at a random step, and what they lose.

A world is one device with its centre over several lives. Each life does random work until its end
comes in the middle; the next one opens what is left. The oracle: whatever an operation that
returned had said is there, whole, and not taken back; in the end the centre holds every finding
once, with its pictures.
"""

import hashlib
import json
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final, get_args

from edge.delivery.holds import NothingHeld
from edge.delivery.outbox import Outbox
from edge.delivery.uplink import Uplink
from edge.durable import Connection
from edge.evidence.pictures import EvidenceGone, Picture
from edge.files import Files
from tests.edge.faults.lossy_disk import LossyDisk, LossyFiles, PowerCut, Survival
from tests.edge.faults.lossy_sqlite import LossyConnection, LossyVfs
from tests.edge.faults.near_centre import NearCentre
from tests.edge.messages import AT, finding_of, heartbeat_of, picture_of

LIVES: Final = 16
"""Lives of a world, the last one in peace."""
LONGEST_LIVES: Final = (12, 60, 260)
"""Changes to the disk; a finding with two pictures takes about twenty-five."""
KILLS: Final = 0.3
"""The share of lives that end by a kill instead: the machine keeps its power."""
PASSES: Final = ("pass-1", "pass-2", "pass-3")

Fill = Callable[[LossyDisk], Files]
Link = Callable[[Path, LossyVfs], Connection]


@dataclass(slots=True)
class Survey:
    """What cuts and kills came to."""

    cuts: int = 0
    kills: int = 0
    findings: int = 0
    pictures: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Kept:
    """What an outbox had said when its last whole operation returned."""

    messages: dict[tuple[str, int], str] = field(default_factory=dict)
    shown: set[tuple[str, str]] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    fingerprints: set[tuple[str, str]] = field(default_factory=set)


class World:
    """One device with its centre.

    Args:
        folder: where its lives leave their disks.
        old: begin with an outbox of the first version.
    """

    def __init__(
        self,
        folder: Path,
        rng: random.Random,
        survey: Survey,
        *,
        old: bool = False,
        link: Link = LossyConnection,
        fill: Fill = LossyFiles,
    ) -> None:
        self._folder, self._rng, self._survey = folder, rng, survey
        self._link, self._fill = link, fill
        (folder / "disk-0").mkdir()
        self._disk = LossyDisk(folder / "disk-0")
        self._centre = NearCentre(random.Random(rng.random()))
        self._kept, self._recorded = _Kept(), dict[str, set[float]]()
        self._opened: list[Connection] = []
        self._number = 0
        self._lifting = False
        if old:
            self._make_old()

    def live(self, lives: int = LIVES) -> None:
        """Live, end in the middle, open what is left, and so on; the last life ends in peace."""
        for number in range(1, lives):
            self._disk.steps_left = self._rng.randrange(1, self._rng.choice(LONGEST_LIVES))
            with suppress(PowerCut):
                self._open()
                self._check()
                while True:
                    self._rng.choice(self._works)()
                    self._keep()
            for db in self._opened:
                with suppress(PowerCut):
                    db.close()
            self._opened.clear()
            self._end_life(number)
        self._open()
        self._check()
        self._come_to_an_end()
        self._outbox.close()

    def _end_life(self, number: int) -> None:
        if self._rng.random() < KILLS:
            self._survey.kills += 1
            self._disk.revive()
            return
        self._survey.cuts += 1
        survival = self._rng.choice(get_args(Survival))
        after = self._folder / f"disk-{number}"
        self._disk = self._disk.cut(after, survival=survival, rng=self._rng)

    def _open(self) -> None:
        vfs = LossyVfs(self._disk)

        def connect(path: Path) -> Connection:
            self._db = self._link(path, vfs)
            self._opened.append(self._db)
            return self._db

        folder = self._disk.root / "lib" / "state"
        self._outbox = Outbox(folder, connect=connect, files=self._fill(self._disk))

    def _make_old(self) -> None:
        self._open()
        for _ in range(3):
            self._record()
        for statement in ("DROP VIEW sendable", "DROP TABLE held", "DROP TABLE hold"):
            self._db.execute(statement)
        self._db.execute("PRAGMA user_version = 1")
        self._keep(holds=False)
        self._outbox.close()

    @property
    def _works(self) -> tuple[Callable[[], None], ...]:
        often = (self._record,) * 6 + (self._send,) * 3 + (self._revise, self._repeat) * 2
        seldom = (self._beat, self._hold, self._let_go, self._prune, self._tidy, self._restart)
        return (*often, *seldom, self._begin_pass)

    def _record(self) -> None:
        self._number += 1
        self._say(self._number, 0.7)

    def _revise(self) -> None:
        if self._number:
            score = round(self._rng.uniform(0.4, 0.99), 3)
            self._say(self._rng.randint(1, self._number), score)

    def _repeat(self) -> None:
        """Replay the footage from an earlier finding, as a killed replay does."""
        for number in range(max(1, self._number - 2), self._number + 1):
            self._say(number, 0.7)

    def _say(self, number: int, score: float) -> None:
        pictures = _pictures(number)
        finding = finding_of(number, pictures=pictures, score=score).model_copy(
            update={"pass_id": PASSES[number % len(PASSES)]}
        )
        self._outbox.record(finding, pictures, at=AT)
        self._recorded.setdefault(finding.id, set()).add(score)

    def _send(self) -> None:
        Uplink(
            self._centre,  # type: ignore[arg-type] # the same words without a network
            self._outbox,
            sleep=lambda _: None,
            rng=self._rng,
        ).flush(attempts=1)

    def _beat(self) -> None:
        self._outbox.record(heartbeat_of(self._rng.randrange(1000)), at=AT)

    def _begin_pass(self) -> None:
        self._outbox.begin_pass(self._rng.choice(PASSES), fingerprint="model-a")

    def _hold(self) -> None:
        self._outbox.holds.hold(self._rng.choice(PASSES), zh="未核对", en="not checked")

    def _let_go(self) -> None:
        self._lifting = True
        with suppress(NothingHeld):
            self._outbox.holds.release(self._rng.choice(PASSES))
        self._outbox.holds.lift(self._rng.choice(PASSES))
        self._lifting = False

    def _prune(self) -> None:
        self._outbox.prune(self._rng.randrange(40_000, 200_000))

    def _tidy(self) -> None:
        self._outbox.shelf.clear_strays()

    def _restart(self) -> None:
        self._outbox.close()
        self._open()

    def _keep(self, *, holds: bool = True) -> None:
        """Note what the outbox says now: that may never be taken back."""
        rows = self._db.execute("SELECT id, revision, state FROM message WHERE kind != 'heartbeat'")
        self._kept = _Kept(
            messages={(str(i), int(r or 0)): str(s) for i, r, s in rows.fetchall()},
            shown=set(self._pairs("SELECT message_id, sha256 FROM shown_by")),
            held={a for a, _ in self._pairs("SELECT pass_id, zh FROM hold")} if holds else set(),
            fingerprints=set(self._pairs("SELECT pass_id, fingerprint FROM pass")),
        )

    def _check(self) -> None:
        """Compare what is left with what was said before the end."""
        before, lifting, self._lifting = self._kept, self._lifting, False
        self._keep()
        lost = self._survey.lost
        for key, state in before.messages.items():
            now = self._kept.messages.get(key)
            if now is None or (state != "waiting" and now != state):
                lost.append(f"{key}: was {state}, is {now}")
        lost += [f"picture of {key}" for key in before.shown - self._kept.shown]
        lost += [f"fingerprint of {key}" for key in before.fingerprints - self._kept.fingerprints]
        if not lifting:
            lost += [f"hold of {key}" for key in before.held - self._kept.held]
        for sha256, _ in self._pairs("SELECT sha256, kind FROM evidence WHERE on_disk = 1"):
            try:
                self._outbox.evidence.read(sha256)
            except EvidenceGone as gone:
                lost.append(str(gone))

    def _come_to_an_end(self) -> None:
        """Bring everything to the centre and compare it with what was found."""
        for name in PASSES:
            with suppress(NothingHeld):
                self._outbox.holds.release(name)
        self._centre.heal()
        self._send()
        messages = self._centre.held.messages
        self._survey.doubled += [f"refused {each}" for each in self._centre.refused]
        said = {key: json.loads(body) for key, body in messages.items() if b"finding" in body}
        for identity, scores in self._recorded.items():
            bodies = [said[key] for key in sorted(said) if key[0] == identity]
            self._survey.findings += 1
            missing = scores - {body["score"] for body in bodies}
            self._survey.lost += [f"{identity} with {score}" for score in missing]
            self._survey.doubled += [
                identity
                for one, other in pairwise(bodies)
                if one == other | {"revision": one["revision"]}
            ]
        self._survey.lost += self._pictures_missing()

    def _pictures_missing(self) -> Iterator[str]:
        dropped = {
            sha for sha, _ in self._pairs("SELECT sha256, kind FROM evidence WHERE on_disk = 0")
        }
        for _, sha256 in self._pairs("SELECT message_id, sha256 FROM shown_by"):
            self._survey.pictures += 1
            content = self._centre.held.evidence.get(sha256, b"")
            if sha256 not in dropped and hashlib.sha256(content).hexdigest() != sha256:
                yield f"picture {sha256} at the centre"

    def _pairs(self, sql: str) -> list[tuple[str, str]]:
        return [(str(a), str(b)) for a, b in self._db.execute(sql).fetchall()]


@cache
def _pool() -> tuple[Picture, ...]:
    return tuple(picture_of(number) for number in range(12))


def _pictures(number: int) -> tuple[Picture, ...]:
    """Give a finding's pictures, none, one or two; some show several findings."""
    return tuple(_pool()[(number * 5 + each) % len(_pool())] for each in range(number % 3))


def survey_cuts(
    folder: Path,
    *,
    worlds: int,
    seed: int,
    link: Link = LossyConnection,
    fill: Fill = LossyFiles,
) -> Survey:
    """Live so many worlds; every third begins with an outbox of the first version.

    Args:
        folder: empty.
        link: how the outbox reaches SQLite, and `fill`: its files; others than the usual to show
            that the survey finds what is wrong.
    """
    survey = Survey()
    for number in range(worlds):
        rng = random.Random(seed * 100_003 + number)
        place = folder / f"world-{number}"
        place.mkdir()
        World(place, rng, survey, old=number % 3 == 0, link=link, fill=fill).live()
    return survey

"""The demo, with its processes killed by SIGKILL at twenty seeded random moments."""

import json
import os
import random
import signal
import subprocess
import threading
from pathlib import Path
from typing import Final

import pytest

from api.demo.processes import command

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("kills")]

KILLS: Final = 20
SEED: Final = 20_261_121
DEVICE_KILLS_A_PASS: Final = 2


class Killer(threading.Thread):
    """Kills children of a running demo: the centre at random moments, each pass at most twice."""

    def __init__(self, demo: int, *, rng: random.Random) -> None:
        super().__init__(daemon=True)
        self._demo, self._rng = demo, rng
        self._a_pass: dict[str, int] = {}
        self.killed: list[str] = []
        self.done = threading.Event()

    def run(self) -> None:
        """Kill until enough were killed or the demo is over."""
        while len(self.killed) < KILLS and not self.done.wait(self._rng.uniform(0.5, 5.0)):
            victims = [each for each in self._children() if self._may_die(each[1])]
            if not victims:
                continue
            pid, line = self._rng.choice(sorted(victims))
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            self._a_pass[line] = self._a_pass.get(line, 0) + 1
            self.killed.append(line)

    def _may_die(self, line: str) -> bool:
        if "xunhuan-edge replay" in line:
            # A pass that is killed starts over: without a limit none would ever end.
            return self._a_pass.get(line, 0) < DEVICE_KILLS_A_PASS
        return "xunhuan serve" in line and bool(self._a_pass)

    def _children(self) -> list[tuple[int, str]]:
        found: list[tuple[int, str]] = []
        # Every thread of the demo has children of its own.
        threads = Path(f"/proc/{self._demo}/task").glob("*/children")
        try:
            pids = [int(word) for thread in threads for word in thread.read_text().split()]
        except OSError:
            return []
        for pid in pids:
            try:
                words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            names = [
                Path(word.decode()).name if b"/bin/" in word else word.decode() for word in words
            ]
            found.append((pid, " ".join(names)))
        return found


@pytest.mark.skipif(
    not os.environ.get("XUNHUAN_TEST_FAULTS"),
    reason="XUNHUAN_TEST_FAULTS is not set: the demo with twenty kills takes minutes",
)
def test_a_demo_whose_processes_die_twenty_times_loses_and_doubles_nothing(tmp_path: Path) -> None:
    outcome_file = tmp_path / "outcome.json"
    line = [command("xunhuan"), "demo", "--once", "--json", str(outcome_file)]
    line += ["--dir", str(tmp_path / "demo")]
    demo = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    killer = Killer(demo.pid, rng=random.Random(SEED))
    killer.start()

    said, _ = demo.communicate(timeout=1500)
    killer.done.set()
    killer.join()

    assert demo.returncode == 0, said
    outcome = json.loads(outcome_file.read_text(encoding="utf-8"))
    assert len(killer.killed) == KILLS
    assert any("replay" in each for each in killer.killed)
    assert any("serve" in each for each in killer.killed)
    assert outcome["findings_sent"] > 0
    assert outcome["findings_lost"] == outcome["findings_duplicated"] == 0
    assert outcome["findings_waiting"] == outcome["evidence_missing"] == 0
    assert outcome["duplicate_cases"] == 0
    assert outcome["closed_but_not_repaired"] == []
    ended: dict[str, list[tuple[str, str]]] = {each["story"]: [] for each in outcome["planted"]}
    for each in outcome["planted"]:
        ended[each["story"]].append((each["verdict"], each["state"]))
    assert ("repaired", "closed") in ended["repair"]
    assert ("still_there", "handling") in ended["not_repaired"]
    assert ended["hidden_later"] == [("cannot_tell", "handled")]
    told = {each["name"]: each for each in outcome["indicators"]}
    late = told["on_time_confirm"]["denominator"] - told["on_time_confirm"]["numerator"]
    assert 1 <= late < told["on_time_confirm"]["denominator"] / 2
    assert [told[name]["numerator"] for name in ("returned", "supervised", "reworked")] == [1, 1, 1]
    assert told["on_time_reply"]["value"] == 1.0
    assert told["passes"]["numerator"] == len(outcome["passes"])

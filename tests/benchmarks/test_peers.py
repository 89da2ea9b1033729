"""Peers: other projects' code is asked in a process of its own, and its failure is told."""

import sys
from pathlib import Path

import pytest

from tests.benchmarks import peers
from tests.benchmarks.figure import CannotRun
from tests.benchmarks.peers import Peer, PeerFailed, ask_peer

PYTHON = Path(sys.executable)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "peer.py"
    path.write_text(
        f"import sys; sys.path.insert(0, {str(peers.SCRIPTS)!r})\n"
        "from answering import serve\n"
        "def answer(question):\n"
        "    print('a library talks')\n"
        "    if question.get('die'): raise SystemExit('the street is closed')\n"
        "    if question.get('sleep'): import time; time.sleep(60)\n"
        "    return {'twice': question['text'] * 2}\n"
        "serve(answer)\n"
    )
    return path


def test_a_peer_answers_each_question_whatever_its_libraries_print(script) -> None:
    with Peer(str(script), timeout_s=20, python=PYTHON) as peer:
        answers = [peer.ask({"text": text}) for text in ("a", "巡环" * 100_000)]

    assert answers == [{"twice": "aa"}, {"twice": "巡环" * 200_000}]


def test_a_peer_that_dies_is_told_with_its_last_words(script) -> None:
    with (
        Peer(str(script), timeout_s=20, python=PYTHON) as peer,
        pytest.raises(PeerFailed, match="the street is closed"),
    ):
        peer.ask({"die": True})


def test_a_peer_that_falls_silent_is_not_waited_for(script) -> None:
    with (
        Peer(str(script), timeout_s=0.5, python=PYTHON) as peer,
        pytest.raises(PeerFailed, match="no answer"),
    ):
        peer.ask({"sleep": True, "text": ""})


def test_a_figure_without_peers_says_what_to_run(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(peers, "PEERS", tmp_path / "nothing")

    with pytest.raises(CannotRun, match="make peers"):
        ask_peer("predict.py", {}, timeout_s=1)

"""What the scripted people do: they know the truth of their street and act on it."""

import hashlib
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from api.demo.ground import responsible_for
from api.demo.people import ScriptedPerson
from api.demo.processes import CentreProcess, run_edge
from api.demo.truth import Planted, planted_at
from api.demo.workplace import DEVICES, Workplace
from dispatch.transition import Action

Said = tuple[str, str]


class Crowd:
    """Collector, supervisor and handlers, on one street whose truth they know."""

    def __init__(
        self, place: Workplace, *, truth: tuple[Planted, ...], centre: CentreProcess
    ) -> None:
        """Set up, and have the devices enrol."""
        self._place, self.truth, self._centre = place, truth, centre
        self.overruled = 0
        for device in DEVICES:
            run_edge(
                "enrol",
                "--centre",
                centre.url,
                "--code",
                place.codes[device],
                "--state",
                str(place.state(device)),
                log=place.log("enrol"),
            )

    def confirm(self) -> Said:
        """Look at every tip on the spot: true or not."""
        true = false = 0
        with self._person("collector") as collector:
            for entry in collector.tasks("confirm"):
                line = entry["line"]
                if self._planted(line) is None:
                    collector.decide(line["id"], "refute", note="现场没有发现问题", **self._untrue)
                    false += 1
                else:
                    collector.decide(line["id"], "confirm")
                    true += 1
        self._dispatch()
        return (
            f"采集员核实：属实 {true} 件，不属实 {false} 件",
            f"the collector confirmed {true}, refuted {false}",
        )

    def handle(self) -> Said:
        """Handle what was dispatched: some truly, some only in words; a photo either way."""
        done = 0
        for department in self._place.profile.departments:
            with self._person(department) as handler:
                for entry in handler.tasks("handle"):
                    self._handle(handler, entry["line"])
                    done += 1
        return f"处置人员报完成 {done} 件，各附照片", f"handlers reported {done} done, with photos"

    def judge(self) -> Said:
        """Take each verdict with one tap; before sending back, look at the photo of the sight."""
        closed = returned = overruled = 0
        with self._person("supervisor") as supervisor:
            for entry in supervisor.tasks("check"):
                line = entry["line"]
                suggestion = entry["task"]["suggestion"] or self._look(line)
                if suggestion == "repaired":
                    supervisor.decide(line["id"], "approve")
                    closed += 1
                elif self._look(line) == "repaired":
                    supervisor.decide(line["id"], "approve", note="看照片已修好，不采纳系统建议")
                    overruled += 1
                else:
                    supervisor.decide(line["id"], "send-back", note="复巡仍可见，请返工")
                    returned += 1
        self.overruled += overruled
        return (
            f"值班长一键结案 {closed} 件，退回返工 {returned} 件，看照片改判 {overruled} 件",
            f"the supervisor closed {closed} with one tap, sent {returned} back, "
            f"overruled {overruled} by the photo",
        )

    def _dispatch(self) -> None:
        """File and dispatch what no rule did: the doubtful ones."""
        with self._person("supervisor") as supervisor:
            for line in supervisor.get("/cases?status=confirmed&limit=200")["cases"]:
                supervisor.decide(line["id"], "file")
        with self._person("dispatcher") as dispatcher:
            for line in dispatcher.get("/cases?status=filed&limit=200")["cases"]:
                planted = self._planted(line)
                assert planted is not None  # only confirmed cases are filed
                department = responsible_for(planted, profile=self._place.profile, day=self._day)
                dispatcher.decide(line["id"], "dispatch", department=department)

    @property
    def _untrue(self) -> dict[str, str]:
        """Give the code of the city's first reason to refute, if it has any."""
        reasons = self._place.profile.reasons_for(Action.REFUTE)
        return {"code": reasons[0].code} if reasons else {}

    @property
    def _day(self) -> date:
        return self._place.clock().astimezone(self._place.profile.zone).date()

    def _handle(self, handler: ScriptedPerson, line: Mapping[str, Any]) -> None:
        case = line["id"]
        if line["status"] == "dispatched":
            handler.decide(case, "accept")
        photo = self._photo(line)
        name = str(uuid.UUID(bytes=hashlib.sha256(case.encode()).digest()[:16]))
        taken_at = self._place.clock().isoformat()
        handler.hand_in(case, photo, photo_id=name, taken_at=taken_at)
        handler.decide(case, "finish")

    def _photo(self, line: Mapping[str, Any]) -> bytes:
        """Give the photo a worker takes: of the repair, or, who did nothing, of another place."""
        planted = self._planted(line)
        assert planted is not None  # only confirmed cases are dispatched
        shown = planted if planted.repaired else next(p for p in self.truth if p.repaired)
        return (self._place.photos / f"{shown.id}-repaired.jpg").read_bytes()

    def _look(self, line: Mapping[str, Any]) -> str:
        planted = self._planted(line)
        return "repaired" if planted is None or planted.repaired else "still_there"

    def _planted(self, line: Mapping[str, Any]) -> Planted | None:
        return planted_at(
            self.truth,
            label=line["category"]["label"],
            latitude=line["place"]["latitude"],
            longitude=line["place"]["longitude"],
        )

    def _person(self, name: str) -> ScriptedPerson:
        return ScriptedPerson(
            name,
            self._place.password,
            url=lambda: self._centre.url,
            revive=self._centre.ensure,
        )

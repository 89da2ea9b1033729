"""What the scripted people do: they know the truth of their street and act on it."""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import date

from api.demo.ground import responsible_for
from api.demo.people import Json, ScriptedPerson
from api.demo.processes import CentreProcess, run_edge
from api.demo.truth import Planted, cast_parts, planted_at
from api.demo.workplace import DEVICES, Workplace, desk_of, handler_of
from dispatch.case.transition import Action
from dispatch.ids import DepartmentId

Said = tuple[str, str]


class Crowd:
    """Collector, supervisor and handlers, on one street whose truth they know."""

    def __init__(
        self, place: Workplace, *, truth: tuple[Planted, ...], centre: CentreProcess
    ) -> None:
        """Set up, and have the devices enrol."""
        self._place, self.truth, self._centre = place, truth, centre
        self.parts = cast_parts(truth)
        self.overruled = 0
        self._sent_back: set[str] = set()
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

    def confirm(self, *, all_but_last: bool = False) -> Said:
        """Look at every tip on the spot, true or not; filed and dispatched is what is true.

        Args:
            all_but_last: leave one for later, so that its limit passes.
        """
        with self._person("collector") as collector:
            lines = sorted(
                (entry["line"] for entry in collector.tasks("confirm")), key=self._name_of
            )
            true = [line for line in lines if self._planted(line) is not None]
            left = true[-1:] if all_but_last and len(true) > 1 else []
            taken = [line for line in true if line not in left]
            for line in taken:
                collector.decide(line["id"], "confirm")
            untrue = [line for line in lines if line not in true]
            for line in untrue:
                collector.decide(line["id"], "refute", note="现场没有发现问题", **self._untrue)
        self._dispatch()
        later = (f"，{self._names(left)} 路远，稍后再去", f"; {self._names(left)} is far and waits")
        zh, en = later if left else ("", "")
        return (
            f"采集员核实：属实 {len(taken)} 件，不属实 {len(untrue)} 件{zh}",
            f"the collector confirmed {len(taken)}, refuted {len(untrue)}{en}",
        )

    def give_back(self) -> Said:
        """Have a department return one case; the dispatcher looks at the map and keeps to it."""
        given = []
        for line in self._with_status("dispatched"):
            planted = self._planted(line)
            if planted is None or planted.id != self.parts.returned:
                continue
            with self._person(desk_of(line["department"])) as desk:
                note = "这一段路的养护范围不清楚，请派遣员确认"
                desk.decide(line["id"], "decline", note=note, **self._not_ours)
            note = "已对照责任区划图，仍归该部门"
            with self._person("dispatcher") as dispatcher:
                dispatcher.decide(
                    line["id"], "dispatch", note=note, department=self._responsible(planted)
                )
            given.append(line)
        return (
            f"部门回退 {len(given)} 件（{self._names(given)}），派遣员查明责任后重新派遣",
            f"a department returned {len(given)} ({self._names(given)}); "
            "the dispatcher looked who is responsible and dispatched again",
        )

    def handle(self) -> Said:
        """Handle what was dispatched: some truly, some only in words; a photo either way."""
        done = 0
        for department in self._place.profile.departments:
            with self._person(handler_of(department)) as handler:
                for entry in handler.tasks("handle"):
                    self._handle(handler, entry["line"])
                    done += 1
        return f"处置人员报完成 {done} 件，各附照片", f"handlers reported {done} done, with photos"

    def sample(self) -> Said:
        """Look at the photo of one that is said to be done: it shows the problem still."""
        sent = []
        with self._person("supervisor") as supervisor:
            for line in self._with_status("handled"):
                if self._name_of(line) == self.parts.reworked:
                    note = "抽查：照片上问题还在，请处置干净后重新拍照"
                    supervisor.decide(line["id"], "send-back", note=note)
                    sent.append(line)
        self._sent_back |= {line["id"] for line in sent}
        return (
            f"值班长抽查照片，退回返工 {len(sent)} 件（{self._names(sent)}）：照片上问题还在",
            f"the supervisor looked at a photo and sent {len(sent)} back ({self._names(sent)}): "
            "the problem is still in it",
        )

    def check(self) -> Said:
        """Look on the spot at what the city asks for, and at one before a patrol can tell."""
        looked = []
        with self._person("collector") as collector:
            asked = {entry["line"]["id"] for entry in collector.tasks("check")}
            for line in self._with_status("handled"):
                if line["id"] not in asked and self._name_of(line) != self.parts.checked:
                    continue
                note = "到现场核查"
                collector.decide(line["id"], "check", note=note, result=self._look(line))
                looked.append(line)
        with self._person("supervisor") as supervisor:
            for line in looked:
                if self._look(line) == "repaired":
                    supervisor.decide(line["id"], "approve", note="现场核查已修好")
        return (
            f"采集员到现场核查 {len(looked)} 件（{self._names(looked)}），修好的由值班长结案",
            f"the collector looked at {len(looked)} on the spot ({self._names(looked)}); "
            "the supervisor closed what is repaired",
        )

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

    def press(self) -> Said:
        """Press for the first case that was sent back and that nobody took on; it is answered."""
        waiting = self._with_status("dispatched")[:1]
        with self._person("supervisor") as supervisor:
            for line in waiting:
                supervisor.decide(line["id"], "supervise", note="返工后半天无人接单，请今天答复")
        for line in waiting:
            with self._person(desk_of(line["department"])) as desk:
                desk.decide(line["id"], "reply", note="料明早到，已安排班组返工")
            with self._person(handler_of(line["department"])) as handler:
                handler.decide(line["id"], "accept")
        return (
            f"值班长督办 {len(waiting)} 件（{self._names(waiting)}），部门当天回复并接单",
            f"the supervisor pressed for {len(waiting)} ({self._names(waiting)}); "
            "the department replied the same day and took it on",
        )

    def _dispatch(self) -> None:
        """File and dispatch what no rule did: the doubtful ones."""
        with self._person("supervisor") as supervisor:
            for line in self._with_status("confirmed"):
                supervisor.decide(line["id"], "file")
        with self._person("dispatcher") as dispatcher:
            for line in self._with_status("filed"):
                planted = self._planted(line)
                assert planted is not None  # only confirmed cases are filed
                dispatcher.decide(line["id"], "dispatch", department=self._responsible(planted))

    def _with_status(self, status: str) -> list[Json]:
        """Give the cases of a status as the desk sees them, by the names of what was planted."""
        with self._person("supervisor") as supervisor:
            lines: list[Json] = supervisor.get(f"/cases?status={status}&limit=200")["cases"]
        return sorted(lines, key=self._name_of)

    def _responsible(self, planted: Planted) -> DepartmentId:
        return responsible_for(planted, profile=self._place.profile, day=self._day)

    def _name_of(self, line: Json) -> str:
        planted = self._planted(line)
        return planted.id if planted else str(line["number"])

    def _names(self, lines: Sequence[Json]) -> str:
        return "、".join(map(self._name_of, lines)) or "—"

    @property
    def _not_ours(self) -> dict[str, str]:
        """Give the code of the city's first reason to return a case, if it has any."""
        reasons = self._place.profile.reasons_for(Action.DECLINE)
        return {"code": reasons[0].code} if reasons else {}

    @property
    def _untrue(self) -> dict[str, str]:
        """Give the code of the city's first reason to refute, if it has any."""
        reasons = self._place.profile.reasons_for(Action.REFUTE)
        return {"code": reasons[0].code} if reasons else {}

    @property
    def _day(self) -> date:
        return self._place.clock().astimezone(self._place.profile.zone).date()

    def _handle(self, handler: ScriptedPerson, line: Json) -> None:
        case = line["id"]
        if line["status"] == "dispatched":
            handler.decide(case, "accept")
        round_ = "again" if case in self._sent_back else ""
        name = str(uuid.UUID(bytes=hashlib.sha256(f"{case}{round_}".encode()).digest()[:16]))
        taken_at = self._place.clock().isoformat()
        handler.hand_in(case, self._photo(line), photo_id=name, taken_at=taken_at)
        handler.decide(case, "finish")

    def _photo(self, line: Json) -> bytes:
        """Give a worker's photo: of the repair, too early, or, of who did nothing, of elsewhere.

        Elsewhere is where nobody takes a photo of a repair, so that none is handed in twice.
        """
        planted = self._planted(line)
        assert planted is not None  # only confirmed cases are dispatched
        early = planted.id == self.parts.reworked and line["id"] not in self._sent_back
        shown = planted
        if not planted.repaired:
            others = [each for each in self.truth if each is not planted]
            shown = min(others, key=lambda each: (each.repaired, each.id))
        name = f"{shown.id}-{'unrepaired' if early else 'repaired'}.jpg"
        return (self._place.photos / name).read_bytes()

    def _look(self, line: Json) -> str:
        planted = self._planted(line)
        return "repaired" if planted is None or planted.repaired else "still_there"

    def _planted(self, line: Json) -> Planted | None:
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

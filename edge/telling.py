"""Which tracks of a pass are told, and as what: problems, and what the centre asks about."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from detect.detections import Detections
from detect.track import Track
from dispatch.wire import Finding, Sweep
from edge.coverage.windscreen import Windscreen
from edge.delivery.asked import AskedGround
from edge.evidence.pictures import Picture
from edge.evidence.recall import Look, Recall
from edge.findings.early import Early
from edge.findings.report import Pass, finding_of
from edge.findings.standing import may_stand
from edge.findings.views import best_frames
from edge.subjects import OCCLUDERS

ASSETS: Final = "asset."
"""Labels of things that belong there; they are seen, but are no problem."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Produced:
    """A message that a pass made, with the pictures that belong to it.

    Attributes:
        early: its thing is still followed; it may be told again under the same id.
    """

    message: Finding | Sweep
    pictures: tuple[Picture, ...] = ()
    early: bool = False


class Telling:
    """Makes findings of the tracks of one pass, as they end or before."""

    def __init__(
        self,
        of: Pass,
        *,
        recall: Recall,
        windscreen: Windscreen,
        asked: AskedGround,
        early: Early | None,
    ) -> None:
        """Begin a pass.

        Args:
            asked: where vehicles that stand are reported, too.
            early: what was told before its track ended; None where nothing is.
        """
        self._of, self._recall, self._windscreen = of, recall, windscreen
        self._asked, self._early = asked, early

    def ended(self, ended: Sequence[Track]) -> Iterator[Produced]:
        """Tell the tracks that ended."""
        for track in ended:
            told_as = None if self._early is None else self._early.id_of(track.number)
            found = self._found(track, told_as=told_as)
            if found is not None:
                yield Produced(message=found[0], pictures=found[1])

    def hazards(self, live: Collection[Track]) -> Iterator[Produced]:
        """Tell those of the tracks still followed that cannot wait for their end."""
        if self._early is not None:
            yield from self._tell_early(self._early, self._early.of_hazards(live))

    def untold(self, live: Collection[Track]) -> Iterator[Produced]:
        """Tell all tracks still followed, for they may not end for minutes."""
        if self._early is not None:
            yield from self._tell_early(self._early, self._early.untold(live))

    def may_report(self, track: Track) -> bool:
        """Say whether a track is of a kind that is told at all."""
        return is_problem(track.label) or track.label in self._asked.labels

    def may_show(self, detections: Detections, look: Look) -> bool:
        """Say whether a frame may show something that is told, so that its pixels are kept."""
        thresholds = {entry.label: entry.threshold for entry in self._of.manifest.classes}
        pose = look.pose
        near = pose is not None and self._asked.is_near(pose.latitude, pose.longitude)
        asked = self._asked.labels if near else frozenset()
        return any(
            (is_problem(detections.name_of(row)) or detections.name_of(row) in asked)
            and float(detections.score[row]) >= thresholds[detections.name_of(row)]
            for row in range(len(detections))
        )

    def forget_but(self, followed: Collection[Track]) -> None:
        """Forget the pixels of frames that show nothing best of what may yet be told."""
        shown = filter(None, map(self._shown, filter(self.may_report, followed)))
        best = best_frames(shown, camera=self._of.camera, recall=self._recall)
        self._recall.keep_only(best)

    def _tell_early(self, early: Early, tracks: Sequence[Track]) -> Iterator[Produced]:
        for track in tracks:
            found = self._found(track, told_as=None)
            if found is not None and early.may_tell(found[0]):
                early.tell(track.number, found[0])
                yield Produced(message=found[0], pictures=found[1], early=True)

    def _found(
        self, whole: Track, *, told_as: str | None
    ) -> tuple[Finding, tuple[Picture, ...]] | None:
        """Give the finding of a track; None if it is none that is reported."""
        track = self._shown(whole)
        if track is None or not track.is_evidence or not self.may_report(track):
            return None
        found = finding_of(track, of=self._of, recall=self._recall, told_as=told_as)
        return found if is_problem(track.label) or self._is_asked_for(found[0]) else None

    def _is_asked_for(self, finding: Finding) -> bool:
        """Say whether a vehicle may have stood on ground that the centre asks about."""
        where = finding.position
        stood = where is not None and may_stand(finding.stay)
        return stood and where is not None and self._asked.may_hold(finding.label, where)

    def _shown(self, track: Track) -> Track | None:
        """Give what a track shows beside the camera's veil, by all that is known of it by now."""
        look = self._recall.look(track.points[-1].frame_index)
        assert look is not None, "looks are remembered for longer than any track is missed"
        return self._windscreen.shown(track, (look.size[1], look.size[0]))


def is_problem(label: str) -> bool:
    """Say whether a class is reported: not what drives and stands there by right."""
    return label not in OCCLUDERS and not label.startswith(ASSETS)

"""Words of crews in memory."""

from collections.abc import Collection, Mapping

from dispatch.wire import CrewVerdict


class MemoryCrewVerdicts:
    """What crews said of finds from the seat."""

    def __init__(self, kept: dict[str, CrewVerdict]) -> None:
        self._kept = kept

    def get(self, finding: str) -> CrewVerdict | None:
        """Give the crew's word on a finding, or None."""
        return self._kept.get(finding)

    def save(self, verdict: CrewVerdict) -> None:
        """Keep a new or revised word."""
        self._kept[verdict.finding] = verdict

    def known(self, findings: Collection[str]) -> Mapping[str, CrewVerdict]:
        """Give the words on those of the findings that have one, by finding."""
        return {each: self._kept[each] for each in findings if each in self._kept}

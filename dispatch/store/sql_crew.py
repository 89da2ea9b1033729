"""Words of crews in SQL: one row a finding."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from dispatch.store.rows import Rows
from dispatch.store.tables import CREW_VERDICTS
from dispatch.wire import CrewVerdict, canonical_bytes


class SqlCrewVerdicts:
    """What crews said of finds from the seat."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def get(self, finding: str) -> CrewVerdict | None:
        """Give the crew's word on a finding, or None."""
        return self.known([finding]).get(finding)

    def save(self, verdict: CrewVerdict) -> None:
        """Keep a new or revised word."""
        self._rows.put(
            CREW_VERDICTS,
            {
                "finding": verdict.finding,
                "device": verdict.device,
                "verdict": canonical_bytes(verdict).decode(),
            },
        )

    def known(self, findings: Collection[str]) -> Mapping[str, CrewVerdict]:
        """Give the words on those of the findings that have one, by finding."""
        wanted = select(CREW_VERDICTS).where(CREW_VERDICTS.c.finding.in_(sorted(findings)))
        return {
            row.finding: CrewVerdict.model_validate_json(row.verdict)
            for row in self._rows.all(wanted)
        }

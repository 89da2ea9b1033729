"""The tables of the centre, the same on SQLite and PostgreSQL.

Ids begin with a time (`wire.message_id`), so that new rows are neighbours in every index.
JSON stays the text that was written (on PostgreSQL too: `jsonb` would rewrite numbers and break
the seals of steps). The bodies of wire messages are their canonical bytes.
"""

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
    text,
)

from dispatch.case.transition import ENDED
from dispatch.store import metadata, registry_tables  # noqa: F401 # whose tables join METADATA
from dispatch.store.counted import COUNTED, LONG
from dispatch.store.moments import Micros, Moment

METADATA: Final = metadata.METADATA
ID: Final = metadata.ID
_ENDED: Final = ", ".join(f"'{status}'" for status in sorted(ENDED))
_SAID: Final = ("grid", "department", "label")
"""What every list of cases may be narrowed by besides: an index that holds it needs no row."""
_MAPPED: Final = ("latitude", "longitude", "cell", "status", "grid", "department", "id")


PROBLEMS: Final = Table(
    "problems",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("cell", BigInteger, nullable=False, index=True),
    Column("label", String(64), nullable=False),
    Column("first_seen_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Column("body", JSON, nullable=False),
)

OBSERVATIONS: Final = Table(
    "observations",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("device", String(64), nullable=False),
    Column("pass_id", String(96), nullable=False),
    Column("captured_at", Moment, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("label", String(64), nullable=False),
    Column("cell", BigInteger),
    Column("grid", String(32)),
    Column("problem", ID, ForeignKey("problems.id")),
    Column("settled", Boolean, nullable=False),
    Column("finding", Text, nullable=False),
    Column("condensed", Boolean, nullable=False, server_default=false()),
    CheckConstraint("problem IS NULL OR cell IS NOT NULL", name="problem_has_a_place"),
    Index(None, "pass_id", "captured_at"),
    Index(None, "cell"),
    Index(None, "problem"),
    Index(
        "ix_observations_read_cell",
        "cell",
        sqlite_where=text("NOT condensed"),
        postgresql_where=text("NOT condensed"),
    ),
    Index(
        "ix_observations_read_problem",
        "problem",
        sqlite_where=text("NOT condensed"),
        postgresql_where=text("NOT condensed"),
    ),
    Index(
        "ix_observations_unsettled",
        "received_at",
        sqlite_where=text("NOT settled AND problem IS NOT NULL"),
        postgresql_where=text("NOT settled AND problem IS NOT NULL"),
    ),
)

SWEEPS: Final = Table(
    "sweeps",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("device", String(64), nullable=False),
    Column("pass_id", String(96), nullable=False),
    Column("stretch", Integer, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("last", Boolean, nullable=False),
    Column("sweep", Text, nullable=False),
    Column("told", Boolean, nullable=False, server_default=false()),
    Column("erased", Boolean, nullable=False, server_default=false()),
    Index(None, "pass_id", "stretch"),
    Index(
        "ix_sweeps_kept",
        "started_at",
        sqlite_where=text("NOT erased"),
        postgresql_where=text("NOT erased"),
    ),
    Index(
        "ix_sweeps_untold", "id", sqlite_where=text("NOT told"), postgresql_where=text("NOT told")
    ),
)

# Which sweeps looked at, or failed to look at, some of the ground of a look-up cell. The fine
# cells stay packed in the sweep: a minute's drive has thousands of them and crosses a dozen of
# these.
SWEPT_CELLS: Final = Table(
    "swept_cells",
    METADATA,
    Column("cell", BigInteger, primary_key=True),
    Column("sweep", ID, ForeignKey("sweeps.id"), primary_key=True),
    Index(None, "sweep"),
)

CASES: Final = Table(
    "cases",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("problem", ID, nullable=False),
    Column("label", String(64)),
    Column("status", String(16), nullable=False),
    Column("department", String(64)),
    Column("handler", ID),
    Column("grid", String(32)),
    Column("grid_share", Float, nullable=False),
    Column("cell", BigInteger, nullable=False),
    Column("source", String(16), nullable=False),
    Column("rendered", Boolean, nullable=False),
    Column("reported_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("rings_at", Moment),
    Column("suspended_until", Moment),
    Column("merged_into", ID, ForeignKey("cases.id")),
    Column("recurs", ID, ForeignKey("cases.id")),
    Column("category", JSON, nullable=False),
    Column("place", JSON, nullable=False),
    Column("measure", JSON(none_as_null=True)),
    Column("clocks", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("overdue_at", Moment),
    Column("number_end", String(8)),
    Column("severity", String(32)),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("look", JSON(none_as_null=True)),
    CheckConstraint(
        f"(ended_at IS NOT NULL) = (status IN ({_ENDED}))", name="ended_at_goes_with_status"
    ),
    CheckConstraint(
        "(suspended_until IS NOT NULL) = (status = 'suspended')",
        name="suspended_until_goes_with_status",
    ),
    Index(None, "problem"),
    # Lists, the newest first: what else they are narrowed by is left out as it comes.
    Index("ix_cases_newest", "status", "id", *_SAID),
    Index("ix_cases_newest_of_department", "department", "status", "id", "grid", "label"),
    Index("ix_cases_newest_of_label", "label", "status", "id", "grid", "department"),
    Index("ix_cases_numbered", "number_end", "id", *_SAID, "status"),
    Index("ix_cases_grid", "grid", "status", "id", "department", "label"),
    Index(None, "cell"),
    # Few were ever merged.
    Index(
        "ix_cases_merged_into",
        "merged_into",
        sqlite_where=text("merged_into IS NOT NULL"),
        postgresql_where=text("merged_into IS NOT NULL"),
    ),
    Index(
        "ix_cases_merged_cell",
        "cell",
        sqlite_where=text("merged_into IS NOT NULL"),
        postgresql_where=text("merged_into IS NOT NULL"),
    ),
    Index(None, "rings_at"),
    Index(None, "reported_at"),
    # All that a map of many cases needs of each. `ended_at` is always null in the first of these,
    # and yet SQLite reads it of the row itself where the index lacks it.
    Index(
        "ix_cases_map_open",
        *_MAPPED,
        "ended_at",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index(
        "ix_cases_map_ended",
        "ended_at",
        *_MAPPED,
        sqlite_where=text("ended_at IS NOT NULL"),
        postgresql_where=text("ended_at IS NOT NULL"),
    ),
    # What is overdue, and what is open at whatever stage, in the order of deadlines.
    Index(
        "ix_cases_due",
        *("overdue_at", "id", "reported_at", *_SAID, "number_end", "status", "ended_at"),
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    # What is open is a small part of what was ever reported; queues are summed up from this alone,
    # and read from it in the order of deadlines.
    Index(
        "ix_cases_open",
        *("status", "overdue_at", "id", "reported_at", *_SAID, "number_end", "ended_at"),
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

HOLDS: Final = text("action IN ('hold', 'appeal')")
"""A step that keeps a case's evidence until it is answered: `pending.HOLDING`."""
STEPS: Final = Table(
    "steps",
    METADATA,
    Column("case", ID, ForeignKey("cases.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("action", String(16), nullable=False),
    Column("before", String(16)),
    Column("after", String(16), nullable=False),
    Column("by", ID, nullable=False),
    Column("role", String(16), nullable=False),
    Column("at", Moment, nullable=False),
    Column("note", Text, nullable=False),
    Column("grounds", JSON, nullable=False),
    Column("seal", String(64), nullable=False),
    Index(
        "ix_steps_reporter",
        "by",
        "case",
        sqlite_where=text("number = 1"),
        postgresql_where=text("number = 1"),
    ),
    Index("ix_steps_holding", "case", sqlite_where=HOLDS, postgresql_where=HOLDS),
)

# What `dispatch.figures.life` tells of the histories, kept to be counted; it can be made from them
# again. `known_to` of what is still so is the end of time; from `ends_at` on it matters to no
# period.
FACTS: Final = Table(
    "facts",
    METADATA,
    Column("case", ID, ForeignKey("cases.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("known_from", Micros, primary_key=True),
    Column("known_to", Micros, nullable=False),
    Column("ends_at", Micros, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("at", Micros, nullable=False),
    Column("since", Micros),
    Column("due_at", Micros),
    Column("done_at", Micros),
    Column("lapsed_at", Micros),
    Column("noted_at", Micros),
    Column("suspended", Boolean, nullable=False),
    Column("exempt", Boolean, nullable=False),
    Column("department", String(64), nullable=False),
    Column("person", ID, nullable=False),
    Column("role", String(16), nullable=False),
    Column("word", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Column("area", String(32), nullable=False),
    Column("label", String(64), nullable=False),
    Column("source", String(16), nullable=False),
    Column("model", Text, nullable=False),
    Column("recurs", Boolean, nullable=False),
    Column("pass_id", String(96), nullable=False, server_default=""),
    Column("device", String(64), nullable=False, server_default=""),
    Column("platform", String(16), nullable=False, server_default=""),
    Column("worked_for", String(64), nullable=False, server_default=""),
    Column("worked_by", ID, nullable=False, server_default=""),
    Column("worked_as", String(16), nullable=False, server_default=""),
    Column("worked_at", Micros),
    CheckConstraint("known_from < known_to", name="known_for_a_while"),
    Index("ix_facts_counting", *COUNTED),
    # Few last long: what of a past period is still open, or was for long, is found among them.
    Index(
        "ix_facts_lasting",
        *COUNTED,
        sqlite_where=text(LONG),
        postgresql_where=text(LONG),
    ),
)

LEDGER: Final = Table(
    "ledger",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("subject", String(96), nullable=False),
    Column("seal", String(64), nullable=False),
    Column("head", String(64), nullable=False),
)

TASKS: Final = Table(
    "tasks",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("case", ID, ForeignKey("cases.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("role", String(16), nullable=False),
    Column("area", String(32), nullable=False),
    Column("department", String(64)),
    Column("person", ID),
    Column("made_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("suggestion", Text),
    Column("status", String(16), nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", ID),
    Column("version", Integer, nullable=False),
    CheckConstraint(
        "(ended_at IS NOT NULL) = (status <> 'open')", name="ended_at_goes_with_status"
    ),
    CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_at_goes_with_ended_by"),
    Index(None, "case"),
    Index(None, "status", "role", "department"),
    Index(None, "person", "status"),
    # What fits a person is looked for, and put in order, in this alone.
    Index(
        "ix_tasks_open",
        "role",
        "due_at",
        "id",
        "area",
        "department",
        "person",
        sqlite_where=text("status = 'open'"),
        postgresql_where=text("status = 'open'"),
    ),
)

EVIDENCE: Final = Table(
    "evidence",
    METADATA,
    Column("sha256", ID, primary_key=True),
    Column("received_at", Moment, nullable=False),
)

PHOTOS: Final = Table(
    "photos",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("case", ID, ForeignKey("cases.id"), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("by", ID, nullable=False),
    Column("taken_at", Moment, nullable=False),
    Column("sha256", ID, nullable=False),
    Column("looked_at", Moment),
    Column("result", Text),
    CheckConstraint("(looked_at IS NULL) = (result IS NULL)", name="looked_at_goes_with_result"),
    Index(None, "case"),
    Index(None, "looked_at", "taken_at"),
    Index(None, "sha256"),
)

TIPS: Final = Table(
    "tips",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("key_sha256", ID, nullable=False, unique=True),
    Column("case", ID, ForeignKey("cases.id"), nullable=False, index=True),
    Column("received_at", Moment, nullable=False),
    Column("contact", Text),
)

CREW_VERDICTS: Final = Table(
    "crew_verdicts",
    METADATA,
    Column("finding", ID, primary_key=True),
    Column("device", String(64), nullable=False),
    Column("verdict", Text, nullable=False),
)

VERDICTS: Final = Table(
    "verdicts",
    METADATA,
    Column("question", String(16), primary_key=True),
    Column("label", String(64), primary_key=True),
    Column("who", String(120), primary_key=True),
    Column("yes", Integer, nullable=False),
    Column("no", Integer, nullable=False),
)

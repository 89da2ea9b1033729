"""The tables of what patrols did, told of the sweeps by `dispatch.sights.stretch`, to be counted.

They can be made from the sweeps again. `known_to` of what is still so is the end of time. `day` of
a patch is the city's day on which the centre took its stretch in.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from dispatch.store.moments import Micros
from dispatch.store.tables import ID, METADATA

STRETCHES: Final = Table(
    "stretches",
    METADATA,
    Column("sweep", ID, ForeignKey("sweeps.id"), primary_key=True),
    Column("known_from", Micros, primary_key=True),
    Column("known_to", Micros, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("at", Micros, nullable=False),
    Column("pass_id", String(96), nullable=False),
    Column("device", String(64), nullable=False),
    Column("platform", String(16), nullable=False),
    Column("model", Text, nullable=False),
    Column("day", String(10), nullable=False),
    Column("area", String(32), nullable=False),
    Column("started_at", Micros, nullable=False),
    Column("lasted_ms", BigInteger, nullable=False),
    Column("distance_cm", BigInteger, nullable=False),
    Column("labels", Text, nullable=False),
    Column("rendered", Boolean, nullable=False),
    Column("ground", String(64), nullable=False, server_default=""),
    CheckConstraint("known_from < known_to", name="known_for_a_while"),
    Index(None, "at"),
)

PATCHES: Final = Table(
    "patches",
    METADATA,
    Column("sweep", ID, ForeignKey("sweeps.id"), primary_key=True),
    Column("known_from", Micros, primary_key=True),
    Column("area", String(32), primary_key=True),
    Column("labels", Text, primary_key=True),
    Column("known_to", Micros, nullable=False),
    Column("at", Micros, nullable=False),
    Column("seen_at", Micros, nullable=False),
    Column("cells", LargeBinary, nullable=False),
    Column("day", String(10), nullable=False, server_default=""),
    Index(None, "at"),
    Index(None, "area", "seen_at"),
    Index(None, "day", "area"),
)

# Patches added up by day and by month: `dispatch.store.sql_covered`. The moments are the first and
# the last at which what is in a row was taken in, and the last at which it became known or was
# taken out again; never narrower than they are. What a row was when its day or month was over is
# kept up to `known_to`.
COVERED: Final = Table(
    "covered",
    METADATA,
    Column("span", String(5), primary_key=True),
    Column("begins", String(10), primary_key=True),
    Column("area", String(32), primary_key=True),
    Column("labels", Text, primary_key=True),
    Column("known_to", Micros, primary_key=True),
    Column("first_at", Micros, nullable=False),
    Column("last_at", Micros, nullable=False),
    Column("changed_at", Micros, nullable=False),
    Column("ground", LargeBinary, nullable=False),
    CheckConstraint("first_at <= last_at", name="first_before_last"),
)

# How many cells of ground each unit grid has, by what was known of the city's grids at a time.
LANDS: Final = Table(
    "lands",
    METADATA,
    Column("area", String(32), primary_key=True),
    Column("known_from", Micros, primary_key=True),
    Column("known_to", Micros, nullable=False),
    Column("cells", BigInteger, nullable=False),
)

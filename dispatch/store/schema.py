"""All tables together, as they are made, migrated, dumped and written in order."""

from typing import Final

from sqlalchemy import MetaData

from dispatch.store import (
    tables,
    tables_of_arrivals,
    tables_of_patrols,
    tables_of_people,
    tables_of_photos,
    tables_of_retention,
    tables_of_suppressed,
)

METADATA: Final[MetaData] = tables.METADATA
assert tables_of_arrivals.ARRIVALS.metadata is METADATA
assert tables_of_patrols.STRETCHES.metadata is METADATA
assert tables_of_people.PEOPLE.metadata is METADATA
assert tables_of_photos.PHOTO_KEYS.metadata is METADATA
assert tables_of_retention.ERASURES.metadata is METADATA
assert tables_of_suppressed.SUPPRESSED.metadata is METADATA

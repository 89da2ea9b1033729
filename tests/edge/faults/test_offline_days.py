"""Three days without a network fit the disk that a device is given by default."""

from datetime import timedelta
from pathlib import Path
from typing import Final

import numpy as np

from edge.config import DiskConfig
from edge.delivery.outbox import DATABASE_FILE, Outbox
from edge.evidence.pictures import View, context_picture, near_picture
from tests.edge.messages import AT, REDACTOR, finding_of

DRIVING_HOURS: Final = 48
"""Of 72; sixteen a day."""
FINDINGS_AN_HOUR: Final = 60
TEXTURE: Final = 24.0
"""Grey levels of noise: rougher than any street; JPEG spends most on noise."""
KIBIBYTE: Final = 1 << 10


def test_seventy_two_hours_offline_fit_the_default_budget(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    outbox = Outbox(tmp_path)
    sizes = []
    for number in range(6):
        grey = rng.normal(128.0, TEXTURE, (1080, 1920, 3)).clip(0, 255).astype(np.uint8)
        at = AT + timedelta(seconds=number)
        view = View(image=grey, at=at, subject=(600.0, 300.0, 1240.0, 940.0), private=())
        pictures = (near_picture(view, redactor=REDACTOR), context_picture(view, redactor=REDACTOR))
        outbox.record(finding_of(number, pictures=pictures), pictures, at=AT)
        sizes.append([picture.evidence.size_bytes for picture in pictures])
    near, context = np.max(sizes, axis=0)
    outbox.close()
    rows = (tmp_path / DATABASE_FILE).stat().st_size / 6
    findings = DRIVING_HOURS * FINDINGS_AN_HOUR

    assert near <= 200 * KIBIBYTE
    assert context <= 500 * KIBIBYTE
    assert findings * (near + context + rows) <= DiskConfig().evidence_mib << 20

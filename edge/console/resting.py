"""A service that cannot start as it is set up says why, and rests before it is started again.

On a vehicle nobody types commands: whoever brings the mended file has done enough.
"""

import os
import signal
import time
from typing import Final

from edge.exits import Exit
from edge.vitals.service import ServiceManager

REST_S: Final = 30.0
"""Long enough to cost a device next to nothing, short enough to be waited for beside it."""


def rest_after(status: Exit, why: str) -> None:
    """Rest if a service manager started this process and files have to be mended first.

    A stop, or a restart by hand, does not wait for it.
    """
    manager = ServiceManager.of(os.environ, monotonic=time.monotonic)
    if status is not Exit.BAD_CONFIG or not manager.listens:
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    manager.status(why)
    time.sleep(REST_S)

"""How a peer answers: one line of JSON for each line of JSON it is asked."""

import json
import os
import sys
from collections.abc import Callable, Mapping


def serve(answer: Callable[[Mapping], Mapping]) -> None:
    """Answer every question on standard input until it is closed.

    What libraries print goes to standard error, so that an answer is never mixed with it.
    """
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        answers.write(json.dumps(answer(json.loads(line))) + "\n")
        answers.flush()

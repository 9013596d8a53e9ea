"""Places where a test may have the process die, by name. Costs nothing unless the variable was set at start."""

from __future__ import annotations

import os
import signal
from typing import Final

_CHOSEN: Final = os.environ.get("COALITION_BOT_FAILPOINT")


def failpoint(name: str) -> None:
    """Die here, at once and uncleanly as in a power cut, if the environment chose this place."""
    if name == _CHOSEN:
        os.kill(os.getpid(), signal.SIGKILL)

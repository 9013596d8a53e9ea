"""Ports for the servers of tests."""

from __future__ import annotations

import os
import socket
from contextlib import closing
from itertools import cycle
from random import randrange
from typing import Final

_EACH: Final = 2_000  # ports of each process that runs tests
_FIRST: Final = 10_000 + _EACH * (int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 10)
_START: Final = randrange(_EACH)  # another run of the tests may go on at the same time
_PORTS: Final = cycle(_FIRST + (_START + number) % _EACH for number in range(_EACH))


def unused_port() -> int:
    """Return a port that is free, and stays free until the test uses it.

    One that the system chooses may be given to another process, or to any outgoing connection, in between: those
    are above 32,768 on Linux.
    """
    return next(filter(_is_free, _PORTS))


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0

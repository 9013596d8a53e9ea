"""A PostgreSQL server for a measure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote

from tests.peers.need import find
from tests.peers.postgres import Server


@contextmanager
def postgres_server() -> Iterator[Server]:
    """A server that writes to its disk before it says that it has. Raises RuntimeError where there is none."""
    if find("initdb") is None:
        raise RuntimeError("PostgreSQL's initdb is not here (Debian: apt-get install postgresql)")
    server = Server(lasting=True)
    try:
        yield server
    finally:
        server.stop()


def schemas(database: str) -> Callable[[str], str]:
    """The address of each coalition's store in one database."""
    return lambda name: f"{database}&options=" + quote(f'-csearch_path="{name}"')

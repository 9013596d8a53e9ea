"""A real PostgreSQL server, started from the binaries that are found, for as long as the tests run."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.peers.need import need

_STARTS_WITHIN = 60  # seconds
_MEMORY = Path("/dev/shm")
_ROOM = 2 << 30  # bytes


class Server:
    """PostgreSQL on a unix socket in a separate folder. The server refuses to run as root, so root changes user.

    `lasting`: it writes to the disk before it says that it has, as a server that matters does.
    """

    def __init__(self, *, lasting: bool = False) -> None:
        programs = need("initdb").resolve().parent
        # Making and dropping a database, 1,500 files, takes a third of the processor time in memory.
        in_memory = not lasting and _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir=_MEMORY if in_memory else None))
        self._numbers = count(1)
        self._as = {"user": "nobody"} if os.geteuid() == 0 else {}
        if self._as:
            shutil.chown(self.folder, "nobody")
        data = self.folder / "data"
        self._run(programs / "initdb", "-D", data, "-U", "bot", "-A", "trust", "--no-sync",
                  "-E", "UTF8", "--locale=C.UTF-8")  # fmt: skip
        options = ["max_connections=300"]
        # Commits are synchronous in any case: without that, a restart at once takes back what was committed last.
        options += [] if lasting else ["fsync=off", "full_page_writes=off", "max_wal_size=128MB"]
        self._command = [programs / "postgres", "-D", data, "-k", self.folder, "-c", "listen_addresses=",
                         *(part for option in options for part in ("-c", option))]  # fmt: skip
        self._start()

    def _start(self) -> None:
        self._server = subprocess.Popen(
            self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder, **self._as
        )
        self._wait()

    def restart(self) -> None:
        """At once, as after a power cut: every connection is lost."""
        self._cut_off()
        self._start()

    def kill(self, process: int) -> None:
        """One of its processes, as when memory runs out: every connection is lost, and the server goes on."""
        os.kill(process, signal.SIGKILL)
        with suppress(psycopg.OperationalError):
            self._admin.execute("SELECT pg_sleep(60)")  # until it is cut off, too
        self._admin.close()
        self._wait()

    def url(self, name: str) -> str:
        return f"postgresql://bot@/{name}?host={self.folder}"

    def database(self, *, template: str = "", instead: str = "") -> str:
        """The address of a new database: empty, or a copy of that at `template`. It may replace one."""
        name = _name(instead) or f"t{next(self._numbers)}"
        if instead:
            self.drop(instead)
        # Since PostgreSQL 15 the usual copy goes through its log, and takes twice the processor time.
        copy = "STRATEGY FILE_COPY" if self._admin.info.server_version >= 150_000 else ""
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {_name(template) if template else 'template1'} {copy}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """The database and every connection to it."""
        self._admin.execute(f"DROP DATABASE IF EXISTS {_name(url)} WITH (FORCE)")

    def halt(self) -> None:
        self._admin.close()
        self._server.send_signal(signal.SIGINT)  # who is connected is cut off; SIGTERM would wait for them
        self._server.wait(60)

    def stop(self) -> None:
        self._cut_off()  # its data is deleted, so they need not be written first
        shutil.rmtree(self.folder, ignore_errors=True)

    def _cut_off(self) -> None:
        self._admin.close()
        self._server.send_signal(signal.SIGQUIT)
        self._server.wait(60)

    def _run(self, *command: object) -> None:
        subprocess.run([str(part) for part in command], check=True, capture_output=True, cwd=self.folder, **self._as)

    def _wait(self) -> None:
        end = time.monotonic() + _STARTS_WITHIN
        while time.monotonic() < end:
            with suppress(psycopg.OperationalError):
                # For all that comes: each new connection takes the server several milliseconds.
                self._admin = psycopg.connect(self.url("postgres"), connect_timeout=10, autocommit=True)
                return
            time.sleep(0.05)
        raise TimeoutError("PostgreSQL did not start")


def _name(url: str) -> str:
    return urlsplit(url).path.strip("/")

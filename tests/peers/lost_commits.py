"""Connections to PostgreSQL that break when it has committed, so that its answer is lost."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Self

_DONE = b"C\x00\x00\x00\x0bCOMMIT\x00"  # what the server sends when it has committed


class LostCommits:
    """Forwards a loopback port to the server's socket. `lose`: whether the answers of commits are lost now."""

    def __init__(self, folder: Path) -> None:
        self.lose = False
        self.away = False  # from the next lost answer on, every connection is cut, and nobody is let in
        self.lost = 0  # answers
        self.answers = threading.Event()  # while it is not set, the server is silent
        self.answers.set()
        self._open: list[socket.socket] = []
        self._to = f"{folder}/.s.PGSQL.5432"
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def url(self, behind: str) -> str:
        """The address of a database, through here."""
        database = behind.partition("?")[0].rpartition("/")[2]
        return f"postgresql://bot@127.0.0.1:{self._listening.getsockname()[1]}/{database}?sslmode=disable"

    def cut(self, *last: socket.socket) -> None:
        """The server is away from now on. `last`: who is still to be cut, so that no other connection is used then."""
        self.away = True
        _close(*(each for each in self._open if each not in last))

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            if self.away:
                client.close()
                continue
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._to)
            self._open += [client, server]
            threading.Thread(target=self._forward, args=(client, server), daemon=True).start()
            threading.Thread(target=self._answer, args=(client, server), daemon=True).start()

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(65_536):
                server.sendall(data)
        _close(client, server)

    def _answer(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(65_536):
                self.answers.wait()
                if self.lose and _DONE in data:
                    self.lost += 1
                    if self.away:
                        self.cut(client, server)
                    break
                client.sendall(data)
        _close(client, server)


def _close(*sockets: socket.socket) -> None:
    for each in sockets:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()

"""Carry bytes from one listening place to another: ``relay.py tcp:0 unix:/run/x`` or ``relay.py unix:/run/x tcp:3000``.

A Unix socket is reachable across network namespaces, so a pair of relays connects to a peer in an isolated namespace.
Once it listens, it prints where: the port of a ``tcp:0``, or the path.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def main(listen: str, connect: str) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        kind, _, where = connect.partition(":")
        try:
            there = await (
                asyncio.open_unix_connection(where)
                if kind == "unix"
                else asyncio.open_connection("127.0.0.1", int(where))
            )
        except OSError:
            writer.close()
            return
        await asyncio.gather(_carry(reader, there[1]), _carry(there[0], writer))

    kind, _, where = listen.partition(":")
    if kind == "unix":
        server = await asyncio.start_unix_server(serve, where)
    else:
        server = await asyncio.start_server(serve, "127.0.0.1", int(where))
        where = server.sockets[0].getsockname()[1]
    print(where, flush=True)  # noqa: T201 - the caller reads it
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

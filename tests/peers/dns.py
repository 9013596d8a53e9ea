"""A name server on loopback that answers questions from a table, or goes wrong on demand."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

import dns.asyncresolver
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


def _quoted(text: str) -> str:
    """A TXT record as a zone file has it: in strings of at most 255 characters."""
    pieces = [text[start : start + 250] for start in range(0, len(text) or 1, 250)]
    return " ".join('"' + piece.replace("\\", "\\\\").replace('"', '\\"') + '"' for piece in pieces)


class AllTakeMail(dict[tuple[str, str], Sequence[str]]):
    """The records of a world in which each domain has a server for mail."""

    def get(self, key, default=None):
        return ["10 mail.example."] if key[0] == "MX" else default


@dataclass
class NameServer(asyncio.DatagramProtocol):
    """`texts`: the TXT records by name; `others`: of other kinds, by kind and name.

    `mode`: "" | "silent" | "servfail" | "garbage" | "denies".

    The last one denies a name without records although names below it have some.
    """

    texts: Mapping[str, Sequence[str]]
    mode: str = ""
    others: Mapping[tuple[str, str], Sequence[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        name = query.question[0].name.to_text(omit_final_dot=True).lower()
        self.asked.append(name)
        if self.mode == "silent":
            return
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        if self.mode == "servfail":
            response.set_rcode(dns.rcode.SERVFAIL)
        elif records := self.others.get((kind := dns.rdatatype.to_text(query.question[0].rdtype), name)):
            response.answer.append(dns.rrset.from_text(query.question[0].name, 60, "IN", kind, *records))
        elif any(known == name for _, known in self.others):
            pass
        elif name in self.texts:
            quoted = [_quoted(text) for text in self.texts[name]]
            response.answer.append(dns.rrset.from_text(query.question[0].name, 60, "IN", "TXT", *quoted))
        elif self.mode == "denies" or not any(each.endswith(f".{name}") for each in self.texts):
            response.set_rcode(dns.rcode.NXDOMAIN)
        wire = response.to_wire()
        self._transport.sendto(b"\x00\x01" * 30 if self.mode == "garbage" else wire, addr)  # type: ignore[attr-defined]

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[dns.asyncresolver.Resolver]:
        """A resolver that asks this server alone."""
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        resolver = dns.asyncresolver.Resolver(configure=False)
        resolver.nameservers = ["127.0.0.1"]
        resolver.port = transport.get_extra_info("sockname")[1]
        try:
            yield resolver
        finally:
            transport.close()

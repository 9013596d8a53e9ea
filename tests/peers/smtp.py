"""A relay on loopback (aiosmtpd, which nobody here wrote) that goes wrong on demand.

`mails` are what readers got, oldest first. A fault is (step, kind): step `connect`, `mail`, `rcpt` or `data`; kind an
SMTP answer such as "451 4.7.1 Greylisted", "drop" (the connection breaks before the step counts), "drop-after" (after
it counted) or "hang-after".
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Relay:
    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    steps: Counter[str] = field(default_factory=Counter)
    faults: list[list[Any]] = field(default_factory=list)
    on_fault: list[Callable[[], None]] = field(default_factory=list)  # called when it hangs
    hung: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""
    dice: Callable[[], float] = random.random  # a fault with a `chance` happens to that share of its steps

    def fail(self, step: str, kind: str, times: int | None = None, chance: float = 1.0) -> None:
        self.faults.append([step, kind, times, chance])

    def heal(self) -> None:
        self.faults.clear()

    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]

    @contextlib.asynccontextmanager
    async def running(self, port: int = 0, **options: Any) -> AsyncIterator[Relay]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(self, hostname="relay.test", **options), "127.0.0.1", port)
        self.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            self.hung.set()
            server.close()
            await server.wait_closed()

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's
        self, server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        answer = await self._step("connect", server)
        return [answer] if answer else responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.mail_from = address
        return await self._step("mail", server) or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = await self._step("rcpt", server)
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        def take() -> None:
            content = envelope.original_content or b""
            self.raw.append(content)
            self.mails.append(message_from_bytes(content, policy=default))
            self.envelopes.append((envelope.mail_from or "", list(envelope.rcpt_tos)))

        answer = await self._step("data", server, take)
        if not answer:
            take()
        return answer or "250 2.0.0 taken"

    async def _step(self, step: str, server: SMTP, act: Callable[[], None] = lambda: None) -> str:
        """The answer of a due fault, "" if none is."""
        self.steps[step] += 1
        due = (each for each in self.faults if each[0] == step and each[2] != 0 and self.dice() < each[3])
        fault = next(due, None)
        if fault is None:
            return ""
        if fault[2] is not None:
            fault[2] -= 1
        if fault[1].endswith("-after"):
            act()
        if fault[1].startswith("drop"):
            server.transport.abort()
            return "421 gone"
        if fault[1] == "hang-after":
            for call in self.on_fault:
                call()
            await self.hung.wait()
            return "421 gone"
        return str(fault[1])

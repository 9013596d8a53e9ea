"""A desk whose letters can be filed on a regulations.gov of our own, which runs in a thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bot.deadlines.dockets import Dockets
from bot.deadlines.regulations_gov import RegulationsGov as Client
from bot.fetch.http import Fetcher, Limits
from bot.letters.filing import records
from bot.letters.filing.model import Filing
from bot.letters.filing.sending import Filer
from bot.letters.lifecycle import Dossier
from tests.kit.alerts import document
from tests.kit.letters_desk import Desk, config
from tests.peers.regulations_gov import KEY, Document, RegulationsGov, regulations_gov

DOCUMENT = Document("USCG-2026-0041-0001", closes=None, title="Notice about forced labor")
NOTICE = document(
    "2026-00001", "Notice about forced labor", dockets=("USCG-2026-0041",), comments_close_on=date(2027, 1, 12)
)
TEXTS = ("support with changes", "Ask the people served.", "Ask them first.", "- publish the answers")


class Fresh(Fetcher):
    """A session for each request: each command of a test has its own event loop."""

    async def _ask(self, *args: Any) -> Any:
        try:
            return await super()._ask(*args)
        finally:
            await self.close()


class FilingDesk(Desk):
    def __init__(self, folder: Path, server: RegulationsGov) -> None:
        self.server = server
        fetcher = Fresh("test", allow_hosts=["127.0.0.1"], limits=Limits(gap=0, seconds=5))
        self.client = Client(fetcher, KEY, server.url)
        self.network = SimpleNamespace(regulations_gov=self.client, now=lambda: self.now)
        super().__init__(folder, config(), fetching=self.network)
        self.dockets = Dockets(self.client)
        server.add(DOCUMENT)

    def comment(self) -> Dossier:
        """A public comment on the notice, locked."""
        entry = self.bring(NOTICE)[0]
        form = self.form(self.pol, "letter draft", template="public-comment", to="ovc", ask="1", entry=entry.id)
        fields = {f"field-{n}": text for n, text in enumerate(TEXTS, 1)}
        self.card(self.pol, form.path, **dict(form.args), **fields)
        self.card(self.pol, "letter review", letter="L-1")
        self.approve("L-1")
        self.lock("L-1")
        return self.letter("L-1")

    def prepared(self, **args: str) -> Filing:
        self.comment()
        self.card(self.pol, "letter prepare", letter="L-1", document=DOCUMENT.id, **args)
        return self.filing()

    def filing(self) -> Filing:
        current = records.current(self.db, self.letter().id)
        assert current
        return current

    def press(self, **args: str) -> Any:
        return self.card(self.app, "letter file", letter="L-1", text=self.filing().digest, **args)

    def work(self, **later: float) -> None:
        """Time passes, and the bot files what is due."""
        self.now += timedelta(**later)
        asyncio.run(Filer(lambda: self.job, self.client).file_due())

    def look(self, **later: float) -> None:
        """Time passes, and the bot reads the dockets."""
        self.now += timedelta(**later)
        asyncio.run(self.dockets.refresh(self.job))


@contextmanager
def served() -> Iterator[RegulationsGov]:
    """A server in its own thread."""
    loop, ready, stop, servers = asyncio.new_event_loop(), threading.Event(), asyncio.Event(), []

    async def run() -> None:
        async with regulations_gov() as server:
            servers.append(server)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    assert ready.wait(30)
    try:
        yield servers[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()

"""A crowd at the public page of a letter: made-up requests to sign by the thousand, and a page with 10,000 signers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, Final

import aiohttp
import dns.asyncresolver
from lxml import html

from bench.measure import Figure, Round, Size, apart, in_turn, note_delays, within_limits
from bot.app import runtime
from bot.app.application import build
from bot.app.frontends import frontends
from bot.config.settings import Settings
from bot.letters import records as letters
from bot.people import mail
from bot.store.sqlite import open_existing
from tests.kit.allies import sign_all
from tests.kit.configs import ROOT
from tests.kit.mail import FROM
from tests.kit.open_letter import open_letter
from tests.kit.own_coalition import own
from tests.kit.ports import unused_port
from tests.kit.web_face import OWN, form_fields
from tests.peers.dns import AllTakeMail, NameServer
from tests.peers.smtp import Relay
from tests.scenario.kit import shipped

_REQUESTS: Final = 10_000
_NETWORKS: Final = 350
_SIGNERS: Final = 10_000
_VIEWS: Final = 400
_AT_ONCE: Final = 40  # requests
_FILLED_IN: Final = 3.1  # seconds that a person takes; a form that is sent sooner is refused
_PAGE: Final = "/sign/L-001"
_ADDRESS: Final = "pol@member.test"


def crowd(size: Size) -> list[Figure]:
    """A mailed link to log in and the event loop during the flood; then an anonymous visitor's page."""
    requests, signers = size.of(_REQUESTS), size.of(_SIGNERS)
    with apart(_visit) as visitors:
        town = partial(_town, visitors, visitors.recv(), requests, signers)
        found = in_turn({"ours": town}, 1, one_core=False)["ours"]
    flood = f"{requests:,} requests to sign from {_NETWORKS} networks"
    limits = {
        f"a link to log in is mailed, during {flood}": ("s", 60.0),
        f"event loop late, at most, during {flood}": ("ms late", 100.0),
        f"the public page of a letter with {signers:,} signers": ("ms of processor time", 10.0),
    }
    return within_limits(limits, found)


@contextmanager
def _town(visitors: Connection, relay: str, requests: int, signers: int) -> Iterator[Round]:
    logging.disable()
    yield lambda: asyncio.run(_round(visitors, relay, requests)) | asyncio.run(_round(visitors, relay, 0, signers))


async def _round(visitors: Connection, relay: str, requests: int, signers: int = 0) -> dict[str, float]:
    """The whole bot with a new store, under a flood of `requests`, or read by people who find `signers`."""
    port = unused_port()
    site = f"http://127.0.0.1:{port}"
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "templates").symlink_to(ROOT / "templates")  # who the letter is to
        config = shipped(folder, {}, {"policy": "console:policy"})
        config = replace(config, coalition=own(config.coalition), folder=ROOT, site=site)
        open_letter(folder / "coalition.db", config)
        _furnish(folder / "coalition.db", signers)
        url = f"sqlite:///{folder}/coalition.db"
        given: dict[str, Any] = {"smtp_url": relay, "mail_from": FROM, "web_url": site, "database_url": url}
        settings = Settings(web_bind=f"127.0.0.1:{port}", **given)
        late: list[float] = []
        async with NameServer({}, others=AllTakeMail()).running() as resolver:
            dns.asyncresolver.default_resolver = resolver  # type: ignore[assignment]
            with build(settings, config, running="alone", out=StringIO(), pace=timedelta(0)) as app:
                running = asyncio.create_task(runtime.run(app, frontends(settings, app)))
                await asyncio.to_thread(_ask, visitors, "wait", site)
                if signers:
                    worked = process_time()
                    await asyncio.to_thread(_ask, visitors, "view", site, _VIEWS)
                    figures = {"ms of processor time": (process_time() - worked) * 1_000 / _VIEWS}
                else:
                    noting = asyncio.create_task(note_delays(late))
                    seconds = await asyncio.to_thread(_ask, visitors, "flood", site, requests)
                    noting.cancel()
                    figures = {"s": seconds, "ms late": max(late)}
                running.cancel()
                with suppress(asyncio.CancelledError):
                    await running
    return figures


def _furnish(path: Path, signers: int) -> None:
    db, now = open_existing(path), datetime.now(UTC)
    with db.write() as tx:
        sign_all(tx, letters.letters(tx)[0], signers, person="pol", now=now)
        mail.set_address(tx, "pol", _ADDRESS, token="pol", code="123456", now=now)  # noqa: S106 - of nothing else
        assert mail.check_code(tx, "pol", "123456", now)
    db.close()


def _ask(visitors: Connection, *question: Any) -> Any:
    visitors.send(question)
    return visitors.recv()


def _visit(connection: Connection) -> None:
    """Run in a separate process: the relay, and everybody who comes to the page."""
    asyncio.run(_answer(connection))


async def _answer(connection: Connection) -> None:
    async with Relay().running() as relay:
        connection.send(relay.url)
        with suppress(EOFError):
            while True:
                what, site, *count = await asyncio.to_thread(connection.recv)
                async with aiohttp.ClientSession(site, connector=aiohttp.TCPConnector(limit=_AT_ONCE + 2)) as client:
                    visitors: Mapping[str, Callable[..., Awaitable[Any]]]
                    visitors = {"wait": _wait, "view": _view, "flood": partial(_flood, relay)}
                    connection.send(await visitors[what](client, *count))


async def _wait(client: aiohttp.ClientSession) -> None:
    for _ in range(600):
        with suppress(aiohttp.ClientError):
            if (await client.get(_PAGE)).status == 200:
                return
        await asyncio.sleep(0.1)


async def _view(client: aiohttp.ClientSession, count: int) -> None:
    for n in range(count):
        async with client.get(_PAGE, headers=_from(n)) as answer:
            assert answer.status == 200
            await answer.read()


async def _flood(relay: Relay, client: aiohttp.ClientSession, count: int) -> float:
    """Seconds until a person has the link to log in that they ask for in the middle of the flood."""
    page: Any = html.fromstring(await (await client.get(_PAGE)).text())
    fields = form_fields(page.xpath("//form[@class='main']")[0])
    await asyncio.sleep(_FILLED_IN)
    half = asyncio.Event()

    async def sign(numbers: Iterator[int]) -> None:
        for n in numbers:
            if n >= count // 2:
                half.set()
            org = {"legal_name": f"Org {n}", "website": f"org{n}.org", "address": f"ann@org{n}.org", "listed": "no"}
            who = {"signatory": "Ann Lee", "title": "Director"}
            async with client.post(_PAGE, headers=OWN | _from(n), data=fields | org | who) as answer:
                assert answer.status in {200, 422, 429}, answer.status
                await answer.read()

    numbers = iter(range(count))
    signing = [asyncio.create_task(sign(numbers)) for _ in range(_AT_ONCE)]
    await half.wait()
    seconds = await _log_in(relay, client)
    await asyncio.gather(*signing)
    return seconds


async def _log_in(relay: Relay, client: aiohttp.ClientSession) -> float:
    door: Any = html.fromstring(await (await client.get("/today")).text())
    (form,) = door.xpath("//form[.//input[@name='address']]")
    started, before = perf_counter(), len(relay.envelopes)
    await client.post(form.get("action"), headers=OWN, data=form_fields(form) | {"address": _ADDRESS})
    while [_ADDRESS] not in [to for _, to in relay.envelopes[before:]]:  # noqa: ASYNC110 - the relay has no event to wait for
        await asyncio.sleep(0.05)
    return perf_counter() - started


def _from(number: int) -> dict[str, str]:
    """The headers of a visitor of one of the networks, as a proxy passes them on."""
    network = number % _NETWORKS
    return {"X-Forwarded-For": f"10.{network // 250}.{network % 250}.7"}

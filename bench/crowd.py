"""A crowd at the public page of a letter, on both stores: made-up requests to sign by the thousand, 10,000 signers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
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
from bench.postgres import postgres_server
from bot.app import runtime
from bot.app.application import build
from bot.app.frontends import frontends
from bot.config.settings import Settings
from bot.letters import records as letters
from bot.people import mail
from bot.store.address import address
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
    """A mailed link to log in, people's pages and the event loop during the flood; then an anonymous visitor's page."""
    requests, signers = size.of(_REQUESTS), size.of(_SIGNERS)
    flood = f"{requests:,} requests to sign from {_NETWORKS} networks"
    with apart(_visit) as visitors, postgres_server() as server:
        relay = visitors.recv()
        databases = {"SQLite": [], "PostgreSQL": [server.database() for _ in range(4)]}  # two in each of two rounds
        towns = {name: partial(_town, visitors, relay, requests, signers, urls) for name, urls in databases.items()}
        found = in_turn(towns, 1, one_core=False)
    return [
        figure
        for store, rounds in found.items()
        for figure in within_limits(
            {
                f"a link to log in is mailed, during {flood}, {store}": ("s", 60.0),
                f"the page opens for a person meanwhile, 99 of 100 within, {store}": ("ms", 1_000.0),
                f"event loop late meanwhile, at most, {store}": ("ms late", 100.0),
                f"the public page of a letter with {signers:,} signers, {store}": ("ms of processor time", 10.0),
            },
            rounds,
        )
    ]


@contextmanager
def _town(visitors: Connection, relay: str, requests: int, signers: int, urls: Sequence[str]) -> Iterator[Round]:
    logging.disable()
    left = list(urls)

    def play() -> dict[str, float]:
        flooded = asyncio.run(_round(visitors, relay, left, requests))
        return flooded | asyncio.run(_round(visitors, relay, left, 0, signers))

    yield play


async def _round(
    visitors: Connection, relay: str, urls: list[str], requests: int, signers: int = 0
) -> dict[str, float]:
    """The whole bot with a new store, under a flood of `requests`, or read by people who find `signers`.

    `urls`: of empty databases, of which it takes one; without them the store is a file.
    """
    port = unused_port()
    site = f"http://127.0.0.1:{port}"
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "templates").symlink_to(ROOT / "templates")  # who the letter is to
        config = shipped(folder, {}, {"policy": "console:policy"})
        config = replace(config, coalition=own(config.coalition), folder=ROOT, site=site)
        url = urls.pop() if urls else f"sqlite:///{folder}/coalition.db"
        open_letter(address(url), config)
        _furnish(url, signers)
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
                    mailed, opened = await asyncio.to_thread(_ask, visitors, "flood", site, requests)
                    noting.cancel()
                    figures = {"s": mailed, "ms": opened * 1_000, "ms late": max(late)}
                running.cancel()
                with suppress(asyncio.CancelledError):
                    await running
    return figures


def _furnish(url: str, signers: int) -> None:
    db, now = address(url).open(), datetime.now(UTC)
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


async def _view(client: aiohttp.ClientSession, count: int, first: int = 0) -> None:
    for n in range(first, first + count):
        async with client.get(_PAGE, headers=_from(n)) as answer:
            assert answer.status == 200
            await answer.read()


async def _flood(relay: Relay, client: aiohttp.ClientSession, count: int) -> tuple[float, float]:
    """Seconds until a person has the link to log in that they ask for in the middle of the flood, and in which 99 of
    100 pages opened for a person of another network.
    """
    page: Any = html.fromstring(await (await client.get(_PAGE)).text())
    fields = form_fields(page.xpath("//form[@class='main']")[0])
    await asyncio.sleep(_FILLED_IN)
    half = asyncio.Event()
    opened: list[float] = []

    async def sign(numbers: Iterator[int]) -> None:
        for n in numbers:
            if n >= count // 2:
                half.set()
            org = {"legal_name": f"Org {n}", "website": f"org{n}.org", "address": f"ann@org{n}.org", "listed": "no"}
            who = {"signatory": "Ann Lee", "title": "Director"}
            async with client.post(_PAGE, headers=OWN | _from(n % _NETWORKS), data=fields | org | who) as answer:
                assert answer.status in {200, 422, 429}, answer.status
                await answer.read()

    async def look() -> None:
        for n in range(10**9):
            started = perf_counter()
            await _view(client, 1, _NETWORKS + n % 50)
            opened.append(perf_counter() - started)
            await asyncio.sleep(0.1)

    numbers = iter(range(count))
    looking = asyncio.create_task(look())
    signing = [asyncio.create_task(sign(numbers)) for _ in range(_AT_ONCE)]
    await half.wait()
    mailed = await _log_in(relay, client)
    await asyncio.gather(*signing)
    assert not looking.done(), looking.exception()
    looking.cancel()
    return mailed, sorted(opened)[len(opened) * 99 // 100]


async def _log_in(relay: Relay, client: aiohttp.ClientSession) -> float:
    door: Any = html.fromstring(await (await client.get("/today")).text())
    (form,) = door.xpath("//form[.//input[@name='address']]")
    started, before = perf_counter(), len(relay.envelopes)
    await client.post(form.get("action"), headers=OWN, data=form_fields(form) | {"address": _ADDRESS})
    while [_ADDRESS] not in [to for _, to in relay.envelopes[before:]]:  # noqa: ASYNC110 - the relay has no event to wait for
        await asyncio.sleep(0.05)
    return perf_counter() - started


def _from(number: int) -> dict[str, str]:
    """The headers of a visitor of a network, as a proxy passes them on."""
    return {"X-Forwarded-For": f"10.{number // 250}.{number % 250}.7"}

"""Of two coalitions in one installation neither gets anything of the other: by no command, page, address or record id.

One coalition has something in every table. A person with every role in the other asks for all of it.
"""

from __future__ import annotations

import asyncio
import io
import itertools
import re
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import aiohttp
import pytest
from discord.gateway import DiscordWebSocket

from bot.app import wiring
from bot.app.several import SHARED_DISCORD
from bot.chat.typed import Typed, read
from bot.commands.model import Call, Reply, Role
from bot.config import installation
from bot.deadlines import agenda
from bot.outbox import connections
from bot.people.model import Account
from bot.site.board.pages import PAGES
from bot.site.public.campaign_pages import FEED, PATH
from bot.store import memo
from bot.store.shape import read_tables
from tests.kit import coalitions
from tests.kit.board import every_command
from tests.kit.discord_face import until
from tests.kit.full_coalition import SIGNATORY, FullCoalition
from tests.kit.ports import unused_port
from tests.kit.web_face import OWN, Browser
from tests.peers.discord_gateway import DiscordGateway
from tests.scenario.kit import Clock
from tests.scenario.letter_journey import link

pytestmark = [pytest.mark.sqlite, pytest.mark.long]

COMMANDS = every_command()
ADA = Account("slack", "T0HEAT", "U0ADA")
OTHER = "heat"
# What nobody else may read: names, texts and secrets of the full coalition, wherever they are in its store.
CANARIES = (
    *(SIGNATORY, "Quickfeather", "Jo Sample", "Example Wire", "jo@wire.example", "What changes?", "202 555 0100"),
    *("Lee Sample", "lee@ovc.example"),
)
TRIED = 3  # record ids that each command is tried with; the ids go round, so that each meets many commands


class Two:
    """The full coalition and `heat`, served by one process on one port, each at its own host."""

    def __init__(self, folder, monkeypatch):
        coalitions.enter(folder, monkeypatch)
        monkeypatch.setenv("DATABASE_URL", "sqlite:///board.db")
        self.port = unused_port()
        monkeypatch.setenv("WEB_BIND", f"0.0.0.0:{self.port}")
        installation.FOLDER.mkdir()
        made = FullCoalition(installation.FOLDER / "made")
        self.full = made.config.coalition.id
        made.desk.db.close()
        made.folder.rename(installation.FOLDER / self.full)
        self.urls = {name: f"http://127.0.0.{n}:{self.port}" for n, name in enumerate((self.full, OTHER), 1)}
        (installation.FOLDER / self.full / ".env").write_text(f"WEB_URL={self.urls[self.full]}\n")
        coalitions.add(OTHER, {}, "heat", env={"WEB_URL": self.urls[OTHER]})
        wiring.store_address(installation.settings_of(OTHER)).create().close()

    @asynccontextmanager
    async def served(self):
        """The apps by name, while their site answers."""
        clock = Clock(datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
        with coalitions.opened(clock, out=io.StringIO()) as apps:
            self.common = coalitions.common_frontends(apps)
            stop = asyncio.Event()
            serving = [asyncio.create_task(frontend.run(stop)) for frontend in self.common.values()]
            link(apps[OTHER], ADA, "Ada", *Role, organisation=f"{OTHER}-member")
            try:
                await answering(f"{self.urls[OTHER]}/healthz")
                yield apps
            finally:
                stop.set()
                await asyncio.gather(*serving)
                for app in apps.values():
                    await app.close()


async def answering(url):
    async with aiohttp.ClientSession() as session, asyncio.timeout(30):
        while True:
            try:
                async with session.get(url):
                    return
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.05)


@pytest.fixture
def two(tmp_path, monkeypatch):
    return Two(tmp_path, monkeypatch)


def rows(db, tables=None):
    tables = read_tables() if tables is None else tables
    return repr([[dict(row) for row in db.read(f"SELECT * FROM {name}")] for name in tables])


SPOKEN = ("L-1", "P-1", "C-1", "S-1", "Q-1", "Jo Sample")  # the names by which people call records


def record_ids(db):
    """The key of a row of each table, and what people say for records."""
    tables = read_tables().items()
    keys = {name: db.read(f"SELECT {shape.key[0]} AS key FROM {name} LIMIT 1") for name, shape in tables}
    assert [name for name, row in keys.items() if not row] == ["member_name"]  # its rows become settings
    return [
        *dict.fromkeys(str(row["key"]) for each in keys.values() for row in each),
        *SPOKEN,
    ]


def arguments(command, id_):
    """The arguments of its example, with the record id in each place where one could be."""
    typed = read(command.example, COMMANDS)
    args = dict(typed.args) if isinstance(typed, Typed) else {}
    return {param.name: args.get(param.name, id_) if param.choices else id_ for param in command.params}


def leaks(text, given=""):
    return [canary for canary in CANARIES if canary in text and canary not in given]


async def answers(app, ids, tried=TRIED):
    """What Ada gets from each command, with some of these record ids."""
    for command in COMMANDS:
        for id_ in itertools.islice(ids, tried):
            args = arguments(command, id_)
            call = Call(
                path=command.path, args=args, id=app.new_id(), platform=ADA.platform, team=ADA.team, user=ADA.user
            )
            yield command.path, id_, await app.dispatcher.answer(call)


async def test_no_command_reaches_a_record_of_the_other(two):
    async with two.served() as apps:
        full = apps[two.full]
        before, ids = rows(full.db), itertools.cycle(record_ids(full.db))
        async for path, id_, answer in answers(apps[OTHER], ids):
            assert leaks(repr(answer), id_) == [], (path, id_)
        async for path, _, answer in answers(full, ids):
            assert not isinstance(answer, Reply), path
        assert rows(full.db) == before
        assert leaks(rows(apps[OTHER].db, ("entry", "letter", "delivery", "mention"))) == []


async def test_a_member_of_the_full_coalition_gets_what_the_other_does_not(two):
    """The ids and canaries are those that its commands show."""
    async with two.served() as apps:
        full = apps[two.full]
        link(full, ADA, "Ada B", *Role)
        shown = {
            canary
            async for _, id_, answer in answers(full, itertools.cycle(SPOKEN), len(SPOKEN))
            for canary in leaks(repr(answer), id_)
        }
        assert shown >= {"Jo Sample", "Example Wire", "jo@wire.example"}


async def test_no_page_of_one_s_host_shows_the_other_s(two):
    async with two.served() as apps, Browser(two.urls[OTHER]) as browser:
        call = Call(path="campaign board", platform=ADA.platform, team=ADA.team, user=ADA.user, id="1")
        (address,) = [line.url for line in (await apps[OTHER].dispatcher.answer(call)).card.lines if line.url]
        assert address.startswith(two.urls[OTHER])
        assert (await browser.submit((await browser.get(address)).forms[0])).status == 200
        ids = record_ids(apps[two.full].db)
        for page in PAGES:
            for id_ in ids if "{" in page.path else [""]:
                answer = await browser.get(re.sub(r"\{[^}]*\}", id_.replace("/", "%2F"), page.path))
                assert leaks(answer.text, id_) == [], page.path
        async with Browser(two.urls[two.full]) as elsewhere:
            elsewhere.set_cookie("session", browser.cookies["session"])
            assert (await elsewhere.get("/")).status == 401
            assert (await elsewhere.post("/do/campaign/pause", {"why": "x"}, OWN)).status == 401


async def test_a_secret_address_of_one_is_nothing_at_another_host(two):
    async with two.served() as apps, aiohttp.ClientSession() as session:

        async def status(path, host):
            async with session.get(f"http://127.0.0.1:{two.port}{path}", headers={"Host": host}) as answer:
                text = await answer.text()
            return answer.status if host == own or leaks(text) == [] else text

        own, theirs = (url.removeprefix("http://") for url in (two.urls[two.full], two.urls[OTHER]))
        secret = "c" * 32
        with apps[two.full].db.write() as tx:
            memo.set_memo(tx, agenda.SUBSCRIPTION, secret)
        calendar = f"/calendar/{secret}.ics"
        assert await status(calendar, own) != 404
        assert [await status(calendar, host) for host in (theirs, "x.test")] == [404, 404]
        for path in ("/", PATH, FEED, f"{PATH}/L-1", "/sign/L-1", "/ally/abc", f"/in/{secret}", "/bills"):
            assert await status(path, "x.test") == 404, path
            assert await status(path, theirs) in (200, 401, 404, 410), path
        assert [await status("/healthz", host) for host in (own, theirs, "x.test")] == [200] * 3


SHARED = "host-s-application"
GUILDS = {"full": 1100000000000000001, OTHER: 1100000000000000002}


def in_discord(command, args):
    """A slash command as Discord sends it."""
    options = [{"type": 3, "name": name, "value": value} for name, value in args.items()]
    verb = [{"type": 1, "name": command.verb, "options": options}] if command.verb else options
    return {"name": command.group, "options": verb}


async def answers_in(peer, guild, ids):
    """All that is shown in this server after each command."""
    tokens = {f"{guild} {command.path}": next(ids) for command in COMMANDS}
    for token, command in zip(tokens, COMMANDS, strict=True):
        await peer.interact(token, in_discord(command, arguments(command, tokens[token])), guild=guild)

    def answered(token):  # not only acknowledged
        return any(body.get("type") not in (5, 6) for body in peer.callbacks.get(token, ()))

    await until(lambda: all(map(answered, tokens)))
    return {token: (tokens[token], repr(peer.callbacks[token])) for token in tokens}


async def test_one_discord_application_answers_each_server_from_its_coalition_s_store_alone(two, monkeypatch):
    peer = DiscordGateway(token=SHARED)
    async with peer.running() as url:
        monkeypatch.setenv("DISCORD_BOT_TOKEN", SHARED)
        monkeypatch.setenv("DISCORD_API_URL", url)
        monkeypatch.setenv("DISCORD_GATEWAY_URL", url.replace("http", "ws"))
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
        for name, guild in ((two.full, GUILDS["full"]), (OTHER, GUILDS[OTHER])):
            with (installation.FOLDER / name / ".env").open("a") as env:
                env.write(f"DISCORD_GUILD_ID={guild}\n")
        async with two.served() as apps:
            assert list(two.common) == [SHARED_DISCORD, "web"]
            for app, guild in itertools.product(apps.values(), GUILDS.values()):  # in the other's server, too
                ada = Account("discord", str(guild), "7")
                link(app, ada, f"Ada {guild}", *Role, organisation=f"{OTHER}-member")
            line = connections.memo_name("discord")  # written once it is connected
            await until(lambda: all(memo.get_memo(app.db, line) is not None for app in apps.values()))
            before, ids = rows(apps[two.full].db), record_ids(apps[two.full].db)
            theirs = await answers_in(peer, GUILDS[OTHER], itertools.cycle(ids))
            assert {token: leaks(text, id_) for token, (id_, text) in theirs.items() if leaks(text, id_)} == {}
            assert [token for token, (_, text) in theirs.items() if "Your account is not linked" in text] == []
            assert rows(apps[two.full].db) == before
            nobodys = await answers_in(peer, 1100000000000000003, itertools.cycle(ids))
            assert all("not connected to a coalition yet" in text for _, text in nobodys.values())
            own = await answers_in(peer, GUILDS["full"], itertools.cycle(ids))
            assert {canary for id_, text in own.values() for canary in leaks(text, id_)} >= {"Jo Sample"}

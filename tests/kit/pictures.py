"""Draw docs/pictures: what the program says of real documents, as two chats that nobody here wrote show it.

``make pictures`` draws these and those of the modules next to this one, the same bytes each time with one Chromium, and
next to each picture the words it shows, by which a test knows that it is out of date. It needs chromium and local-slack
(``npm ci --prefix tests/peers``). Nothing of it leaves the loopback.
"""

from __future__ import annotations

import asyncio
import base64
import io
import itertools
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import aiohttp
import discord
import simcord
from discord.http import Route
from PIL import Image
from slack_sdk.web.async_client import AsyncWebClient

from bot.alerts.cards import Item, card
from bot.alerts.digest import Facts, digest_parts
from bot.chat.discord import render as discord_face
from bot.chat.slack import render as slack_face
from bot.shared.card import Card
from bot.shared.entry import Agency, Entry, Kind
from tests.kit import configs
from tests.peers.discord import SETTLE
from tests.peers.local_slack import CHANNEL, TOKEN, local_slack
from tests.peers.need import need

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
WIDTH = 680  # of a message in points: half a laptop, or a phone held sideways
PROFILE: dict[str, Any] = {"display": "fixed", "width": WIDTH, "height": 900}  # the size of simcord's drawn window
CLEAR = f"""document.querySelectorAll('.msg-time, .channel-message time').forEach(time => time.remove());
    document.querySelectorAll('.msg').forEach(message => message.style.width = '{WIDTH}px');"""
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-port=0"),
)


def document(number: str, day: date, title: str, *agencies: Agency, pdf_url: str | None = None) -> Entry:
    """A document of the Register, as its source would give it."""
    return Entry(
        source="register",
        kind=Kind.DOCUMENT,
        identity=(f"fr:{number}",),
        thread=f"fr:{number}",
        title=title,
        url=f"https://www.federalregister.gov/d/{number}",
        publication_date=day,
        agencies=agencies,
        type="Notice",
        number=number,
        pdf_url=pdf_url,
    )


DHS = Agency("Homeland Security Department", "homeland-security-department")
CBP = Agency("U.S. Customs and Border Protection", "u-s-customs-and-border-protection", parent=DHS.slug)
USCIS = Agency("U.S. Citizenship and Immigration Services", "u-s-citizenship-and-immigration-services", parent=DHS.slug)
JUSTICE = Agency("Justice Department", "justice-department")
OJP = Agency("Justice Programs Office", "justice-programs-office", parent=JUSTICE.slug)
GLOVES = document(
    "2021-06393",
    date(2021, 3, 29),
    "Notice of Finding That Certain Disposable Gloves Produced in Malaysia With the Use of Convict, Forced or "
    "Indentured Labor Are Being, or Are Likely To Be, Imported Into the United States",
    DHS,
    CBP,
    pdf_url="https://www.govinfo.gov/content/pkg/FR-2021-03-29/pdf/2021-06393.pdf",
)
FORMS = (
    document(
        "2023-22712",
        date(2023, 10, 16),
        "Agency Information Collection Activities; Extension, Without Change, of a Currently Approved Collection: "
        "Application for T Nonimmigrant Status",
        DHS,
        USCIS,
    ),
    document(
        "2023-22819",
        date(2023, 10, 17),
        "Agency Information Collection Activities; Proposed eCollection eComments Requested; OJP Solicitation Template",
        JUSTICE,
        OJP,
    ),
)


def cards() -> dict[str, tuple[Card, date]]:
    """The shipped watches' own words on them."""
    config = configs.shipped()

    def item(entry: Entry) -> Item:
        return Item(id=entry.thread, entry=entry, matches=config.matcher.match(entry))

    now = datetime(2023, 10, 23, 12, 30, tzinfo=UTC)  # a Monday, 8:30 Eastern
    facts = Facts(
        since=datetime(2023, 10, 16, 12, 30, tzinfo=UTC),
        asks=sorted(config.coalition.asks),
        news=[item(entry) for entry in FORMS],
        alerted=(),
        closing_dates=(),
        sources=sum(source.enabled for source in config.feeds.sources.values()),
        troubled=0,
        checked_at=datetime(2023, 10, 23, 12, 28, tzinfo=UTC),
    )
    return {
        "alert": (card([item(GLOVES)], config.labels), date(2021, 3, 29)),
        "digest": (digest_parts(facts, config.labels, now)[0].card, now.date()),
    }


CARDS = cards()


class Page:
    """One tab of a headless chromium, spoken to over its DevTools socket."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket, self._ids = socket, itertools.count(1)

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._ids)
        await self._socket.send_json({"id": number, "method": method, "params": params})
        while (answer := await self._socket.receive_json(timeout=20)).get("id") != number:
            pass
        return dict(answer["result"])

    async def value(self, script: str) -> Any:
        return (await self.ask("Runtime.evaluate", expression=script, returnByValue=True))["result"].get("value")

    async def shoot(self, url: str, selector: str, path: Path) -> None:
        """Save the element that `selector` finds, once it no longer moves, and its words, without the time of day."""
        await self.ask("Page.navigate", url=url)
        script = f"""(() => {{ {CLEAR} const found = document.querySelector({selector!r});
            if (!found || document.fonts.status != 'loaded') return null;
            const box = found.getBoundingClientRect(); return [box.x, box.y, box.width, box.height] }})()"""
        boxes: list[list[float] | None] = []
        for _ in range(50):
            boxes = [*boxes[-4:], await self.value(script)]
            if boxes[-1] and boxes.count(boxes[-1]) == 5:
                break
            await asyncio.sleep(0.2)
        box = boxes[-1]
        assert box, f"nothing on the page is {selector}"
        clip = dict(zip(("x", "y", "width", "height"), box, strict=True)) | {"scale": 1}
        shot = await self.ask("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
        words = await self.value(f"document.querySelector({selector!r}).innerText")
        save(path, Image.open(io.BytesIO(base64.b64decode(shot["data"]))), words)


def save(path: Path, picture: Image.Image, words: str, colors: int = 128) -> None:
    """Write a picture, and its words a line each."""
    picture.convert("RGB").quantize(colors).save(path, optimize=True)
    write_words(path, words)


def write_words(path: Path, words: str) -> None:
    """Write the words of a picture next to it, by which a test knows that it is out of date."""
    lines = [" ".join(line.split()) for line in words.splitlines()]
    path.with_suffix(".txt").write_text("".join(f"{line}\n" for line in lines if line), encoding="utf-8")


@asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[Page]:
    process = await asyncio.create_subprocess_exec(
        str(need("chromium")), *FLAGS, f"--user-data-dir={folder}", stderr=asyncio.subprocess.DEVNULL
    )
    try:
        port = folder / "DevToolsActivePort"
        for _ in range(200):
            if port.exists() and port.read_text():
                break
            await asyncio.sleep(0.1)
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port.read_text().split()[0]}") as session:
            async with session.get("/json") as answer:
                tab = next(tab for tab in await answer.json() if tab["type"] == "page")
            async with session.ws_connect(tab["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                page = Page(socket)
                metrics = {"width": 1400, "height": 1600, "deviceScaleFactor": 2, "mobile": False}
                await page.ask("Emulation.setDeviceMetricsOverride", **metrics)
                yield page
    finally:
        process.terminate()
        await process.wait()


async def slack_pictures(page: Page, folder: Path, pictures: Path) -> None:
    for kind, (shown, day) in CARDS.items():
        place = folder / kind
        place.mkdir()
        with local_slack(place) as peer:
            client = AsyncWebClient(TOKEN, base_url=peer.api_url)
            await client.chat_postMessage(channel=CHANNEL, **slack_face.message(shown, day))
            await page.shoot(peer.url, ".msg", pictures / f"slack-{kind}.png")


async def discord_picture(page: Page, pictures: Path) -> None:
    client = discord.Client(intents=discord.Intents.default())
    async with simcord.run(client, settle_timeout=SETTLE) as env:
        assert client.user
        await client.user.edit(username="coalition-bot")
        guild = env.create_guild("Coalition")
        channel = guild.create_text_channel("policy-alerts")
        director = guild.add_member(env.create_user("director"))
        post = Route("POST", "/channels/{channel_id}/messages", channel_id=channel.id)
        await client.http.request(post, json=discord_face.message(*CARDS["alert"]))
        async with env.preview(channel, viewers=[director], layout="channel", **PROFILE) as preview:
            await page.shoot(preview.url, ".channel-message", pictures / "discord-alert.png")


async def draw(pictures: Path) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        async with browser(Path(folder) / "chromium") as page:
            await slack_pictures(page, Path(folder), pictures)
            await discord_picture(page, pictures)


if __name__ == "__main__":
    asyncio.run(draw(PICTURES))

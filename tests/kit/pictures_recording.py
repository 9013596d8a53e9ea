"""Draw docs/pictures/alert-to-letter.gif, from an alert to the signed letter, and letter-signon-slack.png out of it.

The cards are those that a coalition's people get on the way, in order, as local-slack's page shows them.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack import render
from bot.commands.model import Reply
from bot.config.coalition import Member
from bot.shared.card import Card
from tests.kit.board import TUESDAY, press, send
from tests.kit.letters_desk import Desk, config
from tests.kit.pictures import CARDS, GLOVES, PICTURES, Page, browser, write_words
from tests.kit.pictures_letter import spread, text_of
from tests.peers.local_slack import CHANNEL, TOKEN, local_slack

MEMBERS = ("Alpha House", "Beta Fund", "Gamma Center", "Delta Network", "Epsilon Clinic", "Zeta Shelter")
HALF = "Members sign: each for itself"  # the step that is also a picture alone
SIZE = (1_120, 720)
MARGIN = 24
STAYS = 2_600  # milliseconds that a step is shown


def letter_on_its_way(folder: Path) -> Iterator[tuple[str, Card | bytes]]:
    """Each step of a letter of an invented coalition: what happens, and the card, or the letter as PDF."""
    base = config()
    members = {name.partition(" ")[0].lower(): Member(name=name) for name in MEMBERS}
    desk = Desk(folder, replace(base, coalition=base.coalition.model_copy(update={"members": members})))
    channel = desk.config.coalition.letters.channel or ""
    yield "An alert, and why it was posted", CARDS["alert"][0]
    entry = desk.bring(GLOVES)[-1]
    drafted = send(desk, desk.pol, desk.form(desk.pol, "letter draft", entry=entry.id))
    assert isinstance(drafted, Reply)
    assert drafted.card
    yield "[Draft letter]: the template and the office are proposed", drafted.card
    press(desk, desk.pol, drafted.card, "Request approval")
    letter = desk.letter("L-001")
    yield "An approver reads it, and approves this text", desk.sent_to(desk.app)[-1]
    desk.approve(letter.name)
    desk.card(desk.pol, "letter signon", letter=letter.name, until="Fri 5pm")
    yield "The members are asked to sign", desk.shown(channel)[0]
    first, *rest = members
    for id_ in (first, rest[1], rest[4]):
        desk.signs(id_, letter.name)
    yield HALF, desk.shown(channel)[0]
    for id_ in (rest[0], rest[2]):
        desk.signs(id_, letter.name)
    send(desk, desk.reps[rest[3]], desk.form(desk.reps[rest[3]], "letter decline", letter=letter.name))
    desk.lock(letter.name)
    yield "One declined, five signed: the letter is locked", desk.shown(channel)[0]
    yield "The signed letter, as PDF and DOCX", desk.file(desk.pol, letter=letter.name, **{"as": "pdf"}).data


async def shoot_card(page: Page, folder: Path, card: Card, path: Path) -> None:
    with local_slack(folder) as peer:
        client = AsyncWebClient(TOKEN, base_url=peer.api_url)
        await client.chat_postMessage(channel=CHANNEL, **render.message(card, TUESDAY.date()))
        await page.shoot(peer.url, ".msg", path)


def frame(title: str, picture: Image.Image) -> Image.Image:
    """A step of the recording: its title above what people see."""
    whole = Image.new("RGB", SIZE, "white")
    ImageDraw.Draw(whole).text((MARGIN, MARGIN), title, "#1f4e79", ImageFont.load_default(36))
    room = (SIZE[0] - 2 * MARGIN, SIZE[1] - 4 * MARGIN - 36)
    picture.thumbnail(room, Image.Resampling.LANCZOS)
    whole.paste(picture, (MARGIN, 3 * MARGIN + 36))
    return whole


async def draw(pictures: Path) -> None:
    frames, words = [], []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        desk = Path(folder) / "desk"
        desk.mkdir()
        steps = await asyncio.to_thread(lambda: list(letter_on_its_way(desk)))
        async with browser(Path(folder) / "chromium") as page:
            for number, (title, shown) in enumerate(steps):
                if isinstance(shown, bytes):
                    frames.append(frame(title, spread(shown, dots=100)))
                    words += [title, text_of(shown)]
                    continue
                place = Path(folder) / str(number)
                place.mkdir()
                path = pictures / "letter-signon-slack.png" if title == HALF else place / "card.png"
                await shoot_card(page, place, shown, path)
                frames.append(frame(title, Image.open(path).convert("RGB")))
                words += [title, path.with_suffix(".txt").read_text(encoding="utf-8")]
    first, *rest = [each.quantize(64) for each in frames]
    path = pictures / "alert-to-letter.gif"
    first.save(path, save_all=True, append_images=rest, duration=STAYS, loop=0, optimize=True)
    write_words(path, "\n".join(words))


if __name__ == "__main__":
    asyncio.run(draw(PICTURES))

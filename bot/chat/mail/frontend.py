"""The mail frontend: reads what people answer and passes it on. It decides nothing, and answers only people.

A reply that begins with SIGN presses the Sign button of the mail it answers, in the name of the person whose address
it comes from, if our provider says that the address's domain signed it. Everything else that a person wrote is for a
person to read.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from bot.chat.connection import Uptime
from bot.chat.mail import inbox, incoming
from bot.chat.mail.inbox import MailboxTrouble
from bot.chat.mail.incoming import Bounce, Confirmation, Ignored, Reply, Unsubscribe
from bot.chat.mail.message import Originator
from bot.chat.mail.render import reply_word
from bot.commands.model import Call
from bot.config.settings import Settings
from bot.dispatch import Dispatcher, Refusal
from bot.shared.card import Button, Card, Mark
from bot.shared.mail_address import same_address

log = logging.getLogger(__name__)

_EVERY: Final = 60.0  # seconds between two looks into the mailbox


@dataclass(frozen=True, slots=True)
class Correspondent:
    """Whose token it is: their id, name and address on record."""

    person: str
    name: str
    address: str


class Letterbox(Protocol):
    """What a mail can bring about. Each may come twice, after a crash, and does its work once."""

    def correspondent(self, token: str) -> Correspondent | None: ...
    def unsubscribe(self, token: str) -> None: ...
    def confirm(self, token: str) -> None: ...
    def bounced(self, token: str, status: str, *, permanent: bool) -> None: ...
    def mailed(self, person: str, ids: tuple[str, ...]) -> Card | None:
        """Return the card that was mailed to that person with one of these Message-IDs."""

    def answer(self, person: str, id_: str, card: Card) -> None:
        """Mail the outcome of a reply to its sender."""

    def ask_people(self, who: Correspondent, id_: str, why: str) -> None:
        """Tell the administrators that a person has to read a mail."""


class MailFrontend:
    """Reads the mailbox of MAIL_FROM. Needs `imap_url` and `mail_from`."""

    single = True

    def __init__(
        self,
        settings: Settings,
        dispatcher: Dispatcher,
        letterbox: Letterbox,
        *,
        clock: Callable[[], datetime],
        remember: Callable[[str, str], None],
        tell: Callable[[str], None],
    ) -> None:
        assert settings.imap_url is not None
        assert settings.mail_from is not None
        self._url = settings.imap_url.get_secret_value()
        self._ours = Originator(settings.mail_from).address
        self._authserv_id = settings.mail_authserv_id
        self._dispatcher = dispatcher
        self._letterbox = letterbox
        self._uptime = Uptime("mail", clock=clock, ticks=time.monotonic, remember=remember, tell=tell)

    async def run(self, stop: asyncio.Event) -> None:
        """Look into the mailbox every minute until `stop` is set."""
        while not stop.is_set():
            await self.look()
            with suppress(TimeoutError):
                async with asyncio.timeout(_EVERY):
                    await stop.wait()

    async def look(self) -> None:
        """Handle the mail that came since the last look."""
        loop = asyncio.get_running_loop()

        def handle(data: bytes) -> None:
            asyncio.run_coroutine_threadsafe(self.handle(data), loop).result()

        try:
            await asyncio.to_thread(inbox.read_new, self._url, handle)
        except MailboxTrouble as trouble:
            await self._uptime.down(str(trouble))
        else:
            await self._uptime.up()

    async def handle(self, data: bytes) -> None:
        """Do what one mail asks for."""
        mail = await asyncio.to_thread(incoming.read, data, self._ours, self._authserv_id)
        match mail:
            case Bounce(token, status, permanent):
                await asyncio.to_thread(self._letterbox.bounced, token, status, permanent=permanent)
            case Unsubscribe(token):
                await asyncio.to_thread(self._letterbox.unsubscribe, token)
            case Confirmation(token):
                await asyncio.to_thread(self._letterbox.confirm, token)
            case Reply():
                await self._take(mail)
            case Ignored(why):
                log.info("an email was left in the mailbox: %s", why)

    async def _take(self, reply: Reply) -> None:
        who = await asyncio.to_thread(self._letterbox.correspondent, reply.token)
        if who is None:
            log.info("an email was left in the mailbox: nobody here has its token")
            return
        card = await asyncio.to_thread(self._letterbox.mailed, who.person, reply.answers)
        pressed = _pressed(card, reply.word) if card and reply.word else None
        why = _doubt(reply, who, pressed)
        if pressed is None or why:
            await asyncio.to_thread(self._letterbox.ask_people, who, _key(reply), why)
            return
        args = dict(pressed.args) | {"agree": "yes"}
        await self._press(reply, who, pressed.path, args)

    async def _press(self, reply: Reply, who: Correspondent, path: str, args: Mapping[str, str]) -> None:
        call = Call(path=path, args=args, platform="mail", team="", user=who.person, id=_key(reply), proof=reply.proof)
        answer = await self._dispatcher.answer(call)
        if isinstance(answer, Refusal):
            await asyncio.to_thread(self._letterbox.ask_people, who, _key(reply), answer.what)
            card: Card | None = Card(mark=Mark.ANSWER, head=answer.what)
        else:
            card = answer.card
        if card:
            await asyncio.to_thread(self._letterbox.answer, who.person, _key(reply), card)


def _pressed(card: Card, word: str) -> Button | None:
    """The button of a mailed card that a reply with this first word presses."""
    return next((button for button in card.buttons if reply_word(card, button) == word), None)


def _key(reply: Reply) -> str:
    """A mail's own id, the same when it is read again; hashed, because its sender chose it."""
    return hashlib.sha256(f"{reply.token}\n{reply.id}\n{reply.word}".encode("utf-8", "replace")).hexdigest()[:32]


def _doubt(reply: Reply, who: Correspondent, pressed: Button | None) -> str:
    """Why a person has to decide; "" if a reply counts."""
    if pressed is None:
        return "It does not begin with a word that the email offered."
    if not same_address(reply.sender, who.address):
        return f"It begins with {reply.word}, but does not come from the address on record."
    if not reply.proof:
        return f"It begins with {reply.word}, but your email provider did not confirm that its domain signed it (DKIM)."
    return ""

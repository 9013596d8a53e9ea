"""A delivery as an Internet message (RFC 5322) that mail programs, relays and auto-responders treat well. Pure.

The Message-ID comes from the delivery's key, so a repeat is the same message for a reader who has it. The envelope's
sender has the reader's token in it (VERP), so that a bounce names its address however it is written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Final

from bot.chat import wording
from bot.chat.links import VALID, Signer
from bot.chat.mail import render
from bot.chat.mail.render import Frame
from bot.commands.model import File
from bot.outbox.model import OFFICE, OUTSIDE, TO_CONFIRM, Channel, Outgoing
from bot.shared.mail_address import domain_of, tagged

LARGEST: Final = 100_000  # bytes of both texts; Gmail cuts at 102 kB
_NAME: Final = 80  # characters of a person's name in a header
_SUBJECT: Final = 200  # characters of a letter's
_SPECIALS: Final = re.compile(r'[()<>\[\]:;@\\,"]')  # that a name in an address must quote (RFC 5322)
# What a tag of our address means; the reader's token follows.
BOUNCE, REPLY, STOP = "b-", "r-", "u-"


@dataclass(frozen=True, slots=True)
class Mail:
    """A message, its envelope, and its Message-ID."""

    sender: str
    recipient: str
    id: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Originator:
    """Who mail comes from (RFC 5322, 3.6.2): MAIL_FROM. `replies`: its mailbox is read; `web`: the board, or ""."""

    mail_from: str
    replies: bool = False
    web: str = ""

    @property
    def name(self) -> str:
        return parseaddr(self.mail_from)[0]

    @property
    def address(self) -> str:
        return parseaddr(self.mail_from)[1]

    def stop_page(self, token: str) -> str:
        """Return the address of the page that unsubscribes, by a pressed button or one-click (RFC 8058)."""
        return f"{self.web}/mail/stop/{token}" if self.web else ""

    def confirm_page(self, token: str) -> str:
        """Return the address of the page that confirms an address, by a pressed button."""
        return f"{self.web}/mail/confirm/{token}" if self.web else ""


def compose(outgoing: Outgoing, originator: Originator, today: date, now: datetime) -> Mail:
    """Return the mail of a delivery to a person or, as a letter, to an office."""
    channel = outgoing.channel
    if channel.name.startswith(OFFICE):
        return _letter(outgoing, originator, now)
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(originator.name, originator.address)
    message["To"] = _address(channel.person, channel.address)
    if originator.replies and channel.token:
        message["Reply-To"] = _address(originator.name, tagged(originator.address, f"{REPLY}{channel.token}"))
    message["Date"] = format_datetime(now)
    message["Message-ID"] = id_ = message_id(outgoing.mark, originator)
    if outgoing.reply_to:
        message["In-Reply-To"] = message["References"] = outgoing.reply_to
    message["Auto-Submitted"] = "auto-generated"
    message["Precedence"] = "list"
    message["X-Auto-Response-Suppress"] = "All"
    message["List-Id"] = f"<coalition-bot.{domain_of(originator.address)}>"
    if not channel.name.startswith((TO_CONFIRM, OUTSIDE)):
        _add_unsubscribe(message, originator, channel.token)
    _add_texts(message, outgoing, _frame(originator, channel, now), today)
    _attach(message, outgoing.files)
    return Mail(_envelope_sender(originator, channel.token), channel.address, id_, _as_bytes(message))


def _letter(outgoing: Outgoing, originator: Originator, now: datetime) -> Mail:
    """Return a letter to an office: its first file is the text, the others are attached. It is no list mail."""
    channel, (text, *attached) = outgoing.channel, outgoing.files
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(originator.name, originator.address)
    message["To"] = _address("", channel.address)
    message["Reply-To"] = _address(originator.name, channel.reply_to)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = id_ = message_id(outgoing.mark, originator)
    repeat = f" {wording.MAY_REPEAT}" if outgoing.may_repeat else ""
    message["Subject"] = _words(wording.clean(outgoing.card.head))[:_SUBJECT] + repeat
    message.set_content(text.data.decode(), cte="quoted-printable")
    _attach(message, attached)
    return Mail(_envelope_sender(originator, channel.token), channel.address, id_, _as_bytes(message))


def message_id(mark: str, originator: Originator) -> str:
    """Return the Message-ID of a delivery, the same for every attempt."""
    return f"<{mark}@{domain_of(originator.address)}>"


def _envelope_sender(originator: Originator, token: str) -> str:
    return tagged(originator.address, f"{BOUNCE}{token}") if originator.replies and token else originator.address


def _address(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    # Python 3.11.7 drops the quotation marks of a long name, and a comma then begins another address
    # (https://github.com/python/cpython/issues/80222).
    plain = _SPECIALS.sub(" ", wording.clean(name))
    return Address(_words(wording.cut(" ".join(plain.split()), _NAME)), local, domain)


def _words(text: str) -> str:
    """Return clean text for a header.

    Python 3.11.7 decodes an encoded word in a text, line breaks included, and writes what follows as another header
    (https://github.com/python/cpython/issues/121650).
    """
    return text.replace("=?", "= ?")


def _add_unsubscribe(message: EmailMessage, originator: Originator, token: str) -> None:
    page = originator.stop_page(token)
    stop = tagged(originator.address, f"{STOP}{token}")
    ways = [f"<{page}>"] if page else []
    ways += [f"<mailto:{stop}?subject=unsubscribe>"] if originator.replies else []
    if ways:
        message["List-Unsubscribe"] = ", ".join(ways)
    if page:
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _frame(originator: Originator, channel: Channel, now: datetime) -> Frame:
    token = channel.token
    if channel.name.startswith(TO_CONFIRM):
        why = "If you did not expect this email, do nothing: nothing more is sent."
        return Frame(why=why, replies=originator.replies, confirm=originator.confirm_page(token))
    if channel.name.startswith(OUTSIDE):
        return Frame(why="If you did not expect this email, do nothing.")
    why = f"{originator.name or 'The coalition'} emails you this because you confirmed this address. "
    if originator.web:
        return Frame(
            why=why + "To stop it, use the link below.",
            replies=originator.replies,
            stop=originator.stop_page(token),
            press=signer.url if (signer := _signer(originator, channel, now)) else None,
        )
    if originator.replies:
        return Frame(why=why + "To stop it, reply with STOP as the first word.", replies=True)
    return Frame(why=why + "To stop it, use /campaign mail in your chat, or ask an administrator.")


def _signer(originator: Originator, channel: Channel, now: datetime) -> Signer | None:
    """What signs the links to the buttons of a mail to a person of the coalition."""
    if channel.keyring is None or channel.unproven:
        return None
    return Signer(channel.keyring, originator.web, channel.name.partition(":")[2], now + VALID)


def _add_texts(message: EmailMessage, outgoing: Outgoing, frame: Frame, today: date) -> None:
    for budget in render.BUDGETS:
        written = render.message(outgoing.card, today, frame, may_repeat=outgoing.may_repeat, budget=budget)
        texts = EmailMessage(policy=SMTP)
        texts.set_content(written.text, cte="quoted-printable")
        texts.add_alternative(written.html, subtype="html", cte="quoted-printable")
        if len(_as_bytes(texts)) < LARGEST:
            break
    message["Subject"] = _words(written.subject)
    message.set_content(written.text, cte="quoted-printable")
    message.add_alternative(written.html, subtype="html", cte="quoted-printable")


def _attach(message: EmailMessage, files: Sequence[File]) -> None:
    for file in files:
        main, _, sub = file.media_type.partition("/")
        name = _words(wording.file_name(file.name))
        message.add_attachment(file.data, maintype=main or "application", subtype=sub or "octet-stream", filename=name)


def _as_bytes(message: EmailMessage) -> bytes:
    """Return the message with boundaries that no body can contain (RFC 2045, 6.7): all are quoted-printable or base64.

    Python would invent each boundary, and compile and cache a regular expression to look for it.
    """
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{number}")
    return message.as_bytes()

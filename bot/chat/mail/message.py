"""A delivery as an Internet message (RFC 5322) that mail programs, relays and auto-responders treat well. Pure.

The Message-ID comes from the delivery's key, so a repeat is the same message for a reader who has it. The envelope's
sender has a signature of the delivery in it (VERP), so that only a report on a mail of ours is believed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Final

from bot.chat import wording
from bot.chat.layout import Span
from bot.chat.links import VALID, Signer
from bot.chat.mail import render
from bot.chat.mail.render import Frame
from bot.commands.model import File
from bot.outbox.model import NOTICE, OFFICE, OUTSIDE, TO_CONFIRM, Channel, Outgoing
from bot.shared.mail_address import domain_of, tagged

LARGEST: Final = 100_000  # bytes of both texts; Gmail cuts at 102 kB
_NAME: Final = 80  # characters of a person's name in a header
_SUBJECT: Final = 200  # characters of a letter's
_SPECIALS: Final = re.compile(r'[()<>\[\]:;@\\,"]')  # that a name in an address must quote (RFC 5322)
# Tags of our address: reports that mail did not arrive, with a signature, and requests to unsubscribe.
BOUNCE, STOP = "b-", "u"
STOP_WITHIN: Final = timedelta(days=90)  # the law asks for 30 (CAN-SPAM, 15 U.S.C. 7704)
CONFIRM_WITHIN: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Mail:
    """A message, its envelope, and its Message-ID."""

    sender: str
    recipient: str
    id: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Originator:
    """Who mail comes from (RFC 5322, 3.6.2): MAIL_FROM. `reads`: its mailbox is read; `web`: the board, or ""."""

    mail_from: str
    reads: bool = False
    web: str = ""

    @property
    def name(self) -> str:
        return parseaddr(self.mail_from)[0]

    @property
    def address(self) -> str:
        return parseaddr(self.mail_from)[1]


def compose(outgoing: Outgoing, originator: Originator, today: date, now: datetime) -> Mail:
    """Return the mail of a delivery to a person or, as a letter, to an office."""
    channel = outgoing.channel
    if channel.name.startswith(OFFICE):
        return _letter(outgoing, originator, now)
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(originator.name, originator.address)
    message["To"] = _address(channel.person, channel.address)
    if channel.reply_to:
        message["Reply-To"] = _address(originator.name, channel.reply_to)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = id_ = message_id(outgoing.mark, originator)
    if outgoing.reply_to:
        message["In-Reply-To"] = message["References"] = outgoing.reply_to
    message["Auto-Submitted"] = "auto-generated"
    message["Precedence"] = "list"
    message["X-Auto-Response-Suppress"] = "All"
    message["List-Id"] = f"<coalition-bot.{domain_of(originator.address)}>"
    if not channel.name.startswith((TO_CONFIRM, OUTSIDE, NOTICE)):
        token = _stop_token(channel, now)
        page = _page(originator, "stop", token)
        ways = [f"<{page}>"] if page else []
        ways += [f"<mailto:{tagged(originator.address, STOP)}?subject={token}>"] if originator.reads and token else []
        if ways:
            message["List-Unsubscribe"] = ", ".join(ways)
        if page:
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    _add_texts(message, outgoing, _frame(originator, channel, now), today)
    _attach(message, outgoing.files)
    return Mail(_envelope_sender(originator, outgoing), channel.address, id_, _as_bytes(message))


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
    return Mail(_envelope_sender(originator, outgoing), channel.address, id_, _as_bytes(message))


def message_id(mark: str, originator: Originator) -> str:
    """Return the Message-ID of a delivery, the same for every attempt."""
    return f"<{mark}@{domain_of(originator.address)}>"


def _envelope_sender(originator: Originator, outgoing: Outgoing) -> str:
    keyring = outgoing.channel.keyring
    if keyring is None or not originator.reads:
        return originator.address
    return tagged(originator.address, f"{BOUNCE}{keyring.sign('bounce', outgoing.mark)}")


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


def _stop_token(channel: Channel, now: datetime) -> str:
    return channel.keyring.token("stop", channel.token, now + STOP_WITHIN) if channel.keyring else ""


def _page(originator: Originator, name: str, token: str) -> str:
    """The address of a page that stops mail or confirms an address, by a pressed button."""
    return f"{originator.web}/mail/{name}/{token}" if originator.web and token else ""


def _frame(originator: Originator, channel: Channel, now: datetime) -> Frame:
    keyring = channel.keyring
    if channel.name.startswith(TO_CONFIRM):
        why = "If you did not expect this email, do nothing: nothing more is sent."
        token = keyring.token("confirm", channel.token, now + CONFIRM_WITHIN) if keyring else ""
        return Frame(why=why, confirm=_page(originator, "confirm", token))
    if channel.name.startswith((OUTSIDE, NOTICE)):
        return Frame(why="If you did not expect this email, do nothing.")
    why = f"{originator.name or 'The coalition'} emails you this because you confirmed this address. "
    if channel.reply_to:
        why += f"Replies go to {channel.reply_to}. "
    if stop := _page(originator, "stop", _stop_token(channel, now)):
        frame = Frame(why=why + "To stop it, use the link below.", stop=stop)
        if keyring is None or channel.unproven:
            return frame
        person = channel.name.partition(":")[2]  # of the coalition, who may press buttons
        signer = Signer(keyring, originator.web, person, now + VALID, mailbox=channel.token)
        return replace(frame, press=signer.url)
    return Frame(why=why + "To stop it, use /campaign mail in your chat, or ask an administrator.")


def _add_texts(message: EmailMessage, outgoing: Outgoing, frame: Frame, today: date) -> None:
    alts = [(f"cid:{n}.{message['Message-ID'][1:-1]}", file.alt) for n, file in enumerate(outgoing.files) if file.alt]
    frame = replace(frame, pictures=[Span(wording.clean(alt), url) for url, alt in alts])
    for budget in render.BUDGETS:
        written = render.message(outgoing.card, today, frame, may_repeat=outgoing.may_repeat, budget=budget)
        message.clear_content()
        message.set_content(written.text, cte="quoted-printable")
        message.add_alternative(written.html, subtype="html", cte="quoted-printable")
        if len(_as_bytes(message)) < LARGEST:
            break
    message["Subject"] = _words(written.subject)


def _attach(message: EmailMessage, files: Sequence[File]) -> None:
    """Attach files; pictures with a text go with the HTML, which shows them."""
    page = message.get_body(("html",))
    for n, file in enumerate(files):
        main, _, sub = file.media_type.partition("/")
        name = _words(wording.file_name(file.name))
        if file.alt and page:
            cid = f"<{n}.{message['Message-ID'][1:]}"
            page.add_related(file.data, main, sub, cid=cid, filename=name, disposition="inline")
            continue
        message.add_attachment(file.data, maintype=main or "application", subtype=sub or "octet-stream", filename=name)


def _as_bytes(message: EmailMessage) -> bytes:
    """Return the message with boundaries that no body can contain (RFC 2045, 6.7): all are quoted-printable or base64.

    Python would invent each boundary, and compile and cache a regular expression to look for it.
    """
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{number}")
    return message.as_bytes()

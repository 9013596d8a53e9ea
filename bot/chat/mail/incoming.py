"""What a mail to us asks for: to stop mail, or to note that one did not arrive. Pure, and it raises nothing: anyone can
send anything here.

No text is read, and nothing is signed, confirmed or decided by mail: a sender can be forged, and a link to a page
cannot. What people write goes to the coalition's contact (Reply-To), not here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Final

from bot.chat.mail.message import BOUNCE, STOP
from bot.shared.mail_address import parse_mail
from bot.shared.mailbox import tags

_ID: Final = re.compile(r"<([a-z2-7]{24})@[^<>\s]{3,250}>")
# Python compares each line with the boundaries of all parts around it. A report, and a mail in it, have five.
_BOUNDARY: Final = re.compile(rb"boundary[\s*\d]*=", re.IGNORECASE)
_MOST_BOUNDARIES: Final = 20
_SOFT: Final = ("5.2.2", "5.2.3")  # the mailbox is full


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A relay reports that mail did not arrive. `signature`: of `mark`, from the address that the report came to.

    `mark`: of the delivery, from the Message-ID that the report names. `recipients`: the addresses that it names.
    `status`: "5.1.1"; `permanent`: it never will arrive.
    """

    signature: str
    mark: str
    recipients: tuple[str, ...]
    status: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """A mail program's request. `token`: what may be one, from the subject."""

    token: str


@dataclass(frozen=True, slots=True)
class Ignored:
    why: str


Incoming = Bounce | Unsubscribe | Ignored


def is_wanted(tag: str) -> bool:
    """Whether a mail to our address with this tag may ask for something."""
    return tag == STOP or tag.startswith(BOUNCE)


def read(data: bytes, ours: str) -> Incoming:
    """Return what a mail asks for. `ours`: the address that email comes from."""
    if len(_BOUNDARY.findall(data)) > _MOST_BOUNDARIES:
        return Ignored("it has too many parts")
    try:
        mail = parse_mail(data)
        for tag in tags(mail, ours):
            if tag == STOP:
                return Unsubscribe(_header(mail, "Subject"))
            if tag.startswith(BOUNCE):
                return _bounce(mail, tag.removeprefix(BOUNCE))
        return Ignored("it is no report and no request to unsubscribe")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError) as error:
        return Ignored(f"it cannot be read ({type(error).__name__})")


def _bounce(mail: Message, signature: str) -> Incoming:
    """A delivery status notification (RFC 3464). Whatever else comes to that address is a holiday notice or spam."""
    mark, failed = "", None
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            failed = failed or next(_failures(part), None)
        elif kind in ("message/rfc822", "text/rfc822-headers") and not mark:
            mark = _mark(part)
    if failed is None:
        return Ignored("it does not report a failed delivery")
    if not mark:
        return Ignored("its report does not name an email from the bot")
    recipients, status = failed
    permanent = status.startswith("5.") and status not in _SOFT
    return Bounce(signature=signature, mark=mark, recipients=recipients, status=status, permanent=permanent)


def _failures(part: Message) -> Iterator[tuple[tuple[str, ...], str]]:
    """The recipients and the status of each failure that a report names."""
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else ():
        if isinstance(block, Message) and _header(block, "Action").lower() == "failed":
            named = (
                _header(block, name).rpartition(";")[2].strip() for name in ("Final-Recipient", "Original-Recipient")
            )
            status = re.match(r"[245]\.\d{1,3}\.\d{1,3}", _header(block, "Status"))
            yield tuple(filter(None, named)), status[0] if status else "5.0.0"


def _mark(part: Message) -> str:
    """The mark in the Message-ID of the mail that came back, whole or as its headers."""
    payload, content = part.get_payload(), part.get_payload(decode=True)
    headers = content[:100_000] if isinstance(content, bytes) else b""
    returned = payload[0] if isinstance(payload, list) and payload else parse_mail(headers)
    match = _ID.fullmatch(_header(returned, "Message-ID")) if isinstance(returned, Message) else None
    return match[1] if match else ""


def _header(mail: Message, name: str) -> str:
    return str(mail.get(name, "")).strip()

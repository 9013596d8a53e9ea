"""What a mail to us asks for: to stop mail, or to note that one did not arrive. Pure, and it raises nothing: anyone can
send anything here.

No text is read, and nothing is signed, confirmed or decided by mail: a sender can be forged, and a link to a page
cannot. What people write goes to the coalition's contact (Reply-To), not here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from itertools import islice
from typing import Final

from bot.chat.mail.message import BOUNCE, STOP
from bot.shared.mail_address import parse_mail
from bot.shared.mailbox import tags

_ID: Final = re.compile(rb"<([a-z2-7]{24})@[^<>\s]{3,250}>")
_MOST_IDS: Final = 50  # of one mail that are compared with its signature
# Python compares each line with the boundaries of all parts around it. A report, and a mail in it, have five.
_BOUNDARY: Final = re.compile(rb"boundary[\s*\d]*=", re.IGNORECASE)
_MOST_BOUNDARIES: Final = 20
_SOFT: Final = ("5.2.2", "5.2.3")  # the mailbox is full


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A relay reports that mail did not arrive. `mark`: of the delivery, from the Message-ID that the report names.

    `recipients`: the addresses that it names. `status`: "5.1.1"; `permanent`: it never will arrive.
    """

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


def read(data: bytes, ours: str, signed: Callable[[str, str], bool]) -> Incoming:
    """Return what a mail asks for. `ours`: the address that email comes from.

    `signed` tells whether a signature, from the address that a report came to, is ours for a mark. Without one that is,
    nothing of the report is parsed.
    """
    try:
        head = parse_mail(re.split(rb"\r?\n\r?\n", data, maxsplit=1)[0])
        for tag in tags(head, ours):
            if tag == STOP:
                return Unsubscribe(_header(head, "Subject"))
            if tag.startswith(BOUNCE):
                marks = (match[1].decode() for match in islice(_ID.finditer(data), _MOST_IDS))
                mark = next((mark for mark in marks if signed(tag.removeprefix(BOUNCE), mark)), "")
                return _bounce(data, mark) if mark else Ignored("it names no email from the bot")
        return Ignored("it is no report and no request to unsubscribe")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError) as error:
        return Ignored(f"it cannot be read ({type(error).__name__})")


def _bounce(data: bytes, mark: str) -> Incoming:
    """A delivery status notification (RFC 3464). Whatever else comes to that address is a holiday notice or spam."""
    if len(_BOUNDARY.findall(data)) > _MOST_BOUNDARIES:
        return Ignored("it has too many parts")
    reports = (part for part in parse_mail(data).walk() if part.get_content_type() == "message/delivery-status")
    failed = next((failure for part in reports for failure in _failures(part)), None)
    if failed is None:
        return Ignored("it does not report a failed delivery")
    recipients, status = failed
    permanent = status.startswith("5.") and status not in _SOFT
    return Bounce(mark=mark, recipients=recipients, status=status, permanent=permanent)


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


def _header(mail: Message, name: str) -> str:
    return str(mail.get(name, "")).strip()

"""The mailbox that the bot reads (IMAP_URL): which mails are in it, and each mail's bytes. Blocks: imaplib does.

Of a mail only the addresses are read first, at most 4 kB, and nothing more of one that nobody here waits for.
"""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from bot.shared.address_guard import is_loopback
from bot.shared.errors import CoalitionBotError
from bot.shared.mail_address import parse_mail, tag_of

log = logging.getLogger(__name__)

LARGEST: Final = 2_000_000  # bytes; a larger mail is not read
MOST: Final = 50  # mails in one look
_TIMEOUT: Final = 30.0  # seconds for one answer
_TO: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
_LOOK: Final = f"(INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS ({' '.join(_TO).upper()})]<0.4096>)"
_MOST_ADDRESSES: Final = 50  # of one mail that are looked at
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxTrouble(CoalitionBotError):
    """The mailbox cannot be read; the text says why, without its password."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail as far as it was read: its number in the mailbox, when it came, its size in bytes, our tags in its To."""

    uid: int
    received: datetime
    size: int
    tags: frozenset[str]


class Mailbox:
    """An open mailbox. `ours`: the address whose tags count."""

    def __init__(self, box: imaplib.IMAP4, ours: str) -> None:
        self._box = box
        self._ours = ours
        # It changes when the server renumbers the mails (RFC 3501, 2.3.1.1).
        self.validity = int(box.response("UIDVALIDITY")[1][0] or 0)

    def search(self, criteria: str) -> list[int]:
        """The numbers of the mails that match, in the order in which they came."""
        return sorted(map(int, (_ask(self._box.uid("SEARCH", criteria))[0] or b"").split()))

    def look(self, uid: int) -> Envelope:
        """The first 4 kB of a mail's addresses. Headers that nobody can read have no tags of ours."""
        line, head = self._fetch(uid, _LOOK)
        ours: list[str] = []
        with suppress(ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError):
            ours = tags(parse_mail(head), self._ours)
        size, when = _SIZE.search(line), imaplib.Internaldate2tuple(line)
        received = datetime(*when[:6]).astimezone(UTC) if when else datetime.min.replace(tzinfo=UTC)
        return Envelope(uid, received, int(size[1]) if size else LARGEST + 1, frozenset(ours))

    def read(self, uid: int) -> bytes:
        return self._fetch(uid, "(BODY.PEEK[])")[1]

    def mark_read(self, uid: int) -> None:
        _ask(self._box.uid("STORE", str(uid), "+FLAGS", r"(\Seen)"))

    def _fetch(self, uid: int, parts: str) -> tuple[bytes, bytes]:
        """The line of the server's answer, and its literal; both empty for a mail that is gone."""
        answer = [part for part in _ask(self._box.uid("FETCH", str(uid), parts)) if part]
        pairs = [part for part in answer if isinstance(part, tuple)]
        line = b" ".join(part[0] if isinstance(part, tuple) else part for part in answer)
        return line, bytes(pairs[0][1]) if pairs else b""


def tags(mail: Message, ours: str) -> list[str]:
    """The tags of our address that a mail is addressed to. Anyone can write such headers: it may raise ValueError."""
    values = [str(value) for name in _TO for value in mail.get_all(name, ())[:_MOST_ADDRESSES]]
    addresses = (address for _, address in getaddresses(values)[:_MOST_ADDRESSES])
    return list(filter(None, (tag_of(address, ours) for address in addresses)))


def read_new(
    url: str,
    ours: str,
    wanted: Callable[[str], bool],
    handle: Callable[[bytes], None],
    *,
    after: str = "",
    save: Callable[[str], None] = lambda _: None,
) -> bool:
    """Give each mail with a `wanted` tag to `handle`, once, whether or not a person has read it, and mark it as read.

    `after`: where the last look ended, which `save` gets: the mailbox's validity, its highest number, and the mails to
    try again because `handle` failed. At first, or once the server has renumbered them, the unread mails are looked at.
    Returns whether the next look may find more mails at once. Raises `MailboxTrouble`.
    """
    with opened(url, ours) as box:
        validity, *numbers = map(int, (after or "0").split())
        is_known = numbers and validity == box.validity
        last, *again = numbers if is_known else (max(box.search("UID *"), default=0), *box.search("UNSEEN"))
        fresh = [uid for uid in box.search(f"UID {last + 1}:*") if uid > last][:MOST]
        last, waiting = max([last, *fresh]), [*dict.fromkeys((*fresh, *again))]
        before = len(waiting)
        for uid in waiting[:MOST]:
            envelope = box.look(uid)
            data = box.read(uid) if any(map(wanted, envelope.tags)) and envelope.size <= LARGEST else b""
            try:
                if data:
                    handle(data)
            except Exception:
                log.exception("An email could not be handled and is tried again")
                continue
            waiting.remove(uid)
            if data:
                save(" ".join(map(str, (box.validity, last, *waiting))))
                box.mark_read(uid)
        if (reached := " ".join(map(str, (box.validity, last, *waiting)))) != after:
            save(reached)
        return before >= MOST and len(waiting) < before


@contextmanager
def opened(url: str, ours: str = "") -> Iterator[Mailbox]:
    """Open the mailbox, and close it again. Raises `MailboxTrouble`.

    The context is given, because imaplib's own accepts every certificate: any server would get the password.
    """
    parts, tls = urlsplit(url), ssl.create_default_context()
    host, folder = parts.hostname or "", unquote(parts.path.strip("/")) or "INBOX"
    is_open = False
    try:
        if parts.scheme == "imaps":
            box: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, parts.port or 993, ssl_context=tls, timeout=_TIMEOUT)
        else:
            box = imaplib.IMAP4(host, parts.port or 143, timeout=_TIMEOUT)
            if not is_loopback(host):
                box.starttls(tls)
        try:
            box.login(unquote(parts.username or ""), unquote(parts.password or ""))
            _ask(box.select(f'"{folder}"'))
            is_open = True
            yield Mailbox(box, ours)
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                box.logout()
            with suppress(OSError):
                box.shutdown()  # `logout` leaves the socket of a broken line open
    except ssl.SSLCertVerificationError:
        raise MailboxTrouble(
            f"the certificate of {host} is not valid: check IMAP_URL and this machine's clock"
        ) from None
    except (imaplib.IMAP4.abort, OSError) as error:  # the line broke
        raise MailboxTrouble(f"{host} does not answer ({type(error).__name__})") from None
    except (imaplib.IMAP4.error, UnicodeEncodeError):  # imaplib sends ASCII alone
        if is_open:
            raise MailboxTrouble(f"{host} does not list or give out its mails now") from None
        raise MailboxTrouble(f"{host} refuses the user name, the password or the folder: check IMAP_URL") from None


def _ask(answer: tuple[str, list[Any]]) -> Sequence[Any]:
    """Return what the server answered: lines, or pairs of a line and a literal. Raises `imaplib.IMAP4.error`."""
    kind, data = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(kind)
    return data

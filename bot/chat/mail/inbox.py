"""Read the mailbox that answers come to, over IMAP. Synchronous, for a thread: the standard library has no other."""

from __future__ import annotations

import imaplib
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from bot.config.settings import is_loopback
from bot.shared.errors import CoalitionBotError

log = logging.getLogger(__name__)

LARGEST: Final = 2_000_000  # bytes; of a larger mail only the headers are read
MOST: Final = 50  # mails in one look
_TIMEOUT: Final = 30.0  # seconds for one answer
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxTrouble(CoalitionBotError):
    """The mailbox cannot be read; the text says why, without its password."""


def read_new(url: str, handle: Callable[[bytes], None]) -> int:
    """Give each unread mail to `handle`, then mark it read. Return how many there were.

    A mail on which `handle` fails stays unread, and the others go on. Raises `MailboxTrouble`.
    """
    with _opened(url) as box:
        numbers = (_ask(box.uid("SEARCH", "UNSEEN"))[0] or b"").split()[:MOST]
        for number in numbers:
            uid = number.decode("ascii")
            data = _fetch(box, uid)
            try:
                handle(data)
            except Exception:
                log.exception("An email could not be handled and stays unread in the mailbox")
                continue
            _ask(box.uid("STORE", uid, "+FLAGS", r"(\Seen)"))
        return len(numbers)


def check(url: str) -> None:
    """Open the mailbox and close it again. Raises `MailboxTrouble`."""
    with _opened(url):
        pass


@contextmanager
def _opened(url: str) -> Iterator[imaplib.IMAP4]:
    parts = urlsplit(url)
    host, folder = parts.hostname or "", unquote(parts.path.strip("/")) or "INBOX"
    try:
        if parts.scheme == "imaps":
            box: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, parts.port or 993, timeout=_TIMEOUT)
        else:
            box = imaplib.IMAP4(host, parts.port or 143, timeout=_TIMEOUT)
            if not is_loopback(host):
                box.starttls()
        try:
            box.login(unquote(parts.username or ""), unquote(parts.password or ""))
            _ask(box.select(f'"{folder}"'))
            yield box
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                box.logout()
    except (imaplib.IMAP4.error, UnicodeEncodeError):  # imaplib sends ASCII alone
        raise MailboxTrouble(f"{host} refuses the user name, the password or the folder: check IMAP_URL") from None
    except OSError as error:
        raise MailboxTrouble(f"{host} does not answer ({type(error).__name__})") from None


def _fetch(box: imaplib.IMAP4, uid: str) -> bytes:
    size = _SIZE.search(b" ".join(filter(None, _ask(box.uid("FETCH", uid, "(RFC822.SIZE)")))))
    small = size is not None and int(size[1]) <= LARGEST
    answer = _ask(box.uid("FETCH", uid, "(BODY.PEEK[])" if small else "(BODY.PEEK[HEADER])"))
    return next((bytes(part[1]) for part in answer if isinstance(part, tuple)), b"")


def _ask(answer: tuple[str, list[Any]]) -> list[Any]:
    """Return what the server answered: lines, or pairs of a line and a literal. Raises `imaplib.IMAP4.error`."""
    kind, data = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(kind)
    return data

"""What a mail to us asks for. Pure, and it raises nothing: anyone can send anything here.

No prose is read: a token says whose mail it is, and the first word what they want. Nothing that a machine sent, and
nothing from a mailing list, is ever answered (RFC 3834), so no two machines can write to each other for ever.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses
from html.parser import HTMLParser
from typing import Final

from authres import AuthenticationResultsHeader, AuthResError  # type: ignore[import-untyped]

from bot.chat.mail.message import BOUNCE, REPLY, STOP
from bot.shared.mail_address import domain_of, normalize_address, same_address, tag_of

_TO: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
_WORD: Final = re.compile(r"[\s*_\"'“”]*([A-Za-z]{3,12})\b")
_ID: Final = re.compile(r"<[^<>\s]{3,250}>")
_READ: Final = 20_000  # characters of a body; the first word is near its start
_MOST_HEADERS: Final = 50  # addresses or ids that are looked at
_SOFT: Final = ("5.2.2", "5.2.3")  # the mailbox is full


@dataclass(frozen=True, slots=True)
class Bounce:
    """A relay reports that mail did not arrive. `status`: "5.1.1"; `permanent`: it never will."""

    token: str
    status: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    token: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A person's answer. `word`: its first, in capitals; `answers`: the Message-IDs it refers to.

    `sender`: the one address in From, "" if there is not exactly one. `proof`: what our provider found that shows that
    the mail is from that address's domain; "" if it found nothing.
    """

    token: str
    id: str
    word: str
    sender: str
    answers: tuple[str, ...]
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Ignored:
    why: str


Incoming = Bounce | Unsubscribe | Confirmation | Reply | Ignored


def read(data: bytes, ours: str, authserv_id: str) -> Incoming:
    """Return what a mail asks for. `ours`: the address that email comes from; `authserv_id`: our provider's name."""
    try:
        return _read(message_from_bytes(data), ours, authserv_id)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError) as error:
        return Ignored(f"it cannot be read ({type(error).__name__})")


def _read(mail: Message, ours: str, authserv_id: str) -> Incoming:
    tags = [tag for tag in (tag_of(address, ours) for address in _recipients(mail)) if tag]
    kind, token = _tag(tags)
    if kind == BOUNCE:
        return _bounce(mail, token)
    if kind == STOP:
        return Unsubscribe(token)
    unanswered = _sent_by_machine(mail) if kind == REPLY else "it is not a reply to an email from the bot"
    return Ignored(unanswered) if unanswered else _reply(mail, token, authserv_id)


def _reply(mail: Message, token: str, authserv_id: str) -> Incoming:
    word = _first_word(mail)
    if word in ("STOP", "UNSUBSCRIBE"):
        return Unsubscribe(token)
    if word == "CONFIRM":
        return Confirmation(token)
    sender = _sender(mail)
    return Reply(
        token=token,
        id=_message_id(mail),
        word=word,
        sender=sender,
        answers=_answers(mail),
        proof=_proof(mail, sender, authserv_id),
    )


def _recipients(mail: Message) -> list[str]:
    values = [str(value) for name in _TO for value in mail.get_all(name, ())]
    return [address for _, address in getaddresses(values)[:_MOST_HEADERS]]


def _tag(tags: list[str]) -> tuple[str, str]:
    for tag in tags:
        for kind in (BOUNCE, REPLY, STOP):
            if tag.startswith(kind) and tag[len(kind) :].isalnum():
                return kind, tag.removeprefix(kind)
    return "", ""


def _sent_by_machine(mail: Message) -> str:
    """Why no person sent it; "" if one may have."""
    auto = str(mail.get("Auto-Submitted", "no")).strip().lower()
    if not re.match(r"no\b", auto):
        return "it was sent automatically"
    if str(mail.get("Return-Path", "")).strip() == "<>":
        return "it is a delivery notice"
    if mail.get("List-Id") or str(mail.get("Precedence", "")).strip().lower() in ("bulk", "list", "junk"):
        return "it comes from a mailing list"
    return ""


def _bounce(mail: Message, token: str) -> Incoming:
    """A delivery status notification (RFC 3464). Whatever else comes to that address is a holiday notice or spam."""
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else ():
            if not isinstance(block, Message) or str(block.get("Action", "")).strip().lower() != "failed":
                continue
            status = re.match(r"\s*([245]\.\d{1,3}\.\d{1,3})", str(block.get("Status", "")))
            code = status[1] if status else "5.0.0"
            return Bounce(token, code, permanent=code.startswith("5.") and code not in _SOFT)
    return Ignored("it does not report a failed delivery")


def _first_word(mail: Message) -> str:
    for wanted, words in (("text/plain", _plain_words), ("text/html", _html_words)):
        for part in mail.walk():
            if part.get_content_type() == wanted and not part.get_filename():
                match = _WORD.match(words(_text(part)))
                return match[1].upper() if match else ""
    return ""


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        return data[: 4 * _READ].decode(part.get_content_charset("utf-8"), "replace")[:_READ]
    except LookupError:  # a charset that nobody knows
        return data[:_READ].decode("latin-1")


def _plain_words(text: str) -> str:
    return text.lstrip("\ufeff\u200b")


class _Words(HTMLParser):
    """Collects the text of a page, without styles and scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - HTMLParser's
        self._hidden += tag in ("style", "script", "title")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "script", "title") and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def _html_words(text: str) -> str:
    parser = _Words()
    parser.feed(text)
    return _plain_words("".join(parser.words).lstrip())


def _sender(mail: Message) -> str:
    values = [str(value) for value in mail.get_all("From", ())]
    addresses = [address for _, address in getaddresses(values)]
    return (normalize_address(addresses[0]) or "") if len(values) == len(addresses) == 1 else ""


def _message_id(mail: Message) -> str:
    """A mail's Message-ID; of a mail without one, a digest, so that two such mails are not taken for one."""
    match = _ID.search(str(mail.get("Message-ID", "")))
    return match[0] if match else hashlib.sha256(mail.as_bytes()).hexdigest()


def _answers(mail: Message) -> tuple[str, ...]:
    """The Message-IDs that a mail refers to, the nearest first."""
    nearest = _ID.findall(str(mail.get("In-Reply-To", "")))
    thread = _ID.findall(str(mail.get("References", "")))
    return tuple(dict.fromkeys([*nearest, *reversed(thread)]))[:_MOST_HEADERS]


def _proof(mail: Message, sender: str, authserv_id: str) -> str:
    """What shows that the sender's domain signed the mail: DKIM that passed, by the same or a parent domain.

    Only the topmost header of our provider counts. A provider puts its own on top, and deletes others of its name
    (RFC 8601, section 5); one that the sender wrote is below.
    """
    if not (authserv_id and sender):
        return ""
    for header in _results(mail):
        if header.authserv_id and same_address(header.authserv_id, authserv_id):
            domain = domain_of(sender)
            signers = (_signing_domain(result) for result in header.results if result.method.lower() == "dkim")
            signer = next((each for each in signers if _aligned(each, domain)), "")
            return f"DKIM {signer}, checked by {authserv_id}" if signer else ""
    return ""


def _results(mail: Message) -> Iterator[AuthenticationResultsHeader]:
    for value in mail.get_all("Authentication-Results", ())[:_MOST_HEADERS]:
        try:
            yield AuthenticationResultsHeader.parse_value(re.sub(r"\s+", " ", str(value)))
        except (AuthResError, ValueError, RecursionError):
            continue


def _signing_domain(result: object) -> str:
    """The domain of a DKIM signature that passed; "" if it did not."""
    if str(getattr(result, "result", "")).lower() != "pass":
        return ""
    properties = getattr(result, "properties", None) or ()
    named = {f"{each.type}.{each.name}".lower(): str(each.value) for each in properties}
    return named.get("header.d", "").lower() or domain_of(named.get("header.i", ""))


def _aligned(signer: str, domain: str) -> bool:
    return "." in signer and (signer == domain or domain.endswith(f".{signer}"))

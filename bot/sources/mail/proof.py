"""Whether a mail is genuine: signed (DKIM, RFC 6376) by a domain that its source declares, all of it, and lately.

A sender's address, a List-Id and the results that relays write into a header can be forged; a signature cannot. The
keys are in DNS: the bot looks them up, and the child process, which has no network, checks the signature.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime
from types import SimpleNamespace
from typing import Final

from bot.shared.errors import CoalitionBotError
from bot.shared.wording import listed

OLDEST: Final = timedelta(days=14)  # since it was sent: an older mail is a replay
_AHEAD: Final = timedelta(days=1)  # of clocks that are fast
_HEAD: Final = 65_536  # bytes of all headers
_MOST: Final = 10  # signatures that are looked at
_LONGEST: Final = 4_000  # bytes of one
_GAP: Final = re.compile(rb"\s{40}")  # dkimpy's expressions take the cube of a gap's length
_BLANKS: Final = re.compile(rb"[ \t]+")
_BARE: Final = re.compile(rb"\r(?!\n)")  # ends a header for Python, which would read one that is not signed
_END: Final = re.compile(rb"\r?\n\r?\n")
_FIELD: Final = re.compile(rb"^dkim-signature[ \t]*:((?:[^\r\n]|\r?\n[ \t])*)", re.IGNORECASE | re.MULTILINE)
_DOMAIN: Final = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+")
_SELECTOR: Final = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*", re.IGNORECASE)
_MUST_COVER: Final = frozenset({"from", "subject", "date"})
_READ_BY: Final = ("Content-Type", "Content-Transfer-Encoding")  # that say how the signed bytes are read
# A second one would be shown and not signed (RFC 6376, 8.15).
_ONCE: Final = ("From", "Subject", "Date", "Message-ID", "List-Id", "Content-Type", "Content-Transfer-Encoding")


class Unproven(CoalitionBotError):
    """The mail is not proven; the text says why."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature by its place among those of the mail. `key`: where in DNS its key is."""

    place: int
    key: str
    tags: Mapping[str, str]

    @property
    def covers(self) -> frozenset[str]:
        """The headers that it covers, in lower case."""
        return frozenset(self.tags.get("h", "").lower().split(":"))


def signatures(data: bytes, domains: Collection[str]) -> list[Signature]:
    """The mail's signatures by one of these domains or a subdomain."""
    signed = []
    for place, field in enumerate(_FIELD.findall(head_of(data))[:_MOST]):
        if len(field) <= _LONGEST and not _GAP.search(field):
            pairs = (tag.partition("=") for tag in field.decode("ascii", "replace").split(";"))
            tags = {name.strip(): "".join(value.split()) for name, _, value in pairs}
            domain, selector = tags.get("d", "").lower(), tags.get("s", "")
            is_within = any(domain == each or domain.endswith(f".{each}") for each in domains)
            if is_within and _DOMAIN.fullmatch(domain) and _SELECTOR.fullmatch(selector):
                signed.append(Signature(place, f"{selector}._domainkey.{domain}", tags))
    return signed


def missing(domains: Sequence[str]) -> str:
    return f"it has no signature of {listed(domains)}"


def head_of(data: bytes) -> bytes:
    """A mail's headers; nothing of one whose headers have no end."""
    end = _END.search(data, 0, _HEAD)
    return data[: end.start()] if end else b""


def check(
    mail: Message, data: bytes, keys: Mapping[str, str], domains: Sequence[str], received: datetime
) -> tuple[datetime, frozenset[str]]:
    """When `mail`, its headers, was sent, and which are signed. `keys`: the TXT records by name. Raises `Unproven`."""
    if _BARE.search(head_of(data)):
        raise Unproven("its headers have line breaks that end a line for one reader and not for another")
    for name in _ONCE:
        if len(mail.get_all(name, ())) > 1:
            raise Unproven(f"it has several {name} headers")
    try:
        sent = parsedate_to_datetime(str(mail.get("Date", "")))
        sent = sent.astimezone(UTC) if sent.tzinfo else sent.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        raise Unproven("it has no date that can be read") from None
    if not received - OLDEST <= sent <= received + _AHEAD:
        raise Unproven(f"its date is not of the {OLDEST.days} days before it came")
    trouble = missing(domains)
    must_cover = _MUST_COVER | {name.lower() for name in _READ_BY if name in mail}
    for signature in signatures(data, domains):
        trouble = _trouble(signature, must_cover, received) or _invalid(signature, data, keys, received)
        if not trouble:
            return sent, signature.covers
    raise Unproven(trouble)


def _trouble(signature: Signature, must_cover: frozenset[str], received: datetime) -> str:
    """Why a signature of anyone does not count; "" if nothing is wrong with it so far."""
    if "l" in signature.tags:
        return "its signature covers only a part of it (l=)"
    if not signature.covers.issuperset(must_cover):
        return f"its signature does not cover {listed(sorted(must_cover - signature.covers))}"
    if signature.tags.get("a") != "rsa-sha256":
        return "its signature is not of the kind rsa-sha256"
    signed_at = signature.tags.get("t", "")
    if signed_at.isdecimal() and int(signed_at[:12]) < (received - OLDEST).timestamp():
        return f"its signature is older than {OLDEST.days} days"
    return ""


def _invalid(signature: Signature, data: bytes, keys: Mapping[str, str], received: datetime) -> str:
    import dkim  # type: ignore[import-untyped]

    # It compares t= and x= with the clock; what counts is when the mail came, for the bot may have been off since.
    dkim.time = SimpleNamespace(time=received.timestamp)
    head, gap, body = data.partition(b"\r\n\r\n")
    # What either form leaves out is left out here: blanks and empty lines cost dkimpy quadratic time.
    if signature.tags.get("c", "").endswith("/relaxed"):
        body = _BLANKS.sub(b" ", body).rstrip()
    data = head + gap + body.rstrip(b"\r\n") + b"\r\n"
    record = keys.get(signature.key, "").encode()
    if not record:
        return f"the key of its signature is not published ({signature.key})"
    try:
        valid = dkim.DKIM(data, minkey=1024).verify(signature.place, dnsfunc=lambda *_, **__: record)
    except Exception:  # noqa: BLE001 - of strangers' keys and headers it raises whatever they cause
        valid = False
    return "" if valid else "its signature is not valid"

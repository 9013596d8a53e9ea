"""Why a fetch failed: from an answer's status or a network error to the source's health and a sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import aiohttp

from bot.shared.address_guard import AddressRefused
from bot.shared.answer import FetchFailed
from bot.shared.errors import CoalitionBotError
from bot.shared.health import Health

_LOCKED = (403, 407, 451)
_GONE = (404, 410)
_EPOCH = 1_000_000_000  # a larger number of seconds is not a wait but an instant, counted from 1970
_PHRASES = {status.value: status.phrase for status in HTTPStatus}
# OpenSSL's verification codes in plain English.
_CERTIFICATE = {
    10: "its certificate has expired",
    18: "its certificate is self-signed",
    19: "its certificate is self-signed",
    20: "its certificate is signed by an authority this machine does not know",
    21: "its certificate is signed by an authority this machine does not know",
    62: "its certificate is for another host name",
    64: "its certificate is for another address",
}


class Failure(CoalitionBotError):
    """Ends a fetch. `answer` is what the caller gets."""

    def __init__(self, health: Health, detail: str, retry_at: datetime | None = None) -> None:
        super().__init__(detail)
        self.answer = FetchFailed(health, printable(detail), retry_at)


def printable(text: str) -> str:
    """`text` with control characters escaped, so that a server's headers cannot forge terminal or log output."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def by_status(response: aiohttp.ClientResponse, now: datetime) -> Failure:
    """The failure for an answer with an error status."""
    status, host = response.status, response.url.host
    detail = f"{host} answered {status} {_PHRASES.get(status, '')}".rstrip()
    if status in _GONE:
        return Failure(Health.GONE, detail)
    if status == HTTPStatus.UNAUTHORIZED:
        return Failure(Health.NEEDS_KEY, detail)
    if status in _LOCKED or response.headers.get("cf-mitigated") == "challenge":
        return Failure(Health.BLOCKED, detail, retry_at(response, now))
    return Failure(Health.UNREACHABLE, detail, retry_at(response, now))


def by_error(host: str, error: Exception) -> FetchFailed:
    """The answer for a network error, in plain English."""
    host, health = getattr(error, "host", host), Health.UNREACHABLE
    match error:
        case aiohttp.ClientConnectorCertificateError(certificate_error=cause):
            reason = _CERTIFICATE.get(getattr(cause, "verify_code", 0), "its certificate cannot be verified")
            detail = f"the connection to {host} is not safe: {reason}"
        case aiohttp.ClientConnectorDNSError():
            detail = f'host "{host}" was not found, or DNS does not answer'
        case aiohttp.ClientSSLError():
            detail = f"{host} failed the TLS handshake"
        case aiohttp.ClientConnectorError(os_error=cause) if AddressRefused.SENTENCE in str(cause):
            health, detail = Health.REFUSED, f"{host} {AddressRefused.SENTENCE} that allow_hosts does not name"
        case aiohttp.ClientConnectorError(os_error=ConnectionRefusedError()):
            detail = f"{host} refused the connection"
        case aiohttp.ClientConnectorError(os_error=cause):
            detail = f"{host} could not be reached ({cause.strerror or 'no reason given'})"
        case aiohttp.ClientResponseError():
            detail = f"{host} did not answer with valid HTTP"
        case ValueError():
            health, detail = Health.REFUSED, f"the address of {host} is not a valid web address"
        case _:
            detail = f"{host} closed the connection in the middle of its answer"
    return FetchFailed(health, printable(detail))


def retry_at(response: aiohttp.ClientResponse, now: datetime) -> datetime | None:
    """When a server says it may be asked again; None if it does not say, or not readably.

    Retry-After (RFC 9110 § 10.2.3: seconds or an HTTP date), or after 429 the end of the rate limit: Bluesky gives
    seconds since 1970 in RateLimit-Reset, Mastodon an ISO time in X-RateLimit-Reset.
    """
    text = response.headers.get("Retry-After", "").strip()
    if not text and response.status == HTTPStatus.TOO_MANY_REQUESTS:
        text = (response.headers.get("RateLimit-Reset") or response.headers.get("X-RateLimit-Reset") or "").strip()
    try:
        if text.isdecimal():
            seconds = int(text)
            return (
                max(now, datetime.fromtimestamp(seconds, UTC)) if seconds > _EPOCH else now + timedelta(seconds=seconds)
            )
        when = datetime.fromisoformat(text) if text[:4].isdecimal() else parsedate_to_datetime(text)
        return max(now, when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC))
    except (ValueError, TypeError, OverflowError, OSError):
        return None

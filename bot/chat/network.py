"""The outcome of a network error for a message: may it have arrived? Shared by the senders."""

from __future__ import annotations

from typing import Final

import aiohttp

from bot.outbox.model import Ambiguous, RetryAt

# In all of these nothing was sent; the first match is the most exact.
_NOT_SENT: Final = (
    (
        aiohttp.ClientConnectorCertificateError,
        "the certificate of {} is not valid: check this machine's clock and proxy",
    ),
    (
        aiohttp.ClientConnectorSSLError,
        "no secure connection to {}: something in between does not use TLS",
    ),
    (aiohttp.ClientConnectorDNSError, "the host name {} was not found: check this machine's DNS and network"),
    (aiohttp.ClientConnectorError, "{} refused the connection: check this machine's network and firewall"),
)


def failed(error: Exception, host: str) -> RetryAt | Ambiguous:
    """The outcome of a request that ended in a network error, with a reason that says where to look."""
    for kind, words in _NOT_SENT:
        if isinstance(error, kind):
            return RetryAt(words.format(host))
    if isinstance(error, TimeoutError):
        return Ambiguous(f"{host} did not answer in time")
    if isinstance(error, aiohttp.ClientPayloadError):
        return Ambiguous(f"the answer of {host} broke off half-way")
    return Ambiguous(f"the connection to {host} broke: {type(error).__name__}")

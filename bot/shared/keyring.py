"""Signatures of what the bot hands out and gets back: links, tokens, form stamps. Pure.

Each purpose has its own signatures, so that a link to stop email opens nothing else.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

_LENGTH: Final = 26  # characters of base32: 130 bits of SHA-256
_TOKEN: Final = re.compile(r"([0-9a-zA-Z]{1,64})-([0-9]{1,11})-([a-z2-7]{26})")


@dataclass(frozen=True, slots=True)
class Keyring:
    """Signs with one secret of the coalition, which every process reads from the store."""

    secret: bytes = field(repr=False)

    def sign(self, purpose: str, *parts: str) -> str:
        """Return the signature, of letters and digits whose case does not matter."""
        text = json.dumps([purpose, *parts]).encode()
        return base64.b32encode(hmac.digest(self.secret, text, "sha256")).decode().lower()[:_LENGTH]

    def signed(self, given: str, purpose: str, *parts: str) -> bool:
        """Whether `given` is that signature, compared in constant time."""
        return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self.sign(purpose, *parts).encode())

    def token(self, purpose: str, subject: str, ends_at: datetime) -> str:
        """Return a token for `subject` (letters and digits), which is valid until `ends_at`."""
        until = str(int(ends_at.timestamp()))
        return f"{subject}-{until}-{self.sign(purpose, subject, until)}"

    def subject(self, purpose: str, token: str, now: datetime) -> str | None:
        """Return what a valid token is for; None for any other text."""
        match = _TOKEN.fullmatch(token)
        if match is None or not self.signed(match[3], purpose, match[1], match[2]):
            return None
        return match[1] if now < datetime.fromtimestamp(int(match[2]), UTC) else None

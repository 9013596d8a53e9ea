"""Mail that is really signed (DKIM), with a key that is made here, and what DNS says of that key."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from typing import Any
from unittest.mock import patch

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.kit.bulletins import SENT, Bulletin

SELECTOR, DOMAIN = "sel1", "public.govdelivery.com"
SENDER = f"news@{DOMAIN}"
RECEIVED = datetime(2026, 11, 18, 21, 20, tzinfo=UTC)
TO = "bot+s-x@coalition.test"
COVERS = (
    *(b"from", b"to", b"subject", b"date", b"message-id", b"list-id"),
    *(b"mime-version", b"content-type", b"content-transfer-encoding"),
)


@cache
def key(bits: int = 2048) -> tuple[bytes, str]:
    """A private key as PEM, and the TXT record of its public key."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    encoding, plain = serialization.Encoding, serialization.NoEncryption()
    pem = private.private_bytes(encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, plain)
    public = private.public_key().public_bytes(encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return pem, f"v=DKIM1; k=rsa; p={''.join(public.decode().splitlines()[1:-1])}"


def dns(domain: str = DOMAIN) -> dict[str, str]:
    return {f"{SELECTOR}._domainkey.{domain}": key()[1]}


def message(bulletin: Bulletin, to: str = TO, **headers: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    fields = {
        "From": f"Agency <{bulletin.sender}>",
        "To": to,
        "Date": SENT,
        "Message-ID": "<1@x>",
        "Subject": bulletin.subject,
    }
    for name, value in ({**fields, **{name.replace("_", "-"): value for name, value in headers.items()}}).items():
        mail[name] = value
    if bulletin.text:
        mail.set_content(bulletin.text, charset=bulletin.charset, cte=bulletin.cte)
    if bulletin.html:
        mail.set_content(bulletin.html, subtype="html", charset=bulletin.charset, cte=bulletin.cte)
    return mail


class _Ending(dkim.DKIM):
    """Writes x=, when the signature ends, which dkimpy checks and never writes."""

    ends = b""

    def gen_header(self, fields, *args, **more):
        return super().gen_header(
            [*fields[:-2], (b"x", self.ends), *fields[-2:]] if self.ends else fields, *args, **more
        )


def signed(
    data: bytes,
    domain: str = DOMAIN,
    *,
    at: datetime = RECEIVED,
    private: bytes = b"",
    ends: datetime | None = None,
    **how: Any,
) -> bytes:
    """The mail below its signature, made at that time, which ends then. `how`: options of dkimpy."""
    covers = [name for name in COVERS if name + b":" in data.lower()]
    signer = _Ending(data)
    signer.ends = str(int(ends.timestamp())).encode() if ends else b""
    options = {"include_headers": covers, "canonicalize": (b"relaxed", b"relaxed"), **how}
    with patch("dkim.time.time", at.timestamp):
        return bytes(signer.sign(SELECTOR.encode(), domain.encode(), private or key()[0], **options)) + data

"""A letter as a mail draft (.eml) that opens in a person's own mail program, for them to address and send. Pure."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from bot.letters.drafting.plain_text import plain
from bot.letters.model import Letter
from bot.printing.text import one_line

MEDIA: Final = "message/rfc822"
_SUBJECT: Final = 200  # characters


def mail_draft(letter: Letter, pdf: bytes, name: str) -> bytes:
    """Return the draft: the letter's text, and its PDF under that name. `X-Unsent` makes mail programs open it to edit.

    It has no sender and no recipient: the person who sends it is its sender.
    """
    draft = EmailMessage(policy=SMTP)
    # Python 3.11.7 decodes an encoded word in a text, line breaks included, and writes what follows as another header
    # (https://github.com/python/cpython/issues/121650).
    draft["Subject"] = one_line(letter.written.subject).replace("=?", "= ?")[:_SUBJECT]
    draft["X-Unsent"] = "1"
    draft.set_content(plain(letter), cte="quoted-printable")
    draft.add_attachment(pdf, maintype="application", subtype="pdf", filename=name)
    return draft.as_bytes()

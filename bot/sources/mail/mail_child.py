"""The child process that proves a mail and reads it; `source.py` starts it.

Nothing of a mail is read that is not proven: not its parts, not its HTML.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from datetime import datetime
from email.message import Message
from email.utils import getaddresses
from typing import Any, Final

from bot.shared import isolation
from bot.shared.mail_address import parse_mail
from bot.sources.mail import proof
from bot.sources.mail.bulletin import announced
from bot.sources.mail.reading import decoded, lines_of, subject_of

_MEMORY: Final = 512 * 1024 * 1024  # bytes of address space
_CPU: Final = 2  # seconds
# Python compares each line with the boundaries of all parts around it.
_BOUNDARY: Final = re.compile(rb"boundary[\s*\d]*=", re.IGNORECASE)
_MOST_BOUNDARIES: Final = 20
_MOST_LINES: Final = 50_000  # Python reads a mail line by line; one of 2 MB in lines of the usual length has 26,000
_LIST_ID: Final = re.compile(r"<([\w.@-]{1,200})>\s*$")
# Subjects of the mailer's own mail to a subscriber, as others have seen them.
_OF_SUBSCRIPTION: Final = re.compile(
    r"welcome\b|subscription (?:change )?confirmation|new user confirmation|\(?please confirm|confirm your|verify your"
    r"|your subscription|thank you for (?:sign|subscri)|you are now subscribed|confirme? (?:su|tu)\b|bienvenid",
    re.IGNORECASE,
)
_TO_CONFIRM: Final = re.compile(r"confirm|verif|activat|yes, subscribe|activar", re.IGNORECASE)


def answer(head: Mapping[str, Any], data: bytes) -> Mapping[str, Any]:
    """`unproven`: why; or `sender` and `list`, as signed, with `items`, or with `subject` and the link to `confirm`."""
    if len(_BOUNDARY.findall(data)) > _MOST_BOUNDARIES or data.count(b"\n") > _MOST_LINES:
        return {"unproven": "it has too many parts or lines"}
    try:
        mail = parse_mail(proof.head_of(data))
        sent, signed = proof.check(mail, data, head["keys"], head["domains"], datetime.fromisoformat(head["received"]))
        senders = getaddresses([str(mail.get("From", ""))])
        mail = parse_mail(data.rstrip())
    except proof.Unproven as error:
        return {"unproven": str(error)}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError):
        return {"unproven": "it cannot be read"}
    if len(senders) != 1 or not senders[0][1].isascii():
        return {"unproven": "it does not have one sender"}
    listed = _LIST_ID.search(decoded(str(mail.get("List-Id", "")))) if "list-id" in signed else None
    proven = {"sender": senders[0][1].lower(), "list": listed[1].lower() if listed else "", "sent": sent.isoformat()}
    subject = subject_of(mail)
    if _OF_SUBSCRIPTION.match(subject):
        return {**proven, "subject": subject, "confirm": _link_to_confirm(mail)}
    items = [(item.title, item.page, item.summary, item.day) for item in announced(subject, lines_of(mail))]
    return {**proven, "items": [(*texts, day.isoformat() if day else "") for *texts, day in items]}


def _link_to_confirm(mail: Message) -> str:
    """The exact address that a person may open to confirm; "" if the mail has none."""
    links = (link for line in lines_of(mail, as_sent=True) for link in line.links)
    return next((href for text, href in links if _TO_CONFIRM.search(text) or _TO_CONFIRM.search(href)), "")


if __name__ == "__main__":
    sys.modules["dns"] = None  # type: ignore[assignment] # dkimpy would load a resolver, and has the keys that it needs
    isolation.serve(answer, _MEMORY, _CPU)

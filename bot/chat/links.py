"""How people come to a form by a link in their mail, or back to one by a button. Pure.

A link's signature covers the command, every argument, the person and its end, so that a link that someone else wrote
decides nothing: it opens the command's form, to be read and sent.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Generic, TypeVar
from urllib.parse import urlencode

from bot.shared.card import Button
from bot.shared.keyring import Keyring

VALID: Final = timedelta(days=14)
# What people without a chat account do from a mail alone, for their own organization, on a page that shows the text.
WITHOUT_LOGIN: Final = ("letter sign", "letter decline")
_MOMENT: Final = re.compile(r"[0-9]{1,11}")
_PERSON, _UNTIL, _SIGNATURE = "_for", "_until", "_signed"  # in an address


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs links to one person's mail, at `site`, that end at `ends_at`. `mailbox`: as in `signed_for`."""

    keyring: Keyring
    site: str
    person: str
    ends_at: datetime
    mailbox: str = ""

    def url(self, button: Button) -> str:
        """Return the address of the page on which this person can press the button."""
        until = str(int(self.ends_at.timestamp()))
        args = dict(button.args)
        opens = self.mailbox if button.path in WITHOUT_LOGIN else ""
        signature = self.keyring.sign("link", button.path, self.person, until, opens, *_flat(args))
        query = {**args, _PERSON: self.person, _UNTIL: until, _SIGNATURE: signature}
        return f"{self.site}/do/{button.path.replace(' ', '/')}?{urlencode(query, errors='replace')}"


def arguments_in(query: Mapping[str, str]) -> dict[str, str]:
    """Return the command's arguments in the query of an address."""
    return {name: text for name, text in query.items() if text and not name.startswith("_")}


def signed_for(
    keyring: Keyring, path: str, query: Mapping[str, str], now: datetime, mailbox: Callable[[str], str]
) -> str | None:
    """Return the person for whom the bot wrote this link; None if it did not, or if the link is too old.

    `mailbox` returns what links to a person's mail are bound to: those that open their page without a log-in end when
    the address is changed or deleted.
    """
    person, until = query.get(_PERSON, ""), query.get(_UNTIL, "")
    if not person or not _MOMENT.fullmatch(until) or now >= datetime.fromtimestamp(int(until), UTC):
        return None
    opens = mailbox(person) if path in WITHOUT_LOGIN else ""
    if path in WITHOUT_LOGIN and not opens:
        return None
    args = _flat(arguments_in(query))
    signed = keyring.signed(query.get(_SIGNATURE, ""), "link", path, person, until, opens, *args)
    return person if signed else None


def _flat(args: Mapping[str, str]) -> list[str]:
    return [text for name, value in sorted(args.items()) if value for text in (name, value)]


KEPT: Final = "kept"  # the path of a button that opens one; a command's path has two words
LOST: Final = "The bot was restarted and lost what you entered. Please start again."
_KEEP: Final = 500
T = TypeVar("T")


class KeptForms(Generic[T]):
    def __init__(self) -> None:
        self._forms: OrderedDict[tuple[str, str], T] = OrderedDict()

    def keep(self, user: str, id_: str, form: T) -> tuple[tuple[str, str], ...]:
        """Keep a person's form and return the arguments with which a button or form finds it."""
        self._forms[user, id_] = form
        if len(self._forms) > _KEEP:
            self._forms.popitem(last=False)
        return (("id", id_),)

    def find(self, user: str, id_: str) -> T | None:
        return self._forms.get((user, id_))

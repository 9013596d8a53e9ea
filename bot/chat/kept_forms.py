"""The last few hundred forms that people may come back to by a button, in memory only. Pure."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from bot.commands.model import Form

KEPT: Final = "kept"  # the path of a button that opens one; a command's path has two words
LOST: Final = "The bot was restarted and lost what you entered. Please start again."
_KEEP: Final = 500


class KeptForms:
    def __init__(self) -> None:
        self._forms: OrderedDict[tuple[str, str], Form] = OrderedDict()

    def keep(self, user: str, id_: str, form: Form) -> tuple[tuple[str, str], ...]:
        """Keep a person's form and return the arguments with which a button or form finds it."""
        self._forms[user, id_] = form
        if len(self._forms) > _KEEP:
            self._forms.popitem(last=False)
        return (("id", id_),)

    def find(self, user: str, id_: str) -> Form | None:
        return self._forms.get((user, id_))

"""The root of the project's own exceptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.shared.card import Card


class CoalitionBotError(Exception):
    """Base class of every exception that coalition-bot defines."""


class WrongUse(CoalitionBotError):
    """What a person gave cannot be used, such as a file or a key; the message says why and what to do."""


class Problem(CoalitionBotError):
    """What a person can correct: `what` says why it cannot be done and what to do; `param`: the field it is about.

    `card`: says the same with buttons for what to do; people in chat and on the board see it instead of the text.
    """

    def __init__(self, what: str, *, param: str = "", card: Card | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.param = param
        self.card = card


class Outage(CoalitionBotError):
    """What the program needs, such as its store, cannot be used now. `is_unsure`: a change may have been saved."""

    is_unsure = False

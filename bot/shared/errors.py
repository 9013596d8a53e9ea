"""The root of the project's own exceptions."""

from __future__ import annotations


class CoalitionBotError(Exception):
    """Base class of every exception that coalition-bot defines."""


class Outage(CoalitionBotError):
    """What the program needs cannot be used now, such as its store.

    `is_unsure`: it failed while it saved a change, and does not say whether the change was saved.
    """

    is_unsure = False

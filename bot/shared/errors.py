"""The root of the project's own exceptions."""

from __future__ import annotations


class CoalitionBotError(Exception):
    """Base class of every exception that coalition-bot defines."""

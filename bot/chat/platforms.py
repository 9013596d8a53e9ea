"""The chat platforms a message can be posted to."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from bot.chat.platform import Platform
from bot.shared.platforms import FORMS

NAMES: Final = tuple(name for name, form in FORMS.items() if form.setting)


def platform(name: str) -> Platform:
    """Import a platform: its client library takes a quarter of a second, so it has to be one with a token."""
    made: Platform = import_module(f"bot.chat.{name}.platform").PLATFORM
    return made

"""The kinds of sources: every module of this room with an adapter that has a `kind`."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

import bot.sources
from bot.sources.model import KINDS, SourceConfig

for _module in walk_packages(bot.sources.__path__, "bot.sources."):
    if not _module.name.endswith("_child"):  # runs in a separate process, with the parsers
        import_module(_module.name)

__all__ = ["KINDS", "SourceConfig"]

"""The federal agencies that ship with the bot, as `agencies.yml` has them: names, offices and news."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from bot.shared.yaml_text import plain_yaml


@cache
def agencies() -> Mapping[str, Mapping[str, Any]]:
    """Return each agency's section, by id."""
    text = files("bot.shared").joinpath("agencies.yml").read_text(encoding="utf-8")
    sections: Mapping[str, Mapping[str, Any]] = plain_yaml(text)
    return sections


def called(short: str) -> tuple[str, str] | None:
    """Return (the Register's slug, or the name where it has none; the name) of the agency with this short name."""
    return _by_short_name().get(short.casefold())


@cache
def _by_short_name() -> Mapping[str, tuple[str, str]]:
    return {
        agency["short"].casefold(): (next(iter(agency.get("register", ())), agency["name"]), agency["name"])
        for agency in agencies().values()
        if "short" in agency
    }

"""The command of a button or form, encoded in Discord's `custom_id` of 100 characters. Pure.

The format is a URL query: `alerts+why?item=4f2c`. Discord stores it, so a button works after a restart and on an
alert that is a year old.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, quote_plus, unquote_plus, urlencode

LONGEST: Final = 100  # characters (discord/discord-api-docs, components/reference)
_ODD: Final = "surrogatepass"  # a lone surrogate is encoded like any other character


def encode(path: str, args: Mapping[str, str]) -> str:
    """The `custom_id` of a command and its arguments. Raises `ValueError` if too long: buttons use short ids."""
    coded = quote_plus(path, errors=_ODD)
    if args:
        coded += f"?{urlencode(args, errors=_ODD)}"
    if len(coded) > LONGEST:
        raise ValueError(f"{len(coded)} characters are too many for a Discord button or form: {coded[:40]}…")
    return coded


def decode(custom_id: str) -> tuple[str, dict[str, str]]:
    """The path and arguments. An id that is not ours becomes a path that no command has."""
    path, _, query = custom_id.partition("?")
    return unquote_plus(path, errors=_ODD), dict(parse_qsl(query, keep_blank_values=True, errors=_ODD))

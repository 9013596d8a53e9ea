"""What a button or a form calls, in the hundred characters that Discord keeps with it. Pure.

It is the query part of a web address: `alerts+why?item=4f2c`. As the platform keeps it, a button still works after a
restart, and on an alert that is a year old.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, quote_plus, unquote_plus, urlencode

LONGEST: Final = 100  # characters (discord/discord-api-docs, components/reference)
_ODD: Final = "surrogatepass"  # a lone surrogate travels like any other character


def encode(path: str, args: Mapping[str, str]) -> str:
    """Raises `ValueError` when it is too long: commands that buttons call take short ids."""
    coded = quote_plus(path, errors=_ODD)
    if args:
        coded += f"?{urlencode(args, errors=_ODD)}"
    if len(coded) > LONGEST:
        raise ValueError(f"{len(coded)} characters are too many for a button or form of Discord's: {coded[:40]}…")
    return coded


def decode(custom_id: str) -> tuple[str, dict[str, str]]:
    """Path and arguments; of an id that is not ours, whatever it looks like, which no command answers to."""
    path, _, query = custom_id.partition("?")
    return unquote_plus(path, errors=_ODD), dict(parse_qsl(query, keep_blank_values=True, errors=_ODD))

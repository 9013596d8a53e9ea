"""The examples of commands, with the coalition's asks, watches, members, bills and duties. Pure.

The table has ``/bill track {bill} asks:{ask}``; help, forms and messages show it with what is in the two files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.commands.model import Command
from bot.config.load import Config

# Used if a coalition has none of a kind.
_NONE: Final = {
    "ask": "1",
    "bill": "hr1234-119",
    "duty": "annual-report",
    "entity": "our-name",
    "member": "our-member",
    "member_name": "Our Member",
    "office": "labor",
    "template": "agency-request",
    "watch": "ask-1",
    "words": "public comment",
}


def with_own_examples(
    commands: Iterable[Command], config: Config, templates: Sequence[str] = ()
) -> tuple[Command, ...]:
    """Return the commands with their examples filled in. `templates`: the coalition's letters, by name."""
    own = {**_NONE, **own_words(config), **({"template": templates[0]} if templates else {})}
    return tuple(replace(command, example=command.example.format(**own)) for command in commands)


def own_words(config: Config) -> Mapping[str, str]:
    """Return one of each kind that the coalition has, as commands take it."""
    coalition = config.coalition
    bills = [bill for family in coalition.bills.values() for bill in family.bills]
    followed = [bill.id for bill in bills if bill.follow] or [bill.id for bill in bills]
    values = {
        "ask": next(map(str, coalition.asks), ""),
        "bill": followed[-1] if followed else "",
        "duty": next(iter(coalition.duties), ""),
        "entity": next((id_ for id_, one in coalition.entities.items() if one.short), ""),
        "member": next(iter(coalition.members), ""),
        "member_name": next((member.name for member in coalition.members.values()), ""),
        "office": next(iter(coalition.offices), ""),
        "watch": next(iter(config.feeds.watches), ""),
        "words": next(filter(None, (_phrase(watch.query) for watch in config.feeds.watches.values())), ""),
    }
    return {name: value for name, value in values.items() if value}


def _phrase(query: str) -> str:
    """Return the first words in quotation marks without a star; "" if there are none."""
    return next((phrase for phrase in re.findall(r'"([^"]+)"', query) if "*" not in phrase), "")

"""Add a workspace's command prefix to the sentences that name commands: /watch list → /ours-watch list. Pure.

Only text that matches a command in the table is changed, so no outside path or date is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.commands.model import Command, Form, FormField, Reply
from bot.shared.card import Card, Line, Section

Say = Callable[[str], str]


def saying(prefix: str, commands: Sequence[Command]) -> Say:
    """A function that adds the prefix to a text; without a prefix it returns the text unchanged."""
    if not prefix:
        return str
    groups: dict[str, list[str]] = {}
    for command in commands:
        groups.setdefault(re.escape(command.group), []).append(re.escape(command.verb))
    alternatives = "|".join(f"{group}(?=$|[:.,]| (?:{'|'.join(verbs)})\\b)" for group, verbs in groups.items())
    named = re.compile(rf"(?<![\w/.])/(?={alternatives})")
    return lambda text: named.sub(f"/{prefix}", text)


def in_reply(reply: Reply, say: Say) -> Reply:
    card, form = reply.card, reply.form
    return replace(reply, card=card and _card(card, say), form=form and in_form(form, say))


def in_commands(commands: Sequence[Command], say: Say) -> list[Command]:
    return [replace(command, example=say(command.example)) for command in commands]


def in_form(form: Form, say: Say) -> Form:
    return replace(form, title=say(form.title), fields=tuple(_field(field, say) for field in form.fields))


def _card(card: Card, say: Say) -> Card:
    return replace(
        card,
        head=say(card.head),
        byline=say(card.byline),
        lines=_lines(card.lines, say),
        why=tuple(map(say, card.why)),
        sections=tuple(Section(say(section.title), _lines(section.lines, say)) for section in card.sections),
        foot=say(card.foot),
    )


def _lines(lines: Sequence[Line], say: Say) -> tuple[Line, ...]:
    return tuple(Line(say(line.text), line.url) for line in lines)


def _field(field: FormField, say: Say) -> FormField:
    return replace(field, param=replace(field.param, help=say(field.param.help)))

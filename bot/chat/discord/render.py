"""A card as a Discord message, an answer, and a form; and the table of commands as Discord registers it. Pure.

The head is the message's content, which a notification shows; the rest is an embed, where links can have labels.
Outside text is escaped so Discord finds no markup, link, mention or timestamp in it. (discord.py's `escape_markdown`
escapes only the first of several `[label](url)` on a line, so it is not enough.)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from bot.chat import layout, wording
from bot.chat.discord import incoming
from bot.commands.model import Command, Form, FormField, Kind, Param, Reply
from bot.shared.card import Button, Card, Mark
from bot.shared.wording import dotted

_CONTENT = 300  # of 2,000: what a notification can show
_DESCRIPTION = 4_000  # of 4,096 characters
_TOTAL = 5_900  # of 6,000 over all embeds of a message
_FOOTER = 500  # of 2,048; the sender's marker comes after it
_MARKER = 40  # room that is left for it
_ROW = 1_800
_IN_ROW = _ROWS = 5  # buttons in a row, rows in a message
_REFUSAL = 1_900  # of 2,000
# Components (discord/discord-api-docs, components/reference).
_LABEL = 80
_TITLE = 45  # of a form, and of a field's label
_HINT = 100
_FIELDS = 5
_OPTIONS = 25
_VALUE = 4_000
_TOO_LONG = "Too long for a Discord form: it stays unless you replace it here. Edit it on the board or console."
_ROW_OF_BUTTONS, _BUTTON, _SELECT, _INPUT, _LABELLED, _FILE = 1, 2, 3, 4, 18, 19
_STYLES = {"primary": 1, "plain": 2, "danger": 4}

_COLOURS = {
    Mark.ALERT: 0xC2410C,
    Mark.FILING: 0x64748B,
    Mark.BILL: 0x1D4ED8,
    Mark.HEARING: 0x1D4ED8,
    Mark.NEWS: 0x7C3AED,
    Mark.DIGEST: 0x0F766E,
    Mark.HELLO: 0x0F766E,
    Mark.HEALTH: 0xB45309,
    Mark.LETTER: 0x0369A1,
    Mark.SIGN_ON: 0x0369A1,
    Mark.DEADLINE: 0xA16207,
    Mark.ANSWER: 0x475569,
}
# Limits of discord/discord-api-docs, interactions/application-commands.
_HELP: Final = 100
_CHOICES: Final = 25
_OPTION_TEXT: Final = 6_000
_LARGEST: Final = 999_999_999
_SUB_COMMAND: Final = 1
_STRING, _INTEGER, _BOOLEAN = 3, 4, 5
_GUILD_INSTALL, _IN_GUILD, _IN_DM = 0, 0, 1
# Anywhere: emphasis, spoilers, code, mentions, links, bare addresses and invitations ("discord.gg/…"). At the start of
# a line: headings, quotes, lists.
_MARKUP = re.compile(r"[\\*_~|`<\[\]]|:(?=//)|(?<=\.\w\w)/|(?<=\.\w\w\w)/|^[#>+-]")
# Discord looks for the end of a link's label before it looks for escapes, even across lines: `](` in a label, or in
# the text after a link, would end it, escaped or not.
_ROUND = str.maketrans("[]", "()")


def message(card: Card, today: date, *, short: bool = False, may_repeat: bool = False) -> dict[str, Any]:
    """The body of POST /channels/{id}/messages, without the sender's nonce, reply reference and footer marker.

    `today` is the reader's date, from which days are counted. `short`: Discord rejected the message as too long.
    """
    content, lines = _content(card, today, short=short)
    return _body(card, content, lines or [_plain(layout.head(card), _ROW)], may_repeat=may_repeat)


def reply(answer: Reply, today: date) -> dict[str, Any]:
    """The message of an answer, without its file. A card that is only a head gets no embed."""
    card = answer.card
    if card is None:
        return _message_body("" if answer.file else "Done.")
    return _body(card, *_content(card, today))


def refusal(what: str, buttons: Sequence[Button] = ()) -> dict[str, Any]:
    """The message of a refusal: why, and what to do next. Of the buttons, as many as Discord allows."""
    rows = [buttons[start : start + _IN_ROW] for start in range(0, len(buttons), _IN_ROW)]
    return _message_body(_plain(wording.clean(what), _REFUSAL), *rows[:_ROWS])


def modal(form: Form, custom_id: str) -> dict[str, Any]:
    """The form as a Discord modal; `custom_id` identifies its command. At most five fields, required ones first."""
    return {"custom_id": custom_id, "title": _bare(form.title, _TITLE), "components": [*map(_field, shown(form))]}


def shown(form: Form) -> list[FormField]:
    """The fields that fit."""
    first = sorted(form.fields, key=lambda field: not field.param.required)[:_FIELDS]
    return [field for field in form.fields if field in first]


def prefilled(form: Form) -> list[FormField]:
    """The fields that show their current value, so that an empty one was emptied. A cut one would be saved as whole."""
    return [field for field in shown(form) if _fits(field)]


def _content(card: Card, today: date, *, short: bool = False) -> tuple[str, list[str]]:
    """The notification's line, and the lines under it, with the full head if the first line cut it."""
    lines = [layout.fit(row, _ROW, _say) for row in layout.rows(card, today, short=short)]
    first, content = _escape(layout.first_line(card)), _plain(layout.first_line(card), _CONTENT)
    return content, lines if content == first else [_plain(layout.head(card), _ROW), *lines]


def _body(card: Card, content: str, lines: list[str], *, may_repeat: bool = False) -> dict[str, Any]:
    foot = wording.cut(layout.foot(card, may_repeat=may_repeat), _FOOTER)
    room = _TOTAL - _MARKER - wording.size(foot)
    embeds: list[dict[str, Any]] = [
        {"description": text, "color": _COLOURS[card.mark]}
        for text in layout.pack(lines, limit=_DESCRIPTION, budget=room)
    ]
    if foot:
        embeds = embeds or [{"color": _COLOURS[card.mark]}]
        embeds[-1]["footer"] = {"text": foot}
    return _message_body(content, *layout.button_rows(card)) | {"embeds": embeds}


def _message_body(content: str, *rows: Sequence[Button]) -> dict[str, Any]:
    """The message's body. Empty lists are included, so an edit removes what was there.

    Discord would reject the whole message because of a button whose arguments are too long or that is there already.
    """
    components = []
    ids = set[str]()
    for row in rows:
        shown = []
        for button in row:
            try:
                id_ = incoming.encode(button.path, dict(button.args))
            except ValueError:
                continue
            if id_ not in ids:
                ids.add(id_)
                label = _bare(button.label, _LABEL)
                shown.append({"type": _BUTTON, "style": _STYLES[button.style], "label": label, "custom_id": id_})
        components += [{"type": _ROW_OF_BUTTONS, "components": shown}] if shown else []
    return {"content": content, "embeds": [], "components": components, "allowed_mentions": {"parse": []}}


def _field(field: FormField) -> dict[str, Any]:
    return {
        "type": _LABELLED,
        "label": _bare(field.label, _TITLE),
        "description": _bare(dotted(field.shown, field.param.help) if _fits(field) else _TOO_LONG, _HINT),
        "component": _select(field) or _input(field),
    }


def _select(field: FormField) -> dict[str, Any] | None:
    """A select menu or a file; None if Discord has no room for all the choices."""
    choices, needed = field.param.offered, field.param.required
    asked = {"custom_id": field.param.name, "required": needed, "min_values": int(needed)}
    if field.param.kind is Kind.FILE:
        return {"type": _FILE, **asked}
    if not 0 < len(choices) <= _OPTIONS or not all(0 < wording.size(choice.value) <= _HINT for choice in choices):
        return None
    options = [
        {"label": _bare(choice.label, _HINT), "value": choice.value, "default": choice.value == field.initial}
        for choice in choices
    ]
    return {"type": _SELECT, **asked, "options": options}


def _input(field: FormField) -> dict[str, Any]:
    param = field.param
    text = {
        "type": _INPUT,
        "custom_id": param.name,
        "style": 2 if param.kind is Kind.LONG else 1,
        "required": param.required and _fits(field),
        "max_length": _longest(param),
    }
    if field.initial and _fits(field):
        text["value"] = field.initial
    if allowed := ", ".join(choice.value for choice in param.offered):
        text["placeholder"] = _bare(allowed, _HINT)
    return text


def _longest(param: Param) -> int:
    return max(1, min(param.longest, _VALUE))


def _fits(field: FormField) -> bool:
    return wording.size(field.initial) <= _longest(field.param)


def _bare(text: str, limit: int) -> str:
    """Text for labels, where Discord parses no markup."""
    return wording.cut(wording.clean(text), limit) or "…"


def _say(span: layout.Span) -> str:
    text = _escape(span.text.translate(_ROUND) if span.url else span.text)
    if span.url and text:
        text = f"[{text}]({span.url.replace('(', '%28').replace(')', '%29')}){span.beside}"
    return f"**{text}**" if span.strong and text else text


def _plain(text: str, limit: int) -> str:
    return layout.fit((layout.Span(text),), limit, _say)


def _escape(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", text.replace("](", "] ("))


def tree(commands: Sequence[Command]) -> list[dict[str, Any]]:
    """The body of PUT /applications/{id}/commands: one command per group, with its verbs as subcommands.

    Not an `app_commands.CommandTree`: that reads Python function signatures, which a table does not have.
    """
    groups: dict[str, dict[str, Any]] = {}
    for command in commands:
        if command.hidden:
            continue
        params = [param for param in command.params if not in_form(param)]
        verb: dict[str, Any] = {
            "description": wording.cut(command.help, _HELP),
            # Discord requires required options first.
            "options": [_option(param) for param in sorted(params, key=lambda param: not param.required)],
        }
        group = {
            "name": command.group,
            "description": f"/{command.group} …",
            "contexts": [_IN_GUILD, _IN_DM],
            "integration_types": [_GUILD_INSTALL],
            "options": [],
        }
        if command.verb:
            verb |= {"type": _SUB_COMMAND, "name": command.verb}
            groups.setdefault(command.group, group)["options"].append(verb)
        else:
            groups[command.group] = group | verb
    return list(groups.values())


def in_form(param: Param) -> bool:
    """Whether the parameter is asked in a form: a file, or a required long text; an option is one narrow line."""
    return param.kind is Kind.FILE or (param.kind is Kind.LONG and param.required)


def _option(param: Param) -> dict[str, Any]:
    option = {"name": param.name, "description": wording.cut(param.help, _HELP), "required": param.required}
    if param.kind is Kind.YES_NO:
        return option | {"type": _BOOLEAN}
    if param.kind is Kind.NUMBER:
        option |= {"type": _INTEGER, "min_value": 0, "max_value": _LARGEST}
    else:
        option |= {"type": _STRING}
    if param.complete or len(param.choices) > _CHOICES:
        option["autocomplete"] = True
    elif param.choices:
        option["choices"] = [
            {
                "name": wording.cut(choice.label, _HELP),
                "value": int(choice.value) if param.kind is Kind.NUMBER else choice.value,
            }
            for choice in param.choices
        ]
    if param.kind in (Kind.TEXT, Kind.LONG) and "choices" not in option:
        option["max_length"] = min(param.longest, _OPTION_TEXT)
    return option

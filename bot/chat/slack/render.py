"""A card as a Slack message, an answer, a form and the app's home page. Pure.

Outside text is cut, then escaped (exactly `&`, `<`, `>`), so it contains no link, mention or command of Slack's;
`verbatim` stops Slack from making links of bare words. The only links are the card's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.chat import layout, wording
from bot.chat.layout import Span
from bot.chat.slack import incoming
from bot.commands.model import Choice, Command, Form, FormField, Kind, Param, Reply
from bot.shared.card import Button, Card

_HEADER = 150  # https://docs.slack.dev/reference/block-kit/blocks/header-block
_SECTION = 2_900  # Slack's limit is 3,000
_CONTEXT = 400
_ROW = 1_800
_TEXT = 3_000
# Undocumented: near 12,000 characters of blocks together Slack answers msg_blocks_too_long (slackapi/bolt-js#2509).
_ALL_BLOCKS = 9_800
_SECTION_FRAME = 100  # a section without its text, as JSON
_ALL_BUTTONS = 2_600  # the buttons' share of _ALL_BLOCKS in one message
_LABEL = 75  # of a button, and of a choice: https://docs.slack.dev/reference/block-kit/composition-objects
_TITLE = 24  # of a form and of its buttons: https://docs.slack.dev/surfaces/modals
_FIELD = 150  # a field's label and hint, of 2,000
_OPTIONS = 100
_VALUE = 150  # of a choice
_INPUT = 3_000
_FILE_NAME = 60
_REFUSAL = 1_500
_FIELDS = 90  # of 100 blocks
_TOO_LONG = "(The current text is too long to show here.)"


def message(
    card: Card, today: date, *, short: bool = False, may_repeat: bool = False, after: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """Arguments for chat.postMessage: `text` for notifications and screen readers, `blocks` for display.

    `today` is the reader's date, from which days are counted. `short`: Slack rejected the message as too long.
    `after`: blocks under the card.
    """
    lines = [layout.fit(row, _ROW, _say) for row in layout.rows(card, today, short=short)]
    text = layout.pack([_plain(layout.first_line(card), _ROW), *lines], limit=_TEXT, budget=_TEXT)[0]
    foot = _context(_plain(layout.foot(card, may_repeat=may_repeat), _CONTEXT))
    return _message_body(text, _blocks(card, lines, [*_actions(layout.button_rows(card)), *foot, *after]))


def reply(answer: Reply, today: date) -> dict[str, Any]:
    """The message of an answer, without its file; the sender decides who sees it."""
    where: list[dict[str, Any]] = []
    if answer.file and not answer.public:  # a file in a channel cannot be shown to one person alone
        name = wording.cut(wording.clean(answer.file.name), _FILE_NAME)
        where = _context(_plain(f"{name} is in your direct messages with the bot.", _CONTEXT))
    if answer.card:
        return message(answer.card, today, after=where)
    done = refusal("Here is your file." if answer.file else "Done.")
    return done | {"blocks": [*done["blocks"], *where]}


def refusal(what: str) -> dict[str, Any]:
    """The message of a refusal: why, and what to do next."""
    text = _plain(wording.clean(what), _REFUSAL) or "That could not be done."
    return _message_body(text, [_section(text)])


def modal(form: Form, back: incoming.Back, *, once: str = "") -> dict[str, Any]:
    """The form for views.open and views.update. `back`: where its answer goes; `once`: identifies this opening of the
    form.

    Raises `ValueError` if the form's data is too long for Slack.
    """
    return {
        "type": "modal",
        "callback_id": form.path,
        "private_metadata": incoming.dump_form_data(form.carried(prefilled(form)), back, once),
        # The command says more than the beginning of a sentence: "Mark an entry as…".
        "title": _text(form.title if len(form.title) <= _TITLE else f"/{form.path}", _TITLE),
        "submit": _text(form.submit, _TITLE),
        "close": _text("Cancel", _TITLE),
        "blocks": [*map(_field, form.fields[:_FIELDS])],
    }


def prefilled(form: Form) -> list[FormField]:
    """The fields that show their current value."""
    return [field for field in form.fields[:_FIELDS] if _fits(field)]


def chooser(group: str, commands: Sequence[Command], back: incoming.Back) -> dict[str, Any]:
    """A form that lists the commands of a group; the choice is in its field `CHOSEN`."""
    choices = tuple(Choice(command.path, f"{command.verb}: {command.help}") for command in commands)
    field = FormField(Param(incoming.CHOSEN, "", choices=choices), "What would you like to do?")
    lines = [_plain(wording.clean(f"{command.help}: {command.example}"), 200) for command in commands]
    typed = layout.pack(["Or type it:", *lines], limit=_ROW, budget=_ROW)[0]
    view = modal(Form(title=f"/{group}", path=incoming.CHOOSER, fields=(field,), submit="Continue"), back)
    return view | {"blocks": [*view["blocks"], *_context(typed)]}


def note(title: str, what: str) -> dict[str, Any]:
    """A window with only a text: that the work takes a moment, or that it is done."""
    text = _plain(wording.clean(what), _ROW)
    return {"type": "modal", "title": _text(title, _TITLE), "close": _text("Close", _TITLE), "blocks": [_section(text)]}


def again(
    view: Mapping[str, Any], filled: Mapping[str, str], notice: str, more: FormField | None = None
) -> dict[str, Any]:
    """A form that Slack returned, as filled in, with `notice` on top and the extra field `more` under it."""
    fields = [
        block | {"element": _refilled(block["element"], filled.get(block["block_id"], ""))}
        for block in view["blocks"]
        if block["type"] == "input"
    ]
    same = {name: view[name] for name in ("type", "callback_id", "private_metadata", "title", "submit", "close")}
    return same | {
        "blocks": [_section(_plain(wording.clean(notice), _ROW)), *([_field(more)] if more else []), *fields]
    }


def home(content: dict[str, Any]) -> dict[str, Any]:
    """The app's home page, from the result of `reply` or `refusal`."""
    return {"type": "home", "blocks": content["blocks"]}


def options(choices: Sequence[Choice]) -> list[dict[str, Any]]:
    """Choices as options; a value too long for Slack is left out."""
    fitting = [choice for choice in choices if 0 < wording.size(choice.value) <= _VALUE]
    return [_option(choice) for choice in fitting[:_OPTIONS]]


def _message_body(text: str, blocks: list[dict[str, Any]]) -> dict[str, Any]:
    return {"text": text, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def _blocks(card: Card, lines: list[str], under: list[dict[str, Any]]) -> list[dict[str, Any]]:
    head = layout.head(card)
    title = _plain(head, _HEADER)
    header: dict[str, Any] = {"type": "header", "text": {"type": "plain_text", "text": title}}
    if title != _escape(head):  # too long for a header
        header = _section(layout.fit((Span(head, strong=True),), _ROW, _say))
    over = _context(_plain(layout.kicker(card), _CONTEXT))
    room = _ALL_BLOCKS - _json_size([*over, header, *under]) - 8 * _SECTION_FRAME
    texts = layout.pack(lines, limit=_SECTION, budget=room, cost=lambda line: _json_size(line) - 2)
    return [*over, header, *(_section(text) for text in texts), *under]


def _actions(rows: Sequence[Sequence[Button]]) -> list[dict[str, Any]]:
    """A block for each row; a button that does not fit is left out."""
    blocks: list[dict[str, Any]] = []
    room = _ALL_BUTTONS
    for row in rows:
        shown = []
        for number, button in enumerate(row):
            try:
                coded = incoming.encode_button(button, number)
            except ValueError:  # its arguments are too long: Slack would reject the whole message because of it
                continue
            style = {} if button.style == "plain" else {"style": button.style}
            element = {"type": "button", "text": _text(button.label, _LABEL), **coded, **style}
            if _json_size(element) <= room:
                shown.append(element)
                room -= _json_size(element)
        blocks += [{"type": "actions", "elements": shown}] if shown else []
    return blocks


def _field(field: FormField) -> dict[str, Any]:
    """The field's block. The parameter's name is block id and action id: errors and values use it."""
    hint = " ".join(filter(None, (field.param.help, "" if _fits(field) else _TOO_LONG)))
    return {
        "type": "input",
        "block_id": field.param.name,
        "label": _text(field.label or field.param.name, _FIELD),
        "optional": not field.param.required,
        "element": {"action_id": field.param.name, **(_select(field) or _input(field))},
        **({"hint": _text(hint, _FIELD)} if hint else {}),
    }


def _select(field: FormField) -> dict[str, Any] | None:
    """A select menu or a file; None if Slack has no room for every choice and the current value.

    https://docs.slack.dev/reference/block-kit/block-elements/file-input-element
    """
    param = field.param
    if param.kind is Kind.FILE:
        return {"type": "file_input", "max_files": 1}
    offered = options(param.offered)
    if len(offered) < len(param.offered) or wording.size(field.initial) > _VALUE or param.kind is Kind.LONG:
        return None
    initial = next((choice for choice in param.offered if choice.value == field.initial), None)
    if param.complete and field.initial:
        initial = initial or Choice(field.initial, field.shown or field.initial)
    filled = {"initial_option": _option(initial)} if initial else {}
    if param.complete:
        return {"type": "external_select", "min_query_length": 0, **filled}
    return {"type": "static_select", "options": offered, **filled} if offered else None


def _input(field: FormField) -> dict[str, Any]:
    filled = {"initial_value": field.initial} if field.initial and _fits(field) else {}
    multiline = field.param.kind is Kind.LONG
    return {"type": "plain_text_input", "multiline": multiline, "max_length": _longest(field.param), **filled}


def _longest(param: Param) -> int:
    return max(1, min(param.longest, _INPUT))


def _fits(field: FormField) -> bool:
    """Whether the current value fits: a cut value would be saved as the whole."""
    return wording.size(field.initial) <= _longest(field.param)


def _refilled(element: Mapping[str, Any], text: str) -> dict[str, Any]:
    bare = {name: value for name, value in element.items() if not name.startswith("initial_")}
    if element["type"] == "plain_text_input":
        return bare | ({"initial_value": text} if text else {})
    options = {option["value"]: option for option in element.get("options", ())}
    if element["type"] == "external_select" and text:
        options = {text: _option(Choice(text, text))}
    return bare | ({"initial_option": options[text]} if text in options else {})


def _option(choice: Choice) -> dict[str, Any]:
    return {"text": _text(choice.label or choice.value, _LABEL), "value": choice.value}


def _text(text: str, limit: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": _plain(wording.clean(text), limit) or "…"}


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": _mrkdwn(text), "expand": True}


def _context(text: str) -> list[dict[str, Any]]:
    return [{"type": "context", "elements": [_mrkdwn(text)]}] if text else []


def _mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _say(span: Span) -> str:
    text = _escape(span.text)
    if span.url and text:
        text = f"<{_escape(span.url)}|{text}>{span.beside}"
    return f"*{text}*" if span.strong and text else text


def _plain(text: str, limit: int) -> str:
    return layout.fit((Span(text),), limit, _say)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _json_size(value: object) -> int:
    return len(json.dumps(value))

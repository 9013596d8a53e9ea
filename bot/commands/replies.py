"""Build a command's answer. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.commands.model import File, Reply
from bot.shared.card import Button, Card, Line, Mark, Section

LINES: Final = 9  # under the head: an answer is ten lines


def answer(
    head: str,
    *lines: str | Line,
    mark: Mark = Mark.ANSWER,
    sections: Sequence[Section] = (),
    line_buttons: Sequence[Button] = (),
    buttons: Sequence[Button] = (),
    foot: str = "",
    replaces: bool = False,
) -> Reply:
    """Return an answer as a card. Empty lines are left out."""
    card = Card(
        mark=mark,
        head=head,
        lines=tuple(line if isinstance(line, Line) else Line(line) for line in lines if line),
        sections=tuple(sections),
        line_buttons=tuple(line_buttons),
        buttons=tuple(buttons),
        foot=foot,
    )
    return Reply(card=card, replaces=replaces)


def long_answer(
    head: str,
    lines: Sequence[str | Line],
    file: str,
    *,
    mark: Mark = Mark.ANSWER,
    buttons: Sequence[Button] = (),
    foot: str = "",
) -> Reply:
    """Return an answer of at most ten lines, with all of them in a file of that name if there are more."""
    more = len(lines) - LINES
    shown = (*lines[: LINES - 1], f"and {more + 1} more, in the file") if more > 0 else lines
    reply = answer(head, *shown, mark=mark, buttons=buttons, foot=foot)
    texts = (line if isinstance(line, str) else line.text for line in lines)
    text = "\n".join((head, *texts, *filter(None, (foot,)), ""))
    return replace(reply, file=File(file, "text/plain", text.encode())) if more > 0 else reply

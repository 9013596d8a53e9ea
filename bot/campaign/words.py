"""How this room's answers are put together. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.card import Button, Card, Line, Mark
from bot.command import Desk, File, Reply

LINES: Final = 9  # under the head: an answer is ten lines


def answer(head: str, *lines: str | Line, buttons: Sequence[Button] = (), foot: str = "") -> Reply:
    said = tuple(line if isinstance(line, Line) else Line(line) for line in lines)
    return Reply(card=Card(mark=Mark.ANSWER, head=head, lines=said, buttons=tuple(buttons), foot=foot))


def long_answer(head: str, lines: Sequence[str], *, file: str, buttons: Sequence[Button] = ()) -> Reply:
    """At most ten lines in the message; where there are more, the whole comes as a file beside it."""
    if len(lines) <= LINES:
        return answer(head, *lines, buttons=buttons)
    rest = len(lines) - LINES + 1
    short = answer(head, *lines[: LINES - 1], f"and {rest} more lines, in the file", buttons=buttons)
    text = "\n".join((head, *lines, ""))
    return replace(short, file=File(file, "text/plain", text.encode()))


def only_theirs(desk: Desk, *buttons: Button) -> list[Button]:
    """The buttons that the asker may press."""
    paths = {command.path for command in desk.commands}
    return [button for button in buttons if button.path in paths]

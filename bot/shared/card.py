"""Card: a platform-neutral message. Rooms build cards; each platform's renderer formats them.

Every string in a card is plain text, never markup: renderers escape it, cut it to the platform's limits and add
the formatting. Dates stay dates until the card is rendered, so a card that waited overnight
still counts its days correctly.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self


class Mark(StrEnum):
    """The kind of a message. Its emoji always has a word next to it (screen readers, color-blind readers)."""

    ALERT = "alert"
    FILING = "filing"
    BILL = "bill"
    HEARING = "hearing"
    NEWS = "news"
    DIGEST = "digest"
    HELLO = "hello"
    HEALTH = "health"
    LETTER = "letter"
    SIGN_ON = "sign-on"
    DEADLINE = "deadline"
    ANSWER = "answer"  # to a command


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline: rendered "Comments close Mon Jan 25, 2027 by 5:00 p.m. ET (in 39 business days)".

    `detail` follows the day: the hour, and the source of the day.
    """

    label: str
    on: date
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; with a link the text itself is the link's label."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """`numbered`: its lines begin with their numbers, which the card's `line_buttons` name; they get no bullets.

    `language`: of its title and lines, "" for English.
    """

    title: str
    lines: tuple[Line, ...] = ()
    numbered: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A press makes a call of the command `path` ("alerts why") with `args` (pairs of name and value)."""

    label: str
    path: str
    args: tuple[tuple[str, str], ...] = ()
    style: str = "plain"  # "plain" | "primary" | "danger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A step of a letter as a webhook gets it instead of the card; `docs/connect.md` describes every field.

    Nothing that members may not read is put in here: `title` is None until they may read the letter.
    """

    type: str  # "letter.signed"
    at: datetime  # UTC
    id: str  # "L-014"
    title: str | None
    state: str
    organizations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One message: head, reason, dates, links, foot, in that order on every platform.

    `head` alone must make sense in a phone's notification. `sections` are for digests and grouped messages.
    """

    mark: Mark
    head: str
    badge: str = ""  # "Ask 4"
    byline: str = ""  # agency · type · published …
    lines: tuple[Line, ...] = ()
    why: tuple[str, ...] = ()
    dues: tuple[Due, ...] = ()
    links: tuple[Link, ...] = ()
    sections: tuple[Section, ...] = ()
    updated: str = ""  # "Updated Mon Jan 4, 2027: …", on a posted message that was corrected in place
    foot: str = ""
    line_buttons: tuple[Button, ...] = ()  # about single lines, above `buttons`; at most sixteen are shown
    buttons: tuple[Button, ...] = ()  # at most four are shown
    enclosed: tuple[Section, ...] = ()  # what a button opens in a chat, such as a letter's text; mail shows it
    event: Event | None = None  # what a webhook gets in place of everything else
    pinned: bool = False  # kept at the top of its channel, where the platform can do that

    @classmethod
    def of(cls, mark: Mark, head: str, *lines: str | Line, **parts: Any) -> Self:
        """A card with these lines, but for empty ones. `parts`: its other fields."""
        shown = tuple(line if isinstance(line, Line) else Line(line) for line in lines if line)
        return cls(mark=mark, head=head, lines=shown, **parts)

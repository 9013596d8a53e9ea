"""The layout of a message, the same on every platform: head, reason, dates, links, sections, foot. Pure.

A card becomes rows of spans with clean, final text; a platform only adds markup and applies its limits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from bot.chat import wording
from bot.shared.card import Button, Card, Line, Section
from bot.shared.language import gettext
from bot.shared.wording import dotted

_SENTENCE = 500  # most characters of one line or reason: a message is read between two meetings
_BRIEF = 60  # the longest line on the same row as its title
MORE = "… and {} more, not shown here"
_BUTTONS = 4  # in a row
_ROWS_OF_LINES = 4  # of buttons about single lines: Discord shows five rows, and the last is the card's
_LABEL = 80  # with less room for its label than this, a link drops its host


@dataclass(frozen=True, slots=True)
class Span:
    """Clean text; `url` is safe or empty; `beside` is the link's host if the label looks like another host."""

    text: str
    url: str = ""
    beside: str = ""
    strong: bool = False


Row = tuple[Span, ...]
Say = Callable[[Span], str]  # how a platform escapes and formats one span


def kicker(card: Card) -> str:
    """The line above the head: "🔔 Alert · Ask 4"."""
    sign, word = wording.SIGNS[card.mark]
    return dotted(sign and f"{sign} {gettext(word)}", wording.clean(card.badge))


def head(card: Card) -> str:
    return sentence(card.head) or "(without a title)"


def first_line(card: Card) -> str:
    """The first line, which a phone's notification shows alone."""
    sign, word = wording.SIGNS[card.mark]
    return dotted(sign and f"{sign} {gettext(word)}", head(card), wording.clean(card.badge))


def foot(card: Card, *, may_repeat: bool) -> str:
    small = dotted(sentence(card.updated), sentence(card.foot))
    return " ".join(filter(None, (small, gettext(wording.MAY_REPEAT) if may_repeat else "")))


def rows(card: Card, today: date, *, short: bool = False) -> list[Row]:
    """The rows under the head; an empty row separates two paragraphs.

    `short` keeps only the author, the binding dates and the links: the platform rejected the message as too long.
    """
    body: list[Row] = [(Span(sentence(card.byline)),)]
    body += [] if short else [*(line_row(line) for line in card.lines), *reason_rows(card.why)]
    body += [due_row(*wording.due(due, today)) for due in card.dues]
    if card.links:
        links = [line_row(Line(link.label, link.url)) for link in card.links]
        body.append(tuple(span for row in links for span in (Span(" · "), *row))[1:])
    if short:
        body.append((Span("Shortened: the full text was too long to post."),))
    body = [row for row in body if any(span.text for span in row)]
    for paragraph in () if short else _paragraphs(card.sections):
        body += [(), *paragraph] if body else paragraph
    return body


def button_rows(card: Card) -> list[tuple[Button, ...]]:
    """The rows of buttons: those about single lines, two lines in a row, then the card's."""
    starts = range(0, len(card.line_buttons), _BUTTONS)
    rows = [card.line_buttons[start : start + _BUTTONS] for start in starts][:_ROWS_OF_LINES]
    return [row for row in (*rows, card.buttons[:_BUTTONS]) if row]


def sentence(text: str) -> str:
    return wording.cut(wording.clean(text), _SENTENCE)


def line_row(line: Line) -> Row:
    url = wording.safe_url(line.url)
    text = sentence(line.text) or wording.host(url)
    host = wording.host_to_show(text, url) if url else ""
    return (Span(text, url, host and f" ({host})"),)


def reason_rows(why: tuple[str, ...]) -> list[Row]:
    """The best reason, which is the first; [Why] and [Details] give the others."""
    return [(Span("Why:", strong=True), Span(f" {sentence(reason)}")) for reason in why[:1]]


def due_row(what: str, distance: str) -> Row:
    sign = "" if distance.endswith("ago") else "⏳ "
    return (Span(sign), Span(what, strong=True), Span(f" ({distance})"))


def _paragraphs(sections: tuple[Section, ...]) -> list[list[Row]]:
    """The sections as paragraphs; neighbors of one row each share a paragraph."""
    paragraphs: list[list[Row]] = []
    open_for_more = False
    for paragraph in filter(None, map(_section, sections)):
        if open_for_more and len(paragraph) == 1:
            paragraphs[-1] += paragraph
        else:
            paragraphs.append(paragraph)
        open_for_more = len(paragraph) == 1
    return paragraphs


def _section(section: Section) -> list[Row]:
    """The title and its lines; a single short line such as "nothing new" is on the title's row."""
    title = sentence(section.title)
    over: Row = (Span(title, strong=True),) if title else ()
    lines = [line_row(line) for line in section.lines]
    if len(lines) == 1 and not lines[0][0].url and len(lines[0][0].text) <= _BRIEF:
        return [(*over, Span(": "), *lines[0]) if over else lines[0]]
    bullet = () if section.numbered else (Span("• "),)
    return [*filter(None, (over,)), *((*bullet, *line) for line in lines)]


def fit(row: Row, limit: int, say: Say) -> str:
    """One row with the platform's markup, within `limit`: text is cut before it is escaped, never after."""
    text = ""
    for span in row:
        room = limit - wording.size(text)
        piece = say(span)
        text += piece if wording.size(piece) <= room else say(_shortened(span, room, say))
    return text


def _shortened(span: Span, room: int, say: Say) -> Span:
    def bare(text: str) -> int:
        return wording.size(say(Span(text)))

    def frame(of: Span) -> int:
        return wording.size(say(replace(of, text="x"))) - bare("x")

    if span.url and room - frame(span) < _LABEL:
        span = replace(span, url="", beside="")
    return replace(span, text=wording.cut(span.text, room - frame(span), bare))


def pack(lines: list[str], *, limit: int, budget: int, cost: Callable[[str], int] = wording.size) -> list[str]:
    """Pack lines into texts of at most `limit` each and `budget` together; lines that do not fit are counted.

    No line may be longer than `limit`, nor the note with the count.
    """
    fitting: list[str] = []
    spent = cost(MORE.format(9999))
    for line in lines:
        spent += cost(line) + cost("\n")
        if spent > budget:
            break
        fitting.append(line)
    if left := sum(1 for line in lines[len(fitting) :] if line):
        fitting.append(MORE.format(left))
    texts = [""]
    for line in fitting:
        joined = f"{texts[-1]}\n{line}".lstrip("\n")
        texts = [*texts[:-1], joined] if wording.size(joined) <= limit else [*texts, line]
    return [text.rstrip("\n") for text in texts if text]

"""A card as a mail: a subject, complete text, and HTML of the same rows. Pure.

Nothing in it loads from anywhere: pictures come along. Each address is the one it shows. The rows are those of the
other platforms, so outside text has been cleaned before it is escaped here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby
from typing import Final

from bot.chat import layout, wording
from bot.chat.layout import Row, Span
from bot.shared.card import Button, Card
from bot.shared.wording import dotted

# Gmail cuts a message at 102 kB. In the worst case each character becomes nine of quoted-printable, in both parts.
BUDGETS: Final = (40_000, 16_000, 4_000)
_SUBJECT: Final = 150  # characters; RFC 5322 folds longer ones, and phones show about 40
_BULLET: Final = "• "
_STYLE: Final = "font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:0 auto;padding:1em"
_WIDE: Final = 'width=600 style="max-width:100%;height:auto"'  # of a picture; Outlook looks at the attribute alone
_FOOT_STYLE: Final = "font-size:14px;border-top:1px solid;margin-top:2em;padding-top:1em"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A rendered card. `text` has everything that `html` has."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every mail says besides its card. `why`: why the reader gets it.

    `stop` and `confirm`: the addresses of pages that unsubscribe or confirm the address, if there are any. `press`
    returns the address of the page where the reader can press a button; None without a web board. `pictures`: the text
    of each, and the address of the part of the mail that has it (`cid:…`, RFC 2392).
    """

    why: str = ""
    stop: str = ""
    confirm: str = ""
    press: Callable[[Button], str] | None = None
    pictures: Sequence[Span] = ()


def message(card: Card, today: date, frame: Frame, *, may_repeat: bool = False, budget: int = BUDGETS[0]) -> Written:
    """Render a card; `today` is the reader's date. Lines beyond `budget` characters are counted, not shown."""
    rows = _within(list(_rows(card, today, frame)), budget)
    foot = [line for line in (layout.foot(card, may_repeat=may_repeat), frame.why) if line]
    repeat = f" {wording.MAY_REPEAT}" if may_repeat else ""
    return Written(
        subject=wording.cut(dotted(layout.head(card), wording.clean(card.badge)), _SUBJECT) + repeat,
        text=_text(layout.first_line(card), rows, foot, frame.stop),
        html=_html(layout.kicker(card), layout.head(card), rows, foot, frame.stop),
    )


def _rows(card: Card, today: date, frame: Frame) -> Iterator[Row]:
    """What the mail is for, as a link to its page; the card, with what it encloses; and links to its other buttons.

    Opening a link presses nothing.
    """
    main = next((button for button in card.buttons if button.style == "primary"), None)
    if frame.confirm:
        yield (Span("Confirm this address", frame.confirm, strong=True),)
        yield ()
    elif main and frame.press:
        yield (Span(wording.clean(main.label), frame.press(main), strong=True),)
        yield ()
    yield from layout.rows(card, today)
    yield from _enclosed_rows(card)
    others = {button.label: button for button in (*card.line_buttons, *card.buttons) if button != main}
    if frame.press and others:
        yield ()
        yield (Span("On the board", strong=True),)
        for label, button in others.items():
            yield (Span(_BULLET), Span(wording.clean(label), frame.press(button)))
    for picture in frame.pictures:
        yield from ((), (picture,))


def _enclosed_rows(card: Card) -> Iterator[Row]:
    """A text in full: a paragraph per line, and items as a list."""
    for section in card.enclosed:
        yield ()
        yield (Span(layout.sentence(section.title), strong=True),)
        is_item = False
        for text in (wording.clean(line.text) for line in section.lines):
            if not (is_item and text.startswith(_BULLET)):
                yield ()
            is_item = text.startswith(_BULLET)
            yield (Span(_BULLET), Span(text.removeprefix(_BULLET))) if is_item else (Span(text),)


def _within(rows: Sequence[Row], budget: int) -> list[Row]:
    fitting: list[Row] = []
    spent = 0
    for number, row in enumerate(rows):
        spent += sum(wording.size(span.text) + wording.size(span.url) for span in row) + 1
        if spent > budget:
            return [*fitting, (), (Span(f"… and {len(rows) - number} more lines, not shown here"),)]
        fitting.append(row)
    return fitting


def _text(head: str, rows: Iterable[Row], foot: Iterable[str], stop: str) -> str:
    def shown(span: Span) -> str:
        url = f" <{span.url}>" if span.url and span.url != span.text and not span.url.startswith("cid:") else ""
        return f"{span.text}{span.beside}{url}"

    lines = [head, "", *("".join(map(shown, row)) for row in rows), "", "-- ", *foot]
    return "\n".join([*lines, *([f"Unsubscribe: {stop}"] if stop else [])]) + "\n"


def _html(kicker: str, head: str, rows: Iterable[Row], foot: Iterable[str], stop: str) -> str:
    body = [f"<p>{escape(kicker)}</p>"] if kicker else []
    body.append(f"<h1 style='font-size:1.25em'>{escape(head)}</h1>")
    body += _blocks(rows)
    last = "<br>".join([*map(escape, foot), *([_link(Span("Unsubscribe", stop))] if stop else [])])
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(head)}</title>"
        f"<body style='{_STYLE}'>{''.join(body)}<p style='{_FOOT_STYLE}'>{last}</p></body></html>\n"
    )


def _blocks(rows: Iterable[Row]) -> Iterator[str]:
    """Bullets become lists, a line in bold alone a heading, other lines a paragraph up to the next empty one."""
    for kind, group in groupby(rows, _kind):
        match kind:
            case "li":
                yield f"<ul>{''.join(f'<li>{_spans(row[1:])}</li>' for row in group)}</ul>"
            case "h2":
                yield "".join(f"<h2 style='font-size:1.1em'>{_spans(row)}</h2>" for row in group)
            case "p":
                yield f"<p>{'<br>'.join(map(_spans, group))}</p>"


def _kind(row: Row) -> str:
    if not row:
        return ""
    if row[0].text == _BULLET:
        return "li"
    return "h2" if len(row) == 1 and row[0].strong and not row[0].url else "p"


def _spans(row: Sequence[Span]) -> str:
    return "".join(map(_span, row))


def _span(span: Span) -> str:
    text = _link(span) if span.url else escape(span.text)
    return f"<strong>{text}</strong>" if span.strong else text


def _link(span: Span) -> str:
    if span.url.startswith("cid:"):
        return f'<img src="{escape(span.url)}" alt="{escape(span.text)}" {_WIDE}>'
    return f'<a href="{escape(span.url)}">{escape(span.text)}</a>{escape(span.beside)}'

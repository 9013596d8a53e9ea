"""A delivery as an Internet message (RFC 5322): a subject, complete text, and HTML of the same rows. Pure.

The Message-ID comes from the delivery's key, so a repeat is the same message for a reader who has it. The envelope's
sender has a signature of the delivery in it (VERP), so that only a report on a mail of ours is believed. Nothing in a
mail loads from anywhere: pictures come along. Each address is the one it shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr
from functools import cache
from html import escape
from itertools import groupby
from typing import Final

from bot.chat import layout, wording
from bot.chat.layout import Row, Span
from bot.chat.links import VALID, Signer
from bot.commands.model import File
from bot.outbox.model import NOTICE, OFFICE, OUTSIDE, TO_CONFIRM, Channel, Outgoing
from bot.shared.card import Button, Card
from bot.shared.language import current, gettext, ngettext, ngettext_noop, query, speaking
from bot.shared.mail_address import domain_of, tagged
from bot.shared.wording import dotted

LARGEST: Final = 100_000  # bytes of both texts; Gmail cuts at 102 kB
# In the worst case each character becomes nine of quoted-printable, in both texts.
_BUDGETS: Final = (40_000, 16_000, 4_000)
_NAME: Final = 80  # characters of a person's name in a header
_SUBJECT: Final = 200  # characters of a letter's
_CARD_SUBJECT: Final = 150  # characters; RFC 5322 folds longer ones, and phones show about 40
_SPECIALS: Final = re.compile(r'[()<>\[\]:;@\\,"]')  # that a name in an address must quote (RFC 5322)
# Tags of our address: reports that mail did not arrive, with a signature, and requests to unsubscribe.
BOUNCE, STOP = "b-", "u"
STOP_WITHIN: Final = timedelta(days=90)  # the law asks for 30 (CAN-SPAM, 15 U.S.C. 7704)
CONFIRM_WITHIN: Final = timedelta(days=1)
_BULLET: Final = "• "
_STYLE: Final = "font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:0 auto;padding:1em"
_WIDE: Final = 'width=600 style="max-width:100%;height:auto"'  # of a picture; Outlook looks at the attribute alone
_FOOT_STYLE: Final = "font-size:14px;border-top:1px solid;margin-top:2em;padding-top:1em"


class _Headers(HeaderRegistry):
    """Makes the class of a header once: the library does for each, 95 kB a mail that only collecting cycles frees."""

    __getitem__ = cache(HeaderRegistry.__getitem__)


class _Ids(BaseHeader):
    """Ids and addresses in brackets: Python encodes long ones as if they were words, which no mail program reads."""

    max_count = 1
    parse = staticmethod(UnstructuredHeader.parse)

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}".replace(", ", f",{policy.linesep} ")


_HEADERS: Final = _Headers()
for _name in ("list-unsubscribe", "list-id", "in-reply-to", "references"):
    _HEADERS.map_to_type(_name, _Ids)
_POLICY: Final = SMTP.clone(header_factory=_HEADERS)


@dataclass(frozen=True, slots=True)
class Mail:
    """A message, its envelope, and its Message-ID."""

    sender: str
    recipient: str
    id: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Originator:
    """Who mail comes from (RFC 5322, 3.6.2): MAIL_FROM. `reads`: its mailbox is read; `web`: the board, or ""."""

    mail_from: str
    reads: bool = False
    web: str = ""

    @property
    def name(self) -> str:
        return parseaddr(self.mail_from)[0]

    @property
    def address(self) -> str:
        return parseaddr(self.mail_from)[1]


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


def compose(outgoing: Outgoing, originator: Originator, today: date, now: datetime) -> Mail:
    """Return the mail of a delivery to a person or, as a letter, to an office."""
    with speaking(outgoing.channel.language):
        return _compose(outgoing, originator, today, now)


def _compose(outgoing: Outgoing, originator: Originator, today: date, now: datetime) -> Mail:
    channel = outgoing.channel
    is_letter = channel.name.startswith(OFFICE)
    message = EmailMessage(policy=_POLICY)
    message["From"] = _address(originator.name, originator.address)
    message["To"] = _address("" if is_letter else channel.person, channel.address)
    if channel.reply_to:
        message["Reply-To"] = _address(originator.name, channel.reply_to)
    message["Date"] = format_datetime(now)
    # The same at every attempt.
    message["Message-ID"] = id_ = f"<{outgoing.mark}@{domain_of(originator.address)}>"
    if is_letter:  # its first file is the text, the others are attached; it is no list mail
        text, *attached = outgoing.files
        repeat = f" {wording.MAY_REPEAT}" if outgoing.may_repeat else ""
        message["Subject"] = _words(wording.clean(outgoing.card.head))[:_SUBJECT] + repeat
        message.set_content(text.data.decode(), cte="quoted-printable")
        _attach(message, attached)
    else:
        _add_list_headers(message, outgoing, originator, now)
        _add_texts(message, outgoing, _frame(originator, channel, now), today)
        _attach(message, outgoing.files)
    sender = originator.address
    if channel.keyring and originator.reads:
        sender = tagged(sender, f"{BOUNCE}{channel.keyring.sign('bounce', outgoing.mark)}")
    return Mail(sender, channel.address, id_, _as_bytes(message))


def _add_list_headers(message: EmailMessage, outgoing: Outgoing, originator: Originator, now: datetime) -> None:
    if outgoing.reply_to:
        message["In-Reply-To"] = message["References"] = outgoing.reply_to
    message["Auto-Submitted"] = "auto-generated"
    message["Precedence"] = "list"
    message["X-Auto-Response-Suppress"] = "All"
    message["List-Id"] = f"<coalition-bot.{domain_of(originator.address)}>"
    if outgoing.channel.name.startswith((TO_CONFIRM, OUTSIDE, NOTICE)):
        return
    token = _stop_token(outgoing.channel, now)
    page = _page(originator, "stop", token)
    ways = [f"<{page}>"] if page else []
    ways += [f"<mailto:{tagged(originator.address, STOP)}?subject={token}>"] if originator.reads and token else []
    if ways:
        message["List-Unsubscribe"] = ", ".join(ways)
    if page:
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058


def _address(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    # Python 3.11.7 drops the quotation marks of a long name, and a comma then begins another address
    # (https://github.com/python/cpython/issues/80222).
    plain = _SPECIALS.sub(" ", wording.clean(name))
    return Address(_words(wording.cut(" ".join(plain.split()), _NAME)), local, domain)


def _words(text: str) -> str:
    """Return clean text for a header.

    Python 3.11.7 decodes an encoded word in a text, line breaks included, and writes what follows as another header
    (https://github.com/python/cpython/issues/121650).
    """
    return text.replace("=?", "= ?")


def _stop_token(channel: Channel, now: datetime) -> str:
    return channel.keyring.token("stop", channel.token, now + STOP_WITHIN) if channel.keyring else ""


def _page(originator: Originator, name: str, token: str) -> str:
    """The address of a page that stops mail or confirms an address, by a pressed button."""
    return f"{originator.web}/mail/{name}/{token}{query()}" if originator.web and token else ""


def _frame(originator: Originator, channel: Channel, now: datetime) -> Frame:
    keyring = channel.keyring
    if channel.name.startswith(TO_CONFIRM):
        why = gettext("If you did not expect this email, do nothing: nothing more is sent.")
        token = keyring.token("confirm", channel.token, now + CONFIRM_WITHIN) if keyring else ""
        return Frame(why=why, confirm=_page(originator, "confirm", token))
    if channel.name.startswith((OUTSIDE, NOTICE)):
        return Frame(why=gettext("If you did not expect this email, do nothing."))
    name = originator.name or gettext("The coalition")
    why = gettext("%(name)s emails you this because you confirmed this address.", name=name) + " "
    if channel.reply_to:
        why += gettext("Replies go to %(address)s.", address=channel.reply_to) + " "
    if stop := _page(originator, "stop", _stop_token(channel, now)):
        frame = Frame(why=why + gettext("To stop it, use the link below."), stop=stop)
        if keyring is None or channel.unproven:
            return frame
        person = channel.name.partition(":")[2]  # of the coalition, who may press buttons
        signer = Signer(keyring, originator.web, person, now + VALID, mailbox=channel.token)
        return replace(frame, press=signer.url)
    return Frame(why=why + "To stop it, use /campaign mail in your chat, or ask an administrator.")


def _add_texts(message: EmailMessage, outgoing: Outgoing, frame: Frame, today: date) -> None:
    alts = [(f"cid:{n}.{message['Message-ID'][1:-1]}", file.alt) for n, file in enumerate(outgoing.files) if file.alt]
    frame = replace(frame, pictures=[Span(wording.clean(alt), url) for url, alt in alts])
    for budget in _BUDGETS:
        subject, text, html = written(outgoing.card, today, frame, may_repeat=outgoing.may_repeat, budget=budget)
        message.clear_content()
        message.set_content(text, cte="quoted-printable")
        message.add_alternative(html, subtype="html", cte="quoted-printable")
        if len(_as_bytes(message)) < LARGEST:
            break
    message["Subject"] = _words(subject)


def _attach(message: EmailMessage, files: Sequence[File]) -> None:
    """Attach files; pictures with a text go with the HTML, which shows them."""
    page = message.get_body(("html",))
    for n, file in enumerate(files):
        main, _, sub = file.media_type.partition("/")
        name = _words(wording.file_name(file.name))
        if file.alt and page:
            cid = f"<{n}.{message['Message-ID'][1:]}"
            page.add_related(file.data, main, sub, cid=cid, filename=name, disposition="inline")
            continue
        message.add_attachment(file.data, maintype=main or "application", subtype=sub or "octet-stream", filename=name)


def _as_bytes(message: EmailMessage) -> bytes:
    """Return the message with boundaries that no body can contain (RFC 2045, 6.7): all are quoted-printable or base64.

    Python would invent each boundary, and compile and cache a regular expression to look for it.
    """
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{number}")
    return message.as_bytes()


# --- the texts ------------------------------------------------------------------------------------------------------


def written(
    card: Card, today: date, frame: Frame, *, may_repeat: bool = False, budget: int = _BUDGETS[0]
) -> tuple[str, str, str]:
    """A card's subject, text and HTML. `today`: the reader's; lines beyond `budget` characters are only counted."""
    rows = _within(list(_rows(card, today, frame)), budget)
    foot = [line for line in (layout.foot(card, may_repeat=may_repeat), frame.why) if line]
    subject = wording.cut(dotted(layout.head(card), wording.clean(card.badge)), _CARD_SUBJECT)
    return (
        f"{subject} {gettext(wording.MAY_REPEAT)}" if may_repeat else subject,
        _text(layout.first_line(card), rows, foot, frame.stop),
        _html(layout.kicker(card), layout.head(card), rows, foot, frame.stop),
    )


def _rows(card: Card, today: date, frame: Frame) -> Iterator[Row]:
    """A link to what the mail is for; the card, with what it encloses; links to other buttons, which press nothing."""
    main = next((button for button in card.buttons if button.style == "primary"), None)
    if frame.confirm:
        yield (Span(gettext("Confirm this address"), frame.confirm, strong=True),)
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
            one, many = ngettext_noop(
                "… and %(num)s more line, not shown here", "… and %(num)s more lines, not shown here"
            )
            return [*fitting, (), (Span(ngettext(one, many, len(rows) - number)),)]
        fitting.append(row)
    return fitting


def _text(head: str, rows: Iterable[Row], foot: Iterable[str], stop: str) -> str:
    def shown(span: Span) -> str:
        url = f" <{span.url}>" if span.url and span.url != span.text and not span.url.startswith("cid:") else ""
        return f"{span.text}{span.beside}{url}"

    lines = [head, "", *("".join(map(shown, row)) for row in rows), "", "-- ", *foot]
    return "\n".join([*lines, *([gettext("Unsubscribe") + f": {stop}"] if stop else [])]) + "\n"


def _html(kicker: str, head: str, rows: Iterable[Row], foot: Iterable[str], stop: str) -> str:
    body = [f"<p>{escape(kicker)}</p>"] if kicker else []
    body.append(f"<h1 style='font-size:1.25em'>{escape(head)}</h1>")
    body += _blocks(rows)
    last = "<br>".join([*map(escape, foot), *([_link(Span(gettext("Unsubscribe"), stop))] if stop else [])])
    return (
        f"<!doctype html><html lang={current()}><meta charset=utf-8><title>{escape(head)}</title>"
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
    texts = ((_link(span) if span.url else escape(span.text), span.strong) for span in row)
    return "".join(f"<strong>{text}</strong>" if strong else text for text, strong in texts)


def _link(span: Span) -> str:
    if span.url.startswith("cid:"):
        return f'<img src="{escape(span.url)}" alt="{escape(span.text)}" {_WIDE}>'
    return f'<a href="{escape(span.url)}">{escape(span.text)}</a>{escape(span.beside)}'

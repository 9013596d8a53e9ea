"""The child process that proves a mail and finds what it announces; `source.py` starts it.

Nothing of a mail is read that is not proven: not its parts, not its HTML.

Two shapes are common. A digest lists releases, each a linked title, often with a date, and a summary. A single release
is all of the mail; links in its sentences are citations and no items.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import getaddresses
from typing import Any, Final

from bot.shared import isolation
from bot.shared.mail_address import has_many_parts, parse_mail
from bot.shared.plain_text import cut, read_date
from bot.sources.feeds.parse import SUMMARY, TITLE
from bot.sources.mail import proof
from bot.sources.mail.reading import Line, decoded, is_bulletin, is_opaque, is_page, lines_of

_MOST: Final = 100  # items
# Lines that every bulletin of a mailer has. They may name the subscriber. Most count only where a sentence begins: a
# headline may say "review in Geneva" or "follow USDA guidelines".
_BOILERPLATE: Final = re.compile(
    r"\b(?:you are subscribed to|this (?:service|email|message) (?:is|was) (?:provided|sent)|all rights reserved"
    r"|(?:view|see|read|open) (?:this|it|the) .{0,30}(?:browser|online|web ?page)|you (?:can|may) .{0,20}unsubscribe"
    r"|(?:administr|cancel|anul)\w* .{0,20}suscripci|est[aá] suscrito|este correo)|©|^_{20,}$"
    r"|(?:^|[.?!|·•]\s)\W*(?:gov ?del(?:ivery)? header|having trouble|view (?:it )?(?:in|as) |bookmark and share"
    r"|share this\b|(?:(?:click here|please|if you (?:wish|want|would like)) )?(?:to )?(?:un)?subscribe\b"
    r"|(?:manage|update) (?:your )?(?:subscri|prefer|profile)"
    r"|delete (?:your )?profile|(?:stay|keep) (?:connected|in touch)|(?:follow|contact) us\b"
    r"|forward (?:this|to a friend)|privacy (?:policy|act)\W*(?:$|\|)|subscriber services|ver (?:este|en)\b|síganos)",
    re.IGNORECASE,
)
_FOOT: Final = re.compile(
    r"this email was sent to|este correo .{0,30}envi|subscriber services|our mailing address is"
    r"|no longer wish to receive|\b(?:update|manage) (?:your )?(?:subscri|prefer)"
    r"|\b(?:administr|cancel)\w* .{0,20}suscripci",
    re.IGNORECASE,
)
_IN_BROWSER: Final = re.compile(r"browser|online|web ?page|navegador|en línea", re.IGNORECASE)
# A link's text that says what to do and not what there is. What begins so may be a headline: "Get Ready for Heat".
_CALL: Final = re.compile(
    r"https?://|(?:please )?(?:click|read|learn|view|watch|see|get|find|register|rsvp|apply|download|visit|listen"
    r"|join|continue|sign up|more(?! than)|details|here|this"
    r"|full (?:text|story|release|article|report|statement|notice)"
    r"|lea|leer|ver|vea|más|conozca|obtenga|regístrese|inscríbase|consulte|descargue|aquí|haga clic)\b",
    re.IGNORECASE,
)
_HEADLINE_OR_CALL: Final = re.compile(r"(?:watch|see|get|find|apply|join|learn|visit|listen|continue)\b", re.IGNORECASE)
_OF_CALL: Final = re.compile(
    r"\b(?:about|more|here|how|now|today|us|our|your|details?|online|full|live|(?:home|web)? ?page|(?:web)?site|webinar"
    r"|call|event|list|form|video|recording|report|release|statement|notice|article|story|guide|text|announcement|copy"
    r"|link|directions)\b",
    re.IGNORECASE,
)
_CALL_WORDS: Final = 9
_CALL_END: Final = re.compile(r"(?:here|aquí|more|más|link|enlace|website|release|statement)[\s.»>…]*$", re.IGNORECASE)
_DATE: Final = re.compile(
    r"\(?\b(?:\d\d?/\d\d?/\d{4}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}, \d{4})"
    r"(?:,? (?:at )?\d\d?:\d\d ?[ap]\.?m\.?(?: [ECMP][SD]?T)?)?\)?",
    re.IGNORECASE,
)
_ENDS: Final = " .\t-–—|:•·»>()[]"
_DIVIDERS: Final = "–—-:|"  # between a linked title and its summary on one line
_SHORT: Final = 40  # characters after a linked title that still belong to it: "(Justice)", a place, a date
_FEWEST: Final = 3  # words of an item's title
_HEADLINE: Final = 4  # words of a title without a text below it
_MEMORY: Final = 512 * 1024 * 1024  # bytes of address space
_CPU: Final = 2  # seconds
_MOST_LINES: Final = 50_000  # Python reads a mail line by line; one of 2 MB in lines of the usual length has 26,000
_LIST_ID: Final = re.compile(r"<([\w.@-]{1,200})>\s*$")
# Subjects of the mailer's own mail to a subscriber, as others have seen them.
_OF_SUBSCRIPTION: Final = re.compile(
    r"welcome\b|subscription (?:change )?confirmation|new user confirmation|\(?please confirm|confirm your|verify your"
    r"|your subscription|thank you for (?:sign|subscri)|you are now subscribed|confirme? (?:su|tu)\b|bienvenid",
    re.IGNORECASE,
)
_TO_CONFIRM: Final = re.compile(r"confirm|verif|activat|yes, subscribe|activar", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Announced:
    """One item. `page`: its address, else that of the bulletin, or ""; `day`: as the bulletin dates it, if it does."""

    title: str
    page: str
    summary: str
    day: datetime | None = None


@dataclass(slots=True)
class _Draft:
    title: str
    page: str = ""
    is_linked: bool = False  # the title itself is the link
    day: datetime | None = None
    texts: list[str] = field(default_factory=list)

    @property
    def words(self) -> int:
        return len(self.title.split())

    def announced(self, bulletin: str) -> Announced:
        page = bulletin if is_opaque(self.page) else self.page
        return Announced(cut(self.title, TITLE), page, cut(" ".join(self.texts), SUMMARY), self.day)


def announced(subject: str, lines: Sequence[Line]) -> list[Announced]:
    """The items of a bulletin in its order; at least one, and each page once."""
    body, in_browser = _body(lines)
    drafts = _drafts(body)
    linked = [draft for draft in drafts if draft.page and is_page(draft.page)]
    by_page: dict[str, _Draft] = {}
    for draft in linked:
        first = by_page.setdefault(draft.page, draft)
        if first is not draft and not first.texts:
            first.texts = draft.texts
    items = _items(subject, drafts, list(by_page.values()))
    if len(items) > 1 or (items and items[0].day):
        return [item.announced(in_browser) for item in items[:_MOST]]
    return [_single(subject, body, drafts, in_browser)]


def _items(subject: str, drafts: Sequence[_Draft], linked: Sequence[_Draft]) -> Sequence[_Draft]:
    dated = [draft for draft in linked if draft.day and draft.is_linked]
    if 2 * len(dated) > len(linked):
        return dated
    is_release = bool(drafts) and _alike(drafts[0].title, subject)
    fewest = _HEADLINE if is_release else _FEWEST
    return [
        draft
        for draft in linked
        if (draft.texts and draft.words >= fewest) or (not is_release and draft.words >= _HEADLINE)
    ]


def _single(subject: str, body: Sequence[Line], drafts: Sequence[_Draft], in_browser: str) -> Announced:
    """The whole mail as one item: its page is that of its title, of the first call to read it, or of the mail."""
    titled = drafts[0] if drafts and drafts[0].page and is_page(drafts[0].page) else None
    calls = (page for line in body for text, page in line.links if _is_call(text) and is_page(page))
    cited = (page for line in body for _, page in line.links if is_page(page))
    page = titled.page if titled else next(calls, "") or in_browser or next(cited, "")
    page = in_browser if is_opaque(page) else page
    is_headline = titled is not None and titled.is_linked and titled.words >= _HEADLINE
    if titled and (not subject or (is_headline and not _alike(titled.title, subject))):
        title = titled.title  # the subject is that of every issue: "News from the agency"
    else:
        title = subject or (body[0].words if body else "")
    words = [line.words for line in body if not _alike(line.words, title)]
    return Announced(cut(title, TITLE), page, cut(" ".join(words), SUMMARY), titled.day if titled else None)


def _body(lines: Sequence[Line]) -> tuple[list[Line], str]:
    """The lines without the mailer's own, and the address of the mail as a page that anyone may read, if it has one."""
    body, in_browser = list[Line](), ""
    for line in lines:
        pages = [page for text, page in line.links if is_bulletin(page) or _IN_BROWSER.search(text)]
        in_browser = in_browser or next((page for page in pages if is_page(page) and not is_opaque(page)), "")
        if _FOOT.search(line.words) and body:
            break
        if not _BOILERPLATE.search(line.words[: _SHORT * 4]) or len(line.words) > _SHORT * 8:
            body.append(line)
    return body, in_browser


def _drafts(body: Sequence[Line]) -> list[_Draft]:
    """Each title with what is below it, until the next title. A day alone on its line may be above its title."""
    drafts = list[_Draft]()
    day_above: datetime | None = None
    days_are_above = False
    for line in body:
        titles = _titles(line)
        calls = [page for text, page in line.links if _is_call(text) and is_page(page)]
        day, rest = _dated(line.words)
        if day and not rest and (days_are_above or not drafts):
            days_are_above, day_above = True, day
        elif drafts and titles and titles[0].words < _HEADLINE and not (drafts[-1].page or drafts[-1].is_linked):
            drafts[-1].page = titles[0].page  # "Explore the guide", below its heading
        elif titles:
            titles[0].day, day_above = titles[0].day or day_above, None
            drafts += titles
        elif line.is_head and not line.links and len(rest.split()) > 1:
            drafts.append(_Draft(rest))
        elif drafts:
            draft = drafts[-1]
            if day and draft.is_linked and not draft.texts and len(rest) < _SHORT:
                draft.day = draft.day or day
                draft.texts += [line.words] if rest else []
            elif not (calls and _is_call(line.words)):
                draft.texts.append(line.words)
            if calls and not draft.page:
                draft.page = calls[0]
    return drafts


def _titles(line: Line) -> list[_Draft]:
    """The linked titles that a line consists of; none of a sentence with links in it."""
    links = [(text, page) for text, page in line.links if not _is_call(text)]
    rest = line.words
    for text, _ in links:
        rest = rest.replace(text, "", 1)
    day, text = _dated(rest)
    begins = bool(links) and line.words.lstrip(_ENDS + "0123456789.").startswith(links[0][0].strip(_ENDS))
    is_divided = _DATE.search(rest) or rest.lstrip()[:1] in tuple(_DIVIDERS)
    if not begins or (len(text) > _SHORT and not (is_divided and len(links) == 1)):
        return []
    drafts = [_Draft(title.strip(_ENDS) if len(title) > _SHORT else title, page, True, day) for title, page in links]
    if len(text) > _SHORT:  # "Title 07/29/2026 08:00 AM EDT and its summary"
        drafts[0].texts.append(text)
    return drafts


def _dated(words: str) -> tuple[datetime | None, str]:
    """The day with which words begin or end, and the others. A day within a sentence is that of what happened."""
    text = words.strip(_ENDS)
    for date in _DATE.finditer(words):
        bare = date[0].strip(_ENDS)
        if text.startswith(bare) or text.endswith(bare):
            return read_date(date[0].strip("()").replace(" at ", " ")), words.replace(date[0], "").strip(_ENDS)
    return None, text


def _is_call(text: str) -> bool:
    words, bare = len(text.split()), text.strip(_ENDS + '“"')
    if words >= _HEADLINE and _HEADLINE_OR_CALL.match(bare) and not _OF_CALL.search(bare):
        return False
    return words <= _CALL_WORDS and bool(_CALL.match(bare) or (words < _HEADLINE and _CALL_END.search(text)))


def _alike(one: str, other: str) -> bool:
    """Whether two titles are one, as far as one of them may be cut or have an addition."""
    first, second = (re.sub(r"\W+", " ", text).casefold().strip() for text in (one, other))
    return bool(first and second) and (first in second or second in first) and min(len(first), len(second)) > 10


def answer(head: Mapping[str, Any], data: bytes) -> Mapping[str, Any]:
    """`unproven`: why; or `sender` and `list`, as signed, with `items`, or with `subject` and the link to `confirm`."""
    if has_many_parts(data) or data.count(b"\n") > _MOST_LINES:
        return {"unproven": "it has too many parts or lines"}
    try:
        mail = parse_mail(proof.head_of(data))
        sent, signed = proof.check(mail, data, head["keys"], head["domains"], datetime.fromisoformat(head["received"]))
        senders = getaddresses([str(mail.get("From", ""))])
        mail = parse_mail(data.rstrip())
    except proof.Unproven as error:
        return {"unproven": str(error)}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError):
        return {"unproven": "it cannot be read"}
    if len(senders) != 1 or not senders[0][1].isascii():
        return {"unproven": "it does not have one sender"}
    listed = _LIST_ID.search(decoded(str(mail.get("List-Id", "")))) if "list-id" in signed else None
    proven = {"sender": senders[0][1].lower(), "list": listed[1].lower() if listed else "", "sent": sent.isoformat()}
    subject = decoded(str(mail.get("Subject", "")))
    if _OF_SUBSCRIPTION.match(subject):
        links = (link for line in lines_of(mail, as_sent=True) for link in line.links)
        confirm = next((href for text, href in links if _TO_CONFIRM.search(text) or _TO_CONFIRM.search(href)), "")
        return {**proven, "subject": subject, "confirm": confirm}
    items = [(item.title, item.page, item.summary, item.day) for item in announced(subject, lines_of(mail))]
    return {**proven, "items": [(*texts, day.isoformat() if day else "") for *texts, day in items]}


if __name__ == "__main__":
    sys.modules["dns"] = None  # type: ignore[assignment] # dkimpy would load a resolver, and has the keys that it needs
    isolation.serve(answer, _MEMORY, _CPU)

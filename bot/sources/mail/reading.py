"""A bulletin as lines: each with its words, its links and where they lead, from the mail's HTML or else its text.

For the child process alone: parsers read what strangers wrote. Nothing is fetched.

Mailers wrap each link to count who clicks. Most wrappers have the target in the address; what carries the subscriber's
identity to a page of the mailer's own is no link for anybody else.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message
from itertools import takewhile
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from bot.shared.plain_text import decode_text, plain
from bot.shared.urls import host_of, web_address, without_tracking

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_MAILERS: Final = (
    r"govdelivery\.com|lnks\.gd|granicus\.com|list-manage\.com|mailchi\.mp|mailchimp\.com|campaign-archive\d?\.com"
    r"|rs6\.net|constantcontact\.com|sendgrid\.net|iqconnect\.(?:house|senate)\.gov|outreach\.senate\.gov"
)
_OF_MAILER: Final = re.compile(rf"(?:^|\.)(?:{_MAILERS})$")
_WRAPPED: Final = re.compile(r"/(?:CL0|c|ss/c)/(https?(?::|%3A)[^/]+)/", re.IGNORECASE)  # GovDelivery, Granicus
_CLICK: Final = re.compile(r"click|track|redir|/l\.php|/url", re.IGNORECASE)
_OF_SUBSCRIBER: Final = re.compile(
    r"[/?&._-](?:un-?subscribe|opt-?out|email-?preferences|manage-?subscriptions?)\b|[?&].*(?:@|%40)", re.IGNORECASE
)
_OF_ACCOUNT: Final = re.compile(r"subscri|preferences|profile|manage|forward|vcard|signup|/about$", re.IGNORECASE)
_SOCIAL: Final = frozenset(
    {
        *("facebook.com", "twitter.com", "x.com", "instagram.com", "linkedin.com", "threads.net", "threads.com"),
        *("flickr.com", "pinterest.com", "tiktok.com", "bsky.app", "truthsocial.com", "addthis.com"),
    }
)
_BULLETIN: Final = re.compile(
    r"govdelivery\.com/(?:accounts/\w+/)?bulletins/|campaign-archive|mailchi\.mp/", re.IGNORECASE
)
_READER: Final = re.compile(r"(?<=[?&])e=[^&#]*&?")  # of Mailchimp, in the address of a bulletin
_HOPS: Final = 3  # wrappers around wrappers
_Page = Callable[[str], str]  # the page that a link leads to

_LARGEST: Final = 200_000  # characters of a text; Gmail cuts a mail at 102 kB
_UNCLOSED: Final = 2_000  # tags without an end, pictures and breaks included: they cost the parser quadratic time
_LARGEST_UNCLOSED: Final = 32_768
_MOST: Final = 3_000  # lines
_LONG: Final = 60  # characters of a line of text that was broken to fit a screen
_HEADING: Final = 200  # characters of one, at most
_RUN_IN: Final = 4  # words in bold that begin a line and are its heading
_BLOCKS: Final = frozenset(
    {
        *("address", "article", "blockquote", "body", "center", "dd", "div", "dl", "dt", "footer", "h1", "h2", "h3"),
        *("h4", "h5", "h6", "header", "li", "ol", "p", "pre", "section", "table", "tbody", "td", "th", "tr", "ul"),
    }
)
_HEADS: Final = frozenset({"b", "h1", "h2", "h3", "h4", "h5", "h6", "strong"})
_LOOKS_BOLD: Final = re.compile(r"font-weight: ?(?:bold|[6-9]00)|font-size: ?(?:1[89]|[2-4]\d)px", re.IGNORECASE)
_HIDDEN: Final = (
    "script, style, template, noscript, iframe, object, svg, form, title, [hidden],"
    ' [style*="display:none"], [style*="display: none"]'
)
# "Title [ https://… ]", "Title <https://…>" or an address alone.
_IN_TEXT: Final = re.compile(r"[\[<(]\s?(https?://[^\s\]>]+)\s?[\]>)]|(https?://[^\s<>\[\]]+)")
_SENTENCE: Final = re.compile(r"^.*[a-z)”\"][.!?][”\"]? +(?=\S)", re.DOTALL)
_NUMBERED: Final = re.compile(r"(?:\d{1,2}[.)]|[*•–-]{1,2}) +")
_RULE: Final = re.compile(r"[-=*_~]{3,}")


def target(href: str) -> str:
    """The page that a link leads to, without tracking; "" if it is no page for other people."""
    url = web_address(href)
    for _ in range(_HOPS):
        inner = _unwrapped(url) if url else ""
        if not inner:
            break
        url = inner
    host = host_of(url) if url else ""
    if not host or host in _SOCIAL or _OF_SUBSCRIBER.search(url):
        return ""
    if _OF_MAILER.search(host) and _OF_ACCOUNT.search(urlsplit(url).path):
        return ""
    url = without_tracking(url)
    return _READER.sub("", url).rstrip("?&") if is_bulletin(url) else url


def is_opaque(url: str) -> bool:
    """Whether an address hides where it leads. It may name the subscriber, so that nobody else may get it."""
    return bool(_OF_MAILER.search(host_of(url))) and not is_bulletin(url)


def is_bulletin(url: str) -> bool:
    """Whether an address is that of the bulletin itself, as a page that anybody may read."""
    return bool(_BULLETIN.search(url))


def is_page(url: str) -> bool:
    """Whether an address may be that of one item: not a site's front page."""
    parts = urlsplit(url)
    return bool(parts.path.strip("/") or parts.query)


def _unwrapped(url: str) -> str:
    """What a wrapper has inside; "" if the address is no wrapper, or does not say."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if wrapped := _WRAPPED.search(parts.path):
        return web_address(unquote(wrapped[1]))
    if host == "lnks.gd":
        return web_address(_of_token(parts.path))
    if "&&&" in parts.query:  # links.govdelivery.com/track?…&enid=…&&&100&&&https://…
        return web_address(parts.query.rpartition("&&&")[2])
    if _CLICK.search(f"{host}{parts.path}"):
        values = (web_address(value) for _, value in parse_qsl(parts.query))
        return next(filter(None, values), "")
    return ""


def _of_token(path: str) -> str:
    """The `url` of the unsigned part of a JSON Web Token: lnks.gd/l/HEAD.PAYLOAD.SIGNATURE/s/…"""
    for step in path.split("/"):
        payload = step.split(".")[1] if step.count(".") == 2 else ""
        try:
            fields = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))) if payload else {}
        except (ValueError, binascii.Error, RecursionError):
            continue
        if isinstance(fields, dict) and fields.get("url"):
            return str(fields["url"])
    return ""


@dataclass(frozen=True, slots=True)
class Line:
    """`words`: its text, with those of the `links` (text, page) in it. `is_head`: it looks like a heading."""

    words: str
    links: tuple[tuple[str, str], ...] = ()
    is_head: bool = False


def decoded(header: str) -> str:
    """A header's words; as it was sent if it cannot be decoded."""
    try:
        return plain(str(make_header(decode_header(header))))
    except (ValueError, LookupError, UnicodeError):
        return plain(header)


def lines_of(mail: Message, *, as_sent: bool = False) -> list[Line]:
    """The lines of the mail's HTML, or of its text if it has no HTML with words. `as_sent`: links as they are."""
    page = web_address if as_sent else target
    texts = dict[str, str]()
    for part in _parts(mail):
        kind = part.get_content_type()
        if kind in ("text/html", "text/plain") and kind not in texts and part.get_content_disposition() != "attachment":
            content = part.get_payload(decode=True)
            charset = str(part.get_content_charset("utf-8"))
            texts[kind] = decode_text(content, charset)[:_LARGEST] if isinstance(content, bytes) else ""
    return (
        list(_of_html(texts.get("text/html", ""), page))[:_MOST]
        or list(_of_text(texts.get("text/plain", ""), page))[:_MOST]
    )


def _parts(mail: Message) -> Iterator[Message]:
    """The mail's own parts; not those of a mail that is attached to it."""
    waiting: list[object] = [mail]
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, Message):
            payload = part.get_payload()
            if part.get_content_maintype() == "multipart" and isinstance(payload, list):
                waiting[:0] = payload
            elif not isinstance(payload, list):
                yield part


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a text is: the ids of its block and its link, or 0, the link's address, whether it is in a heading."""

    block: int = 0
    anchor: int = 0
    href: str = ""
    is_head: bool = False


def _of_html(text: str, page: _Page) -> Iterator[Line]:
    from selectolax.lexbor import LexborHTMLParser

    if text.count("<") > 2 * text.count("</") + _UNCLOSED:
        text = text[:_LARGEST_UNCLOSED]
    tree = LexborHTMLParser(text)
    if tree.body is None:
        return
    for node in tree.body.css(_HIDDEN):
        node.decompose()
    places: dict[int, _Place] = {}
    texts: list[tuple[str, _Place]] = []
    for node in tree.body.traverse(include_text=True):
        above = places.get(node.parent.mem_id, _Place()) if node.parent else _Place()
        if node.tag in ("br", "hr"):
            yield from _line(texts, page)
            texts = []
        elif node.tag != "-text":
            places[node.mem_id] = _place(node, above)
        else:
            if texts and texts[-1][1].block != above.block:
                yield from _line(texts, page)
                texts = []
            texts.append((node.text(deep=False), above))
    yield from _line(texts, page)


def _place(node: LexborNode, above: _Place) -> _Place:
    """The place of what is in an element, which is at the place `above`."""
    tag = node.tag or ""
    is_block = tag in _BLOCKS
    is_head = tag in _HEADS or bool(_LOOKS_BOLD.search(node.attributes.get("style") or ""))
    href = node.attributes.get("href") if tag == "a" else ""
    return _Place(
        node.mem_id if is_block else above.block,
        node.mem_id if href else above.anchor,
        href or above.href,
        is_head or (above.is_head and not is_block),
    )


def _line(texts: list[tuple[str, _Place]], page: _Page) -> Iterator[Line]:
    words = plain("".join(text for text, _ in texts))
    if not words:
        return
    anchors: dict[int, tuple[str, str]] = {}
    for text, place in texts:
        if place.anchor:
            anchors[place.anchor] = (anchors.get(place.anchor, ("", ""))[0] + text, place.href)
    labels = [(plain(text), page(href)) for text, href in anchors.values()]
    links = [(label, to) for label, to in labels if label and to]
    rest = plain("".join(text for text, place in texts if not place.anchor))
    if labels and not rest.strip("|/•·-–—,; ") and len(links) != 1:  # several titles, or links of the mailer alone
        yield from (Line(label, ((label, to),)) for label, to in links)
        return
    bold = plain("".join(text for text, _ in takewhile(lambda each: each[1].is_head or not each[0].strip(), texts)))
    if bold == words:
        yield Line(words, tuple(links), is_head=len(words) <= _HEADING)
    elif not links and len(bold.split()) >= _RUN_IN and len(bold) <= _HEADING:  # a heading that its text follows
        yield Line(bold, is_head=True)
        yield Line(words.removeprefix(bold).strip())
    else:
        yield Line(words, tuple(links))


def _of_text(text: str, page: _Page) -> Iterator[Line]:
    """The lines of a text; those that a mail program broke are joined, and each link begins with its own title."""
    joined: list[str] = []
    raw = [plain(line) for line in text.splitlines()]
    for before, line in zip(["", *raw], raw, strict=False):
        if len(before) >= _LONG and line and not (_RULE.match(line) or _IN_TEXT.match(line) or _IN_TEXT.search(before)):
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    for number, whole in enumerate(joined):
        line = whole
        if not line or (_RULE.fullmatch(line) and len(line) < 20):
            continue
        after = joined[number + 1] if number + 1 < len(joined) else ""
        alone = not after and (number == 0 or not joined[number - 1])
        numbered = _NUMBERED.match(line)
        line = line[numbered.end() :] if numbered else line
        is_short = len(line) <= _HEADING / 2 and not line.endswith(".")
        is_head = is_short and bool(alone or numbered or _RULE.fullmatch(after))
        yield from _titled(line, page, is_head=is_head)


def _titled(line: str, page: _Page, *, is_head: bool) -> Iterator[Line]:
    """A line of text, divided before each title that an address follows in brackets."""
    start, words, links = 0, "", list[tuple[str, str]]()
    for match in _IN_TEXT.finditer(line):
        before = line[start : match.start()]
        to = page(match[1] or match[2].rstrip(".,;)"))
        start = match.end()
        if match[2]:
            words += f"{before}{'' if is_opaque(to) else to}"  # never as sent: it may name the subscriber
            links += [(match[2], to)] if to else []
            continue
        sentences = _SENTENCE.match(before)
        rest = sentences[0] if sentences else ""
        title = plain(before[len(rest) :])
        if plain(words + rest):
            yield Line(plain(words + rest), tuple(links))
        words, links = title, [(title, to)] if to and title else []
    words = plain(f"{words} {line[start:]}")
    if words:
        yield Line(words, tuple(links), is_head and not links)

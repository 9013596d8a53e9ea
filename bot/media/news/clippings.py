"""Articles that people bring: by address, or in a media database's table (CSV) or a forwarded alert (.eml). Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from typing import Final

from bot.shared.entry import Entry, Kind
from bot.shared.errors import WrongUse
from bot.shared.mail_address import has_many_parts, parse_mail
from bot.shared.plain_text import clean, cut, decode_text, read_date
from bot.shared.urls import canonical_key, host_of, unwrap, web_address

BY_HAND: Final = "by-hand"  # the source of entries added by people
LARGEST: Final = 10_000_000  # bytes of a file
_MOST: Final = 5_000  # clippings of a file
_TITLE: Final = 500
_SUMMARY: Final = 2_000
_WORDS: Final = 4  # fewest words of a link's text that count as a headline
_MARKUP: Final = 400_000  # characters of a mail that are read
_NO_LINK: Final = re.compile(r"<(?!/?a\b)[^<>]*>", re.IGNORECASE)
# Column names used by media databases.
_COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "url": ("url", "link", "article url", "permalink", "article link", "web address"),
    "title": ("title", "headline", "article title", "subject"),
    "outlet": ("outlet", "source", "publication", "media outlet", "source name", "media name", "outlet name", "site"),
    "author": ("author", "byline", "journalist", "reporter", "author name"),
    "published": ("published", "date", "publish date", "publication date", "published at", "publish_date"),
    "summary": ("summary", "excerpt", "snippet", "opening text", "description", "hit sentence", "content"),
}
# Links in an alert email that lead to the service, not to an article.
_SERVICE: Final = ("google.com/alerts", "unsubscribe", "accounts.google.com", "/preferences", "mailto:", "/manage")


class NoClippings(WrongUse):
    """The file cannot be imported. The text says why and what works."""


@dataclass(frozen=True, slots=True)
class ClippingsFile:
    """Each article once. `left_out`: rows without a readable address or title."""

    clippings: tuple[Entry, ...]
    left_out: int = 0


def clipping(
    url: str, title: str, outlet: str = "", summary: str = "", published: datetime | None = None, author: str = ""
) -> Entry:
    key = f"url:{canonical_key(url)}"
    return Entry(source=BY_HAND, kind=Kind.NEWS, identity=(key,), thread=key, title=title, url=url,
                 summary=summary or None, published=published, outlet=outlet or host_of(url),
                 author=author)  # fmt: skip


def read_clippings(data: bytes, name: str) -> ClippingsFile:
    """Read the clippings of a file by its name's ending. Raises `NoClippings`."""
    if len(data) > LARGEST:
        raise NoClippings(f"{name} has more than {LARGEST // 1_000_000} MB. Split it into smaller files.")
    ending = name.lower().rpartition(".")[2]
    if ending == "csv":
        clippings = [*_rows(data)]
    elif ending == "eml":
        clippings = [*_mail(data)]
    else:
        raise NoClippings(f"{name} is not a .csv or .eml file. Only these two can be imported.")
    unique = {entry.thread: entry for entry in reversed(clippings) if entry}
    return ClippingsFile(tuple(reversed(unique.values()))[:_MOST], clippings.count(None))


def _rows(data: bytes) -> Iterator[Entry | None]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    first = text.partition("\n")[0]
    table = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    try:
        head = [name.strip().casefold() for name in next(table, [])]
        places = {field: index for field, names in _COLUMNS.items() for index, name in enumerate(head) if name in names}
        if not {"url", "title"} <= places.keys():
            raise NoClippings("The table needs a column “url” and a column “title” (or link and headline).")
        for row in table:
            if any(cell.strip() for cell in row):
                cells = {field: row[index] if index < len(row) else "" for field, index in places.items()}
                yield _clipping(**cells)
    except csv.Error as error:
        raise NoClippings(f"The table cannot be read: {error}.") from error


def _mail(data: bytes) -> Iterator[Entry | None]:
    """The links of an alert email whose text looks like a headline."""
    from selectolax.lexbor import LexborHTMLParser

    if has_many_parts(data):
        raise NoClippings("The email has too many parts in one another. Forward the alert alone.")
    message = parse_mail(data)
    markup, left = _markup(message), _MARKUP
    sent = read_date(str(message.get("Date", "")))
    for link in LexborHTMLParser(_links_alone(markup)).css("a[href]"):
        href, shown = link.attributes.get("href") or "", link.text(separator=" ")
        left -= len(shown)
        if left < 0:  # links in one another have more text than there is
            break
        text = clean(shown)
        if len(text.split()) >= _WORDS and not any(word in href.lower() for word in _SERVICE):
            yield _clipping(href, text, published=f"{sent.isoformat()}" if sent else "")


def _links_alone(markup: str) -> str:
    """The markup without comments and other tags than links: unclosed ones cost the parser the cube of their number."""
    first, *rest = markup.split("<!--")
    return _NO_LINK.sub(" ", "".join((first, *(part.partition("-->")[2] for part in rest))))


def _markup(message: Message) -> str:
    """The HTML of a mail. Raises `NoClippings`."""
    for part in message.walk():
        if part.get_content_type() == "text/html" and part.get_content_disposition() != "attachment":
            content = part.get_payload(decode=True)
            charset = str(part.get_content_charset("utf-8"))
            return decode_text(content, charset)[:_MARKUP] if isinstance(content, bytes) else ""
    raise NoClippings("The email has no HTML part, where alert services put their links.")


def _clipping(
    url: str, title: str, outlet: str = "", published: str = "", summary: str = "", author: str = ""
) -> Entry | None:
    address, given = unwrap(web_address(url.strip())), clean(outlet)
    headline = cut(clean(title).removesuffix(f" - {given}"), _TITLE)
    if not address or not headline:
        return None
    return clipping(
        address,
        headline,
        outlet=cut(given, 100),
        summary=cut(clean(summary), _SUMMARY),
        published=read_date(published) if published.strip() else None,
        author=cut(clean(author), 100),
    )

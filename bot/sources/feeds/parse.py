"""Parse the bytes of an RSS or Atom feed into items. The only module that imports feedparser. Pure.

A plain, well-formed feed is read with lxml, about ten times as fast: one whose items have well-known elements, each at
most once. For any other `read_plain` returns None and feedparser reads it, which handles broken and unusual feeds. The
result is the same as feedparser 6's; tests compare the two over recorded, generated and hostile feeds.

feedparser always gets a BytesIO: it would fetch or open a string or bytes that look like an address or a path.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any, Final, cast
from xml.sax import SAXException

from bot.shared.answer import FetchFailed, Health
from bot.shared.errors import CoalitionBotError
from bot.shared.plain_text import clean, cut, read_date
from bot.shared.threads import giving_way
from bot.shared.urls import host_of, unwrap, web_address

# The keys that feedparser would set, as far as `parse` uses them, and for each date its instant: `published_at`.
Entry = dict[str, Any]

_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_CONTENT: Final = "{http://purl.org/rss/1.0/modules/content/}"
_MEDIA: Final = "{http://search.yahoo.com/mrss/}"
_RSS_TEXTS: Final = {
    "title": "title",
    "description": "summary",
    "pubDate": "published",
    "author": "author",
    f"{_DC}creator": "author",
    f"{_DC}date": "updated",
}
_RSS_IGNORED: Final = frozenset(
    {
        "category",
        "comments",
        "enclosure",
        "{http://wellformedweb.org/CommentAPI/}commentRss",
        "{http://purl.org/rss/1.0/modules/slash/}comments",
        "{com-wordpress:feed-additions:1}post-id",
        f"{_MEDIA}content",
        f"{_MEDIA}thumbnail",
    }
)
_DATES: Final = frozenset({"published", "updated"})
_TYPES: Final = frozenset({"text", "text/plain", "html", "text/html"})
_PAGES: Final = frozenset({"html", "text/html", "application/xhtml+xml"})
_CHARSET_OF_TYPE: Final = re.compile(r"""charset=\s*["']?([^;"'\s]+)""", re.IGNORECASE)
_DECLARED: Final = re.compile(rb"""^<\?xml[^>]*?\bencoding\s*=\s*["']([^"']+)""")
_SLASHES: Final = re.compile(r"^([A-Za-z][A-Za-z0-9+-.]*://)/*")  # same as feedparser's `_urifixer`
_BARE_ENTITY: Final = re.compile(r"&([A-Za-z0-9_]+);")
_CONTROLS: Final = re.compile("[\x80-\x9f]")
# Windows-1252 bytes decoded as Latin-1, with feedparser's fix.
_WINDOWS: Final = {
    byte: bytes([byte]).decode("cp1252") for byte in range(0x80, 0xA0) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
MOST_ITEMS: Final = 5_000
TITLE: Final = 500  # characters that are kept
SUMMARY: Final = 2_000
_GUID: Final = 1_000
_AUTHOR: Final = 100
_PROLOGUE: Final = 10_000  # bytes before the first element; feedparser reads them in quadratic time
_DECLARATION: Final = 500  # bytes of the XML declaration
_ROOT = re.compile(rb"<(\w+)")
_HTML: Final = frozenset({b"html", b"head", b"body"})
_CLOSED = re.compile(rb"</\s*(?:\w+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_CHARSET = re.compile(r"""charset=\s*["']?([^;"']+)|encoding=['"](.*?)['"]""", re.IGNORECASE)
_EBCDIC: Final = b"\x4c\x6f\xa7\x94"  # "<?xm" in it, which feedparser mistakes for a byte-order mark
_NO_CHARSETS: Final = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined"})
_ADDRESS = re.compile(r"^\S+@\S+ \((.+)\)$")  # RSS wants "jo@example.org (Jo Sample)"
_WORDPRESS = " appeared first on "
_WORDPRESS_FOOT = re.compile(rf"\s*The post .{{1,500}}{_WORDPRESS}.{{1,200}}$")
_UTF_16: Final = {
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}


class _Unusual(CoalitionBotError):
    """The feed needs feedparser."""


def read_plain(data: bytes, content_type: str, most: int) -> tuple[list[Entry], int] | None:
    """Return the first `most` entries and how many more there are; None for a feed that is not plain.

    `data` has no byte-order mark, no NUL and no blanks at its beginning.
    """
    from lxml import etree

    declared = _DECLARED.match(data)
    charsets = {charset.lower() for charset in _CHARSET_OF_TYPE.findall(content_type)}
    charsets |= {declared[1].decode("latin-1").lower()} if declared else set()
    if not charsets <= {"utf-8", "utf8"} or b"<!DOCTYPE" in data or b"base=" in data:
        return None
    try:
        data.decode()
        return _read(data, most)
    except (UnicodeDecodeError, _Unusual, etree.XMLSyntaxError):
        return None


def _read(data: bytes, most: int) -> tuple[list[Entry], int]:
    from lxml import etree

    entries: list[Entry] = []
    beyond = 0
    steps: Any = etree.iterparse(
        io.BytesIO(data), tag=("item", f"{_ATOM}entry"), remove_comments=True, remove_pis=True, resolve_entities=False
    )
    for _, element in giving_way(steps):
        if [parent.tag for parent in element.iterancestors()] not in (["channel", "rss"], [f"{_ATOM}feed"]):
            raise _Unusual
        if len(entries) < most:
            if element.attrib:
                raise _Unusual
            entry = _rss(element) if element.tag == "item" else _atom(element)
            if "permalink" in entry:  # without a link, an id that is an address is the link
                entry.setdefault("link", entry.pop("permalink"))
            entries.append(entry)
        else:
            beyond += 1
        element.clear()
        while element.getprevious() is not None:  # free the memory of elements already read
            del element.getparent()[0]
    if steps.root.tag not in ("rss", f"{_ATOM}feed"):
        raise _Unusual
    return entries, beyond


def _rss(item: Any) -> Entry:
    entry: Entry = {}
    for element in item:
        if key := _RSS_TEXTS.get(element.tag):
            _put(entry, key, _text(element))
        elif element.tag == "link":
            link = _without_slashes(_text(element)).replace("&amp;", "&")
            _put(entry, "link", _BARE_ENTITY.sub(r"&\1", link))
        elif element.tag == "guid" and not set(element.attrib) - {"isPermaLink"}:
            _put_id(entry, _text(element), is_link=element.get("isPermaLink", "true") == "true")
        elif element.tag == "source":
            title = _text(element)
            _put(entry, "source", {"title": title} if title else {})
        elif element.tag == f"{_CONTENT}encoded" and "summary" in entry:  # else feedparser uses it as the summary
            _put(entry, "content", [{"value": _text(element)}])
        elif element.tag not in _RSS_IGNORED or len(element):
            raise _Unusual
    return entry


def _atom(atom_entry: Any) -> Entry:
    entry: Entry = {}
    for element in atom_entry:
        match element.tag.partition("}")[2] if str(element.tag).startswith(_ATOM) else "":
            case "title" | "summary" | "content" as name:  # of summary and content there is only one
                if set(element.attrib) - {"type"} or element.get("type", "text") not in _TYPES:
                    raise _Unusual
                _put(entry, "title" if name == "title" else "summary", _text(element))
            case "published" | "updated" as name:
                _put(entry, name, _text(element))
            case "id":
                _put_id(entry, _text(element), is_link=True)
            case "link":
                _atom_link(entry, element)
            case "author" if [child.tag for child in element] == [f"{_ATOM}name"]:
                _put(entry, "author", _text(element[0]))
            case "category" if not len(element):
                pass
            case _:
                raise _Unusual
    return entry


def _atom_link(entry: Entry, element: Any) -> None:
    if len(element) or (element.text or "").strip() or not element.get("href") or element.get("url"):
        raise _Unusual
    if element.get("rel", "alternate") == "alternate" and element.get("type", "text/html") in _PAGES:
        _put(entry, "link", _without_slashes(element.get("href")))


def _without_slashes(address: str) -> str:
    return _SLASHES.sub(r"\1", address) if ":///" in address else address


def _put_id(entry: Entry, value: str, *, is_link: bool) -> None:
    if is_link:
        value = _without_slashes(value)
        _put(entry, "permalink", value)
    _put(entry, "id", value)


def _put(entry: Entry, key: str, value: Any) -> None:
    if key in entry:
        raise _Unusual
    if key in _DATES:
        entry[f"{key}_at"] = read_date(value)
        if value and entry[f"{key}_at"] is None:
            raise _Unusual  # feedparser reads dates in other languages
    entry[key] = value


def _text(element: Any) -> str:
    if len(element):
        raise _Unusual
    text = cast("str", element.text or "").strip()
    if not text.isascii():
        try:
            text.encode("latin-1").decode()
        except UnicodeError:
            return text.translate(_WINDOWS) if _CONTROLS.search(text) else text
        raise _Unusual  # it may be UTF-8 decoded as Latin-1, which feedparser fixes
    return text


@dataclass(frozen=True, slots=True)
class Item:
    """One item, in plain text of limited length."""

    title: str
    link: str  # the page itself, without a redirect wrapper; "" if it is not a usable link
    guid: str
    summary: str
    published: datetime | None
    outlet: str  # the publisher, if the feed aggregates others
    author: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The items of a body in its order. `cut_off`: the body ended early; its last, partial item is left out."""

    items: tuple[Item, ...]
    broken: int = 0  # items without title, link and guid
    beyond: int = 0  # items past MOST_ITEMS, not read
    cut_off: bool = False


def parse(data: bytes, content_type: str, address: str) -> Reading | FetchFailed:
    """Parse a feed; a failure describes what the body is instead.

    `content_type` is the header, for its charset; `address` is the body's URL, for links without a host.
    """
    data, content_type = _readable(data, content_type)
    return _refused(data, content_type) or _plain(data, content_type, address) or _any(data, content_type, address)


def parse_plain(data: bytes, content_type: str, address: str) -> Reading | FetchFailed | None:
    """Like `parse` if the body is refused or lxml can read it; None if it needs feedparser."""
    data, content_type = _readable(data, content_type)
    return _refused(data, content_type) or _plain(data, content_type, address)


def _refused(data: bytes, content_type: str) -> FetchFailed | None:
    if not data:
        return FetchFailed(Health.MALFORMED, "the answer was empty")
    trap = _trap(data, content_type)
    return FetchFailed(Health.REFUSED, trap) if trap else None


def _plain(data: bytes, content_type: str, address: str) -> Reading | None:
    plain = read_plain(data, content_type, MOST_ITEMS)
    return _reading(*plain, address) if plain else None


def load_parsers() -> None:
    """Import the parsers, for a process that may read no file afterwards."""
    for name in ("feedparser", "lxml.etree", "selectolax.lexbor"):
        import_module(name)


def _any(data: bytes, content_type: str, address: str) -> Reading | FetchFailed:
    import feedparser  # type: ignore[import-untyped]

    try:
        parsed = feedparser.parse(
            io.BytesIO(data),
            response_headers={"content-type": content_type},
            sanitize_html=False,  # all markup is removed anyway
            resolve_relative_uris=False,
        )
    except Exception as error:  # noqa: BLE001 - whatever a hostile body does to a parser, the poll goes on
        return FetchFailed(Health.MALFORMED, f"it cannot be read ({type(error).__name__})")
    broken_xml = isinstance(parsed.get("bozo_exception"), SAXException)
    if not parsed.entries and (not parsed.version or broken_xml):
        return _failure(data, is_feed=bool(parsed.version))
    cut_off = broken_xml and not _CLOSED.search(data, max(0, len(data) - 2_000))
    whole = parsed.entries[:-1] if cut_off else parsed.entries
    return _reading(whole[:MOST_ITEMS], max(0, len(whole) - MOST_ITEMS), address, cut_off=cut_off)


def _reading(entries: Sequence[Mapping[str, Any]], beyond: int, address: str, *, cut_off: bool = False) -> Reading:
    read = [_item(entry, address) for entry in giving_way(entries)]
    items = tuple(item for item in read if item is not None)
    return Reading(items, len(read) - len(items) + cut_off, beyond, cut_off)


def _failure(data: bytes, *, is_feed: bool) -> FetchFailed:
    if is_feed:
        return FetchFailed(Health.MALFORMED, "it is cut off or not well-formed XML")
    root = _ROOT.search(data)
    if root and (root[1].lower() in _HTML or b"<!doctype html" in data[: root.start()].lower()):
        return FetchFailed(Health.NOT_A_FEED, "the answer is a web page, not a feed")
    if data[:1] in (b"{", b"["):
        return FetchFailed(Health.NOT_A_FEED, "the answer is JSON, not RSS or Atom")
    return FetchFailed(Health.MALFORMED, "the answer is neither RSS nor Atom")


def _item(entry: Mapping[str, Any], address: str) -> Item | None:
    try:
        return _made(entry, address)
    except Exception:  # noqa: BLE001 - one item that is broken in a new way stops no other
        return None


def _made(entry: Mapping[str, Any], address: str) -> Item | None:
    title, guid, link = clean(entry.get("title", "")), clean(entry.get("id", "")), entry.get("link", "").strip()
    wrapped = web_address(link, address)
    page = unwrap(wrapped)
    if not (title or guid or page):
        return None
    text = entry.get("summary") or next((str(content.get("value", "")) for content in entry.get("content", ())), "")
    summary = cut(clean(text), SUMMARY)
    date = next((name for name in ("published", "updated", "created") if name in entry), "")
    named = entry.get("source", {}).get("title") or entry.get("news_source") or ""
    return Item(
        title=cut(title, TITLE),
        link=page,
        guid=guid[:_GUID],
        summary=_WORDPRESS_FOOT.sub("", summary) if _WORDPRESS in summary else summary,
        published=entry.get(f"{date}_at") or (read_date(entry[date], entry.get(f"{date}_parsed")) if date else None),
        outlet=cut(clean(named), TITLE) or (host_of(page) if page != wrapped else ""),
        author=cut(_ADDRESS.sub(r"\1", clean(entry.get("author", ""))), _AUTHOR),
    )


def _readable(data: bytes, content_type: str) -> tuple[bytes, str]:
    """The body without byte-order marks, NULs and leading blanks; UTF-16, with or without a mark, becomes UTF-8.

    The XML declaration gets its own line, because feedparser looks for its end on all of the first line, in
    quadratic time.
    """
    if order := _UTF_16.get(data[:2]):
        text = data.decode(order, "replace").replace("\0", "").removeprefix("\ufeff").lstrip()
        return re.sub(r"^<\?xml[^>]*>", "", text).encode(), "application/xml; charset=utf-8"
    if data.startswith(codecs.BOM_UTF8):
        data, content_type = data.removeprefix(codecs.BOM_UTF8), "application/xml; charset=utf-8"
    return data.replace(b"\0", b"").lstrip().replace(b"?>", b"?>\n", 1), content_type


def _trap(data: bytes, content_type: str) -> str:
    """The reason why a body could exhaust a parser, "" if none.

    Searches for entities in ASCII and in the feed's declared encoding. Python codecs that are not character sets take
    quadratic time to decode.
    """
    start = _ROOT.search(data)
    if start and start.start() > _PROLOGUE:
        return f"more than {_PROLOGUE:,} bytes before the feed begins"
    declaration = data[: data.find(b"?>") + 2] if data.startswith(b"<?") else b""
    if len(declaration) > _DECLARATION or (data.startswith(b"<?") and not declaration):
        return "its XML declaration has no end"
    declared = _CHARSET.findall(content_type) + _CHARSET.findall(declaration.decode("latin-1"))
    charsets = {"latin-1", *(a or b for a, b in declared), *(["cp037"] if data.startswith(_EBCDIC) else [])}
    for charset in charsets:
        try:
            text = "" if codecs.lookup(charset).name in _NO_CHARSETS else data.decode(charset, "ignore")
        except (LookupError, ValueError):
            continue
        if not text or ((doctype := _DOCTYPE.search(text)) and _ENTITY.search(text, doctype.end())):
            return "it declares entities or an encoding that could exhaust memory"
    return ""

"""Read a body that should be data, and refuse web pages and error messages. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from bot.shared.answer import Body, FetchFailed, Health

if TYPE_CHECKING:
    from lxml import etree

_GATE = re.compile(
    rb"request access|unblock|captcha|just a moment|automated (?:access|requests|traffic)", re.IGNORECASE
)
_LEAD: Final = b"\xef\xbb\xbf \t\r\n"
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body|title|div)\b", re.IGNORECASE
)


def refused_page(body: Body) -> FetchFailed | None:
    """The failure if a body is a web page instead of data: a robot check or a wrong address; otherwise None."""
    start = body.data[:20_000]
    if not _PAGE.match(start):
        return None
    host = urlsplit(body.url).hostname
    if _GATE.search(start):
        return FetchFailed(Health.BLOCKED, f"{host} sent its page for suspected robots")
    return FetchFailed(Health.NOT_A_FEED, f"{host} sent a web page instead of data")


def read_object(body: Body) -> Mapping[str, Any] | FetchFailed:
    """The JSON object in `body`; a failure for web pages, XML, broken JSON and error objects sent as success."""
    parsed = _read_json(body)
    if isinstance(parsed, FetchFailed | dict):
        return parsed
    return FetchFailed(Health.MALFORMED, f"{urlsplit(body.url).hostname} sent JSON, but not an object")


def read_rows(body: Body, key: str) -> list[Any] | FetchFailed:
    """The list under a key of the JSON object in `body`; failures as in `read_object`."""
    answer = read_object(body)
    if isinstance(answer, FetchFailed) or isinstance(answer.get(key), list):
        return answer if isinstance(answer, FetchFailed) else list_of(answer, key)
    return FetchFailed(Health.MALFORMED, f"{urlsplit(body.url).hostname} sent no list of {key}")


def _read_json(body: Body) -> Any:
    if refused := refused_page(body):
        return refused
    host = urlsplit(body.url).hostname
    if body.data.lstrip(_LEAD).startswith(b"<"):
        return FetchFailed(Health.MALFORMED, f"{host} sent XML instead of JSON")
    try:
        parsed = json.loads(body.data)
    except (ValueError, RecursionError):
        return FetchFailed(Health.MALFORMED, f"{host} sent something that is not JSON")
    if isinstance(parsed, dict) and parsed.keys() & {"error", "errors"}:
        return FetchFailed(Health.MALFORMED, f"{host} answered with an error message instead of data")
    return parsed


def text_of(row: Any, key: str) -> str:
    """The text under a key of a row of JSON, a number as text; "" for anything else."""
    value = row.get(key) if isinstance(row, Mapping) else None
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def object_of(row: Any, key: str) -> Mapping[str, Any]:
    value = row.get(key) if isinstance(row, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def list_of(row: Any, key: str) -> list[Any]:
    value = row.get(key) if isinstance(row, Mapping) else None
    return value if isinstance(value, list) else []


def read_xml(body: Body, root_tag: str, what: str) -> etree._Element | FetchFailed:
    """The root of the XML in `body`; a failure for web pages, broken XML, another root, or an internal DTD.

    `what`: the document in words, such as "the floor schedule". No entity is resolved and nothing is loaded.
    """
    from lxml import etree

    if refused := refused_page(body):
        return refused
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        # Some of the House's feeds have had &nbsp;, which XML does not know.
        root = etree.fromstring(body.data.replace(b"&nbsp;", b" "), parser)
    except (etree.XMLSyntaxError, ValueError):
        return FetchFailed(Health.MALFORMED, f"{what} is not well-formed XML")
    if root.tag != root_tag or root.getroottree().docinfo.internalDTD is not None:
        return FetchFailed(Health.NOT_A_FEED, f"the answer is not {what}")
    return root

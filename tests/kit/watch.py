"""What the tests of the watch room share: watches and entries in one line."""

from __future__ import annotations

from typing import Any

from bot.shared.entry import Agency, Entry, Kind
from bot.watch.engine import Matcher
from bot.watch.model import Level, Match, Watch
from bot.watch.query import parse

DHS = Agency("Homeland Security Department", "homeland-security-department")
CBP = Agency("U.S. Customs and Border Protection", "u-s-customs-and-border-protection", "homeland-security-department")
COAST_GUARD = Agency("Coast Guard", "coast-guard", "homeland-security-department")
JUSTICE = Agency("Justice Department", "justice-department")


def watch(query: str, id_: str = "w", **rest: Any) -> Watch:
    return Watch(**{"id": id_, "name": id_, "asks": (), "level": Level.ALERT, "query": parse(query)} | rest)


def entry(title: str, summary: str | None = None, **rest: Any) -> Entry:
    given = {"source": "register", "kind": Kind.DOCUMENT, "identity": ("x",), "thread": "x"}
    return Entry(**given | {"title": title, "summary": summary} | rest)


def match(query: str, of: Entry) -> Match | None:
    return next(iter(Matcher([watch(query)]).match(of)), None)


def finds(query: str, title: str, summary: str | None = None, **rest: Any) -> bool:
    return match(query, entry(title, summary, **rest)) is not None

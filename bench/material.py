"""What is measured on: feeds, documents and watches of the shapes that are met, the same at every run.

The words are cut from those entries of the demo's week that no shipped watch fits; one title in fifty is one that
fits. So matches are about as frequent as on a busy day, or more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final
from xml.sax.saxutils import escape

from bot.config.load import Config, load
from bot.shared.entry import Entry, Kind
from bot.shared.plain_text import EASTERN
from bot.watch.engine import Matcher

ROOT: Final = Path(__file__).parents[1]
_WEEK: Final = ROOT / "bot" / "cli" / "demo" / "week"
_WORD: Final = re.compile(r"[A-Za-z0-9]+")
_FITTING: Final = 50  # of so many titles one fits a shipped watch
_NOW: Final = datetime.now(UTC)
TODAY: Final = _NOW.astimezone(EASTERN).date()  # the Register is asked for nothing later


@cache
def shipped() -> Config:
    """The configuration that the repository ships."""
    return load(ROOT / "feeds.yml", ROOT / "coalition.yml")


@cache
def agencies() -> dict[str, Any]:
    """The demo's agencies by slug."""
    found: dict[str, Any] = json.loads((_WEEK / "agencies.json").read_text(encoding="utf-8"))
    return found


@cache
def _week() -> tuple[list[list[str]], list[str]]:
    """The plain texts of the demo's week, in words, and the titles that fit."""
    matcher = Matcher([watch for watch in shipped().watches if not watch.sources])
    plain, fitting = [], []
    for name in ("documents", "feeds", "public-inspection"):
        for line in (_WEEK / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            said = json.loads(line)
            texts = [said[field] for field in ("title", "abstract", "summary") if said.get(field)]
            if any(matcher.match(_entry(kind, " ".join(texts))) for kind in (Kind.NEWS, Kind.DOCUMENT)):
                fitting += texts[:1]
            else:
                plain += [words for text in texts if (words := _WORD.findall(text))]
    return plain, fitting


def _entry(kind: Kind, title: str) -> Entry:
    return Entry(source="week", kind=kind, identity=("week",), thread="week", title=title)


@dataclass(frozen=True, slots=True)
class Story:
    """One published thing, before it is put into a publisher's shape."""

    number: int
    title: str
    text: str
    agency: str


class Writer:
    """Writes stories, phrases and dates; the same seed writes the same."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)  # noqa: S311 - repeatable, no secret
        self._plain, self._fitting = _week()
        self._written = 0

    def run(self, least: int, most: int) -> list[str]:
        """`least` to `most` words that stand side by side in some text."""
        text = self.dice.choice(self._plain)
        at = self.dice.randrange(max(1, len(text) - least))
        return text[at : at + self.dice.randint(least, most)]

    def phrase(self) -> str:
        """What a watch may ask for: a few words of a text, in small letters."""
        return " ".join(self.run(2, 3)).lower()

    def word(self) -> str:
        """A word with something to say; short ones would stand in every entry."""
        while True:
            (word,) = self.run(1, 1)
            if len(word) > 4 and word.isalpha():
                return word.lower()

    def prose(self, words: int) -> str:
        """So many words, with commas and full stops, and now and then a sign outside ASCII."""
        found: list[str] = []
        while len(found) < words:
            run = self.run(3, 7)
            run[-1] += self.dice.choice((",", ".", ";", "", "", " —" if self.dice.random() < 0.05 else ""))
            found += run
        return " ".join(found[:words])

    def story(self, words: int) -> Story:
        self._written += 1
        fits = self._written % _FITTING == 0
        title = self.dice.choice(self._fitting) if fits else self.prose(12)
        return Story(self._written, f"{title} {self._written}", self.prose(words), self.dice.choice(sorted(agencies())))

    def stories(self, count: int, words: int = 150) -> list[Story]:
        return [self.story(words) for _ in range(count)]


def windows(stories: Sequence[Story], shown: int, fresh: int) -> Iterator[Sequence[Story]]:
    """What a feed shows at one time after another: `shown` stories, newest first, `fresh` of them new each time."""
    for last in range(shown, len(stories) + 1, fresh):
        yield stories[last - shown : last][::-1]


def rss(name: str, stories: Iterable[Story]) -> bytes:
    """Stories as a newsroom's system writes them: some 1.2 KB each, the text as escaped HTML."""
    items = "".join(_item(name, story) for story in stories)
    head = f"<title>{name}</title><link>https://{name}.example.org/</link><description>News</description>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


def _item(name: str, story: Story) -> str:
    link = f"https://{name}.example.org/news/{story.number}/release"
    when = format_datetime(_NOW - timedelta(days=1) + timedelta(seconds=story.number))
    body = f"<p>{escape(story.text)}</p>"
    return (
        f"<item><title>{escape(story.title)}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>{when}</pubDate><description>{escape(body)}</description></item>"
    )


def register(stories: Sequence[Story], on: date = TODAY) -> bytes:
    """Stories as the Federal Register's API gives documents; a third have no abstract, as in a real week."""
    return json.dumps({"count": len(stories), "results": [document(story, on) for story in stories]}).encode()


def document(story: Story, on: date) -> dict[str, Any]:
    """A story as the record of one document."""
    number, day = f"2026-{story.number:05}", on.isoformat()
    page = f"https://www.federalregister.gov/documents/{on:%Y/%m/%d}/{number}"
    return {
        "document_number": number,
        "title": story.title,
        "type": ("Notice", "Rule", "Proposed Rule", "Notice")[story.number % 4],
        "subtype": None,
        "action": "Notice; request for comments.",
        "abstract": story.text if story.number % 3 else None,
        "dates": "Comments must be received on or before March 2, 2026.",
        "agencies": [
            {"name": said["name"], "raw_name": said["name"].upper(), "id": said["id"], "slug": slug}
            | {"parent_id": agencies()[said["parent"]]["id"] if said["parent"] else None}
            for slug, said in _line_of(story.agency)
        ],
        "publication_date": day,
        "html_url": f"{page}/{'-'.join(_WORD.findall(story.title.lower()))}",
        "pdf_url": f"https://www.govinfo.gov/content/pkg/FR-{day}/pdf/{number}.pdf",
        "comments_close_on": day,
        "effective_on": None,
        "docket_ids": [f"Docket No. BENCH-2026-{story.number:04}"],
        "regulation_id_numbers": ["1615-AC12"] if story.number % 20 == 0 else [],
        "toc_subject": None,
        "toc_doc": story.title,
        "correction_of": None,
    }


def _line_of(slug: str) -> list[tuple[str, Any]]:
    """The department, where there is one, and the agency."""
    parent = agencies()[slug]["parent"]
    return [(name, agencies()[name]) for name in (parent, slug) if name]

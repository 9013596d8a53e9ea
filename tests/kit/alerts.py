"""What the tests of the alerts room share: a small coalition, entries in one line, and a room to feed them to.

`Room` speaks only of what sources bring and what channels are given; the store behind it is the real one.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.alerts import baseline, digest, intake
from bot.alerts.intake import Intake
from bot.alerts.items import Press
from bot.commands.model import Job
from bot.config.coalition import Coalition
from bot.config.feeds import Feeds
from bot.config.load import Config
from bot.deadlines.windows import closing_dates
from bot.entries import source_records
from bot.outbox.model import State, from_json
from bot.shared.answer import Fetched, FetchFailed, Health, Memory, NotModified
from bot.shared.card import Card
from bot.shared.entry import Agency, Entry, Kind, Stage
from bot.store import address
from bot.store.database import Database, Reader, to_text
from bot.watch.model import Level, Watch
from bot.watch.query import parse
from tests.kit import stores

TUESDAY = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # 10:00 in Washington, two days before Thanksgiving
CBP = Agency("U.S. Customs and Border Protection", "u-s-customs-and-border-protection", "homeland-security-department")
DHS = Agency("Homeland Security Department", "homeland-security-department")

COALITION = Coalition.model_validate(
    {
        "id": "us",
        "name": "Us",
        "short": "Us",
        "contact": "us@example.org",
        "members": {"cast": {"name": "CAST"}},
        "asks": {3: {"title": "presence in 72 hours"}, 4: {"title": "enforce § 307"}, 8: {"title": "clear records"}},
        "bills": {
            "relief": {
                "name": "Relief",
                "bills": [
                    {"id": "s3240-116", "title": "Relief Act", "became": "died with the 116th Congress"},
                    {"id": "hr4323-119", "title": "Relief Act", "follow": True},
                ],
            }
        },
    }
)
FEEDS: dict[str, Any] = {
    "sources": {
        "register": {"kind": "federal-register", "name": "Federal Register"},
        "inspection": {"kind": "public-inspection", "name": "Public inspection"},
        "bills": {"kind": "bill-status", "name": "GovInfo"},
        "newsroom": {"kind": "feed", "name": "ICE newsroom", "url": "https://www.ice.gov/rss/news"},
        "wire": {"kind": "feed", "name": "The wire", "url": "https://wire.example/rss"},
    },
    "watches": {},
    "channels": {
        "policy": {"to": "console:policy"},
        "media": {"to": "console:media"},
        "admin": {"to": "console:admin"},
    },
    "routes": [{"to": "policy"}],
    "admin": "admin",
}
WATCHES = (("gloves", '"forced labor" OR gloves', Level.ALERT, (4,)), ("relief", "relief", Level.ALERT, (8,)),
           ("pledge", "pledge", Level.DIGEST, (3,)), ("policy", "trafficking", Level.DIGEST, ()))  # fmt: skip


def watch(id_: str, query: str, level: Level = Level.ALERT, asks: tuple[int, ...] = (), **rest: Any) -> Watch:
    return Watch(id=id_, name=f"{id_} watch", asks=asks, level=level, query=parse(query), **rest)


def feeds(changes: Mapping[str, Any] | None = None) -> Feeds:
    return Feeds.model_validate(FEEDS | dict(changes or {}))


def campaign(changes: Mapping[str, Any] | None = None, watches: tuple[Watch, ...] | None = None) -> Config:
    return Config(feeds(changes), COALITION, watches or tuple(watch(*each) for each in WATCHES))


def document(number: str = "2026-00001", title: str = "Gloves made with forced labor", **rest: Any) -> Entry:
    given: dict[str, Any] = {
        "source": "register",
        "kind": Kind.DOCUMENT,
        "identity": (f"fr:{number}",),
        "thread": f"fr:{number}",
        "title": title,
        "url": f"https://www.federalregister.gov/d/{number}",
        "number": number,
        "publication_date": date(2026, 11, 24),
        "agencies": (CBP, DHS),
        "type": "Notice",
        "references": (),
    }
    return Entry(**given | rest)


def filing(number: str = "2026-00001", **rest: Any) -> Entry:
    filed = {"source": "inspection", "stage": Stage.FILED, "published": TUESDAY, "publication_date": date(2026, 11, 25)}
    return document(number, **filed | rest)


def news(name: str, title: str = "Gloves seized", *, guid: str | None = None, **rest: Any) -> Entry:
    source = rest.get("source", "newsroom")
    given: dict[str, Any] = {
        "source": source,
        "kind": Kind.NEWS,
        "identity": (f"url:ice.gov/{name}", f"guid:{source}:{guid or name}"),
        "thread": f"url:ice.gov/{name}",
        "title": title,
        "url": f"https://www.ice.gov/{name}",
        "published": TUESDAY - timedelta(hours=1),
        "outlet": "ICE",
    }
    return Entry(**given | rest)


def action(text: str, step: str, on: date = date(2026, 11, 23), **rest: Any) -> Entry:
    given: dict[str, Any] = {
        "source": "bills",
        "kind": Kind.BILL,
        "identity": (f"bill:hr4323-119:{on}:{text}",),
        "thread": "bill:hr4323-119",
        "title": text,
        "url": "https://www.congress.gov/bill/119th-congress/house-bill/4323",
        "type": step,
        "publication_date": on,
        "bill": "hr4323-119",
        "bill_title": "Trafficking Survivors Relief Act",
    }
    return Entry(**given | rest)


class Room:
    """The alerts room over a fresh database. `baseline=True`: every source has had its first, empty answer."""

    news_room: Press | None = None

    def __init__(
        self, folder: Path, base: Config | None = None, *, baseline: bool = True, now: datetime = TUESDAY
    ) -> None:
        self.db: Database = stores.create(folder / "coalition.db")
        self.config = base or campaign()
        self.now = now
        self._ids = itertools.count(1)
        with self.db.write() as tx:
            address.take(tx, COALITION.id, COALITION.name, now)
        if baseline:
            for source in self.config.feeds.sources:
                self.take(source, health=Health.EMPTY_EXPECTED)

    @property
    def job(self) -> Job:
        """What a step in the background gets now."""
        return Job(self.db, self.config, self.now, self.new_id)

    def new_id(self) -> str:
        return f"id{next(self._ids):06}"

    def wait(self, **by: float) -> Room:
        self.now += timedelta(**by)
        return self

    def run_on(self, **by: float) -> Room:
        """Time passes while every source is asked and has nothing new."""
        self.wait(**by)
        for source in self.config.feeds.sources:
            self.unchanged(source)
        return self

    def take(self, source: str, *entries: Entry, health: Health = Health.OK, since: date | None = None,
             baseline: frozenset[str] = frozenset(), every: timedelta = timedelta(hours=1),
             memory: Memory | None = None) -> Intake:  # fmt: skip
        """Save what `source` returns now, after a minute."""
        self.wait(minutes=1)
        state = source_records.source_state(self.db, source)
        brought = tuple(replace(entry, source=source) for entry in entries)
        memory = memory or (state.memory if state else Memory())
        answer = Fetched(entries=brought, memory=memory, health=health, detail="", baseline=baseline)
        due = self.now + every
        with self.job.write() as work:
            return intake.ingest(work, answer, source, due_at=due, since=since, press=self.news_room)

    def unchanged(self, source: str) -> None:
        state = source_records.source_state(self.db, source)
        self.all_unchanged({source: NotModified(state.memory if state else Memory())})

    def all_unchanged(self, answers: Mapping[str, NotModified], due_at: Mapping[str, datetime] | None = None) -> None:
        due_at = due_at or dict.fromkeys(answers, self.now + timedelta(hours=1))
        with self.job.write() as work:
            asked = dict.fromkeys(answers) | source_records.source_states(work.tx)
            intake.record_unchanged(work, answers, asked=asked, due_at=due_at)

    def fail(self, source: str, health: Health, detail: str = "") -> None:
        answer = FetchFailed(health, detail)
        due = self.now + timedelta(minutes=5)
        with self.job.write() as work:
            intake.record_failure(work, answer, source, due_at=due)

    def compose(self, *, started_at: datetime | None = None) -> None:
        baseline.greet(self.job)
        digest.compose(self.job, started_at=started_at or self.now - timedelta(days=1), others=self.added)

    def added(self, db: Reader, audience: str, ahead: timedelta) -> digest.Added:
        return digest.Added(closing_dates(db, audience, self.config, self.now, ahead))

    def rows(self, channel: str, *kinds: str) -> list[Mapping[str, Any]]:
        rows = self.db.read("SELECT * FROM delivery WHERE channel = :channel ORDER BY seq", {"channel": channel})
        return [row for row in rows if row["state"] != State.DROPPED and (not kinds or row["kind"] in kinds)]

    def cards(self, channel: str, *kinds: str) -> list[Card]:
        """The cards for a channel, oldest first, without those that were dropped before they were sent."""
        return [from_json(row["card"]) for row in self.rows(channel, *kinds)]

    def heads(self, channel: str, *kinds: str) -> list[str]:
        return [card.head for card in self.cards(channel, *kinds)]

    def posted(self, channel: str) -> list[tuple[str, str]]:
        """(title, stage) of every entry that a message in a channel reports."""
        rows = self.db.read(
            """
            SELECT entry.title, e.stage FROM delivery AS d
            JOIN delivery_entry AS e ON e.delivery_id = d.id JOIN entry ON entry.id = e.entry_id
            WHERE d.channel = :channel AND d.state <> 'dropped' ORDER BY d.seq, entry.title
            """,
            {"channel": channel},
        )
        return [(row["title"], row["stage"]) for row in rows]

    def send_all(self) -> None:
        """Everything that is due is sent."""
        with self.db.write() as tx:
            due = "state = 'pending' AND due_at <= :now"
            sql = f"UPDATE delivery SET state = 'sent', ref = id, sent_at = due_at WHERE {due}"
            tx.execute(sql, {"now": to_text(self.now)})

"""What the tests of the media room share: the small coalition of the alerts kit, people to write about, and news."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.config.coalition import Coalition
from bot.config.load import Config
from bot.config.media import Entity, MediaConfig
from bot.media.news import records
from bot.media.news.intake import Press, refresh
from bot.media.news.model import Story
from bot.shared.answer import Fetched, Memory
from bot.shared.entry import Entry
from bot.watch.model import Level, Watch
from tests.kit.alerts import COALITION, TUESDAY, Room, feeds, news, watch

ENTITIES: dict[str, Any] = {
    "lantern": {
        "kind": "member",
        "names": ["Lantern Project"],
        "short": ["Lantern"],
        "near": ["traffick*", "survivor*", {"words": "hotline", "until": "2025-09-30"}],
        "not_near": ["lamp*", "camping"],
        "sites": ["lantern.example"],
        "not_from": ["Lantern Gazette"],
    },
    "us": {"kind": "coalition", "names": ["Alliance of Us"], "sites": ["us.example"]},
}
MEDIA = {
    "not_news": {"sites": ["wiki.example"], "steps": ["tag"], "pages": ["news"]},
    "first_party": ["gov"],
    "care": {"words": ["victim identified as"], "minors": ["girl"]},
}
OURS: Coalition = COALITION.model_copy(
    update={
        "entities": {id_: Entity.model_validate(entity) for id_, entity in ENTITIES.items()},
        "media": MediaConfig.model_validate(MEDIA),
    }
)
WATCHES = (
    ("scrutiny", "names:member AND (fails OR lawsuit)", Level.ALERT, ()),
    ("named", "names:any", Level.DIGEST, ()),
    ("raids", "raid*", Level.ALERT, (4,)),
)
BODY = (
    "TAMPA, Fla. (AP) — Lantern, a nonprofit that answers calls about trafficking, fails to pass on one tip in five, a "
    "state audit of its contract said on Monday, and lawmakers want to know why nobody noticed for three whole years."
)


def campaign(changes: Mapping[str, Any] | None = None, watches: tuple[Watch, ...] | None = None) -> Config:
    routes = {"press": "media", "routes": [{"to": "policy"}, {"to": "media", "kinds": ["news"]}]}
    watches = watches or tuple(watch(*each) for each in WATCHES)
    return Config(feeds(routes | dict(changes or {})), OURS, watches)


def story(name: str, title: str = "Lantern fails to pass on trafficking tips", **rest: Any) -> Entry:
    """One outlet's telling of it."""
    given = {"outlet": name.upper(), "url": f"https://{name}.example/{name}-story-of-the-day", "summary": BODY}
    given |= {"identity": (f"url:{name}.example/{name}-story-of-the-day",), "thread": f"url:{name}.example/x"}
    return news(name, title, **given | rest)


class Desk(Room):
    """A room whose news becomes stories."""

    news_room = Press(OURS)

    def __init__(self, folder: Path, base: Config | None = None, **rest: Any) -> None:
        super().__init__(folder, base or campaign(), **rest)

    def stories(self) -> list[Story]:
        """Oldest first."""
        stored = records.stories(self.db, TUESDAY - timedelta(days=400), TUESDAY + timedelta(days=400))
        return sorted(stored, key=lambda story: story.number)

    def edited(self, *entries: Entry) -> None:
        """A source brings known things again."""
        self.take(entries[0].source, *entries)
        with self.job.write() as work:
            refresh(work, Fetched(entries=entries, memory=Memory()))

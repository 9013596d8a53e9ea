"""The plan of what to post, from items and what was posted before."""

from __future__ import annotations

from datetime import timedelta

from bot.alerts.cards import Item
from bot.alerts.plan import Past, Plan, PostedEntry, plan
from bot.watch.model import Level, Match, Reason
from tests.kit.alerts import TUESDAY, campaign, document

CAMPAIGN = campaign()


def make_matches(level: Level) -> tuple[Match, ...]:
    return (Match("gloves", "gloves", (4,), level, (Reason("title", "gloves"),)),)


def test_an_entry_that_was_posted_at_its_stage_is_neither_posted_nor_listed_again():
    for level in Level:
        item = Item(id="e1", entry=document(), matches=make_matches(level))
        posted = PostedEntry("d1", "policy", "policy", "fr:2026-00001", *item.pair, item.entry.thread, waits=False)
        first = plan([item], Past(), CAMPAIGN.feeds, CAMPAIGN.labels, TUESDAY)
        assert len(first.messages) + len(first.lines) == 1
        later = TUESDAY + timedelta(hours=1)
        assert plan([item], Past((posted,)), CAMPAIGN.feeds, CAMPAIGN.labels, later) == Plan()

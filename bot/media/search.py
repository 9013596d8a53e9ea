"""Stories, notes on them, the press log and inquiries by their words, for /find."""

from __future__ import annotations

from itertools import islice

from bot.commands.model import Context, SearchHit
from bot.media.contacts import records as press_records
from bot.media.news import records, wording
from bot.media.news.wording import READERS
from bot.media.press.picking import PRESS_ROLE
from bot.shared.search import Words
from bot.shared.wording import dotted


def stories(ctx: Context, wanted: Words, limit: int) -> list[SearchHit]:
    """Stories by their headlines, outlets and excerpts. A withheld headline is not searched."""
    if not ctx.actor.roles & READERS:
        return []
    hits = []
    for story in records.search(ctx.tx, wanted):
        headlines = [mention.headline for mention in story.mentions if not mention.withheld]
        if not story.withheld and wanted.fit(story.teller, *story.outlets, story.excerpt, *headlines):
            line = dotted(wording.head(story), wording.badge(story, ctx.config.coalition))
            hits.append(SearchHit("Stories", story.at, story.label, line, story.link))
            if len(hits) == limit:
                break
    return hits


def notes(ctx: Context, wanted: Words, limit: int) -> list[SearchHit]:
    """People's notes on stories whose headline is not withheld."""
    if not ctx.actor.roles & READERS:
        return []
    hits = []
    for story in records.search_notes(ctx.tx, wanted):
        texts = [(note.at, note.text) for note in story.notes]
        texts += [(story.clip.at, story.clip.note)] if story.clip else []
        if not story.withheld:
            hits += [SearchHit("Stories", at, story.label, f"Note: {it}") for at, it in texts if wanted.fit(it)]
    return sorted(hits, key=lambda note: note.at, reverse=True)[:limit]


def press(ctx: Context, wanted: Words, limit: int) -> list[SearchHit]:
    """The log of the press list and inquiries, only for press staff."""
    if not ctx.actor.roles & PRESS_ROLE:
        return []
    logged = (
        SearchHit("Press", entry.at, f"P-{number}", f"{entry.kind.value.capitalize()}: {entry.text}")
        for number, entry in press_records.search(ctx.tx, wanted)
        if wanted.fit(entry.text, entry.answer, entry.result)
    )
    asked = (
        SearchHit("Press", inquiry.received_at, inquiry.label, f"{inquiry.outlet} asked: {inquiry.question}")
        for inquiry in press_records.search_inquiries(ctx.tx, wanted)
        if wanted.fit(inquiry.reporter, inquiry.outlet, inquiry.question)
    )
    hits = [*islice(logged, limit), *islice(asked, limit)]
    return sorted(hits, key=lambda each: each.at, reverse=True)[:limit]

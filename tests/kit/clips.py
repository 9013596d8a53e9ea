"""A week of coverage as a clip report has it, and an empty one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.media.clips.model import Period, Report, week
from bot.media.contacts.model import Inquiry, InquiryKind, InquiryState
from bot.media.news.clippings import BY_HAND
from bot.media.news.model import Clip, Mention, Story, Tone, Weight
from bot.shared.entry import Named
from tests.kit.board import CONFIG

ROOT = Path(__file__).parents[2]
ZONE = ZoneInfo("America/New_York")
MONDAY = date(2026, 11, 16)
NOON = datetime(2026, 11, 16, 17, 0, tzinfo=UTC)
TEXT = (
    "The county’s task force reported forty arrests in its latest operation, and not one person referred to services, "
    "Polaris said on Tuesday. “Counting arrests tells us nothing about who was helped,” its spokesperson said, and "
    "called for written guidance from the Office of Justice Programs before the next round of grants is announced."
)


def mention(n: int, outlet: str, at: datetime, title: str, **more: Any) -> Mention:
    entities = more.pop("entities", ("polaris",))
    names = tuple(Named(entity=id_, kind="member", words=id_) for id_ in entities)
    url = f"https://{''.join(re.findall('[a-z0-9]', outlet.lower()))}.example/{n}?a=1&b=2"
    made: dict[str, Any] = {
        "id": f"m{n}", "story": f"s{n}", "entry": None, "key": url, "url": url, "outlet": outlet, "title": title,
        "latest": title, "excerpt": TEXT, "published": at, "at": at, "seen_at": at, "source": BY_HAND, "names": names,
        "asks": (5,), "weight": Weight.LOG, "why": (),
    }  # fmt: skip
    return Mention(**(made | more))


def story(n: int, *mentions: Mention, **more: Any) -> Story:
    return Story(id=f"s{n}", number=n, mentions=mentions, opened_at=mentions[0].at, **more)


def stories() -> tuple[Story, ...]:
    """Nine stories with twenty-two copies."""
    ap = [
        mention(
            100 + n, outlet, NOON + timedelta(days=1, minutes=n), "Stings by county task forces led to few services"
        )
        for n, outlet in enumerate(("AP", "Gazette & Post", *(f"Daily Example {n}" for n in range(12))))
    ]
    titles = (
        ("Tribune", "Growers sign on to Fair Food Program after two-year campaign", ("ciw",), (4,), "Ana Reyes"),
        ("Radio KTAR", "What changes for survivors a year after the relief act", ("tsra", "cast"), (8,), ""),
        ("Émile’s Law Blog", "Section 307 <and> § 1593A: “the tools nobody uses”", (), (4,), "Émile Caron"),
        ("Tribune", "Hotline report: calls up 12 %, funding flat", ("polaris", "atest"), (1, 7), "Ana Reyes"),
        ("Wire of Examples", "Shelter network asks Justice to end joint applications", ("nn4y", "atest"), (1,), ""),
        ("Herald", "Rabbis’ group walks with farmworkers in Immokalee", ("truah", "ciw"), (), "Ana Reyes"),
        ("Capitol Example", "Lawmakers press Homeland Security on Continued Presence", (), (3,), "Lee Ford"),
    )  # fmt: skip
    made = [
        story(1, *ap, tone=Tone.CRITICAL, spokesperson="Maria Lopez", clip=Clip(by="p1", at=NOON, note="for the board"))
    ]
    for n, (outlet, title, entities, asks, reporter) in enumerate(titles, 2):
        at = NOON + timedelta(days=n % 6, hours=n)
        first = mention(n, outlet, at, title, entities=entities, asks=asks, reporter=reporter, quoted=entities[:1])
        copies = [
            replace(first, id=f"{first.id}c{c}", key=f"{first.key}/{c}", outlet=f"Copy {c} of {outlet}")
            for c in range(n % 4)
        ]
        made.append(story(n, first, *copies, tone=(Tone.SUPPORT, Tone.NEUTRAL, Tone.UNCLEAR, None)[n % 4]))
    hidden = mention(
        9,
        "Local News 9",
        NOON,
        "Headline withheld: it may name a minor or someone harmed",
        withheld="Girl named X found",
    )
    return tuple(sorted((*made, story(9, hidden)), key=lambda each: each.at))


def inquiry(n: int, **more: Any) -> Inquiry:
    made: dict[str, Any] = {
        "id": f"q{n}", "number": n, "kind": InquiryKind.QUESTION, "reporter": "", "outlet": "AP", "question": "",
        "due_at": NOON + timedelta(hours=4), "zone": "America/New_York", "received_at": NOON, "received_by": "p1",
    }  # fmt: skip
    return Inquiry(**(made | more))


_MINUTE, _HOUR, _ANSWERED = timedelta(minutes=1), timedelta(hours=1), InquiryState.ANSWERED
INQUIRIES = (
    inquiry(1, state=_ANSWERED, acknowledged_at=NOON + 10 * _MINUTE, answered_at=NOON + _HOUR),
    inquiry(2, state=_ANSWERED, acknowledged_at=NOON + 30 * _MINUTE, answered_at=NOON + 5 * _HOUR),
    inquiry(3),
)


def report(**more: Any) -> Report:
    """The week of 16 November; `more` replaces what it has."""
    made: dict[str, Any] = {
        "title": "Weekly clip report", "coalition": CONFIG.coalition, "feeds": CONFIG.feeds, "names": {"p1": "Pia"},
        "now": datetime(2026, 11, 23, 14, 0, tzinfo=UTC), "period": week(MONDAY), "zone": ZONE, "stories": stories(),
        "own_releases": 2, "muted": 1, "earlier": 7, "unnamed": (), "watched_since": date(2026, 1, 1),
        "inquiries": INQUIRIES, "tiers": {"ap": 1, "tribune": 2, "radio ktar": 3},
    }  # fmt: skip
    return Report(**(made | more))


def empty(**more: Any) -> Report:
    return report(stories=(), inquiries=(), own_releases=0, muted=0, **more)


def long(weeks: int = 13) -> Report:
    """A quarter in which each week has some of these stories."""
    period = Period(MONDAY, MONDAY + timedelta(days=7 * weeks - 1))
    made = [
        replace(each, id=f"{each.id}w{n}", number=each.number + 20 * n, mentions=_later(each, n))
        for n in range(weeks)
        for each in stories()[: 1 + n * 7 % 9]
    ]
    return report(title="Quarterly clip report", period=period, stories=tuple(made))


def _later(each: Story, weeks: int) -> tuple[Mention, ...]:
    return tuple(replace(one, at=one.at + timedelta(days=7 * weeks)) for one in each.mentions)

"""The pinned card: one message at the top of a channel, edited in place, that shows that the bot is watching.

An edit notifies nobody, so the card can say every hour that nothing is new, which a digest would repeat each morning.
Only channels of platforms that pin have one (`PlatformForm.pins`), and none whose messages go to a safety channel.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.alerts import digest, greeting, posted
from bot.commands.model import Job, Work
from bot.config.load import Labels
from bot.outbox.messages import Place, place, post, update
from bot.shared import wording
from bot.shared.calendar import begins_week, day_in_words, moment_in_words
from bot.shared.card import Card, Line, Mark
from bot.shared.health import nothing_new

KIND: Final = "pinned"  # of deliveries
_AHEAD: Final = timedelta(days=60)
_MAX_DATES: Final = 3


def compose(job: Job, *, others: digest.OtherSections) -> None:
    """Post the card of each channel that was greeted, or bring it up to date."""
    config = job.config
    greeted = posted.last_posted(job.db, greeting.KIND)
    since = greeted | posted.last_reports(job.db)
    days = digest.last_days(job.db, greeted | posted.last_posted(job.db, digest.KIND), config, job.now)
    for audience, channel in config.feeds.channels.items():
        to = place(audience, config.feeds)
        if audience in greeted and to.keeps_card:
            next_digest = channel.digest.next_due(days[audience], job.now, config.zone)
            with job.write() as work:
                _show(work, to, since[audience], next_digest, others)


def pinned_card(facts: digest.Facts, labels: Labels, next_digest: datetime | None) -> Card:
    """The card of a channel whose last news came at `facts.since`; `facts.news` waits for `next_digest`. Pure."""
    checked = facts.checked_at.astimezone(labels.zone) if facts.checked_at else None
    verb = "needs" if facts.troubled == 1 else "need"
    sources = wording.number(facts.sources, "source")
    state = f"{facts.troubled} of {sources} {verb} attention" if facts.troubled else f"{sources} fine"
    waiting = wording.number(len(facts.news), "item waits", "items wait")
    when = f", {wording.coming(next_digest, labels.zone)}" if next_digest else ""
    since = day_in_words(facts.since.astimezone(labels.zone).date())
    silent = f"{nothing_new(facts.troubled).capitalize()} since {since}."
    news = wording.with_period(f"{waiting} for the next digest{when}") if facts.news else silent
    return Card(
        mark=Mark.DIGEST,
        head=f"Checked {moment_in_words(checked)} · {state}" if checked else "Nothing checked yet",
        lines=(Line(news),),
        dues=tuple(facts.closing_dates[:_MAX_DATES]),
        sections=tuple(facts.others),
        foot="This card is updated every hour. If its time is older, the bot has stopped or posts elsewhere.",
        pinned=True,
    )


def _show(work: Work, to: Place, since: datetime, next_digest: datetime | None, others: digest.OtherSections) -> None:
    """Post the card or edit it. One that can no longer be edited was deleted, or lost: a new one comes next week."""
    tx, audience, config = work.tx, to.audience, work.config
    lines = posted.waiting_lines(tx, audience)
    facts = digest.facts_of(tx, audience, lines, config, since, others(tx, audience), None, work.now, _AHEAD)
    card = pinned_card(facts, config.labels, next_digest)
    name = f"pinned:{config.feeds.channels[audience].to}"
    shown = posted.newest_named(tx, to.channel, to.key(name))
    if shown is None:
        post(work, to, name, card, kind=KIND)
    elif shown["change_state"] != "dropped":
        update(work, shown["id"], card)
    elif begins_week(work.today):
        post(work, to, f"{name}:{work.today}", card, kind=KIND)

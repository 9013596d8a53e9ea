"""Stories that a person has claimed: list them, send reminders, and release them when the person leaves."""

from __future__ import annotations

from datetime import datetime, time
from typing import Final

from bot.commands.model import Actor, Context, Job, Role
from bot.media.news import records, wording
from bot.media.news.model import Story
from bot.media.news.show import button, redraw
from bot.outbox.messages import post_to_first_reader
from bot.shared.card import Card, Line, Mark
from bot.shared.wording import short
from bot.store.database import Reader

KIND: Final = "mention"  # of deliveries
_MORNING: Final = time(9)  # local time


def compose(job: Job) -> None:
    """Remind people of stories to follow up, from nine in the morning of the day."""
    local = job.now.astimezone(job.config.coalition.tz)
    if local.time() < _MORNING or not records.notes_due(job.db, local.date()):
        return
    with job.write() as work:
        for story_id, note in records.notes_due(work.tx, local.date()):
            story = records.story(work.tx, story_id)
            if story:
                text = f"Follow up today: {wording.head(story)}"
                done = button("Done", "follow-up", story, ("done", "yes"))
                card = Card(mark=Mark.NEWS, head=text, lines=(Line(note.text or story.label, story.link),),
                            foot=story.label, buttons=(done, button("Details", "show", story)))  # fmt: skip
                otherwise, name = work.config.feeds.press or work.config.feeds.admin, f"follow-up:{note.id}"
                needs = f"{Role.PRESS}|{Role.ADMINISTRATOR}"
                post_to_first_reader(work, (note.by,), otherwise, name, card, kind=KIND, needs=needs)
            records.mark_told(work.tx, note.id, work.now)


def waiting(db: Reader, actor: Actor, now: datetime) -> list[Line]:  # noqa: ARG001 - of all rooms
    """Return the stories that this person claimed and has not clipped, oldest first."""
    claimed = records.claimed_by(db, actor.person) if actor.person else []
    return [Line(f"To clip: {_name(story)} (/mentions show {story.label})") for story in claimed]


def free(ctx: Context, person: str) -> list[Line]:
    """Release the stories that this person claimed, update their cards, and return them."""
    theirs = records.claimed_by(ctx.tx, person)
    records.free(ctx.tx, person)
    for story in theirs:
        redraw(ctx, story.id)
    return [Line(_name(story), story.link) for story in theirs]


def _name(story: Story) -> str:
    return f"{story.label} {short(wording.head(story), 120)}"

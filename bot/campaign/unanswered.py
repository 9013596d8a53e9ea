"""Answers to requests that the end of the bot cut off: the chat was told that an answer would come."""

from __future__ import annotations

from typing import Final

from bot.commands.model import Job, Work
from bot.outbox.messages import post_to_person
from bot.people import promises
from bot.people.promises import Promise
from bot.shared.card import Card, Line, Mark

KIND: Final = "answer"  # of deliveries


def compose(job: Job) -> None:
    """Tell each person, once, what became of their request."""
    if not promises.cut_off(job.db, job.now):
        return
    with job.write() as work:
        for promise in promises.cut_off(work.tx, work.now):
            name = f"unanswered:{promise.key}"
            post_to_person(work, promise.person, name, _card(work, promise), kind=KIND, urgent=True)
            promises.keep(work.tx, promise.key)


def _card(work: Work, promise: Promise) -> Card:
    what = f"/{promise.path}" if promise.path else "your request"
    done = promises.done(work.tx, promise.key, promise.person, promise.path)
    if done is None:
        head = f"The bot was stopped before it did {what}"
        return Card(mark=Mark.ANSWER, head=head, lines=(Line("Nothing was changed. Please send it again."),))
    head = f"{what[:1].upper()}{what[1:]} was done, and the bot was stopped before it could say so"
    return Card(mark=Mark.ANSWER, head=head, lines=done)

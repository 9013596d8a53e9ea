"""Messages to a person: that their accounts changed, and what became of a request that the end of the bot cut off."""

from __future__ import annotations

from typing import Final

from bot.commands.model import Job, Work
from bot.outbox import messages
from bot.outbox.messages import Place
from bot.outbox.model import NOTICE, Channel
from bot.people import account_notices, promises, records
from bot.people.account_notices import ADMINS, AccountNotice
from bot.people.promises import Promise
from bot.shared.card import Button, Card, Line, Mark
from bot.store.database import Reader

ANSWER: Final = "answer"  # of deliveries
_UNEXPECTED: Final = "If you did not expect this, tell an administrator at once, in person or by phone."


def post_account_notices(job: Job) -> None:
    """Queue the notices that were written since the last look."""
    feeds = job.config.feeds
    if not account_notices.waiting(job.db):
        return
    with job.write() as work:
        for notice in account_notices.waiting(work.tx):
            to_admins = (notice.platform, notice.address) == ADMINS
            name = f"{NOTICE}{notice.id}"
            own = Place(name, name, notice.platform)
            to = messages.members_only_place(feeds.admin, feeds) if to_admins else own
            card = _card(notice, to_admins=to_admins)
            messages.post(work, to, f"accounts:{notice.id}", card, kind="accounts")
            account_notices.mark_posted(work.tx, notice.id, work.now)


def channel(db: Reader, name: str) -> Channel | None:
    """Return the account or address behind `notice:<id>`; None once the person has left."""
    notice = account_notices.find(db, name.removeprefix(NOTICE))
    person = records.person(db, notice.person) if notice else None
    return Channel(name, notice.platform, notice.address, person.name) if notice and person else None


def _card(notice: AccountNotice, *, to_admins: bool) -> Card:
    if to_admins:
        button = Button("Confirm", "campaign vouch", (("person", notice.person),))
        return Card(mark=Mark.HEALTH, head=notice.text, buttons=(button,))
    return Card(mark=Mark.ANSWER, head=notice.text, lines=(Line(_UNEXPECTED),))


def post_cut_off_answers(job: Job) -> None:
    """Tell each person, once, what became of their request."""
    if not promises.cut_off(job.db, job.now):
        return
    with job.write() as work:
        for promise in promises.cut_off(work.tx, work.now):
            name, card = f"unanswered:{promise.key}", _cut_off_card(work, promise)
            messages.post_to_person(work, promise.person, name, card, kind=ANSWER, urgent=True)
            promises.keep(work.tx, promise.key)


def _cut_off_card(work: Work, promise: Promise) -> Card:
    what = f"/{promise.path}" if promise.path else "your request"
    done = promises.done(work.tx, promise.key, promise.person, promise.path)
    if done is None:
        head = f"The bot was stopped before it did {what}"
        return Card(mark=Mark.ANSWER, head=head, lines=(Line("Nothing was changed. Please send it again."),))
    head = f"{what[:1].upper()}{what[1:]} was done, and the bot was stopped before it could say so"
    return Card(mark=Mark.ANSWER, head=head, lines=done)

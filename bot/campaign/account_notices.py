"""Post the notices that a person's accounts changed: to each of their old accounts, and to the administrators."""

from __future__ import annotations

from typing import Final

from bot.commands.model import Job
from bot.outbox import messages
from bot.outbox.messages import Place
from bot.outbox.model import NOTICE, Channel
from bot.people import account_notices, records
from bot.people.account_notices import ADMINS, AccountNotice
from bot.shared.card import Button, Card, Line, Mark
from bot.store.database import Reader

_UNEXPECTED: Final = "If you did not expect this, tell an administrator at once, in person or by phone."


def compose(job: Job) -> None:
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

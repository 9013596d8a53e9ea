"""What mail that people send back does: it stops mail, confirms an address, holds a dead one, or asks a person."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from bot.alerts.campaign import Campaign
from bot.chat.mail.frontend import Correspondent
from bot.commands.model import Job, Work
from bot.letters.documents import office_mail
from bot.outbox import holds, messages
from bot.outbox.holds import Hold
from bot.outbox.model import LINK
from bot.people import audit, mail, records, sessions
from bot.people.audit import Change
from bot.people.mail import MailAddress, NotConfirmed
from bot.people.model import Account, Person
from bot.public import subscribers
from bot.shared.card import Card, Line, Mark
from bot.store.database import Database, Transaction

log = logging.getLogger(__name__)

KIND: Final = "answer"  # of the deliveries that answer a reply
_REPORT: Final = "health"
_BY_MAIL: Final = "mail"  # where the audit says a change came from


@dataclass(frozen=True, kw_only=True)
class Letterbox:
    """`campaign` returns the current one; `report_holds` makes the outbox report new holds soon."""

    db: Database
    campaign: Callable[[], Campaign]
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    report_holds: Callable[[], None]

    @property
    def _coalition(self) -> str:
        return self.campaign().coalition.id

    def correspondent(self, token: str) -> Correspondent | None:
        """Return whose confirmed address has that token."""
        mine = mail.by_token(self.db, self._coalition, token)
        person = records.person(self.db, self._coalition, mine.person) if mine and mine.confirmed_at else None
        return Correspondent(person.id, person.name, mine.address) if mine and person else None

    def unsubscribe(self, token: str) -> None:
        """Mail nothing more to the address with that token. The administrators hear if nothing else reaches them."""
        with self._write() as work:
            if subscribers.delete(work.tx, work.coalition_id, token):
                return
            mine, person = self._owner(work.tx, token)
            if mine is None or person is None or not mail.unsubscribe(work.tx, mine, work.now):
                return
            self._note(work, person, "the address was unsubscribed")
            if messages.person_place(work.tx, work.coalition_id, person.id) is None:
                head = f"{person.name} has unsubscribed from email, and has no chat account"
                self._tell(work, f"unsubscribed:{mine.token}", head, "Nothing reaches them now.")

    def confirm(self, token: str) -> None:
        """Confirm the address with that token, which only its reader has."""
        with self._write() as work:
            if subscribers.confirm(work.tx, work.coalition_id, token, work.now):
                return
            mine, person = self._owner(work.tx, token)
            if mine is None or person is None or mine.confirmed_at:
                return
            try:
                mail.confirm(work.tx, work.coalition_id, mine, work.now)
            except NotConfirmed as trouble:
                self._tell(work, f"unconfirmed:{mine.token}", f"{person.name}'s address is not confirmed", str(trouble))
                return
            if not any(account.in_chat for account in person.accounts):
                mail.choose(work.tx, mine, work.now, digest=True, direct=True)
            self._note(work, person, "confirmed")

    def mail_link(self, site: str, address: str, page: str) -> None:
        """Mail a link to the board at `site`, if a person confirmed that address. `page`: the path it leads to."""
        with self._write() as work:
            tx, coalition = work.tx, work.config.coalition
            mine = mail.by_address(tx, coalition.id, address)
            if mine is None or not mine.takes_mail:
                return
            account = Account(mail.PLATFORM, "", mine.person)
            token = sessions.make_link(tx, coalition.id, mine.person, account, now=work.now, new_id=work.new_id)
            card = Card(
                mark=Mark.ANSWER,
                head=f"Your link to the {coalition.short} board",
                lines=(
                    Line(
                        "Log in",
                        f"{site}/in/{token}" if page == "/" else f"{site}/in/{token}?{urlencode({'to': page})}",
                    ),
                    Line("It works once, for 10 minutes. Do not forward it: anyone who opens it acts in your name."),
                    Line("If you did not ask for it, do nothing."),
                ),
            )
            messages.post(work, messages.mail_place(mine.person), f"link:{work.new_id()}", card, kind=LINK)

    def bounced(self, token: str, status: str, *, permanent: bool) -> None:
        """Hold the address with that token if it is dead, or has failed too often."""
        with self.db.write() as tx:
            if permanent and (
                subscribers.delete(tx, self._coalition, token)
                or office_mail.bounced(tx, self._coalition, token.lower(), status)
            ):
                return
            mine, person = self._owner(tx, token)
            if mine is None or person is None:
                return
            if not permanent and not mail.count_soft_bounce(tx, mine, self.clock()):
                return
            why = f"email bounced ({status})" if permanent else f"email bounced {mail.SOFT_BOUNCES} times ({status})"
            scope = holds.channel_scope(messages.mail_place(person.id).channel)
            if any(hold.scope == scope for hold in holds.all_holds(tx, coalition_id=self._coalition)):
                return
            holds.place(tx, Hold(scope, why), coalition_id=self._coalition, now=self.clock(), report=True)
        self.report_holds()

    def mailed(self, person: str, ids: tuple[str, ...]) -> Card | None:
        """Return the card that was mailed to a person under the first of these Message-IDs that is ours."""
        return messages.mailed_card(self.db, self._coalition, person, ids)

    def answer(self, person: str, id_: str, card: Card) -> None:
        """Mail the outcome of a reply, once."""
        with self._write() as work:
            messages.post(work, messages.mail_place(person), f"answer:{id_}", card, kind=KIND)

    def ask_people(self, who: Correspondent, id_: str, why: str) -> None:
        """Tell the administrators that a person has to read a mail."""
        head = f"{who.name} replied by email, and a person has to read it"
        with self._write() as work:
            self._tell(work, f"mail:{id_}", head, why, "The reply is in the mailbox of MAIL_FROM.")

    def _write(self) -> AbstractContextManager[Work]:
        return Job(self.db, self.campaign().config, self.clock(), self.new_id).write()

    def _owner(self, tx: Transaction, token: str) -> tuple[MailAddress | None, Person | None]:
        mine = mail.by_token(tx, self._coalition, token)
        return mine, records.person(tx, self._coalition, mine.person) if mine else None

    def _note(self, work: Work, person: Person, after: str) -> None:
        change = Change(
            at=work.now,
            person=person.id,
            who=person.name,
            origin=_BY_MAIL,
            command="campaign mail",
            subject=f"mail of {person.name}",
            before="",
            after=after,
        )
        audit.write(work.tx, work.coalition_id, change, new_id=work.new_id)

    def _tell(self, work: Work, name: str, head: str, *lines: str) -> None:
        feeds = work.config.feeds
        card = Card(mark=Mark.HEALTH, head=head, lines=tuple(map(Line, lines)))
        messages.post(work, messages.members_only_place(feeds.admin, feeds), name, card, kind=_REPORT)

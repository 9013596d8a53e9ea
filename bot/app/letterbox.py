"""What the pages and reports of mail do: they stop mail, confirm an address, or hold a dead one."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from bot.chat.mail.platform import NO_MAILBOX
from bot.commands.model import Job, Work
from bot.config.load import Config
from bot.letters.documents import records as sendings
from bot.outbox import holds, messages, queued
from bot.outbox.model import LINK, LOG_IN, OFFICE, PERSONAL, Channel
from bot.people import audit, mail, records, sessions
from bot.people.model import Account, Person
from bot.shared.card import Card, Line, Mark
from bot.shared.mail_address import same_address
from bot.site.public import subscribers
from bot.store.database import Database, Transaction

log = logging.getLogger(__name__)

BOUNCES_WITHIN: Final = timedelta(days=14)  # after a mail was sent, a report on it is believed
_DAY: Final = timedelta(days=1)
_UNUSED_LINKS: Final = 3  # to log in, mailed to one address within a day
_REPORT: Final = "health"
_REFUSED: Final = (
    "Its server did not take this email, and does not say that the mailbox is missing; the next ones are sent all the "
    "same. If it goes on, check SPF, DKIM and DMARC with `coalition-bot check --online`, or ask who runs that server."
)
_BY_MAIL: Final = "mail"  # where the audit says a change came from


@dataclass(frozen=True, kw_only=True)
class Letterbox:
    """`config` returns the current one; `channel` where a delivery's channel leads now; `report_holds` makes the
    outbox report new holds soon.
    """

    db: Database
    config: Callable[[], Config]
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    channel: Callable[[str], Channel | None]
    report_holds: Callable[[], None]

    def mailbox(self, person: str) -> str:
        """Return what links to that person's mail are bound to; "" without a confirmed address. It ends with it."""
        mine = mail.address_of(self.db, person)
        return mine.token if mine and mine.confirmed_at else ""

    def unsubscribe(self, token: str) -> None:
        """Mail nothing more to the address with that token. The administrators hear if nothing else reaches them."""
        with self._write() as work:
            if subscribers.delete(work.tx, token):
                return
            mine, person = self._owner(work.tx, token)
            if mine is None or person is None or not mail.unsubscribe(work.tx, mine, work.now):
                return
            self._note(work, person, "the address was unsubscribed")
            if messages.person_place(work.tx, person.id) is None:
                head = f"{person.name} has unsubscribed from email, and has no chat account"
                self._tell(work, f"unsubscribed:{mine.token}", head, "Nothing reaches them now.")

    def confirm(self, token: str) -> bool:
        """Confirm the address with that token, which only its reader has. Return whether it is confirmed."""
        with self._write() as work:
            if subscribers.confirm(work.tx, token, work.now):
                return True
            mine, person = self._owner(work.tx, token)
            if mine is None or person is None or mine.confirmed_at:
                return mine is not None
            try:
                mail.confirm(work.tx, mine, work.now)
            except mail.NotConfirmed as trouble:
                self._tell(work, f"unconfirmed:{mine.token}", f"{person.name}'s address is not confirmed", str(trouble))
                return False
            if not any(account.in_chat for account in person.accounts):
                mail.choose(work.tx, mine, work.now, digest=True, direct=True)
            self._note(work, person, "confirmed")
            return True

    def mail_link(self, site: str, address: str, page: str) -> None:
        """Mail a link to the board at `site`, if a person confirmed that address. `page`: the path it leads to.

        Anyone may ask: after three that nobody used within a day none is mailed, and the last of them works all day.
        """
        with self._write() as work:
            tx, coalition = work.tx, work.config.coalition
            mine = mail.by_address(tx, address)
            if mine is None or not mine.takes_mail:
                return
            account = Account(mail.PLATFORM, "", mine.person)
            unused = sessions.count_unused_links(tx, account, work.now - _DAY) + 1
            if unused > _UNUSED_LINKS:
                return
            lasts, term = (_DAY, "a day") if unused == _UNUSED_LINKS else (sessions.LINK, "10 minutes")
            token = sessions.make_link(tx, mine.person, account, lasts=lasts, now=work.now, new_id=work.new_id)
            query = "" if page == "/" else f"?{urlencode({'to': page})}"
            card = Card.of(
                Mark.ANSWER,
                f"Your link to the {coalition.short} board",
                Line("Log in", f"{site}/in/{token}{query}"),
                f"It works once, for {term}. Do not forward it: anyone who opens it acts in your name.",
                "If you did not ask for it, do nothing.",
            )
            messages.post(work, messages.mail_place(mine.person, LOG_IN), f"link:{work.new_id()}", card, kind=LINK)

    def bounced(self, mark: str, recipients: tuple[str, ...], status: str, *, permanent: bool) -> None:
        """Hold the address that the mail with this mark went to lately, if it is dead or has failed too often.

        Only some codes say that there is no mailbox; others are about this mail or its sender (RFC 3463).
        """
        name = queued.mailed_to(self.db, mark, self.clock() - BOUNCES_WITHIN)
        to = self.channel(name) if name else None
        if to is None or not any(same_address(to.address, each) for each in recipients):
            log.info("a report of email that did not arrive was left: it names no address that we wrote to lately")
            return
        if to.name.startswith(OFFICE) and permanent:
            with self.db.write() as tx:
                sendings.bounced(tx, to.name.removeprefix(OFFICE), status)
        elif to.name.startswith(PERSONAL):
            self._hold(to, status, permanent=permanent)

    def _hold(self, to: Channel, status: str, *, permanent: bool) -> None:
        with self._write() as work:
            tx = work.tx
            is_refused = permanent and status not in NO_MAILBOX
            if permanent and not is_refused and subscribers.delete(tx, to.token):
                return
            mine, person = self._owner(tx, to.token)
            if is_refused:
                name = person.name if person else "a subscriber"
                self._tell(work, f"refused:{status}:{to.name}", f"An email to {name} was refused ({status})", _REFUSED)
                return
            if mine is None or person is None:
                return
            if not permanent and not mail.count_soft_bounce(tx, mine, self.clock()):
                return
            why = f"email bounced ({status})" if permanent else f"email bounced {mail.SOFT_BOUNCES} times ({status})"
            scope = holds.channel_scope(messages.mail_place(person.id).channel)
            if any(hold.scope == scope for hold in holds.all_holds(tx)):
                return
            holds.place(tx, holds.Hold(scope, why), now=self.clock(), report=True)
        self.report_holds()

    def _write(self) -> AbstractContextManager[Work]:
        return Job(self.db, self.config(), self.clock(), self.new_id).write()

    def _owner(self, tx: Transaction, token: str) -> tuple[mail.MailAddress | None, Person | None]:
        mine = mail.by_token(tx, token)
        return mine, records.person(tx, mine.person) if mine else None

    def _note(self, work: Work, person: Person, after: str) -> None:
        change = audit.Change(
            at=work.now,
            person=person.id,
            who=person.name,
            origin=_BY_MAIL,
            command="campaign mail",
            subject=f"mail of {person.name}",
            before="",
            after=after,
        )
        audit.write(work.tx, change, new_id=work.new_id)

    def _tell(self, work: Work, name: str, head: str, *lines: str) -> None:
        feeds = work.config.feeds
        card = Card.of(Mark.HEALTH, head, *lines)
        messages.post(work, messages.members_only_place(feeds.admin, feeds), name, card, kind=_REPORT)

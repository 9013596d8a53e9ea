"""Messages to a person: their accounts changed, their request was cut off, members of Congress they follow acted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bot.alerts.direct import KIND
from bot.bills.commands import tracked_bills
from bot.bills.positions import positions
from bot.campaign.lobby_day import committee_lines, letters_to
from bot.commands.model import Job, Work
from bot.config.coalition import Coalition
from bot.config.feeds import DigestConfig
from bot.congress import records as congress
from bot.outbox import messages
from bot.outbox.model import NOTICE, Channel
from bot.people import account_notices, preferences, records, requests
from bot.people.preferences import MEMBER
from bot.shared.bill_number import BillNumber
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Card, Line, Mark, Section
from bot.shared.plain_text import short_hash
from bot.shared.wording import cap_lines, number
from bot.store.database import Reader, from_text, to_text, update_rows

ANSWER: Final = "answer"  # of deliveries
_UNEXPECTED: Final = "If you did not expect this, tell an administrator at once, in person or by phone."


def post_account_notices(job: Job) -> None:
    feeds = job.config.feeds
    if not account_notices.waiting(job.db):
        return
    with job.write() as work:
        for notice in account_notices.waiting(work.tx):
            to_admins = (notice.platform, notice.address) == account_notices.ADMINS
            name = f"{NOTICE}{notice.id}"
            to = messages.Place(name, name, notice.platform or notice.address.partition(":")[0])
            card = Card(mark=Mark.ANSWER, head=notice.text, lines=(Line(_UNEXPECTED),))
            if to_admins:
                to = messages.members_only_place(feeds.admin, feeds)
                button = Button("Confirm", "people vouch", (("person", notice.person),))
                card = Card(mark=Mark.HEALTH, head=notice.text, buttons=(button,))
            messages.post(work, to, f"accounts:{notice.id}", card, kind="accounts")
            update_rows(work.tx, "account_notice", {"posted_at": work.now}, id=notice.id)


def channel(db: Reader, name: str) -> Channel | None:
    """Return the account or address behind `notice:<id>`; None once it was deleted, as when the person left.

    That they were removed is said to accounts and an address that are no longer theirs.
    """
    notice = account_notices.find(db, name.removeprefix(NOTICE))
    person = records.person(db, notice.person) if notice else None
    if notice and not notice.platform:
        return Channel(name, *notice.address.split(":", 1))
    return Channel(name, notice.platform, notice.address, person.name if person else "") if notice else None


def post_cut_off_answers(job: Job) -> None:
    """Tell each person, once, what became of their request."""
    if not requests.cut_off_promises(job.db, job.now):
        return
    with job.write() as work:
        for promise in requests.cut_off_promises(work.tx, work.now):
            what = f"/{promise.path}" if promise.path else "your request"
            done = requests.changes_of(work.tx, promise.key, promise.person, promise.path)
            head = f"{what[:1].upper()}{what[1:]} was done, and the bot was stopped before it could say so"
            if done is None:
                head = f"The bot was stopped before it did {what}"
                done = (Line("Nothing was changed. Please send it again."),)
            elif not done:
                head = f"The bot was stopped before it answered {what}"
                done = (Line("Please look whether it was done before you send it again."),)
            card = Card(mark=Mark.ANSWER, head=head, lines=done)
            name = f"unanswered:{promise.key}"
            messages.post_to_person(work, promise.person, name, card, kind=ANSWER, urgent=True)
            requests.delete_promise(work.tx, promise.key)


# --- what members of Congress did that people follow ------------------------------------------------------------------
# What is on record is compared with what was at the last message, so nothing is lost if a record comes late.

_MONDAYS: Final = DigestConfig(days="monday")
KNOWN: Final = "known of "  # begins the name of a preference: what was known of a member at the last message
_LOOKED: Final = "members looked at"  # the preference with the time of the last message, or look without news
_SEAT: Final = "seat:"  # begins the keys of facts that may end
_MOST: Final = 20  # lines on one member


def post_member_news(job: Job) -> None:
    """Queue the messages that are due. A member just followed is only looked at: what they did before is no news."""
    for person, mine in preferences.followers(job.db).items():
        followed = [follow.what.removeprefix(MEMBER) for follow in mine.follows if follow.what.startswith(MEMBER)]
        if not followed:
            continue
        own = preferences.values_of(job.db, person)
        fresh = [bioguide for bioguide in followed if KNOWN + bioguide not in own]
        if fresh:
            # Store what is known of members without reporting it.
            facts = {bioguide: dict(_facts(job.db, job.config.coalition, bioguide)) for bioguide in fresh}
            with job.write() as work:
                _save(work, person, facts)
                if _LOOKED not in own:
                    preferences.set_preference(work.tx, person, _LOOKED, to_text(work.now))
        zone = mine.tz(job.config.coalition)
        last = from_text(own[_LOOKED]) if _LOOKED in own else job.now
        # A clock that was ahead may have noted a time to come.
        if _MONDAYS.is_due(last.astimezone(zone).date() if last <= job.now else None, job.now, zone):
            _post(job, person, [each for each in followed if each not in fresh], own)


def _post(job: Job, person: str, members: Sequence[str], own: Mapping[str, str]) -> None:
    facts = {bioguide: dict(_facts(job.db, job.config.coalition, bioguide)) for bioguide in members}
    news = [
        (member, lines)
        for bioguide, lines_by_key in facts.items()
        if (member := congress.member(job.db, bioguide))
        and (lines := _changes(json.loads(own[KNOWN + bioguide]), lines_by_key))
    ]
    last = from_text(own[_LOOKED])
    since = f" since {day_in_words(job.config.coalition.day(last))}" if last <= job.now else ""
    with job.write() as work:
        if news:
            sections = [Section(member.label, tuple(map(Line, cap_lines(lines, _MOST)))) for member, lines in news]
            count = number(sum(len(lines) for _, lines in news), "change")
            card = Card(
                mark=Mark.DIGEST,
                head=f"Members you follow: {count}{since}",
                sections=tuple(sections),
                foot="Sent as a direct message on Mondays. Change what you follow with /campaign me.",
                buttons=(Button("What I follow", "campaign me"),),
            )
            # A clock that was ahead may have posted on this day already.
            name = f"members:{work.today}:{short_hash(repr([lines for _, lines in news]))}"
            messages.post_to_person(work, person, name, card, kind=KIND)
        _save(work, person, facts)
        preferences.set_preference(work.tx, person, _LOOKED, to_text(work.now))


def _save(work: Work, person: str, facts: Mapping[str, Mapping[str, str]]) -> None:
    for bioguide, lines_by_key in facts.items():
        value = json.dumps(lines_by_key, ensure_ascii=False)
        preferences.set_preference(work.tx, person, KNOWN + bioguide, value)


def _facts(db: Reader, coalition: Coalition, bioguide: str) -> Iterator[tuple[str, str]]:
    """Yield (key, line) of what is known of a member: what they signed, votes on our bills, seats, our letters."""
    senators = congress.senate_numbers(db)
    for bill in tracked_bills(coalition):
        for each in positions(db, BillNumber.of(bill), senators).of(bioguide).evidence:
            yield f"{each.text} {each.on}", f"{each.line} ({each.source})"
    stored = congress.stored_directory(db)
    as_of = f" (directory as of {day_in_words(stored.as_of)})" if stored else ""
    for line in committee_lines(db, bioguide):
        yield f"{_SEAT}{line}", f"{line}{as_of}"
    for each in letters_to(db, {bioguide}).get(bioguide, ()):
        yield f"{each.text} {each.on}", f"{each.line} ({each.source})"


def _changes(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """What is new, and which seats a member no longer has."""
    added = [f"Committee: {text}" if key.startswith(_SEAT) else text for key, text in now.items() if key not in before]
    ended = [text for key, text in before.items() if key.startswith(_SEAT) and key not in now]
    return (*added, *(f"No longer on the list: {text}" for text in ended))

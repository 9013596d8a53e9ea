"""The bills room's sentences. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from itertools import groupby
from operator import attrgetter
from typing import Final

from bot.bills.bill_text import Change
from bot.bills.model import BillFacts, Cosponsorship
from bot.config.coalition import Family
from bot.shared.bill_number import BillNumber, nth
from bot.shared.calendar import day_in_words, moment_in_words
from bot.shared.language import gettext, ngettext, ngettext_noop
from bot.shared.wording import listed, number, short

PARTIES: Final = {
    "R": ngettext_noop("%(num)s Republican", "%(num)s Republicans"),
    "D": ngettext_noop("%(num)s Democrat", "%(num)s Democrats"),
    "I": ngettext_noop("%(num)s independent", "%(num)s independents"),
}
_OTHERS: Final = ngettext_noop("%(num)s other or not known", "%(num)s others or not known")
# Half of the resolutions and some bills have no name: their title says what they would do.
_NAME: Final = re.compile(r"(?!(?i:an? bill|to) ).*\b(?:Act|Law|Resolution|Amendments)\b(?: of \d{4})?[^a-z]*$")
_OF_A_PERSON: Final = re.compile(r"[^ ]+(?: [^ ]+)?[’']s Law")  # "Connor’s Law" takes no article
_DESCRIBED: Final = re.compile(
    r"(?:an? (?:original )?(?:bill|(?:joint |concurrent )?resolution) )?(?P<about>(?:to|of|for|\w+ing)\b.*)",
    re.IGNORECASE,
)
_LONG: Final = 160  # characters of a clause in an answer


def head(facts: BillFacts) -> str:
    named = facts.title not in ("", facts.bill.label)  # a bill whose record was not read yet has no title
    return f"{facts.bill.label}: {short(facts.title, 120)}" if named else facts.bill.label


def people(facts: BillFacts) -> str:
    """The sponsor, the number of cosponsors, and the committees."""
    sponsor = "sponsor not known" if facts.sponsor is None else f"by {facts.sponsor or 'an unnamed sponsor'}"
    cosponsors = facts.current_cosponsors
    joined = "cosponsors not known" if cosponsors is None else number(len(cosponsors), "cosponsor")
    committees = (
        "committees not known" if facts.committees is None else listed(list(facts.committees)) or "no committee"
    )
    since = f"Introduced {day_in_words(facts.introduced)} " if facts.introduced else "Introduced "
    return f"{since}{sponsor}; {joined}; {committees}."


def family_lines(family: Family, laws_by_bill: dict[str, str], today: date) -> list[str]:
    """A line per Congress with its bills and their outcome. `laws_by_bill`: as of `facts.family_laws`."""
    lines = []
    numbers = sorted((BillNumber.of(bill.id) for bill in family.bills), key=attrgetter("congress"))
    for congress, group in groupby(numbers, key=attrgetter("congress")):
        bills = list(group)
        laws = {bill: law for bill in bills if (law := laws_by_bill.get(bill.id, ""))}
        names = listed([bill.name for bill in bills], 9)
        outcome = "; ".join(f"{bill.name} became {law}" for bill, law in laws.items())
        if not laws and bills[0].over(today):
            ended = "died" if all(bill.id in laws_by_bill for bill in bills) else "its Congress ended"
            outcome = f"{ended} {day_in_words(bills[0].ends)}"
        lines.append(f"{nth(congress)}: {names}{f' – {outcome}' if outcome else ''}")
    return lines


def successor(family: Family, laws_by_bill: dict[str, str], bill: BillNumber) -> str:
    """What became of the family since this bill: the law, or its newest bills; "" for neither."""
    laws = {BillNumber.of(id_): law for id_, law in laws_by_bill.items() if law and id_ != bill.id}
    if later := [each for each in laws if each.congress >= bill.congress]:
        last = max(later, key=lambda each: each.congress)
        which = "Its successor is law" if last.congress > bill.congress else "Another bill of its family is law"
        return f"{which}: {last.label} became {laws[last]}."
    newest = max(BillNumber.of(each.id).congress for each in family.bills)
    now = [BillNumber.of(each.id).label for each in family.bills if BillNumber.of(each.id).congress == newest]
    return f"Reintroduced as {listed(now)}." if newest > bill.congress else ""


def foot(facts: BillFacts, zone: tzinfo) -> str:
    if facts.as_of is None:
        return f"Source: {facts.source}. Its record has not been read."
    checked = f"; checked {time_text(facts.checked_at, zone)}" if facts.checked_at else ""
    return f"Source: {facts.source}, as of {time_text(facts.as_of, zone)}{checked}"


def time_text(at: datetime, zone: tzinfo) -> str:
    return moment_in_words(at.astimezone(zone))


def cosponsor(member: Cosponsorship) -> str:
    joined = f", {day_in_words(member.joined)}" if member.joined else ""
    return f"{member.name}{joined}{f', withdrawn {day_in_words(member.withdrawn)}' if member.withdrawn else ''}"


def cosponsors_in_order(facts: BillFacts) -> list[Cosponsorship] | None:
    """Return who is a cosponsor now, by state and name; None if the record does not say."""
    current = facts.current_cosponsors
    return None if current is None else sorted(current.values(), key=lambda member: (member.state, member.name))


def cosponsor_summary(seats: Sequence[tuple[str, str]]) -> str:
    """`19 cosponsors: 10 Republicans and 9 Democrats, from 12 state delegations.` `seats`: party and state of each."""
    parties = Counter(PARTIES.get(party, _OTHERS) for party, _ in seats)
    named = [ngettext(*names, parties[names]) for names in (*PARTIES.values(), _OTHERS) if parties[names]]
    states = len({state for _, state in seats if state})
    return gettext(
        "%(cosponsors)s: %(parties)s, from %(states)s.",
        cosponsors=ngettext("%(num)s cosponsor", "%(num)s cosponsors", len(seats)),
        parties=listed(named),
        states=ngettext("%(num)s state delegation", "%(num)s state delegations", states),
    )


def change_line(change: Change) -> str:
    old, new = short(change.before, _LONG), short(change.after, _LONG)
    swap = f"“{old}” became “{new}”" if old and new else f"removed “{old}”" if old else f"added “{new}”"
    swap = "rewritten; both texts are in the file" if old == new else swap
    return f"{change.section}: {swap}"


def change_text(change: Change) -> list[str]:
    """A change in full, as lines of a text file."""
    signed = (("-", change.before), ("+", change.after))
    return [change.section, *(f"  {sign} {text}" for sign, text in signed if text), ""]


def summary(changes: Sequence[Change]) -> str:
    """`3 changes in 2 sections`."""
    sections = number(len({change.section for change in changes}), "section")
    return f"{number(len(changes), 'change')} in {sections}" if changes else "no section’s text changed"


def full_name(bill: BillNumber, title: str) -> str:
    """Its name in a letter's sentence: `the Relief Act (S. 1234)`, `H.J. Res. 3 (proposing a balanced budget …)`."""
    words = " ".join(title.split()).rstrip(".")
    if not words or words == bill.label:
        return bill.name
    about = _about(words)
    if not about:
        return f"{'' if _OF_A_PERSON.fullmatch(words) else 'the '}{words.removeprefix('The ')} ({bill.name})"
    return f"{bill.name} ({about})" if len(about) <= _LONG else bill.name


def short_title(title: str) -> str:
    """Its title beside its number: `Relief Act`, `supporting the goals of a day`."""
    words = " ".join(title.split()).rstrip(".")
    return _about(words) or words


def _about(title: str) -> str:
    """What a title says that it does, `supporting a day`; "" if the title is a name."""
    if _NAME.match(title) or not (described := _DESCRIBED.match(title)):
        return ""
    about = described["about"]
    return f"{about[:1].lower()}{about[1:]}"

"""Facts and defaults from the publication that a letter answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from bot.alerts import explain
from bot.alerts.cards import day_of
from bot.alerts.hearing_cards import watched_bills
from bot.commands.model import Context, Refused
from bot.config.coalition import Coalition
from bot.config.load import Config
from bot.deadlines import records as docket_records
from bot.entries import match_records, records
from bot.entries.records import StoredEntry
from bot.letters.recipients.committees import leader_of
from bot.letters.templates import template
from bot.letters.templates.template import Meta, Need
from bot.shared.agencies import agency_in_a_sentence
from bot.shared.calendar import day_of_a_letter
from bot.shared.entry import Change, Difference, Entry, Kind, regulations_gov_dockets
from bot.store.database import Reader

_WHOLE_COMMITTEE: Final = 4  # characters of a committee's id; a subcommittee's has two digits more


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """An alert, and the asks it was raised for."""

    stored: StoredEntry
    asks: tuple[int, ...]

    @property
    def entry(self) -> Entry:
        return self.stored.entry


def occasion(db: Reader, config: Config, query: str) -> Occasion:
    """The alert with this address, number or id, as it is now. Raises `Refused`."""
    entries = explain.find(db, query)
    if not entries:
        raise Refused("There is no alert like that. /alerts recent lists the newest.", param="entry")
    stored = entries[-1]
    entry = stored.entry
    if entry.hearing or entry.kind is Kind.DOCUMENT:  # a hearing may have moved, a document may be withdrawn
        thread = [it.entry for it in records.step_of(db, stored)]
        if entry.kind is Kind.DOCUMENT:
            entry = _as_amended(db, entry, thread)
        else:
            newest = max(thread, key=lambda each: each.hearing.sequence if each.hearing else -1)
            entry = replace(entry, hearing=newest.hearing, title=newest.title)
        stored = replace(stored, entry=entry)
    matches = match_records.matches_of(db, [stored.id])
    asks = sorted({ask for some in matches.values() for match in some for ask in match.asks})
    return Occasion(stored=stored, asks=tuple(ask for ask in asks if ask in config.coalition.asks))


def _as_amended(db: Reader, entry: Entry, thread: Sequence[Entry]) -> Entry:
    """The document with the newest closing day of its thread, or that of regulations.gov if it is later."""
    register = next((each.comments_close_on for each in reversed(thread) if each.comments_close_on), None)
    rows = docket_records.documents_by_number(db, [each.number for each in thread if each.number])
    days = [register, *(row.closes_on for several in rows.values() for row in several)]
    withdrawn = any(each.change is Change.WITHDRAWAL for each in thread)
    return replace(
        entry,
        comments_close_on=max((day for day in days if day), default=None),
        change=Change.WITHDRAWAL if withdrawn else entry.change,
    )


def facts_of(entry: Entry, coalition: Coalition, today: date) -> dict[str, Any]:
    """The fact `entry` of templates."""
    on, closes = day_of(entry, coalition.tz), entry.comments_close_on
    quotes = (" ".join(quote.text.split()) for quote in entry.quotes if quote.difference is not Difference.REMOVED)
    rins = (reference.removeprefix("rin:") for reference in entry.references if reference.startswith("rin:"))
    return {
        "title": "" if entry.withheld else entry.title,
        "agency": agency_in_a_sentence(entry.agency.name) if entry.agency else "",
        "outlet": (entry.outlet or "") if entry.kind is Kind.NEWS else "",
        "quote": next(quotes, ""),  # the most important one
        "number": entry.number or "",
        "citation": (entry.citation or "").replace(" FR ", " Fed. Reg. "),
        "docket": next(iter(regulations_gov_dockets(entry.dockets or ())), ""),
        "rin": next(rins, ""),
        "published": day_of_a_letter(on) if on else "",
        "comments_close": day_of_a_letter(closes) if closes else "",
        "comments_closed": closes is not None and closes < today,
        "withdrawn": entry.change is Change.WITHDRAWAL,
        "correction": entry.change is Change.CORRECTION,
        "hearing": entry.hearing.kind.lower() if entry.hearing else "",
        "hearing_day": day_of_a_letter(entry.hearing.day) if entry.hearing else "",
        "committee": entry.hearing.committee if entry.hearing else "",
        "url": entry.link,
    }


def addressee(ctx: Context, entry: Entry) -> str:
    """The office that the entry's agency is mapped to, most specific agency first; for a hearing the committee's chair.

    "" for none.
    """
    if entry.hearing:
        committee = entry.hearing.committee_id[:_WHOLE_COMMITTEE]
        return f"chair:{committee}" if leader_of(ctx.tx, committee, "chair") else ""
    named = [each.slug for each in sorted(entry.agencies or (), key=lambda each: each != entry.agency) if each.slug]
    for slug in named:
        for id_, office in ctx.config.coalition.all_offices.items():
            if slug in office.agencies:
                return f"office:{id_}"
    return ""


def bill_of(ctx: Context, alert: Occasion) -> str:
    """The bill that the entry is about: for a hearing, the first on its agenda that we watch or follow; "" for none."""
    matches = match_records.matches_of(ctx.tx, [alert.stored.id])
    ours = watched_bills(match for some in matches.values() for match in some)
    ours += [bill.id for family in ctx.config.coalition.bills.values() for bill in family.bills]
    agenda = alert.entry.hearing.bills if alert.entry.hearing else ()
    return alert.entry.bill or next((bill for bill in ours if bill in agenda), "")


def best_template(ctx: Context, entry: Entry, asks: tuple[int, ...]) -> str:
    """The best template for the asks and this kind of entry, of equals one for a single ask; "" if none fits."""
    own = {name for number, ask in ctx.config.coalition.asks.items() if number in asks and (name := ask.name)}
    metas = template.metas(ctx.config.folder).items()
    scored = [(_score(meta, entry, asks, own), meta.ask is None, name) for name, meta in metas]
    fitting = [(-score, several, name) for score, several, name in scored if score > 0]
    return min(fitting)[2] if fitting else ""


def _score(meta: Meta, entry: Entry, asks: Sequence[int], own: set[str]) -> int:
    has = {Need.ASK: bool(asks), Need.ENTRY: True, Need.BILL: bool(entry.bill)}
    if not all(has.get(need, False) for need in meta.needs):
        return 0
    if meta.kind == "testimony":
        return 9 if entry.hearing else 0
    takes_comments = entry.kind is Kind.DOCUMENT and bool(entry.comments_close_on)
    points = 1 + 4 * (not own.isdisjoint(meta.asks)) + 2 * (Need.BILL in meta.needs) + (Need.ENTRY in meta.needs)
    if meta.kind != "comment":
        return points
    return points + (8 if takes_comments else -9)

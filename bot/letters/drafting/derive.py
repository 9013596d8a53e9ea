"""Derive a letter's facts from the record, the directory, the docket, the publication it answers and the claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from bot.alerts import explain
from bot.alerts.cards import day_of
from bot.alerts.hearing_cards import watched_bills
from bot.bills.facts import UnknownBill, bill_facts
from bot.bills.model import BillFacts
from bot.commands.arguments import check_asks
from bot.commands.model import Context, Refused, Work
from bot.config.coalition import Coalition
from bot.config.load import Config
from bot.congress import directory
from bot.congress.directory import NotAddressable
from bot.congress.model import Addressee
from bot.deadlines.records import load_commitments
from bot.deadlines.windows import period
from bot.entries import records as entry_records
from bot.entries.records import StoredEntry
from bot.letters import committees, records
from bot.letters.committees import leader_of
from bot.letters.drafting import asks, facts
from bot.letters.facts import Facts, Recipient, Rendering, Topic, of_coalition
from bot.letters.lifecycle import Dossier, Text
from bot.letters.model import Written
from bot.letters.statements import sourcing
from bot.letters.statements.sourcing import Citable
from bot.letters.templates import template
from bot.letters.templates.template import FieldType, Meta, Need, Template, render
from bot.shared.agencies import agency_in_a_sentence
from bot.shared.bill_number import parse_bill_number
from bot.shared.calendar import day_in_words, day_of_a_letter
from bot.shared.entry import Change, Difference, Entry, Hearing, Kind, regulations_gov_dockets
from bot.shared.wording import cap_lines, listed
from bot.store.database import Reader

_WHOLE_COMMITTEE: Final = 4  # characters of a committee's id; a subcommittee's has two digits more
_SHOWN = 3  # sentences on missing directory entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """An alert, and the asks it was raised for."""

    stored: StoredEntry
    asks: tuple[int, ...]

    @property
    def entry(self) -> Entry:
        return self.stored.entry


def occasion(db: Reader, config: Config, query: str, today: date) -> Occasion:
    """The alert with this address, number or id, as it is now. Raises `Refused`."""
    entries = explain.find(db, query)
    if not entries:
        raise Refused("There is no alert like that. /alerts recent lists the newest.", param="entry")
    stored = entries[-1]
    entry = stored.entry
    if entry.hearing or entry.kind is Kind.DOCUMENT:  # a hearing may have moved, a document may be withdrawn
        step = entry_records.step_of(db, stored)
        if entry.kind is Kind.DOCUMENT:
            entry = _as_amended(db, stored, step, today)
        else:
            newest = max((it.entry for it in step), key=lambda each: each.hearing.sequence if each.hearing else -1)
            entry = replace(entry, hearing=newest.hearing, title=newest.title)
        stored = replace(stored, entry=entry)
    matches = entry_records.matches_of(db, [stored.id])
    asks = sorted({ask for some in matches.values() for match in some for ask in match.asks})
    return Occasion(stored=stored, asks=tuple(ask for ask in asks if ask in config.coalition.asks))


def _as_amended(db: Reader, stored: StoredEntry, step: Sequence[StoredEntry], today: date) -> Entry:
    """The document with the day on which its comment period closes, and withdrawn if it was."""
    window = period(db, step, today)
    withdrawn = any(each.entry.change is Change.WITHDRAWAL for each in step)
    return replace(
        stored.entry,
        comments_close_on=window.closes if window else None,
        change=Change.WITHDRAWAL if withdrawn else stored.entry.change,
    )


def facts_of_entry(entry: Entry, coalition: Coalition, today: date) -> dict[str, Any]:
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
        "committee": _holder(entry.hearing) if entry.hearing else "",
        "url": entry.link,
    }


def _holder(hearing: Hearing) -> str:
    """`Senate Judiciary Committee`, or `Subcommittee on Federal Lands of the House Natural Resources Committee`."""
    part = hearing.subcommittee
    named = part if "ubcommittee" in part else f"Subcommittee on {part}"
    return hearing.committee if part in ("", "a subcommittee") else f"{named} of the {hearing.committee}"


def addressee(ctx: Context, entry: Entry) -> str:
    """The office that the entry's agency is mapped to, most specific agency first; for a hearing the chair of the
    subcommittee that holds it, or of its committee. "" for none.
    """
    if entry.hearing:
        holders = (entry.hearing.committee_id, entry.hearing.committee_id[:_WHOLE_COMMITTEE])
        return next((f"chair:{each}" for each in holders if leader_of(ctx.tx, each, "chair")), "")
    named = [each.slug for each in sorted(entry.agencies or (), key=lambda each: each != entry.agency) if each.slug]
    for slug in named:
        for id_, office in ctx.config.coalition.all_offices.items():
            if slug in office.agencies:
                return f"office:{id_}"
    return ""


def bill_of_alert(ctx: Context, alert: Occasion) -> str:
    """The bill that the entry is about: for a hearing, the first on its agenda that we watch or follow; "" for none."""
    matches = entry_records.matches_of(ctx.tx, [alert.stored.id])
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


def derive(
    db: Reader,
    config: Config,
    topic: Topic,
    addressees: Sequence[Addressee],
    *,
    fields: Mapping[str, str | int],
    claims: Iterable[str],
    now: datetime,
) -> Facts:
    """The facts of a letter on this topic to these addressees, as of now.

    `fields`: the fact `fields`; `claims`: ids of the authorities that the template may cite, "duty" for the topic's.
    Raises `Refused` if a fact cannot be derived, such as those of an unknown bill or one read too long ago.
    """
    coalition = config.coalition
    today, known_duties = coalition.day(now), load_commitments(db, coalition)
    if topic.duty and topic.duty not in known_duties:
        names = listed(list(known_duties), 9) or "none"
        raise Refused(f"There is no duty “{topic.duty[:60]}”; there are {names}.", param="duty")
    bill = _bill(db, config, topic.bill, now) if topic.bill else None
    alert = occasion(db, config, topic.entry, today) if topic.entry else None
    common = {
        "today": day_of_a_letter(today),
        "coalition": of_coalition(coalition),
        "ask": _ask(coalition, topic.ask) if topic.ask is not None else None,
        "bill": facts.of_bill(bill, today, coalition.tz, known_duties.values()) if bill else None,
        "duty": facts.of_duty(known_duties[topic.duty], today) if topic.duty else None,
        "entry": facts_of_entry(alert.entry, coalition, today) if alert else None,
        "signon": topic.signon,
        "fields": dict(fields),
    }
    ids = {id_: f"{facts.DUTY}{topic.duty}" if id_ == "duty" else id_ for id_ in claims}
    return Facts(
        common=common,
        recipients={each.id: _recipient(db, config, each, bill, topic.ask, today) for each in addressees},
        claims={name: facts.current_claim(db, coalition, id_, today) for name, id_ in ids.items()},
        citable=_citable(common, bill, alert),
    )


def rendering(
    db: Reader, config: Config, template_: Template, topic: Topic, addressees: Sequence[Addressee], *, now: datetime
) -> tuple[Rendering, dict[str, Any]]:
    """The template's texts on this topic for these addressees, as of now, and what a letter stores of its topic.

    Raises `TemplateProblem`, and `Refused` as `derive` does.
    """
    fields, claims = template_.meta.values(topic.fields), template_.meta.may_claim
    given = derive(db, config, topic, addressees, fields=fields, claims=claims, now=now)
    by_text: dict[Written, list[str]] = {}
    for id_ in given.recipients:
        by_text.setdefault(render(template_, given.given_to(id_), given.claims), []).append(id_)
    results: list[Text] = []
    for text, ids in by_text.items():  # its `templated` sentences: as the template has them whatever is typed
        facts_ = given.given_to(ids[0])
        choices = {key for key, field in template_.meta.fields.items() if field.type is FieldType.CHOICE}
        typed = {  # other values, but a choice is the template's words
            key: value + 1 if isinstance(value, int) else "Other words." if value and key not in choices else value
            for key, value in facts_["fields"].items()
        }
        other = text if typed == facts_["fields"] else render(template_, {**facts_, "fields": typed}, given.claims)
        results.append(Text(replace(text, templated=sourcing.sentences(other)), tuple(ids)))
    return Rendering(texts=tuple(results), facts=given), topic.stored_with(given)


def _recipient(
    db: Reader, config: Config, addressee: Addressee, bill: BillFacts | None, ask: int | None, today: date
) -> Recipient:
    """A template's addressee. A joint letter asks what each of them, or a committee's leaders, would be asked."""
    record, parts = committees.record_of(db, addressee.id, bill), addressee.id.removeprefix("joint:").split("+")
    if bill and record and len(parts) > 1 and not (record["chairs"] and record["ranking"]):
        each = [asks.facts_of(config.folder, bill, committees.record_of(db, part, bill), today) for part in parts]
        if len({(asked["thanks"], asked["ask"]) for asked in each}) > 1:
            why = f"a joint letter thanks and asks everyone for the same, and these members differ on {bill.bill.name}."
            each = [asdict(asks.Asked(refusal=f"{why} Write to each alone."))]
        record |= each[0]
    elif bill and record:
        record |= asks.facts_of(config.folder, bill, record, today)
    seats = committees.committees_of(db, addressee.id)
    people = (committees.member_behind(db, part) for part in parts)
    return Recipient(
        address=addressee,
        facts=facts.of_addressee(config.coalition, addressee, record, seats, config.coalition.asks.get(ask or 0)),
        people=tuple(filter(None, people)),
    )


def _bill(db: Reader, config: Config, id_: str, now: datetime) -> BillFacts:
    bill = bill_facts(db, config.coalition, id_, now=now)
    check_bill(config.coalition, bill, now)
    return bill


def _ask(coalition: Coalition, number: int) -> dict[str, Any]:
    check_asks(coalition.asks, [number], param="ask")
    ask = coalition.asks[number]
    if not ask.text:
        raise Refused(f"Ask {number} has no text in coalition.yml yet, so there is nothing to write.", param="ask")
    return facts.of_ask(number, ask)


def _citable(common: Mapping[str, Any], bill: BillFacts | None, alert: Occasion | None) -> Citable:
    """What the letter may cite because it is about it: its bill, duty and publication."""
    entry, duty = common["entry"] or {}, common["duty"] or {}
    names = [bill.bill.label, bill.law] if bill else []
    names += [bill.enacted.bill.label, bill.enacted.law] if bill and bill.enacted else []
    names += [bill.companion.label] if bill and bill.companion else []
    names += [str(entry[key]) for key in ("number", "citation", "docket", "title") if entry.get(key)]
    names += [str(duty["statute"])] if duty else []
    source = alert.entry if alert else None  # its own text may be quoted
    quotable = [source.title, source.summary, source.dates_text, *(q.text for q in source.quotes)] if source else []
    ours = common["coalition"]
    return sourcing.citable(
        names,
        filter(None, (bill.title if bill else "", *quotable)),
        facts=[*_texts_of(common["bill"]), *_texts_of(entry), *_texts_of(duty)],
        speakers=(ours["name"], ours["short"], *ours["members"]),
    )


def _texts_of(facts_: object, name: str = "") -> Iterator[str]:
    """The values of facts as texts, numbers with what they count: "19 cosponsors"."""
    if isinstance(facts_, Mapping):
        for key, value in facts_.items():
            yield from _texts_of(value, str(key))
    elif isinstance(facts_, list):
        for value in facts_:
            yield from _texts_of(value, name)
    elif facts_ and not isinstance(facts_, bool):
        yield f"{facts_} {name}" if isinstance(facts_, int) else str(facts_)


# --- how current the records are --------------------------------------------------------------------------------------


def record_lines(work: Work, letter: Dossier) -> Iterator[str]:
    """Lines for approvers: the date of each record, and what it lacks."""
    at_lock, addressees = records.locked(work.tx, letter.id)[0], list[Addressee]()
    for id_ in letter.version.addressees:
        with suppress(NotAddressable):  # who cannot be written to has no entry
            addressees.append(at_lock.get(id_) or directory.addressee(work.tx, work.config, id_, today=work.today))
    if days := {addressee.as_of for addressee in addressees if addressee.as_of}:
        yield f"Names and addresses are as of {day_in_words(min(days))}."
    missing = [addressee.missing for addressee in addressees if addressee.missing]
    yield from cap_lines(missing, _SHOWN, "The directory is incomplete for {:,} more addressees.")
    parsed, bill = parse_bill_number(str(letter.facts.get("bill", "")).removeprefix("bill:")), None
    if parsed and parsed.bill:
        with suppress(UnknownBill):
            bill = bill_facts(work.tx, work.config.coalition, parsed.bill.id, now=work.now)
    if bill and bill.checked_at:
        day = work.config.coalition.day
        checked = day_in_words(day(bill.checked_at))
        changed = f", updated by its source {day_in_words(day(bill.as_of))}" if bill.as_of else ""
        yield f"The record of {bill.bill.label} was last checked {checked}{changed}."
    elif bill:
        yield f"No record of {bill.bill.label} was read: its facts about the bill come from coalition.yml."


def check_bill(coalition: Coalition, bill: BillFacts, now: datetime) -> None:
    """Raise `Refused` if the record of a pending bill was last checked too long ago."""
    if bill.checked_at is None or bill.law or bill.over(coalition.day(now)):
        return
    limit = coalition.letters.bill_records_good_for
    if now - bill.checked_at > limit:
        checked = day_in_words(coalition.day(bill.checked_at))
        raise Refused(
            f"The record of {bill.bill.label} was last checked on {checked}, more than {limit.days} days ago. "
            f"/bill track {bill.bill.id} updates it.",
            param="bill",
        )

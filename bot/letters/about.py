"""What a letter answers: a publication, and from it what can be filled in before anybody types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.alerts import records, trace
from bot.alerts.cards import day_of
from bot.alerts.reasons import asks_of
from bot.alerts.records import Kept
from bot.calendar import day_of_a_letter
from bot.command import Desk, Refused
from bot.config.coalition import Coalition
from bot.entry import Difference, Entry, Kind
from bot.letters import template
from bot.letters.template import Meta, Need, TemplateProblem

_KINDS: Final = frozenset({"Department", "Office", "Bureau"})
_WITH_THE: Final = frozenset({"Treasury", "Interior", "Army", "Navy", "Air Force"})
# A name with one of these takes "the", but "U.S. Customs and Border Protection" does not.
_BODIES: Final = frozenset(
    {
        *("Administration", "Agency", "Authority", "Bank", "Board", "Bureau", "Center", "Centers", "Commission"),
        *("Committee", "Corporation", "Corps", "Council", "Department", "Division", "Endowment", "Foundation"),
        *("Institute", "Institutes", "Library", "Office", "Service", "System"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """An alert, and the asks it was raised for."""

    kept: Kept
    asks: tuple[int, ...]

    @property
    def entry(self) -> Entry:
        return self.kept.entry


def occasion(desk: Desk, needle: str) -> Occasion:
    """What was published and is meant. Raises `Refused`."""
    found = trace.find(desk.tx, desk.config.coalition.id, needle)
    if not found:
        raise Refused("I know no such publication. /alerts recent lists the newest.", param="entry")
    kept = found[-1]
    matches = records.matches_of(desk.tx, desk.config.coalition.id, [kept.id])
    asks = asks_of(match for some in matches.values() for match in some)
    return Occasion(kept=kept, asks=tuple(ask for ask in asks if ask in desk.config.coalition.asks))


def facts_of(entry: Entry, coalition: Coalition) -> dict[str, Any]:
    """The fact `entry`."""
    on = day_of(entry, coalition.tz)
    return {
        "title": entry.title,
        "agency": in_a_sentence(entry.agency.name) if entry.agency else "",
        "quote": _quoted(entry),
        "number": entry.number or "",
        "docket": entry.dockets[0] if entry.dockets else "",
        "published": day_of_a_letter(on) if on else "",
        "comments_close": day_of_a_letter(entry.comments_close_on) if entry.comments_close_on else "",
        "url": entry.link,
    }


def _quoted(entry: Entry) -> str:
    """The sentence of its own text that counts most, unless it was taken out."""
    stands = (quote.text for quote in entry.quotes if quote.difference is not Difference.REMOVED)
    return " ".join(next(stands, "").split())


def in_a_sentence(agency: str) -> str:
    """An agency's name as a sentence has it: the Register writes "Homeland Security Department" and "Trade
    Representative, Office of United States".
    """
    last, _, first = agency.partition(", ")
    if first and first.split()[0] in _KINDS:
        return f"the {first} {last}"
    name, _, kind = agency.rpartition(" ")
    if kind in _KINDS and name and not name.startswith(("U.S.", "Federal ", "National ", "Executive ")):
        return f"the {kind} of {'the ' if name in _WITH_THE else ''}{name}"
    return agency if _BODIES.isdisjoint(agency.split()) else f"the {agency}"


def words_of(entry: Entry) -> list[str]:
    """What of a publication's own text is known: a letter that answers it may quote that."""
    return [entry.title, entry.summary or "", entry.dates_text or "", *(quote.text for quote in entry.quotes)]


def addressee(desk: Desk, entry: Entry) -> str:
    """Who should answer for it: the office that the agency is mapped to, the most specific first; "" for none."""
    named = [each.slug for each in sorted(entry.agencies or (), key=lambda each: each != entry.agency) if each.slug]
    for slug in named:
        for id_, office in desk.config.coalition.offices.items():
            if slug in office.agencies:
                return f"office:{id_}"
    return ""


def suiting(desk: Desk, entry: Entry | None, asks: tuple[int, ...]) -> str:
    """The template that suits best: written for one of the asks, and for a thing of this kind; "" where none does."""
    scored = [(_fits(meta, entry, asks), name) for name, meta in _metas(desk).items()]
    best, name = min(((-score, name) for score, name in scored if score > 0), default=(0, ""))
    return name if best else ""


def on_bill(desk: Desk, *, law: bool) -> str:
    """The template that is the first choice for a law, or for a bill that is not one; "" for none."""
    wanted = "law" if law else "pending"
    return next((name for name, meta in sorted(_metas(desk).items()) if meta.bill == wanted), "")


def _metas(desk: Desk) -> Mapping[str, Meta]:
    folder, found = desk.config.folder, {}
    for name in template.names(folder):
        try:
            found[name] = template.meta(folder, name)
        except TemplateProblem:
            continue  # `letter lint` tells of it; the others can be used
    return found


def _fits(meta: Meta, entry: Entry | None, asks: tuple[int, ...]) -> int:
    has = {Need.ASK: bool(asks), Need.ENTRY: entry is not None, Need.BILL: bool(entry and entry.bill)}
    if not all(has.get(need, False) for need in meta.needs):
        return 0
    open_ = bool(entry and entry.kind is Kind.DOCUMENT and entry.comments_close_on)
    points = 4 * bool(set(meta.asks) & set(asks)) + 2 * (Need.BILL in meta.needs) + (Need.ENTRY in meta.needs)
    return 1 + points + 8 * (meta.kind == "comment" and open_) - (meta.kind == "comment" and not open_) * 9

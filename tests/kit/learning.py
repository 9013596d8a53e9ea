"""A person who answers what /learn start shows, played by labels, over the real store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bot.entries import records as entries
from bot.learning import records, rounds
from bot.learning.ranking import Proposal
from bot.learning.records import Answer
from bot.shared.entry import Entry, Kind
from bot.store import address
from bot.store.database import Database
from bot.watch.engine import judge
from bot.watch.index import Index
from bot.watch.learned import Learned
from bot.watch.model import Level, Watch
from bot.watch.query import Query
from tests.kit import stores

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
COALITION = "us"


def stored(folder: Path, by_id: Mapping[str, Entry]) -> Database:
    """A store with these entries, all read a moment ago."""
    db = stores.create(folder / "learning.db")
    with db.write() as tx:
        address.take(tx, COALITION, "Us", NOW)
        entries.insert_entries(tx, [(id_, entry, True) for id_, entry in by_id.items()], NOW)
    return db


def learn(
    db: Database, asks: Sequence[str], oracle: Callable[[str], Answer], *, clicks: Sequence[int], seed: int
) -> Iterator[tuple[Learned, Proposal]]:
    """Answer rounds as the oracle does, from nothing but the asks' texts; what was learned after so many clicks each.

    Ends early if nothing is left to answer.
    """
    dice, count = Random(seed), 0
    while count < max(clicks):
        known_now = rounds.lesson(db, 0, asks, NOW - rounds.WINDOW, NOW + timedelta(seconds=1), dice)
        cards = rounds.next_round(db, known_now, dice)
        with db.write() as tx:
            for card in cards:
                records.save_answer(tx, 0, card.entry, oracle(card.entry), by=None, now=NOW)
        count += len(cards)
        if count in clicks or not cards:
            known_now = rounds.lesson(db, 0, asks, NOW - rounds.WINDOW, NOW + timedelta(seconds=1), dice)
            yield rounds.learned_watch(db, known_now, dice)
        if not cards:
            return


def raised(query: Query, listed: Sequence[Entry]) -> int:
    """How many of these entries a watch with that query matches: the running bot's own matcher."""
    watch = Watch("learned", "Learned", (), Level.DIGEST, query)
    return sum(judge(watch, Index(entry)) is not None for entry in listed)


# --- an invented cause: the twin of the recorded labels ---------------------------------------------------------------

LUNCH_ASK = "End school lunch debt. No child should be refused a school meal over unpaid meal charges."
_OURS = (
    "Request for comments on unpaid meal charges in the National School Lunch Program",
    "Community eligibility provision: data collection on school meals",
    "Proposed rule on school lunch debt and the identification of children",
    "Report to Congress on meal shaming and overt identification in school meals",
    "Grants for states that settle school lunch debt of low-income families",
)
_OTHERS = (
    "Airworthiness directives; {} turboprop engines",
    "Fisheries of the Exclusive Economic Zone; {} halibut",
    "Safety zone; fireworks on the {} river",
    "Notice of a lunch meeting of the {} advisory committee",
    "Debt collection practices of {} servicers; information collection",
    "School bus brakes; petition of {} for an exemption",
    "Final flood hazard determinations for {} county",
    "Meal and rest breaks of {} truck drivers; waiver",
)
_PLACES = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Juniper", "Larch", "Maple", "Oak")


def invented(count: int, seed: int) -> dict[str, tuple[Entry, bool]]:
    """Invented documents by id, each with whether it is relevant; one in five is."""
    dice = Random(seed)
    documents: dict[str, tuple[Entry, bool]] = {}
    for number in range(count):
        ours = number % 5 == 0
        title = dice.choice(_OURS if ours else _OTHERS).format(dice.choice(_PLACES))
        summary = f"The {dice.choice(_PLACES)} office announces {dice.choice(('a notice', 'a rule', 'a hearing'))}."
        id_ = f"{number:032x}"
        key = f"fr:2026-{number:05}"
        documents[id_] = (
            Entry(source="register", kind=Kind.DOCUMENT, identity=(key,), thread=key, summary=summary,
                  title=f"{title}, {dice.choice(_PLACES)} {number}", number=f"2026-{number:05}", agencies=()),
            ours,
        )  # fmt: skip
    return documents

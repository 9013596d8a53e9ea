"""News that was never published: stories as a press desk gets them, and their copies as outlets make them.

A story is a headline and three sentences, put together from patterns and names, so that unrelated stories share whole
turns of phrase, as real ones do. A copy is verbatim, cut short, under another headline, lightly rewritten, with the
outlet's name behind the headline or a dateline before the text. One story in six has a twin about something else: the
same patterns and place, another deed and another number.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_PLACES: Final = [
    f"{a}{b}"
    for a in ("Al", "Bel", "Cor", "Dun", "El", "Far", "Gren", "Har", "Ing", "Kel", "Lam", "Mar")
    for b in ("ton", "ville", "bury", "field", "wood", "mere", "dale", "port", "ford", "ham")
]
_NAMES: Final = [
    f"{a}{b}"
    for a in ("An", "Bar", "Car", "Del", "Es", "Fo", "Gar", "Hol", "Jan", "Kir", "Lo", "Mor")
    for b in ("ders", "kins", "son", "ley", "man", "well", "sen", "ter", "rick", "more")
]
_WHO: Final = (
    "A county sheriff",
    "A federal jury",
    "A watchdog",
    "A state senator",
    "A hotline operator",
    "An airline",
    "A farmworkers' group",
    "A hotel chain",
    "A school board",
    "A police task force",
    "A grand jury",
    "A nonprofit",
    "A district attorney",
    "A retailer",
    "A labor inspector",
    "A county clinic",
)
_DEEDS: Final = (
    "opens an inquiry into",
    "settles a suit over",
    "charges three people in",
    "votes to fund shelters after",
    "issues a report on",
    "trains its staff to spot",
    "drops charges in",
    "halts a contract over",
    "asks Congress to act on",
    "clears old records tied to",
    "fines a contractor over",
    "praises a bill on",
    "questions arrests in",
    "names a new chief amid",
    "returns wages lost to",
    "warns of a rise in",
)
_WHAT: Final = (
    "forced labor on {p} farms",
    "a trafficking case in {p}",
    "lost hotline tips in {p}",
    "stings near {p}",
    "recruitment fees charged in {p}",
    "survivors' records in {p}",
    "visas for victims in {p}",
    "grants to police in {p}",
    "massage parlors in {p}",
    "seafood packed in {p}",
)
_SENTENCES: Final = (
    "{n} {s}, who leads the effort in {p}, said {k} people had been heard since {m}",
    "according to papers filed in {p}, {k} workers paid {n} {s} a fee before they were hired",
    "the decision, first reported by a paper in {p}, came after {k} months of talks with {n} {s}",
    "advocates for survivors in {p} said that {k} of the people arrested had asked {n} {s} for help",
    "{n} {s} told lawmakers from {p} that the {m} deadline would be missed for the {k}th time",
    "a lawyer for {n} {s} said the {p} office had lost {k} files and would answer by {m}",
    "the audit counted {k} calls from {p} that nobody returned, among them two by {n} {s}",
    "neighbors in {p} had complained to {n} {s} about the house {k} times before {m}",
    "the money, {k} million dollars for {p}, was to pay for beds that {n} {s} promised in {m}",
    "police in {p} said that {n} {s} and {k} others would be offered counseling, not charged",
    "in {m} the {p} council had put {n} {s} in charge of a panel of {k} people",
    "the union says {k} of its members from {p} never saw the contract that {n} {s} signed",
)
_MONTHS: Final = ("January", "March", "April", "June", "August", "October", "December")
_LIGHT: Final = {
    "said": "says",
    "people": "persons",
    "came": "followed",
    "money": "sum",
    "office": "bureau",
    "workers": "laborers",
    "deadline": "date",
    "would": "will",
    "counted": "found",
    "paid": "gave",
}
_OUTLETS: Final = ("Herald", "Daily Sun", "KTAR News", "The Star", "Courier-Post", "WTOP", "Patch", "The Hill")


@dataclass(frozen=True, slots=True)
class Item:
    story: int
    title: str
    text: str
    outlet: str


def items(count: int, seed: int = 7) -> list[Item]:
    """`count` items, shuffled: stories of one to six copies, so that about four in ten begin a story."""
    dice = random.Random(seed)  # noqa: S311 - the same news in every run
    made: list[Item] = []
    story = 0
    while len(made) < count:
        for title, text in _stories(dice):
            copies = dice.choice((1, 1, 1, 2, 2, 3, 4, 6))
            made += [_copy(dice, Item(story, title, text, dice.choice(_OUTLETS)), first=not n) for n in range(copies)]
            story += 1
    dice.shuffle(made)
    return made[:count]


def _stories(dice: random.Random) -> Iterator[tuple[str, str]]:
    """A story; in one case of six its twin too."""
    place, name, surname = dice.choice(_PLACES), dice.choice(_NAMES), dice.choice(_NAMES)
    patterns = dice.sample(_SENTENCES, 3)
    for _ in range(2 if dice.random() < 1 / 6 else 1):
        title = f"{dice.choice(_WHO)} {dice.choice(_DEEDS)} {dice.choice(_WHAT).format(p=place)}"
        told = (
            pattern.format(
                n=name if at == 0 else dice.choice(_NAMES),
                s=surname if at == 0 else dice.choice(_NAMES),
                p=dice.choice(_PLACES) if at else place,
                k=dice.randint(3, 90),
                m=dice.choice(_MONTHS),
            )
            for at, pattern in enumerate(patterns)
        )
        yield title, ". ".join(sentence[0].upper() + sentence[1:] for sentence in told) + "."


def _copy(dice: random.Random, item: Item, *, first: bool) -> Item:
    title, text = item.title, item.text
    if not first:
        kind = dice.choice(("verbatim", "headline", "cut", "light"))
        if kind == "headline":
            title = f"{dice.choice(_NAMES)} case: {dice.choice(_WHAT).format(p=dice.choice(_PLACES))}"
        elif kind == "cut":
            words = text.split()
            text = " ".join(words[: max(12, len(words) // 2)]) + " …"
        elif kind == "light":
            text = " ".join(_LIGHT.get(word, word) for word in text.split() if dice.random() > 0.05)
    if dice.random() < 0.4:
        title = f"{title} - {item.outlet}"
    if dice.random() < 0.3:
        text = f"{dice.choice(_PLACES).upper()} (AP) — {text}"
    return Item(item.story, title, text, item.outlet)

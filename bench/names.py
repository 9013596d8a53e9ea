"""Learn the models of `bot/people/harmed_names.py` from the labeled texts of the tests, and write them down.

The models are learned by maximum likelihood under a Gaussian prior. Of a text that names someone to protect, `protect`
may say whom; where it does not, at least one of the names is such a name.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bench.newsroom import items
from bot.config.media import PersonalDetails
from bot.people.harmed_names import Context, Model, Person

ROOT: Final = Path(__file__).parents[1]
FILE: Final = ROOT / "bot" / "config" / "name_weights.json"
TESTS: Final = ROOT / "tests" / "unit"
LABELED: Final = (
    "media/named_people.jsonl",
    "media/named_people_first_sight.jsonl",
    "media/named_people_second_sight.jsonl",
    "media/named_people_third_sight.jsonl",
    "media/named_people_fourth_sight.jsonl",
    "media/named_people_fifth_sight.jsonl",
    "people/learned_names.jsonl",
    "people/typed_second_sight.jsonl",
    "people/typed_third_sight.jsonl",
    "people/typed_fourth_sight.jsonl",
    "people/typed_fifth_sight.jsonl",
)
# Published texts in which nobody is named who is to be protected.
HEADLINES: Final = ("headlines_first", "headlines_second", "one_topic")
WEEK: Final = ("documents", "feeds", "public-inspection")
_STORIES: Final = 200  # invented, of policy
_LEAST: Final = 3  # texts in which a feature is learned
_PUBLISHED: Final = 1.0  # what a published text counts: they are much alike
_PRIOR: Final = 2.0  # how much the weights are held to nought
_ITEM_SHARE: Final = 0.25  # what the words of a whole text say, added to what they say of its names
_ROUNDED: Final = 2  # digits of a weight
_SLIGHT: Final = 0.1  # a weight that is left out

Item = Mapping[str, Any]
Vector = NDArray[np.float64]
Weights = dict[str, float]


@dataclass
class Example:
    """A labeled text as it is read. `labels`: of each person, None where only the whole text has one."""

    about: set[str]
    people: list[Person]
    counts: float
    labels: list[bool | None]


def labeled(names: Iterable[str] = LABELED) -> list[Item]:
    """Return the labeled texts of these files, and those of policy news and the demo's week."""
    published = [
        *(line for name in HEADLINES for line in _lines(TESTS / "media" / f"{name}.jsonl")),
        *_lines(ROOT / "tests/corpus/sample/federal_register/labelled.jsonl"),
        *(line for name in WEEK for line in _lines(ROOT / "bot/cli/demo/week" / f"{name}.jsonl")),
    ]
    # A typed text that may only be kept for a number says nothing about its names.
    texts = (
        {"title": "", "summary": line.get("text"), "counts": 1.0, **line}
        for name in names
        for line in _lines(TESTS / name)
    )
    harmless = [
        *(
            (
                line["title"].removesuffix(f" - {line.get('outlet')}"),
                line.get("excerpt") or line.get("abstract") or line.get("summary") or "",
            )
            for line in published
            if "title" in line
        ),
        *((story.title, story.text) for story in items(_STORIES)),
        *(
            ("", paragraph)
            for file in sorted((ROOT / "templates" / "letters").glob("*/letter.j2"))
            for paragraph in file.read_text("utf-8").split("\n\n")
        ),
    ]
    return [
        *(text for text in texts if "text" not in text or "protect" in text or not text["withhold"]),
        *({"title": title, "summary": text, "withhold": False, "counts": _PUBLISHED} for title, text in harmless),
    ]


def _lines(file: Path) -> list[Item]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def common_stems(items: Iterable[Item]) -> frozenset[str]:
    """Return the first letters of words that the texts, or the shipped letters, have in lower case twice."""
    context = Context(PersonalDetails(), ())
    texts = [f"{item['title']} {item['summary']}" for item in items]
    words = ({*text.split()} for text in texts)
    counts = Counter(stem for each in words for stem in {context.stem_of(word) for word in each if word[:1].islower()})
    return frozenset(stem for stem, count in counts.items() if count > 1 and stem.isalpha())


def example(context: Context, item: Item) -> Example:
    reading = context.read(item["title"], item["summary"])
    about = set().union(*reading.passages)
    protect = {word for name in item.get("protect", ()) for word in name.casefold().split()}
    if not item["withhold"]:
        labels: list[bool | None] = [False] * len(reading.people)
    elif protect:
        labels = [not protect.isdisjoint(one.words) for one in reading.people]
    else:
        labels = [None] * len(reading.people)
    return Example(about, reading.people, item["counts"], labels)


def learn(items: Sequence[Item], prior: float = _PRIOR) -> Model:
    """Learn both models from labeled texts."""
    common = common_stems(items)
    context = Context(PersonalDetails(), common)
    texts = [set().union(*context.words_of(item["title"], item["summary"])) for item in items]
    labels = [[bool(item["withhold"])] for item in items]
    examples = [one for item in items if (one := example(context, item)).people]
    people = [[one.about | person.features for person in one.people] for one in examples]
    item = _learned([[text] for text in texts], labels, [1.0] * len(texts), prior / 2)  # to pass over more texts
    name = _learned(people, [one.labels for one in examples], [one.counts for one in examples], prior)
    # Both are right about more writers than one alone; added here, it costs no work later.
    both = {word: name.get(word, 0.0) + _ITEM_SHARE * item.get(word, 0.0) for word in name.keys() | item.keys()}
    return Model(_rounded(item), _rounded(both), common)


def _rounded(weights: Weights) -> Weights:
    """The weights that are not slight, and the constant."""
    pairs = ((name, round(weight, _ROUNDED)) for name, weight in weights.items())
    return {name: weight for name, weight in pairs if abs(weight) >= _SLIGHT or not name}


def _learned(
    texts: Sequence[Sequence[set[str]]],
    labels: Sequence[Sequence[bool | None]],
    counts: Sequence[float],
    prior: float,
) -> Weights:
    """The weights of the features of people, text by text. Without labels at least one of a text is to be protected.

    `counts`: how much each text does.
    """
    rows = [features for people in texts for features in people]
    names = _names(rows)
    loss = _Loss(_matrix(rows, names), labels, counts, prior)
    with threadpool_limits(1):  # so little at a time that more threads only wait for each other
        found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return {name: float(found.x[at]) for name, at in names.items()}


class _Loss:
    """The loss of weights, and its slope."""

    def __init__(
        self, matrix: Any, labels: Sequence[Sequence[bool | None]], counts: Sequence[float], prior: float
    ) -> None:
        self._matrix, self._prior = matrix, prior
        self._text = np.array([number for number, people in enumerate(labels) for _ in people])
        self._label = np.array([bool(label) for people in labels for label in people], dtype=float)
        # A harmless text with many names counts for less than as many texts.
        self._weight = np.array(
            [
                0.0 if label is None else count if any(people) else count * len(people) ** -0.5
                for people, count in zip(labels, counts, strict=True)
                for label in people
            ]
        )
        self._together = np.array([None in people for people in labels]) * np.array(counts)

    def __call__(self, weights: Vector) -> tuple[float, Vector]:
        chance = np.clip(1 / (1 + np.exp(-np.clip(self._matrix @ weights, -30, 30))), 1e-9, 1 - 1e-7)
        label, weight, together = self._label, self._weight, self._together
        loss = -(weight * (label * np.log(chance) + (1 - label) * np.log(1 - chance))).sum()
        none = np.exp(np.bincount(self._text, weights=np.log1p(-chance), minlength=len(together)))
        some = np.clip(1 - none, 1e-9, 1)
        loss -= (np.log(some) * together).sum()
        slope = weight * (chance - label) - (together * none / some)[self._text] * chance
        return loss + self._prior / 2 * (weights @ weights), self._matrix.T @ slope + self._prior * weights


def _names(sets: Iterable[set[str]]) -> dict[str, int]:
    counts = Counter(name for names in sets for name in names)
    return {name: at for at, name in enumerate(sorted(name for name, count in counts.items() if count >= _LEAST))}


def _matrix(sets: Sequence[set[str]], names: Mapping[str, int]) -> Any:
    cells = [(row, names[name]) for row, present in enumerate(sets) for name in present if name in names]
    rows, columns = zip(*cells, strict=True)
    return csr_matrix((np.ones(len(cells)), (rows, columns)), shape=(len(sets), len(names)))


def write(model: Model) -> None:
    """Write a model down, a list a line, so that a change of it can be read."""
    lists = {"item": model.item, "name": model.name, "common": sorted(model.common)}
    lines = [
        f"{json.dumps(name)}: {json.dumps(listed, ensure_ascii=False, sort_keys=True)}"
        for name, listed in lists.items()
    ]
    FILE.write_text("{" + ",\n".join(lines) + "}\n", encoding="utf-8")


if __name__ == "__main__":
    write(learn(labeled()))

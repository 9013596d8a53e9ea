"""Classes of English words by which letters are read, from english.yml, which says what each is."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from bot.shared.yaml_text import shipped_yaml

_SHIPPED: Final = shipped_yaml("bot.letters.statements", "english")
_WORDS: Final = {name: frozenset(words.split()) for name, words in _SHIPPED.items()}


def _forms(regular: Collection[str], irregular: Collection[str]) -> tuple[frozenset[str], frozenset[str]]:
    """(present, past) forms of verbs; each of `irregular` is ``say/said`` or ``write/wrote/written``."""
    present, past = set[str](), set[str]()
    for verb in regular:
        stem = verb[:-1] if verb[-1] in "ey" else verb
        present |= {verb, f"{verb}s", f"{verb}es", f"{stem}ies"}
        past.add(f"{stem}ied" if verb[-1] == "y" else f"{stem}ed")
    for entry in irregular:
        verb, *others = entry.split("/")
        present |= {verb, f"{verb}s"}
        past |= set(others)
    return frozenset(present), frozenset(past)


SCALES: Final = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12}
QUANTITIES: Final = _WORDS["quantities"]
FRACTIONS: Final = _WORDS["fractions"]
PERCENT: Final = _WORDS["percent"]
SPANS: Final = _WORDS["spans"]
LABELS: Final = _WORDS["labels"]
PARTS: Final = _WORDS["parts"]
SMALL_WORDS: Final = _WORDS["small words"]
NO_COUNTS: Final = _WORDS["no counts"]
POINTING: Final = _WORDS["pointing"]
READERS: Final = _WORDS["readers"]
MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
WEEKDAYS: Final = _WORDS["weekdays"]
SEASONS: Final = _WORDS["seasons"]
FIRST: Final = _WORDS["first"]
PRONOUNS: Final = _WORDS["pronouns"]
SERVED: Final = _WORDS["served"]
EVIDENCE: Final = _WORDS["evidence"]
SCIENCE: Final = _WORDS["science"]
ACCOUNTS: Final = _WORDS["accounts"]
DEFINITE: Final = _WORDS["definite"]
ROLES: Final = _WORDS["roles"]
REPORT_PRESENT, REPORT_PAST = _forms(_WORDS["reports"], _WORDS["reports irregularly"])
AUXILIARIES: Final = _WORDS["auxiliaries"]
PAST_AUXILIARIES: Final = _WORDS["past auxiliaries"]
MODALS: Final = _WORDS["modals"]
CONDITIONS: Final = _WORDS["conditions"]
LINKS: Final = _WORDS["links"]
ADVERBS: Final = _WORDS["adverbs"]
NOT_PAST: Final = _WORDS["not past"]
IRREGULAR_PAST: Final = _WORDS["irregular past"]
PARTICIPLES: Final = _WORDS["participles"]
SOFT: Final = _WORDS["soft"]
NOBODY: Final = _WORDS["nobody"]
SPEAKERS: Final = EVIDENCE | ROLES
OFFICES: Final = _WORDS["offices"]
COMMITTEES: Final = _WORDS["committees"]
TITLES: Final = _WORDS["titles"]
ALWAYS_KNOWN: Final = _WORDS["always known"]
ACTORS: Final = _WORDS["actors"]
INSTITUTIONS: Final = OFFICES | ROLES | COMMITTEES
GOVERNMENT: Final = OFFICES - {"center", "centers", "police", "task", "force", "unit", "services", "service"}
SEATS: Final = _WORDS["seats"]
NOT_ACRONYMS: Final = _WORDS["not acronyms"]
ONE_BILL: Final = _WORDS["one bill"]
BILLS: Final = _WORDS["bills"]
CHAMBERS: Final = _WORDS["chambers"]
STAGES_PAST: Final = _WORDS["stages past"]
STAGES_PRESENT: Final = _WORDS["stages present"]
STAGES_OF_IT: Final = _WORDS["stages of it"]
BEING: Final = _WORDS["being"]
NO_STATE: Final = _WORDS["no state"]
BODIES: Final = _WORDS["bodies"]
STAGE_STATES: Final = _WORDS["stage states"]
STAGE_NOUNS: Final = _WORDS["stage nouns"]
NEGATIONS: Final = _WORDS["negations"]
DOING: Final = _WORDS["doing"]
UNIVERSAL: Final = NOBODY - {"no"}
NOT: Final = _WORDS["not"] | {word for word in NEGATIONS if word.endswith("n't")}
BEFORE_VERBS: Final = AUXILIARIES | ADVERBS | NEGATIONS
REVERSALS: Final = _WORDS["reversals"]
REFUSES: Final = _WORDS["refuses"]
UNTRUE: Final = _WORDS["untrue"]
PLAINLY_UNTRUE: Final = _WORDS["plainly untrue"]
TRUTH: Final = _WORDS["truth"]
BELIEF: Final = _WORDS["belief"]
BACKWARD: Final = _WORDS["backward"]
LEGAL: Final = _WORDS["legal"]
REQUESTS: Final = _WORDS["requests"]
IMPERATIVES: Final = _WORDS["imperatives"]
ASKS: Final = _WORDS["asks"]
PROCEDURE: Final = _WORDS["procedure"]
EVENTS: Final = _WORDS["events"]
ABBREVIATIONS: Final = _WORDS["abbreviations"]
UNCAPITALIZED: Final = _WORDS["uncapitalized"]

"""Read facts from an entry before it is matched: the entities it names, whether it is news, and whether its headline
may be shown. Pure.

News that may name a minor or someone harmed is shown as "Headline withheld", source and day. One decision for the whole
item, made when it is read (`Care.read`): a name may be in the headline, in the text or in the address, and one of them
leads to the others. In doubt it withholds.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from typing import Final
from urllib.parse import unquote, urlsplit

from bot.config import coalition as config
from bot.config.catalog import shipped
from bot.config.media import NotNews, Words
from bot.media.news.entities import Entities, Rule
from bot.people.harmed_names import DOUBT, HarmedNames, sentences
from bot.people.person_names import BEGINS, NO_NAME, RUN, in_title_case, runs
from bot.shared.entry import Entry, Kind
from bot.shared.plain_text import hyphenated
from bot.shared.urls import host_of, path_of
from bot.shared.wording import number
from bot.watch import text as txt
from bot.watch.index import Index, PhraseFilter
from bot.watch.query import Phrase, parse

EXCERPT: Final = 60  # words of a text that are stored
_BEFORE: Final = 20  # of them, before a name that occurs further on
_NEARBY: Final = 2  # lines of a page, before and after one that is a name alone, that may say whose it is
_HEADLINE: Final = 6  # words of the last step of an address that only a headline has
# A bill with its Congress, as trackers write it and reporters do not: 119hr1234, s2255-119
_TYPE: Final = "(?:hr|s|hres|sres|hjres|sjres|hconres|sconres)"
_BILL: Final = re.compile(rf"\b1[0-3]\d{_TYPE}\d{{1,5}}\b|\b{_TYPE}\d{{1,5}}-1[0-3]\d\b")
_CONGRESS: Final = re.compile(r"(?:9\d|1[0-3]\d)(?:st|nd|rd|th)?(?:-congress)?")
_KEEPS: Final = frozenset({"bill", "bills", "billdetail", "bill-search", "document", "doc"})  # with a number after
_NEWS: Final = re.compile(r"\b(?:blogs?|news|newsroom|press|releases?|stories|latest|\d{4})\b")  # a section of a site
_ADDRESS: Final = re.compile(r"(?:^|\b)(?:https?[:-]|www\.)")  # another address within an address: a mirror
# One or two words, as a section of a site is called: example.org/press-releases
_LABEL: Final = re.compile(r"[a-z]{3,}(?:[-_][a-z]{3,})?(?:\.\w{1,5})?")


class Reading:
    """Reads entries. `rules` are the look-alikes corrected in chat."""

    def __init__(self, coalition: config.Coalition, rules: Iterable[Rule] = ()) -> None:
        self._entities = Entities(coalition.entities, rules)
        self._not_news = coalition.media.not_news
        self._first_party = coalition.media.first_party
        self._care = Care(coalition)

    def read(self, entry: Entry) -> tuple[Entry, Index | None]:
        """Return the entry with what can be derived from it, and its index.

        Of other kinds than news court records are read, because a case's name or text may name a person who was harmed,
        the lines of a page that changed, and what Congress prints.
        """
        if entry.kind is Kind.COURT:
            index = Index(entry)
            return _with_index(self._care.read(entry, index), index)
        if entry.kind is Kind.RECORD:  # in titles in capitals names are not seen, and its addresses have no words
            title = entry.title.title() if entry.title.isupper() else entry.title
            bare = replace(entry, title=title, url="", quotes=())
            if self._care.may_name(bare, Index(bare)):
                return entry.withhold(), None
        if entry.kind in (Kind.REVISION, Kind.RECORD):
            return self._without_lines(entry)
        if entry.kind is not Kind.NEWS:
            return entry, None
        index = Index(entry)
        read = self._care.read(self._entities.named(entry, index), index)
        if read.quotes:
            read, _ = self._without_lines(read)
        if not on_site(host_of(entry.url), self._first_party):
            read = excerpt(read)
        dated = (read.publication_date or read.published) is not None
        steps = _steps(read.url)
        # An entity's own page without a day, headline or news section is a permanent page.
        permanent = not steps or not (_is_headline(steps[-1]) or any(_NEWS.search(step) for step in steps[:-1]))
        own = permanent and not dated and any(name.own for name in read.names)
        if own or is_no_news(read.url, self._not_news, dated=dated):
            read = replace(read, kind=Kind.LISTING)
        return _with_index(read, index)

    def _without_lines(self, entry: Entry) -> tuple[Entry, Index | None]:
        """Leave out the lines that may name a minor or someone harmed. They are matched, and no match quotes them."""

        def may_name(text: str) -> bool:
            line = replace(entry, title="", url="", text=text, quotes=())
            index = Index(line)
            return self._care.may_name(self._entities.named(line, index), index)

        def names(at: int, line: str) -> bool:
            # The lines around a name alone say whose it is.
            is_alone = " " in line and runs().fullmatch(line.partition(": ")[2] or line)
            nearby = entry.quotes[max(at - _NEARBY, 0) : at + _NEARBY + 1] if is_alone else ()
            return may_name(line) or may_name(" ".join(quote.text for quote in nearby))

        quotes = tuple(quote for at, quote in enumerate(entry.quotes) if not names(at, quote.text))
        left_out = len(entry.quotes) - len(quotes)
        if not left_out:
            return entry, None
        index, note = Index(entry), f"Not quoted: {number(left_out, 'line')} that may name a minor or someone harmed."
        index.entry = entry.withhold()
        return replace(entry, quotes=quotes, notes=(*entry.notes, note)), index


def _with_index(read: Entry, index: Index) -> tuple[Entry, Index]:
    """Return the entry with its index. `index`: that of the entry as it came, which has the same words."""
    if read.withheld:
        return read, Index(read)
    index.entry = read
    return read, index


def excerpt(entry: Entry) -> Entry:
    """Return the entry with at most 60 words of text: the first, or those around a name that occurs further on."""
    text = entry.summary or ""
    words = text.split(maxsplit=EXCERPT)
    if len(words) <= EXCERPT:
        return entry
    places = [len(text[:at].split()) for name in entry.names if name.words and (at := text.find(name.words)) >= 0]
    first = min(places, default=0)
    begin = first - _BEFORE if first > EXCERPT - _BEFORE else 0
    excerpt = " ".join((text.split(maxsplit=begin + EXCERPT) if begin else words)[begin : begin + EXCERPT])
    return replace(entry, summary=f"…{excerpt}" if begin else excerpt, text=text)


def is_no_news(url: str, what: NotNews, *, dated: bool = False) -> bool:
    """Whether an address is that of an index page, a site without news, a bill's page or a copy of another address.

    `dated`: its source gives a day, so it is a story in any folder.
    """
    host = host_of(url)
    if on_site(host, what.sites):
        return True
    steps = _steps(url)
    if _is_bill(steps) or any(map(_ADDRESS.search, steps)):
        return True
    if dated:
        return False
    if not steps:
        return bool(host) and not urlsplit(url).query
    last = steps[-1]
    if _is_headline(last):
        return False
    part = len(steps) == 1 and (last in what.pages or _LABEL.fullmatch(last) is not None)
    return not {*what.steps}.isdisjoint(steps) or (part and not urlsplit(url).query)


def _is_bill(steps: Sequence[str]) -> bool:
    """Whether these are the steps of the address of a bill or a numbered document, on any site."""
    if _BILL.search("/".join(steps)):
        return True
    for step, following in pairwise(steps):
        congress = _CONGRESS.fullmatch(step) is not None
        if not (congress or step in _KEEPS) or _is_headline(following):
            continue
        if any(map(str.isdigit, following)) or (congress and following.startswith(("house-", "senate-"))):
            return True
    return False


def _steps(url: str) -> list[str]:
    return [step.casefold() for step in path_of(url).split("/") if step]


def _is_headline(step: str) -> bool:
    return step.count("-") + step.count("_") + 1 >= _HEADLINE


def on_site(host: str, sites: Iterable[str]) -> bool:
    """Whether the host is one of these sites or belongs to one."""
    return f".{host}".endswith(_with_dots(tuple(sites)))


@lru_cache(64)  # the same few lists for every entry
def _with_dots(sites: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f".{site}" for site in sites)


# --- names of minors and of people harmed ----------------------------------------------------------------------------

_NUMBERS: Final = shipped("name_words")["numbers"]
_SPANISH_NUMBERS: Final = shipped("name_words")["spanish_numbers"]
_VALUES: Final = {word: value for words in (_NUMBERS, _SPANISH_NUMBERS) for value, word in enumerate(words, start=1)}
_NUMBER: Final = rf"(\d{{1,2}}|{'|'.join(_NUMBERS)})"
_SPANISH_NUMBER: Final = rf"(\d{{1,2}}|{'|'.join(_SPANISH_NUMBERS)})"
# "15-year-old", "15 years old", "aged 15", "at age 15", "turned 15", "then 15", "was 15 when", "sold at 15,".
_AGE: Final = re.compile(
    rf"\b{_NUMBER}[- ]?(?:years?|yrs?|y/?o)[- ]?olds?\b|\bage[ds]?(?: of)? {_NUMBER}\b|\bturned {_NUMBER}\b"
    rf"|\bthen {_NUMBER}\b|\b(?:was|were) (?:only |just |barely )?{_NUMBER} when\b"
    rf"|\b(?:at|since) {_NUMBER}(?=\s*[,.;:”\"]\D|$| (?:by|from|and)\b)"
    rf"|\b{_SPANISH_NUMBER} años\b",
    re.MULTILINE,
)
# Where `_AGE` finds something, the word is in the text, and what comes with the word matches; `_WAS_NUMBER` does where
# `_was_aged` finds something. Both patterns are slow, since they may begin with many words.
_AGE_CUES: Final = (
    ("old", re.compile(r"(?:year|yr|y/?o)s?[- ]?old")),
    ("age", re.compile(rf"age[ds]?(?: of)? {_NUMBER}")),
    ("turned ", re.compile(rf"turned {_NUMBER}")),
    ("then ", re.compile(rf"then {_NUMBER}")),
    (" when", re.compile(rf"{_NUMBER} when")),
    ("at ", re.compile(rf"at {_NUMBER}(?=\s*[,.;:”\"]|$| (?:by|from|and))", re.MULTILINE)),
    ("since ", re.compile(rf"since {_NUMBER}(?=\s*[,.;:”\"]|$| (?:by|from|and))", re.MULTILINE)),
    ("años", re.compile(rf"{_SPANISH_NUMBER} años")),
)
_WAS_NUMBER: Final = re.compile(rf" (?:was|is|were) (?:only |just )?{_NUMBER}")
# "Jane Roe, 15, …". A pattern that begins with one sign is found far faster than one that begins with any of several.
_LISTED_AGES: Final = (re.compile(r",\s*(\d{1,2})(?=\s*[,.;:)–—-]|$)", re.MULTILINE), re.compile(r"\((\d{1,2})\)"))
_BEFORE_AGE: Final = (r", ?(?:aged? |then |de |who (?:is|was) )?", r"\(", r" \(", r" (?:is|was) (?:only |just )?")
_LAST_AGE: Final = rf"{_NUMBER}(?=\s*[,.;:)–—-]|$| when| at| and| años)"
_THEIR_AGE: Final = rf"(?:{'|'.join(_BEFORE_AGE)}){_LAST_AGE}"
_AFTER_NAME: Final = tuple(re.compile(before + _LAST_AGE, re.MULTILINE) for before in _BEFORE_AGE)
_IN_ADDRESSES: Final = shipped("name_words")["in_addresses"]
_NO_WORDS: Final = re.compile(r"[\W_]+")
_NEAR: Final = 3  # words between a word for a minor and what happened to them


@cache
def _names_and_ages() -> re.Pattern[str]:
    return re.compile(f"({RUN}){_THEIR_AGE}")


class Care:
    """Applies the rules of `media.care` in coalition.yml, with the words of its `care`."""

    def __init__(self, coalition: config.Coalition) -> None:
        rules, details = coalition.media.care, coalition.care
        self._words = _Phrases(rules.words)
        self._minors = _Phrases(rules.minors)
        self._happened = _Phrases(rules.happened)
        self._adult = rules.adult
        self._person_words = {*details.people, *(one.words for one in rules.minors)}
        self._no_names = frozenset(map(str.casefold, details.no_names))
        self._speakers = frozenset(coalition.speakers)
        self._harmed = HarmedNames(details, coalition.speakers)
        self._outlet_names = lru_cache(1024)(self._may_be_named)  # the same few hundred come again and again
        self._ask_texts = tuple(f"{ask.title}. {ask.text}" for ask in coalition.asks.values())
        people = sorted(map(str.casefold, self._person_words), key=len, reverse=True)
        who = "|".join(map(re.escape, people))
        # "she was 15", "the girl is 15"; a prison sentence of 15 years is not an age.
        self._was_aged = re.compile(
            rf"\b(?:i|he|she|they|who|{who}) (?:was|is|were) (?:only |just )?{_NUMBER}\b"
            r"(?! (?:times|years? (?!old)|months))"
        )

    @cached_property
    def _own_terms(self) -> frozenset[str]:
        """What the asks write with capitals, in a row, is a program or an office, no person: "Continued Presence"."""
        return frozenset(run for text in self._ask_texts for run in runs().findall(text) if " " in run)

    def read(self, entry: Entry, index: Index) -> Entry:
        """Return the entry as it may be shown: as it is, or withheld. `index`: that of the entry."""
        return entry.withhold() if self.may_name(entry, index) else entry

    def may_name(self, entry: Entry, index: Index) -> bool:
        """Whether a minor or someone harmed may be named in its headline, its text or its address."""
        title = entry.title
        # "… - Roll Call" of a search: the outlet's name is no person's.
        for mark in (" - ", " | ", " – ", " — ") if entry.outlet else ():
            title = title.removesuffix(f"{mark}{entry.outlet}")
        texts = (title, entry.text or entry.summary or "")
        title, body = (hyphenated(txt.clean(each)) for each in texts)
        slug = _slug(entry.url)
        known_names = (self._speakers | self._own_terms).union(name.words for name in entry.names if name.words)
        text = f"{title}\n{body}"
        aged, aged_name = self._has_minor_age(text), any(after.search(text) for after in _AFTER_NAME)
        address = txt.words(slug)
        worded = self._words.may_occur(index.vocabulary.union(address))
        about_minor = self._minors.may_occur(frozenset((*index.title, *address)))
        heading = worded or aged or about_minor or self._has_minor_age(slug)
        about = heading and (self._is_about(title, body) or self._is_about(slug, body))
        of_one = self._harmed.is_about_one(title)
        # A word of the address that neither the headline nor the text has may be a name; of an adult, two in a row.
        if about or of_one:
            new = new_words(entry.url, f"{title} {body}", self._no_names)
            if about and (in_title_case(title) or any(new)):
                return True
            if any(a and b and self._harmed.may_be_names(a.title(), b.title()) for a, b in pairwise(new)):
                return True
        if self._harmed.chance(title, body, known_names) >= DOUBT or self._outlet_names(entry.outlet or ""):
            return True
        return aged_name and any(self._names_minor(sentence, known_names) for sentence in (title, *sentences(body)))

    def _may_be_named(self, outlet: str) -> bool:
        """Whether an outlet, for which a feed may write anything, names someone: "Jane Roe, 13, sold by her father"."""
        known_names = self._speakers | self._own_terms
        return self._harmed.chance(outlet, "", known_names) >= DOUBT or self._names_minor(outlet, known_names)

    def _is_about(self, line: str, body: str) -> bool:
        """Whether a headline, or an address, is about one minor or one person harmed."""
        if self._has_minor_age(line) or self._words.places(line):
            return True
        minors = self._minors.places(line)
        happened = self._happened.places(line) if minors else []
        return bool(minors) and (
            self._has_minor_age(body) or any(abs(a - b) <= _NEAR for a in minors for b in happened)
        )

    def _has_minor_age(self, text: str) -> bool:
        folded = text.casefold()
        ages = [age for pattern in _LISTED_AGES for age in pattern.findall(text)]
        for word, cue in _AGE_CUES:
            if word in folded and cue.search(folded):
                ages += map("".join, _AGE.findall(folded))
                break
        if _WAS_NUMBER.search(folded):
            ages += self._was_aged.findall(folded)
        return any(map(self._is_minor, ages))

    def _is_minor(self, number: str) -> bool:
        age = int(number) if number.isdecimal() else _VALUES[number]
        return 0 < age < self._adult

    def _names_minor(self, text: str, known_names: Collection[str]) -> bool:
        """Whether a minor's age follows a name; then it is a person's, whatever words are in it."""
        for match in _names_and_ages().finditer(text):
            words = [word for word in match[1].split(" ") if word.casefold() not in BEGINS | self._no_names]
            if words and self._is_minor(match[2]) and " ".join(words) not in known_names:
                return True
        return False


def new_words(url: str, text: str, no_names: Collection[str] = ()) -> list[str]:
    """Return the words of an address that a text has not and that may be names, with "" for each other word."""
    there = {*txt.words(text), *_IN_ADDRESSES, *BEGINS, *NO_NAME, *no_names}
    return [word if len(word) > 2 and word.isalpha() and word not in there else "" for word in txt.words(_slug(url))]


def _slug(url: str) -> str:
    return _NO_WORDS.sub(" ", unquote(path_of(url))).strip() if url else ""


class _Phrases:
    """Phrases to search for in a text. Most texts have none of their words, which is quick to check."""

    def __init__(self, words: tuple[Words, ...]) -> None:
        roots = (parse(f'"{one.words}"').root for one in words)
        self._phrases = tuple(root for root in roots if isinstance(root, Phrase))
        self._filter = PhraseFilter((phrase, True) for phrase in self._phrases)

    def may_occur(self, vocabulary: frozenset[str]) -> bool:
        """Whether a text with these words may contain one of the phrases."""
        return bool(self._filter.owners(vocabulary))

    def places(self, text: str) -> list[int]:
        """Return the positions of the words at which one of the phrases begins."""
        if not self.may_occur(frozenset((*txt.words(text), ""))):
            return []
        index = Index(replace(_BLANK, title=text))
        return [at for phrase in self._phrases for at in index.find(phrase)]


_BLANK: Final = Entry(source="", kind=Kind.NEWS, identity=(), thread="", title="")

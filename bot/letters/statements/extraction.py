"""Find what a text states as fact besides what it cites: figures, days, what others said and did, stages. Pure.

Each verb is read with its subject. The coalition may say what it thinks ("we believe", "our members see"), and ask,
hope and thank; what it says of others, and every figure, is found.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from bot.letters.statements import citations, figures
from bot.letters.statements import english as en
from bot.letters.statements.citations import Citation, Key, Kind
from bot.letters.statements.figures import CONTACT, OWN, Sentence, is_acronym

_SOURCE: Final = 7  # words after "according to", or around a report and its owner
_NEVER_COUNTED: Final = en.SMALL_WORDS | en.LINKS | en.BEFORE_VERBS
_COUNTED: Final = 3  # words from a number to its noun
_TAKES_BACK: Final = 9  # tokens of a sentence that takes another one back
_EXCLAMATION: Final = 4  # tokens of one that need not point at it


@lru_cache(2_048)  # a letter to many has most paragraphs in common
def statements(text: str) -> tuple[Citation, ...]:
    """What a paragraph states, in order of appearance. A key starts with the kind, or with `OWN`: see `figures.py`."""
    text = citations.normalize(text)
    taken = [(each.start, each.end) for each in citations.citations(text) if each.kind is not Kind.QUOTATION]
    taken = sorted([*taken, *(match.span() for match in CONTACT.finditer(text))])
    starts = [start for start, _ in taken]
    results: list[Citation] = []
    for start, end in citations.sentence_spans(text):
        inside = taken[max(bisect_right(starts, start) - 1, 0) : bisect_right(starts, end)]
        sentence = Sentence(text, start, end, inside)
        results += [*_days(sentence), *_figures(sentence)]
        for at in (at for at, is_cited in enumerate(sentence.cited) if not is_cited):
            results += [*_deed(sentence, at), *_negation(sentence, at), *_source(sentence, at)]
        results += [*_taking_back(sentence), *_names(sentence)]
    return tuple(sorted(dict.fromkeys(results), key=lambda each: each.start))


def _found(sentence: Sentence, kind: Kind, key: Sequence[str], first: int, last: int) -> Citation:
    """A statement from token `first` to token `last`; a key of one part gets its kind."""
    start, end = sentence.words[first].start, sentence.words[last].end
    whole: Key = tuple(key) if len(key) > 1 and key[0] in (OWN, kind) else (kind.value, *key)
    return Citation(kind, whole, sentence.text[start:end], sentence.whole, start, end)


def _clause(sentence: Sentence, kind: Kind, first: int, last: int) -> Citation:
    """A statement whose key is its words."""
    return _found(sentence, kind, (" ".join(sentence.lows[first : last + 1]),), first, last)


# --- figures and days -------------------------------------------------------------------------------------------------


def _days(sentence: Sentence) -> Iterator[Citation]:
    for (key, _, _), inside in sentence.days:
        if sentence.is_procedure or all(sentence.cited[at] for at in inside):
            continue
        exact = key[1][:1].isdigit() or key[1] == figures.ANY_YEAR or "last" in key[1]
        own = (sentence.ours or sentence.asks) and not exact
        yield _found(sentence, Kind.DAY, (OWN, *key[1:]) if own else key, inside[0], inside[-1])


def _figures(sentence: Sentence) -> Iterator[Citation]:
    skipped = list(sentence.cited)
    for _, inside in sentence.days:
        for at in inside:
            skipped[at] = True
    for key, first, end in figures.figures(sentence.words, skipped):
        counted = end < len(sentence.lows) and sentence.lows[end][0].isalpha()
        span = counted and sentence.lows[end] in en.SPANS
        if span and sentence.is_procedure:
            continue
        own = span and sentence.asks and not sentence.has_event
        yield _found(sentence, Kind.FIGURE, (OWN, *key[1:]) if own else key, first, _noun_end(sentence, end))


def _noun_end(sentence: Sentence, end: int) -> int:
    """The last token of what a number counts: "ten creditable applicants"; of the number alone if no noun is near."""
    if not sentence.lows[end - 1].endswith(("percent", "per-cent", "%")):
        for at, low in enumerate(sentence.lows[end : end + _COUNTED], end):
            if not low[0].isalpha() or low in _NEVER_COUNTED:
                break
            if low in en.SERVED or (low.endswith("s") and not low.endswith(("ss", "us", "is"))):
                return at
    return end - 1


# --- what others said and did, and a bill's stages --------------------------------------------------------------------


def _deed(sentence: Sentence, at: int) -> Iterator[Citation]:
    """What the verb at this token states of someone else, or of a bill."""
    start, end = sentence.subject(at)
    low, auxiliaries = sentence.lows[at], sentence.lows[end:at]
    if start == end and low in en.REPORT_PAST:
        yield from _spoken_before(sentence, at)
    if start == end or sentence.between(start, end) & en.FIRST or not sentence.is_fact(start, at):
        return
    past = sentence.is_past(at, auxiliary=bool(auxiliaries))
    name = (" ".join(word for word in sentence.lows[start:end] if word != "the"), low)
    moved = past and low in en.STAGES_PAST and _is_about_a_bill(sentence, start, end)
    if moved or _is_at_stage(sentence, start, end, at):
        last = sentence.clause_end(at)
        yield _found(sentence, Kind.STAGE, (" ".join(sentence.lows[start : last + 1]),), start, last)
    elif _is_report(sentence, start, end, at, past=past):
        yield _found(sentence, Kind.STATEMENT, name, start, at)
    elif _is_reversal(sentence, start, end, at, past=past):
        yield _clause(sentence, Kind.REVERSAL, start, at)
    elif past and low not in en.SOFT and _is_done(sentence, start, end, at):
        yield _found(sentence, Kind.STATEMENT, name, start, at)


def _is_report(sentence: Sentence, start: int, end: int, at: int, *, past: bool) -> bool:
    """Whether the verb says that someone else found, said or showed something; "was found by" too."""
    low, auxiliaries = sentence.lows[at], sentence.lows[end:at]
    if low not in en.REPORT_PRESENT and low not in en.REPORT_PAST:
        return False
    if past and auxiliaries and sentence.lows[at + 1 : at + 2] in (["by"], ["that"]):
        return True
    return (past or en.NEGATIONS.isdisjoint(auxiliaries)) and _speaks(sentence, start, end, past=past)


def _speaks(sentence: Sentence, start: int, end: int, *, past: bool) -> bool:
    """Whether the subject is someone else whose words need a source; what people tell us is our own experience."""
    lows = sentence.between(start, end)
    if lows & en.NOBODY or lows <= en.PRONOUNS | en.SERVED | {"they", "the"}:
        return False
    if lows & en.SPEAKERS or sentence.is_named(start, end):
        return True
    first = sentence.lows[0]
    single = (start, end) == (0, 1) and not first.endswith("s") and first not in en.SERVED | en.PRONOUNS
    return past and (single or bool(lows & {"he", "she", "you"}))


def _spoken_before(sentence: Sentence, at: int) -> Iterator[Citation]:
    """``“…,” wrote the judge``."""
    end = min(at + _SOURCE, len(sentence.words))
    quoted = at > 0 and sentence.words[at - 1].text in '”"’,'
    if quoted and not sentence.between(at, end) & en.FIRST and _speaks(sentence, at + 1, end, past=True):
        yield _clause(sentence, Kind.STATEMENT, at, end - 1)


def _is_done(sentence: Sentence, start: int, end: int, at: int) -> bool:
    """Whether someone who is named, or a thing of the record, did something or had it done."""
    auxiliaries = sentence.between(end, at) & en.AUXILIARIES
    past = not auxiliaries or bool(auxiliaries & en.PAST_AUXILIARIES)  # not "the terms are being written"
    # One thing of the record ("the promise", "it"), and not of the coalition's own work.
    effort = sentence.lows[at] == "took" and "to" in sentence.lows[at + 1 : at + 5]
    of_record = sentence.lows[start] in en.DEFINITE and not sentence.between(start, end) & (en.SERVED | en.AUXILIARIES)
    definite = of_record and not sentence.ours and not effort
    return past and (sentence.is_named(start, end) or definite)


def _is_about_a_bill(sentence: Sentence, start: int, end: int) -> bool:
    lows = sentence.between(start, end)
    if "house" in lows and start + 1 < end and lows.isdisjoint({"the", "both"}):
        return False  # Alpha House
    return bool(lows & (en.BILLS | en.CHAMBERS | en.STAGE_NOUNS | {"you"})) or any(sentence.cited[start:end])


def _is_at_stage(sentence: Sentence, start: int, end: int, at: int) -> bool:
    """Whether it says where a bill is: "it is on the calendar", "the bill awaits a vote", "a petition has …"."""
    lows, low, after = sentence.between(start, end), sentence.lows[at], sentence.lows[at + 1 : at + 9]
    bill = bool(lows & en.ONE_BILL) or any(sentence.cited[start:end])
    if low in en.STAGES_PRESENT:
        return bill and (lows != {"it"} or low in en.STAGES_OF_IT)
    if low in en.BEING and lows & en.STAGE_NOUNS - {"floor", "conference", "vote"}:
        return True
    if low == "has":
        return bool(lows & en.COMMITTEES) and "bill" in after
    states = low in en.BEING and not en.STAGE_STATES.isdisjoint(after) and after[0] not in en.NO_STATE
    return states and (bill or bool(lows & en.BODIES))


def _is_reversal(sentence: Sentence, start: int, end: int, at: int, *, past: bool) -> bool:
    """Whether it says that something of the record ended, or that someone who is named does not do it."""
    if past and sentence.lows[at] in en.REVERSALS:  # of a law, a duty, a program, an institution, or "it"
        of_law = en.LEGAL | en.BILLS | en.PRONOUNS | {"your", "program", "programs", "funding", "grants", "he", "she"}
        return bool(sentence.between(start, end) & of_law) or sentence.is_named(start, end)
    return sentence.lows[at] in en.REFUSES and sentence.is_named(start, end)


# --- negations --------------------------------------------------------------------------------------------------------


def _negation(sentence: Sentence, at: int) -> Iterator[Citation]:
    """What denies that something of the record is or was: "no longer", "has never", "none of this was", "untrue"."""
    low, after = sentence.lows[at], sentence.lows[at + 1 : at + 6]
    not_yet = low == "yet" and after[:1] == ["to"] and sentence.lows[max(at - 1, 0)] in ("has", "have", "had")
    if low not in en.NEGATIONS and low not in en.UNTRUE and not not_yet:
        return
    start, end = sentence.subject(at)
    lows, modal = sentence.between(start, end), sentence.lows[at - 1] if at else ""
    if lows & en.FIRST or modal == "need":
        return
    if modal == "could":
        denied = bool(lows & en.SPEAKERS) and not sentence.ours
    elif not sentence.is_fact(start, at) or (low in en.NEGATIONS and not en.MODALS.isdisjoint(after[:1])):
        return
    else:
        no_longer = low == "no" and after[:1] == ["longer"]
        all_denied = start == end and _denies_all(sentence, at)
        denied = not_yet or no_longer or all_denied or _denies(sentence, start, end, at)
    if denied:
        yield _clause(sentence, Kind.REVERSAL, start, sentence.clause_end(at))


def _denies_all(sentence: Sentence, at: int) -> bool:
    """Whether it says that nobody or nothing did: "none of this has been done", "not one was filed"."""
    low, after = sentence.lows[at], sentence.lows[at + 1 : at + 2]
    if low not in en.UNIVERSAL and low != "no" and not (low == "not" and after in (["one"], ["a"], ["all"])):
        return False
    for n in range(at + 1, sentence.clause_end(at, most=16) + 1):
        word = sentence.lows[n]
        if word in en.PAST_AUXILIARIES or (not sentence.ours and sentence.is_past(n, auxiliary=False)):
            return True
        if word in en.MODALS | en.FIRST:
            return False
    return False


def _denies(sentence: Sentence, start: int, end: int, at: int) -> bool:
    """Whether a negation denies a law, a duty, or what an institution did."""
    low, lows = sentence.lows[at], sentence.between(start, end)
    auxiliaries, after = sentence.lows[end:at], sentence.lows[at + 1 : at + 6]
    legal = bool(lows & en.LEGAL)
    if low in en.UNTRUE:  # "that is wrong", but not "it is wrong to …"
        pointing = lows & en.PRONOUNS and auxiliaries and after[:1] != ["to"]
        return low in en.PLAINLY_UNTRUE or bool(pointing)
    if low not in en.NOT:
        return low in en.NOBODY and legal and not auxiliaries
    if lows & en.PRONOUNS and not en.TRUTH.isdisjoint(after[:4]):
        return True
    verb = (auxiliaries or [low])[0]
    others = sentence.is_named(start, end) or bool(lows & {"he", "she"})
    if low == "never" or verb in en.PAST_AUXILIARIES:
        return legal or others
    done = any(sentence.is_past(n, auxiliary=True) for n in range(at + 1, min(at + 3, len(sentence.words))))
    others = not sentence.ours and (others or (done and bool(lows & en.SPEAKERS)))
    return (verb in en.DOING or done) and (legal or others)


def _taking_back(sentence: Sentence) -> Iterator[Citation]:
    """A short sentence that denies another one: "this is a myth", "not so", "nobody believes it"."""
    count, lows = len(sentence.words), set(sentence.lows)
    points = count <= _EXCLAMATION or lows & en.BACKWARD
    denies = lows & en.UNTRUE or (lows & en.NEGATIONS and lows & (en.TRUTH | en.BELIEF))
    if count <= _TAKES_BACK and points and denies and not lows & en.MODALS:
        yield _clause(sentence, Kind.REVERSAL, 0, count - 2 if count > 1 and sentence.lows[-1] in ".?!" else count - 1)


# --- sources and names ------------------------------------------------------------------------------------------------


def _source(sentence: Sentence, at: int) -> Iterator[Citation]:
    """Sources: "according to …", "in the words of …", "studies …", "the findings of …", "the Department's report"."""
    low, after = sentence.lows[at], sentence.lows[at + 1 : at + 1 + _SOURCE]
    beyond = after[:1] in (["through"], ["past"], ["before"]) and not en.BODIES.isdisjoint(after[1:3])
    if low in en.ONE_BILL and beyond and not sentence.asks:
        yield _clause(sentence, Kind.STAGE, at, sentence.clause_end(at))
    last = sentence.clause_end(at, most=_SOURCE)
    cites = (low, *after[:1]) in (("according", "to"), ("words", "of"), ("view", "of"), ("opinion", "of"))
    if cites and en.FIRST.isdisjoint(after):
        yield _clause(sentence, Kind.STATEMENT, at, last)
    if at <= 1 and low in en.SCIENCE and not sentence.ours and sentence.is_fact(0, last + 1):
        yield _clause(sentence, Kind.STATEMENT, 0, last)
    start, _ = sentence.subject(at)
    if low in en.EVIDENCE | en.ACCOUNTS and not sentence.asks and sentence.is_fact(start, at):
        owners = (n for n in range(start, at) if sentence.words[n].text.endswith(("’s", "'s", "s’")))
        of_others = after[:1] in (["of"], ["by"], ["from"]) and sentence.is_named(at + 1, last + 1)
        if of_others or any(sentence.is_named(start, n + 1) for n in owners):
            yield _clause(sentence, Kind.STATEMENT, start, last)


def _names(sentence: Sentence) -> Iterator[Citation]:
    """Each committee, office and official."""
    at = 0
    while at < len(sentence.words):
        end = sentence.name_end(at)
        if end > at and (_is_seat(sentence, at, end) or _is_office(sentence, at, end)):
            name = " ".join(low for low in sentence.lows[at:end] if low != "the")
            # An office in what the coalition says of itself ("we wrote to …"), other than to ask it.
            clause, _ = sentence.subject(at)
            asked = bool(sentence.between(max(at - 2, 0), at) & en.ASKS)
            own = bool(sentence.between(clause, at) & en.FIRST) and not asked and not _is_seat(sentence, at, end)
            yield _found(sentence, Kind.NAME, (OWN, name) if own else (name,), at, end - 1)
        at = max(end, at + 1)


def _is_seat(sentence: Sentence, start: int, end: int) -> bool:
    """Whether it names a committee, also as "your seat on Armed Services"."""
    lows = sentence.between(start, end)
    seat = start > 1 and bool(sentence.between(max(start - 4, 0), start) & en.SEATS)
    return not lows <= en.ALWAYS_KNOWN and (seat or bool(lows & en.COMMITTEES))


def _is_office(sentence: Sentence, start: int, end: int) -> bool:
    lows = sentence.between(start, end)
    titled = bool(sentence.between(start, end - 1) & en.TITLES)  # "Secretary of …", "Senator …"
    acronym = any(map(is_acronym, sentence.words[start:end]))
    return not lows <= en.ALWAYS_KNOWN and (titled or acronym or bool(lows & en.OFFICES))

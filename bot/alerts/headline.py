"""Headlines: who does what, from a document's summary or its title's form; else the title. Pure; never by subject."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.alerts.act import (
    CLAUSE,
    MOST_WORDS,
    WORDS,
    act,
    agency_called,
    any_of,
    bounded,
    by_agency,
    named_in_full,
    opening,
    shortened,
    small,
    table,
)  # fmt: skip
from bot.alerts.hearing_cards import hearing_headline
from bot.shared import wording
from bot.shared.entry import CHANGED, FORECAST, POSTED, Change, Difference, Entry, Kind, Quote, Stage
from bot.shared.paperwork import URGENT, form_name, is_paperwork, what_changes
from bot.watch.model import QUOTED, Match

MAX_LENGTH: Final = 300  # characters, of one that cannot end before without losing its point
_AIM: Final = 150  # a phone notification shows about half of it
_LEAST: Final = 40  # characters of a sentence that is cut for the words of its title
_ALONE: Final = 60  # a shorter sentence may be of any: "NRC has prepared a final environmental impact statement"
_MOST_WORK: Final = 90  # characters of the work that a permit is for
_LABEL_LENGTH: Final = 40  # characters that the words before a title may take
_MAX_TITLE: Final = 1_000  # no real title is longer; the rules skip longer ones, which may be hostile
_PASSAGE: Final = 130  # characters of what the summary says with a phrase that matched
_NEAR: Final = 60  # characters before the phrase in which that may begin
_LINK: Final = re.compile(r"\b(?:about|by|concerning|for|from|on|regarding|to|under|with)\b (?=\D[^,;:.()“”]*$)")
_LINK_WORDS: Final = re.compile(r"^(\w+(?: (?:an?|its|the|their|this))?) ")
_CLAUSE_END: Final = re.compile(r"[,;:.()“”]|,? \b(?:that|which|who)\b")
_MAX_QUOTES: Final = 5  # more are counted
_LENGTH: Final = 300  # characters of one quotation
_DIFFERENCE_WORDS: Final = {Difference.ADDED: "Added", Difference.REMOVED: "Removed"}


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline, and the `rest` of a title that was cut, or the title where the headline has other words."""

    text: str
    rest: str = ""


CHANGES: Final[Mapping[str, str]] = WORDS["changes"]
_TITLES: Final = table("titles", re.IGNORECASE)
_EXCHANGES: Final = table("exchanges", re.IGNORECASE)
_EXCHANGES_PLAINLY: Final = table("exchanges_plainly")
_ACTIONS: Final = table("actions", re.IGNORECASE)
_LAST: Final = "publishes a notice on"  # if nothing says what is done
_PERMITS: Final = table("permits", re.IGNORECASE)
_TEXTS: Final = table("texts", re.IGNORECASE)
_SAID_TWICE: Final = re.compile(r"\b([A-Z]{3,})\b(.{1,200}?) \(\1\)")  # an acronym that stood before
# GovInfo's title of a text has the bill's number, the code of its version and its title.
_BILL_TEXT: Final = re.compile(r"((?:H|S)\.[\w. ]{,14}?\d+) \((\w{2,4})\) - (?:An? (?:bill|\w* ?resolution) )?(.+)")
_AMENDING: Final = re.compile(r"^to amend [^;]{5,200}? (?<!relating )to (?=[a-z]+ )")
_AND_OTHERS: Final = re.compile(r",? and for other purposes\.?$|\.$")
_EXCHANGE: Final = re.compile(
    r"self-regulatory organizations?[;:,] (.{3,200}?)[;:] ([^;]{0,200}?\bproposed (?:rule )?change\b,? (?:.{0,60}? )??"
    r"\b((?:relat\w+ )?to|for) (.+))",
    re.IGNORECASE,
)
_IN_BRACKETS: Final = re.compile(r";? \([^()]*\)")
_PERIOD: Final = re.compile(r"\.([\"”])$")
_ACRONYM: Final = re.compile(r" \([A-Z]{2,}s?\)")
_UNCLOSED: Final = re.compile(r",? \([^()]*$")
_REVIEWED: Final = re.compile(
    r"(?:Certain )?(.+? [Ff]rom [^:;]+)[:;] .*?\b([Ff]inal|[Pp]reliminary) (?:\w+ )?"
    r"(?:[Dd]uty )?(?:[Rr]esults|[Dd]etermination)"
)
_COMPANY: Final = re.compile(r",? (?:L\.?L\.?C\.?|L\.?P\.?|Inc\.?|Ltd\.?)$")
# An end of titles that is a label.
_MEETING: Final = re.compile(
    r"(.+?)[;,:.] (?:notice of )?(?:an? )?(?:open |public |virtual )*((?:partially )?closed )?meetings?\.?",
    re.IGNORECASE,
)
# The words of a title that a sentence may lack, by their beginnings.
_WORD: Final = re.compile(r"[a-z][\w'’-]{3,}")
_STEM: Final = 5
_TELLS: Final = 3  # words of the first parts of a title that tell more than its heading
_STOCK: Final = frozenset(word[:_STEM] for word in WORDS["stock"].split())
_PART: Final = re.compile(r"[;:] |—|(?<=Program)[-–]")
_KIND_OF: Final = any_of("kinds_of", flags=re.IGNORECASE)
_IN_PARENTHESES: Final = re.compile(r"(?:^| )\([^()]*\)")
_MEETS: Final = re.compile(
    r" (?:announces a (?:Sunshine Act |(?:partially )?closed )?meeting|will (?:hold|meet|host|convene))\b"
)
_TO: Final = re.compile(r" to (?!the\b)")
_PURPOSE: Final = re.compile(
    r"(?:\bpurpose of (?:the|this) (?:\w+ ){0,2}(?:meeting|briefing|hearing|committee|council|board|panel)s? is"
    r"(?: for [^.;]{2,60}?)?|\bAgenda:) [tT]o"
    r" ((?:(?!, \w+, and )[^.;]){9,120}?)(?=[.;]|, and | consistent with | as well as )"
)
_INVITES: Final = re.compile(r"\b(?:is|as) an? request for information\b", re.IGNORECASE)
# The number of a case says nothing to a reader: "FAR Case 2005-012, Combating …", "… Policy (DFARS Case 2004-D017)".
_CASE_NUMBER: Final = re.compile(
    r"^\[[^\]]*\] "
    r"|[;,]? *\(?\b(?:[A-Z]{2,6} Case|Docket|File) (?:N(?:os?\.?|umber):? )?\d[\w-]*\b\)?(?:(?:,| and) \d[\d-]+)*"
    r"(?:[,:] )?|, Certificate of Compliance No\. \d+(?:, (?:Renewed )?Amendment No\. \d+)?"
    r"| ?\((?:Federal Register|Regulation [A-Z]{1,2}\b)[^()]*\)|[®™]"
)
# Rules on contracts (48 CFR) begin with a name of their book: "Defense Federal Acquisition Regulation Supplement: …",
# or their case does.
_CONTRACTS: Final = re.compile(
    r"(?:[A-Z]\w+ |of ){0,6}Acquisition Regulations?(?: Supplements?)?(?: \([A-Z]+\))?[:;] (?=\w)|(?=\bD?FARS? Case\b)"
)
# In the words of a law, to take an animal is to harm or disturb it; who may is said by a permit, or a rule.
_TAKING: Final = re.compile(
    r"(?:incidental )?tak(?:es?|ing)(?: and importing)?(?: of)? (?P<animals>[^;]{3,80}?) (?:incidental to|during)"
    r" (?P<work>[^;]+)",
    re.IGNORECASE,
)
_TAKEN: Final = re.compile(r"incidental to|during")
_PLACE: Final = re.compile(r",? (?:along|at|in|near|[Oo]ff|on) (?:the )?(?=[A-Z])")
_NAME_END: Final = re.compile(
    r" \(|,? (?:(?:[Aa]s|[Bb]y|[Ff]or|[Ff]rom|[Ii]n|[Oo]n|[Tt]o|[Uu]nder|[Ww]ith)|\w+ed [Bb]y"
    r"|and(?=(?: [A-Z][\w-]+){3}))\b"
)
_NOTICE_OF: Final = re.compile(
    r"^(?:(?:amended|further|second|supplemental) )?notice (?:of|on|regarding) (?:an? |the )?(\w)(?=\w* \w)",
    re.IGNORECASE,
)
_NOTICED: Final = re.compile(r"(.{3,150}?)[;:] notice of (.{5,})", re.IGNORECASE)
_NOUN: Final = re.compile(
    r"(?:(.{3,150}?)[;:] )?(?:notice of )?(?:an? |the )?"
    rf"({'|'.join(WORDS['nouns'])})(?: of|( to)(?! file\b| and\b)) (\w)(.{{5,}})",
    re.IGNORECASE,
)
# The summary says what was added to a list: "This update adds two entities and eight subsidiaries to …".
_ADDS: Final = re.compile(r"\badd(?:s|ing) ([^.,;]{3,80}?) to (?:the|its|both)\b", re.IGNORECASE)
_SAID_AGAIN: Final = any_of("said_again", flags=re.IGNORECASE)
_SAID_FIRST: Final = re.compile(r"^(?:notice of )?(?:withdrawal of|corrections? to) (?:the )?", re.IGNORECASE)
_QUOTED: Final = any_of("quoted")
_DAY: Final = re.compile(
    r"\b((?:Jan|Febr|Mar|Apr|May|Jun|Jul|Aug|Sept|Oct|Nov|Dec)[a-z]* \d{1,2}(?:(?: and |[-–])\d{1,2})?)\b(, 20\d\d\b)?"
)
# What the dates of a document are about if not a meeting.
_OTHER_DAY: Final = re.compile(r"\b(?:comment|deadline|regist|submi|publish|reschedul)", re.IGNORECASE)
# A series that a title begins with, of which it says two words again: "Takes of Marine Mammals Incidental to …; Taking
# Marine Mammals Incidental to …".
_SERIES: Final = re.compile(r"^.{0,28}?\b([a-z]{5,} [a-z]{5,})\b.{0,40}?; (?=.*\b\1\b)", re.IGNORECASE)
_AT_OMB: Final = any_of("at_omb", flags=re.DOTALL)
_GRANTS: Final = {FORECAST: "Funding forecast", POSTED: "Funding announced", CHANGED: "Funding announcement changed"}
# It is decided, and nothing is asked.
_DECIDED: Final = re.compile(
    r"\bannounces (?:\w+ ){0,5}approval of\b|\bdiscontinuance of |\bis adopting a proposal to "
)


def headline(entry: Entry, matches: Iterable[Match] = ()) -> Headline:
    """The headline of an entry, which must make sense alone, also why it matched; it says so if it has no title."""
    title = entry.title.strip() or "(no title given by the source)"
    ours = _own_headline(entry, title)
    if entry.stage is Stage.FILED and not entry.change:
        ours = f"On public inspection: {ours}"
    point = ""
    if entry.kind is Kind.DOCUMENT or _BILL_TEXT.fullmatch(title):
        ours = _SAID_TWICE.sub(r"\1\2", ours)
        point = _point(entry, wording.short(ours, MAX_LENGTH), matches)
    text, rest = wording.cut(ours, MAX_LENGTH - len(point))
    text += point
    if entry.kind is not Kind.DOCUMENT:  # its headline is its title
        return Headline(text, rest)
    _, of_title, more = title.casefold().partition(ours.rpartition(": ")[2].casefold())
    is_form = is_paperwork(title, entry.action)
    is_cut = is_form and more.startswith((" ", ","))
    is_cut |= shortened(title, _AIM - _LABEL_LENGTH) != title
    whole = _stems(form_name(title) if is_form else title) <= _stems(text) or (of_title and (rest or not is_cut))
    return Headline(text, rest if whole else title)


def _point(entry: Entry, ours: str, matches: Iterable[Match]) -> str:
    """What the summary says with a phrase that matched, in its own words, where the headline has none of them."""
    words = [reason.words for match in matches for reason in match.reasons if reason.field in QUOTED and reason.words]
    shown = "; ".join((ours, *(each.name for each in entry.agencies or ())))
    if not entry.summary or any(_has(shown, each) for each in words):
        return ""
    plain = _IN_PARENTHESES.sub("", _IN_PARENTHESES.sub("", entry.summary))
    for at in sorted(plain.find(each) for each in words if " " in each):
        link = [*_LINK.finditer(plain, max(0, at - _NEAR), max(0, at))]
        passage = _CLAUSE_END.split(plain[link[-1].start() :], maxsplit=1)[0].rstrip() if link else ""
        passage = passage if len(passage) <= _PASSAGE else opening(passage, _PASSAGE)
        if passage.count(" ") > 2 and " Act" not in passage and len(ours) + len(passage) < _AIM + _LEAST:
            return _LINK_WORDS.sub(r" (\1 “", passage) + "”)"
    return ""


def _has(text: str, phrase: str) -> bool:
    """Whether a text has the longer words of a phrase, or a short phrase."""
    stems, words = (({word[:_STEM] for word in _WORD.findall(each.casefold())}) for each in (phrase, text))
    return phrase.casefold() in text.casefold() or (bool(stems) and stems <= words)


def _own_headline(entry: Entry, title: str) -> str:
    if (bill := named_bill(entry))[0]:
        return _bill_text(entry, *bill)
    match entry.kind:
        case Kind.DOCUMENT:
            return _document_headline(entry, title)
        case Kind.GRANT:
            label = _GRANTS.get(entry.type or "", "Funding announcement")
            changed = entry.type == POSTED and any(quote.difference for quote in entry.quotes)
            return f"{label}{', changed since the last one' if changed else ''}: {title}"
        case Kind.REVISION:
            return page_headline(entry)
        case Kind.HEARING if entry.hearing:
            return hearing_headline(entry, ())
    kind = ("Plan changed" if entry.notes else "Planned rule") if entry.rule else entry.type
    return f"{kind}: {title}" if entry.kind in (Kind.NOMINATION, Kind.PLANNED_RULE, Kind.RECORD) else title


def named_bill(entry: Entry) -> tuple[str, str]:
    """What has happened to the bill whose text is printed, with its short title; and its number: "", "" of others."""
    text = _BILL_TEXT.fullmatch(entry.title.strip()) if entry.bill else None
    if not text:
        return "", ""
    number, version, title = text.groups()
    words = next(words for sign, words in _TEXTS.items() if sign.match(version))
    kind = "resolution" if "Res." in number else "bill"
    name = _AND_OTHERS.sub("", title)
    return f"{words.format(kind, kind.capitalize())}: {name[:1].upper()}{name[1:]}", number


def _bill_text(entry: Entry, named: str, number: str) -> str:
    """A bill's text as printed, by its short title, and what it is to do, by the official one."""
    does = _AND_OTHERS.sub("", entry.summary or "").removeprefix("A bill ")
    is_purpose = does[:3].lower() == "to " and ": To " not in named  # that is the title, not a purpose
    does = _AMENDING.sub("to ", does[:1].lower() + does[1:]) if is_purpose else ""
    ours = f"{named} ({number})"
    return f"{ours}, {shortened(does, _AIM - len(ours), CLAUSE)}" if does and 2 * len(ours) < _AIM else ours


@lru_cache(500)  # pages show the same documents again
def _document_headline(entry: Entry, title: str) -> str:
    if len(title) > _MAX_TITLE:
        return _changed(entry, title)
    number, title = title, _CASE_NUMBER.sub(lambda each: " " if each[0].endswith(" ") and each.start() else "", title)
    if not title:
        return number
    if entry.change:
        title = _SAID_FIRST.sub("", _SAID_AGAIN.sub("", title))
    if is_paperwork(title, entry.action) and "Rule" not in (entry.type or ""):
        ours = _paperwork_headline(entry, title)
        ours = _changed(entry, form_name(title) or title) if entry.change else by_agency(entry, ours)
        return named_in_full(entry, bounded(ours))
    subject = _SERIES.sub("", title.removeprefix("Subject: "))
    ours = bounded(_meeting(entry, _told(entry, subject)))
    shorter = _changed(entry, subject) if entry.change else by_agency(entry, _with_label(entry, subject))
    if not _fits(ours) and shorter != title and _fits(bounded(shorter)):
        ours = bounded(shorter)
    return named_in_full(entry, _own_name(entry, ours))


def _own_name(entry: Entry, ours: str) -> str:
    """A headline whose agency is named once: "the Board describes the Board's plans" has "its plans"."""
    names = (entry.agency.name, agency_called(entry)) if entry.agency else ()
    for name in names:
        ours = re.sub(rf"(?<=.) the {re.escape(name)}['’]s?\b", " its", ours)
        ours = re.sub(rf"(?<=.),? by the {re.escape(name)}\b", "", ours)
    return _PERIOD.sub(r"\1", ours)


def _fits(text: str) -> bool:
    return len(text.split()) <= MOST_WORDS


def _told(entry: Entry, title: str) -> str:
    """Who does what, by the form of the title, the summary, or the ACTION line and the title."""
    ours, does = _by_form(entry, title), act(entry, _AIM)
    if taking := _TAKING.match(title):
        whole = _fits(does) and " harm" in does and " has received " not in does
        ours = does if whole and not entry.change else _permit(entry, taking, does)
    withdrawn = entry.change is Change.WITHDRAWAL
    if withdrawn and (" withdraws " in ours or _NOTICED.fullmatch(title)):  # others withdraw
        return by_agency(entry, ours or _with_label(entry, title))
    about = _stems(_subject(title))
    if entry.change and not (f" {entry.change[:5]}" in does and 2 * len(about - _stems(does)) <= len(about)):
        return _changed(entry, title)
    if does and not ours:
        goods = small(_PART.split(title)[0], entry.summary or "")
        return _with_subject(entry, does.replace("subject merchandise", goods), title)
    return by_agency(entry, ours or _with_label(entry, title))


def _changed(entry: Entry, title: str) -> str:
    """Which earlier document changes, by the subject of its title."""
    if not entry.change:
        return by_agency(entry, title)
    verb = CHANGES[entry.change]
    kind = (entry.type or "notice").casefold().rpartition(": ")[2]
    what = "" if "comment" in verb else f" {'an' if kind[:1] in 'aeiou' else 'a'} {kind}"
    about = _about(entry, title)
    return by_agency(entry, f"{verb}{what}{' on ' if about else ''}{about}")


def _permit(entry: Entry, taking: re.Match[str], does: str) -> str:
    """What becomes of a permit or of rules, by the ACTION line or the end of the title; else what the summary says."""
    summary, called = entry.summary or "", agency_called(entry)
    animals = taking["animals"].casefold() if taking["animals"].casefold() in summary else taking["animals"]
    work = _IN_PARENTHESES.sub("", taking["work"]).rstrip(".")
    work = small(shortened(work.replace(entry.agency.name, called) if entry.agency else work, _MOST_WORK, _PLACE))
    if makes := {"Rule": "issues", "Proposed Rule": "proposes"}.get(entry.type or ""):
        return f"{makes} rules that allow harming or disturbing {animals} during {work}"
    signs = f"{entry.action} {taking.string[taking.end() :]}"[:_MAX_TITLE]
    first = wording.first_sentence(summary, _MAX_TITLE)
    words = f"{signs} {_TAKEN.split(first)[0]}"  # a "modification project" is no modification
    verb = next((verb for sign, verb in _PERMITS.items() if sign.search(words)), "")
    third = "proposes to " if "propos" in signs.casefold() else "is asked to " if "receipt" in signs.casefold() else ""
    if not verb:
        return does or f"Harming or disturbing {animals} during {work}"
    permit = "permits" if "authorizations" in signs or "permits" in signs else "a permit"
    return f"{third}{verb}{'' if third else 's'} {permit} to harm or disturb {animals} during {work}"


def _meeting(entry: Entry, ours: str) -> str:
    """The headline of a meeting with its purpose and its days, where the document gives them."""
    if not _MEETS.search(ours):
        return ours
    dates = (entry.dates_text or "")[:_MAX_TITLE]
    first = wording.first_sentence(dates, _MAX_TITLE)
    days = dict(_DAY.findall(first)) if not _DAY.search(ours) and not _OTHER_DAY.search(first) else {}
    years = {*days.values()} - {""}
    if years:  # a day without a year may be any
        one_year = years.pop() if len(years) == 1 else ""
        days = {day: year for day, year in days.items() if not any(re.match(rf"{day}\D", each) for each in days)}
        when = wording.listed([f"{day}{'' if one_year else year}" for day, year in days.items()], 6) + one_year
        ours += f" on {when}" if _fits(f"{ours} on {when}") else ""
    purpose = None if _TO.search(ours) else _PURPOSE.search(f"{entry.summary or ''} {dates}"[:_MAX_TITLE])
    return f"{ours} to {purpose[1]}" if purpose and _fits(f"{ours} to {purpose[1]}") else ours


def _with_subject(entry: Entry, does: str, title: str) -> str:
    """The sentence; a short one may be of any document, and has the subject of the title after it."""
    lacks = _stems(subject := _about(entry, title)) - _stems(does)
    whole = f"{does.rstrip(',')}: {subject}"
    is_other = len(lacks) == len(_stems(subject)) and not subject.islower()  # it is a name, and no heading
    lacking = is_other if len(does) > _ALONE else 2 * len(lacks) > len(_stems(subject))
    return whole if lacking and lacks and _fits(whole) else does


def _subject(title: str) -> str:
    """What a title is about: its last part, which is the most specific, without headings, brackets and notices."""
    plain = _IN_PARENTHESES.sub("", _IN_PARENTHESES.sub("", title)) or title
    parts = _PART.split(plain)
    subjects = [part for part in parts if _stems(part) and not _KIND_OF.fullmatch(part)] or parts[:1]
    if subjects[-1].count("“") != subjects[-1].count("”"):
        return _unnoticed(plain)
    if subjects[-1].startswith("and "):  # they are a list
        return _unnoticed(subjects[min(1, len(subjects) - 2)])
    first = parts.index(subjects[-1]) - (subjects[-1].count(" ") < _TELLS)
    return _unnoticed(", ".join(filter(None, (*parts[max(0, first) : parts.index(subjects[-1])], subjects[-1]))))


def _unnoticed(title: str) -> str:
    return _NOTICE_OF.sub(lambda first: first[1].upper(), title)


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _WORD.findall(text.casefold())} - _STOCK


def _by_form(entry: Entry, title: str) -> str:
    """The headline of a title in one of the Register's fixed forms; "" for any other."""
    if exchange := _EXCHANGE.fullmatch(title):
        name, order, link, change = exchange.groups()
        words = next((words for sign, words in _EXCHANGES.items() if sign.match(order)), "")
        first, more = name.partition("; ")[0], name.count("; ")
        first = _COMPANY.sub("", first)
        names = f"{first} (with {more} more)" if more else first
        verb = link == "To" or change.partition(" ")[0].casefold() in WORDS["verbs"].split()
        change = small(_IN_PARENTHESES.sub("", _IN_PARENTHESES.sub("", change)).replace(" the Exchange's", " its"))
        changes = f"{'to' if verb else 'about'} {change}"
        ours = words.format(f"{names[:1].upper()}{names[1:]}", changes)
        for sign, plain in _EXCHANGES_PLAINLY.items():
            ours = sign.sub(plain, ours)
        return ours
    for sign, words in _TITLES.items():
        if form := sign.fullmatch(title):
            in_sentence = ": {0}" not in words  # after a colon it is quoted
            parts = (small(each, entry.summary or "") if in_sentence else each for each in form.groups(""))
            named = {"who": "", "name": ""} | form.groupdict("")
            named["who"] = _IN_BRACKETS.sub("", named["who"]).replace("; ", ", ")
            ours = words.format(*parts, **named)
            additions = _ADDS.findall(entry.summary or "") if ours.endswith((" list", " List")) else ()
            ours = ours.replace("publishes a notice on", "updates") if additions else ours
            return f"{ours}: {f'adds {additions[0]}' if len(additions) == 1 else 'new entries'}" if additions else ours
    return ""


def _with_label(entry: Entry, title: str) -> str:
    """The title after what its agency does, by its ACTION line or type, or a noun or the end of the title."""
    line = entry.action or entry.type or ""
    label = next((label for sign, label in _ACTIONS.items() if sign.match(line, 0, _MAX_TITLE)), _LAST)
    if label == _LAST and _INVITES.search((entry.summary or "")[:_MAX_TITLE]):
        label = "asks for information on"
    subject = _unnoticed(_CONTRACTS.sub("", title, count=1)).removeprefix("Special Conditions: ")
    if label == "will hold a meeting of the" and "cancel" in title.casefold():
        label = "cancels a meeting of the"
    if label in (_LAST, "will hold a meeting of the") and (met := _MEETING.fullmatch(title)):
        return f"will hold a {(met[2] or '').casefold()}meeting of the {met[1]}"
    noun = _NOUN.fullmatch(subject)
    by_president = "President " if label.startswith("President signs a dir") else ""
    if noun and (label == _LAST or by_president or label.startswith(WORDS["nouns"][noun[2].casefold()])):
        of = f"{noun[4]}{noun[5]}{f' for {noun[1]}' if noun[1] else ''}".replace("; ", " for ", 1).replace("; ", ", ")
        does = f"{by_president}{WORDS['nouns'][noun[2].casefold()]}{(noun[3] or '').casefold()}"
        return f"{does} {small(of, entry.summary or '')}"
    if label == _LAST and (noticed := _NOTICED.fullmatch(subject)):
        is_text = noticed[2].casefold() == "availability"
        return f"publishes {noticed[1]}" if is_text else f"publishes a notice of {small(noticed[2])}: {noticed[1]}"
    if label == _LAST and (named := _NOTICE_OF.match(title)):
        what, _, who = title[named.start(1) :].replace("; ", ", ").partition(": ")
        return f"publishes a notice of {small(what)}{' of ' if who else ''}{who}"
    only_title = not (entry.action or entry.summary) and _fits(title)
    if title.startswith("(") or (label == _LAST and (only_title or not _stems(subject))):
        return title  # nothing more is known
    if label == _LAST and (goods := _REVIEWED.match(title)):
        label, subject = f"issues {goods[2].casefold()} duty findings on", goods[1]
    as_it_is = label.endswith((":", "application of"))  # names of companies
    return f"{label} {title if as_it_is else _about(entry, subject)}"


def _about(entry: Entry, title: str) -> str:
    subject = small(_subject(_CONTRACTS.sub("", title, count=1)), entry.summary or "")
    return f"{subject} in federal contracts" if subject and _CONTRACTS.search(entry.title) else subject


def _paperwork_headline(entry: Entry, title: str) -> str:
    summary, action = (entry.summary or "")[:_MAX_TITLE], (entry.action or "")[:_MAX_TITLE]
    stage = f"{title} {action} {wording.first_sentence(summary, _MAX_TITLE)}".casefold()
    asks = "decides on" if _DECIDED.search(summary) else "asks for comment on"
    what = what_changes(title, action, summary)
    if asks != "decides on" and "60-day" not in stage and (urgent := URGENT.search(stage) or _AT_OMB.search(stage)):
        asks = f"seeks {'emergency' if urgent.re is URGENT else 'final'} approval {'to' if 'ing ' in what else 'of'}"
        what = re.sub("^renewing ", "renew ", re.sub("^(revis|reinstat)ing ", r"\1e ", what))
    name = form_name(title)
    if not name and (quoted := _QUOTED.search(summary)):
        name = next(filter(None, quoted.groups())).strip(" ,.")
    name = shortened(shortened(f"{name[:1].upper()}{name[1:]}", _AIM - _LABEL_LENGTH), _AIM - _LABEL_LENGTH, _NAME_END)
    name = _UNCLOSED.sub("", _ACRONYM.sub("", name.strip('“”".')))
    if not name:
        return f"{asks} {what} that its notice names"
    return f"{asks} {what}: {name}"


def excerpt_lines(entry: Entry) -> Iterator[str]:
    """Quotations such as `Added, page 14: “A letter of support …”`, then notes on how the text was read."""
    yield from map(_quotation, entry.quotes[:_MAX_QUOTES])
    if (more := len(entry.quotes) - _MAX_QUOTES) > 0:
        yield f"and {wording.number(more, 'more passage')} that matched."
    yield from entry.notes


def page_headline(entry: Entry) -> str:
    """`Withhold release orders changed: “…” added, and 2 more lines`. Additions come before removals."""
    quotes = sorted(entry.quotes, key=lambda quote: quote.difference is not Difference.ADDED)
    if not quotes:
        return f"{entry.title} changed"
    how = _DIFFERENCE_WORDS[quotes[0].difference].lower() if quotes[0].difference else "there"
    more = f", and {wording.number(len(quotes) - 1, 'more line')}" if quotes[1:] else ""
    return f"{entry.title} changed: “{wording.short(quotes[0].text, 80)}” {how}{more}"


def _quotation(quote: Quote) -> str:
    page = quote.place or (f"page {quote.page}" if quote.page else "")
    lead = ", ".join(filter(None, (_DIFFERENCE_WORDS[quote.difference] if quote.difference else "", page))) or "Says"
    return f"{lead[0].upper()}{lead[1:]}: “{wording.short(quote.text, _LENGTH)}”"

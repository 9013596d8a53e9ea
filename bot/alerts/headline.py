"""Headlines: made by a rule where one fits, else the source's title. Pure; rules match forms, never subjects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.alerts.hearing_cards import hearing_headline
from bot.shared import wording
from bot.shared.entry import CHANGED, FORECAST, POSTED, Change, Difference, Entry, Kind, Quote, Stage
from bot.shared.paperwork import form_name, is_paperwork

MAX_LENGTH: Final = 150  # characters; a phone notification shows about half of it
_MAX_TITLE: Final = 1_000  # no real title is longer; the rules skip longer ones, which may be hostile
_MAX_QUOTES: Final = 5  # more are counted
_LENGTH: Final = 300  # characters of one quotation
_DIFFERENCE_WORDS: Final = {Difference.ADDED: "Added", Difference.REMOVED: "Removed"}


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline, and the `rest` of a title that was cut; "" if it was not."""

    text: str
    rest: str = ""


CHANGES: Final = {
    Change.CORRECTION: "Corrected",
    Change.WITHDRAWAL: "Withdrawn",
    Change.EXTENSION: "Comment period extended",
    Change.REOPENING: "Comment period reopened",
    Change.UPDATE: "Updated",
}

_TOPIC_LINK: Final = r"[:;,]? *(?:(?:on|for|regarding|about|concerning)\b)? *(?:the )?"
_ON_A_LIST: Final = "Notice on a list: {0}"
# The Register's fixed forms of titles.
_FORMS: Final = {
    re.compile(pattern, re.IGNORECASE): label
    for pattern, label in {
        # 19 CFR 12.42(f) fixes the words after the goods.
        r"notices? of (?:affirmative )?findings?(?: that| of| on| regarding)? (.+?)"
        r"(?: (?:is|are) being,? or (?:is|are) likely to be,? imported\b.*)?": "Finding: {0}",
        r"notice (?:on|of|regarding) (?:the )?additions? of (.+?) to (?:the )?(.+? list)\.?": "{0} added to the {1}",
        r"notice (?:on|of|regarding) (?:the )?removals? of (.+?) from (?:the )?(.+? list)\.?": (
            "{0} removed from the {1}"
        ),
        r"(?:notice (?:on|of|regarding)|(?:revisions|additions|changes|updates?) to) (?:the )?(.+? list)\.?": (
            _ON_A_LIST
        ),
        rf"(?:notice of )?requests? for information{_TOPIC_LINK}(.+)": "Asks for information: {0}",
        rf"(?:notice (?:seeking|requesting) |(?:notice of )?requests? for )(?:public )?comments?{_TOPIC_LINK}(.+)": (
            "Asks for comments: {0}"
        ),
        r"notice of (?:public |open )?(?:meeting|hearing|listening session)s?(?: of(?: the)?)?[:;,]? *(.+)": (
            "Meeting: {0}"
        ),
        r"(?:notice of )?(?:solicitation|request|call)s? (?:of|for) (?:nominations?|membership|members)"
        r"(?: (?:for|to|of))?[:;,]?(?: the)? *(.+)": "Seeks members: {0}",
        r"notice of (?:availability|publication) (?:of|for)(?: the)? (.+)": "Published: {0}",
    }.items()
}
# Ends of titles that are labels; the ACTION line of a rule says more.
_ENDS: Final = {
    re.compile(rf"(.+?)[;,:.] {pattern}\.?", re.IGNORECASE): label
    for pattern, label in {
        r"(?:notice of )?(?:an? )?(?:open |closed |public |virtual |partially closed )*meetings?": "Meeting",
        r"(?:notice of )?availability": "Published",
        r"(?:notice and )?(?:requests?|opportunity) for (?:public )?comments?": "Asks for comments",
    }.items()
}
# Not "Notice of intent to cancel" or "Receipt of requests to cancel", as for the registrations of pesticides.
_DONE: Final = r"(?!.*\b(?:intent|propos|petition|requests? (?:to|for|that)|requesting)).*"
# ACTION lines, then types, that tell more than the title; the first that fits wins.
_ACTIONS: Final = {
    re.compile(pattern, re.IGNORECASE): label
    for pattern, label in {
        r"advance notice of proposed rulemaking": "Rule in preparation",
        r"proposed rule\b|notice of proposed rulemaking": "Proposed rule",
        rf"{_DONE}\bcancel": "Canceled",
        rf"{_DONE}\bpostpone": "Postponed",
        r"(?:direct |interim )?final rule[;,].*\bdelay\w* of (?:the )?effective date": "Rule delayed",
        r"interim final rule": "Interim final rule",
        r"(?:direct )?final rule": "Final rule",
        r".*\brequest for information": "Asks for information",
        r"(?:notice|announcement) of (?:an? )?(?:\w+ ){0,4}(?:meeting|hearing|listening session)s?\b": "Meeting",
        r"notice[;,] issuance": "Issued",
        r"notice[;,] (?:receipt of )?(?:an? )?application": "Application received",
        r".*\b(?:requests?|requesting) (?:for )?(?:public )?comments?\b": "Asks for comments",
        r"notice of (?:public )?availability": "Published",
        r"rule": "Rule",
        r"executive order": "Executive order",
        r"proclamation": "Proclamation",
    }.items()
}
_INVITES: Final = re.compile(r"\b(?:is|as) an? request for information\b", re.IGNORECASE)
# The number of a case says nothing to a reader: "FAR Case 2005-012, Combating …", "… Policy (DFARS Case 2004-D017)".
_CASE_NUMBER: Final = re.compile(r"[;,]? *\(?\b[A-Z]{2,6} Case (?:No\. )?\d[\w-]*\b\)?(?:[,:] )?")
# Rules on contracts (48 CFR) begin with a name of their book: "Defense Federal Acquisition Regulation Supplement: …".
_CONTRACTS: Final = re.compile(
    r"(?:[A-Z]\w+ |of ){0,6}Acquisition Regulations?(?: Supplements?)?(?: \([A-Z]+\))?[:;] (?=\w)"
)
# Or they name no book, and their case does.
_CONTRACT_CASE: Final = re.compile(r"\bD?FARS? Case\b")
# The summary says what was added to a list: "This update adds two entities and eight subsidiaries to …".
_ADDS: Final = re.compile(r"\badd(?:s|ing) ([^.]{1,400})", re.IGNORECASE)
_AFTER_ADDED: Final = re.compile(r" (?:to|from|and (?:remov|delet)\w+) ", re.IGNORECASE)
_COUNTED: Final = re.compile(
    r"\b(?:\d[\d,]*|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-[a-z]+)?|[a-z]{3,5}teen|ten|eleven|twelve"
    r"|one|two|three|four|five|six|seven|eight|nine) (?:additional |new )?(?:compan(?:y|ies)|entit(?:y|ies)|persons?"
    r"|individuals?|organizations?|subsidiar(?:y|ies)|vessels?|products?|countr(?:y|ies)|species)\b",
    re.IGNORECASE,
)
# The end of a title that says again what the label says.
_SAID_AGAIN: Final = re.compile(
    r"[;,:] (?:notice of )?(?:technical )?(?:correction|withdrawal|update|(?:extension|reopening)(?: of (?:(?:the )?"
    r"(?:public )?comment period|time(?: (?:for|to) (?:submit )?comments?)?))?)s?[.:]?$",
    re.IGNORECASE,
)
_SAID_FIRST: Final = re.compile(r"^(?:notice of )?(?:withdrawal of|corrections? to) (?:the )?", re.IGNORECASE)
# Titles that the Register gives to many documents; the summary says what this one is about.
_NAMELESS: Final = re.compile(
    r"privacy act(?: of 1974)?[;:,]? *(?:(?:new |modified )?systems? of records(?: notice)?|matching program)?"
    r"|(?:amendment (?:of|to) the )?statement of organization.*|(?:public )?notice",
    re.IGNORECASE,
)
_TITLED: Final = re.compile(r"\b(?:en)?titled,? [\"“]([^\"”]{5,200})[\"”]")
_PREAMBLE: Final = re.compile(
    r"^(?:in (?:accordance|compliance) with|pursuant to|as required by|under)\b.{1,300}?, (?=(?:the|this|notice|we) )"
    r"|, as part of its continuing effort[^.]{1,100}? burden,",
    re.IGNORECASE,
)
_AT_OMB: Final = re.compile(r"30-day|submission (?:for|to) |submitted (?:for|to) ", re.IGNORECASE)
_GRANTS: Final = {
    FORECAST: "Funding forecast",
    POSTED: "Funding announced",
    CHANGED: "Funding announcement changed",
}
_PAPERWORK_KINDS: Final = (
    ("new collection", "New form"),
    ("reinstatement", "Form to be reinstated"),
    ("revision", "Form to be revised"),
    ("extension", "Form up for renewal"),
    ("renewal", "Form up for renewal"),
    ("", "Form notice"),
)


def headline(entry: Entry) -> Headline:
    """The headline of an entry, which must make sense alone. It says so if the title is missing."""
    title = entry.title or "(no title given by the source)"
    ours = _own_headline(entry, title)
    if entry.stage is Stage.FILED and not entry.change:
        ours = f"On public inspection: {ours}"
    text, rest = wording.cut(ours, MAX_LENGTH)
    return Headline(text, rest)


def _own_headline(entry: Entry, title: str) -> str:
    match entry.kind:
        case Kind.DOCUMENT:
            return _document_headline(entry, title)
        case Kind.GRANT:
            return _grant_headline(entry, title)
        case Kind.REVISION:
            return page_headline(entry)
        case Kind.PLANNED_RULE if entry.rule:
            return f"{'Plan changed' if entry.notes else 'Planned rule'}: {title}"
        case Kind.HEARING if entry.hearing:
            return hearing_headline(entry, ())
    return f"{entry.type}: {title}" if entry.kind in (Kind.NOMINATION, Kind.PLANNED_RULE, Kind.RECORD) else title


def _grant_headline(entry: Entry, title: str) -> str:
    label = _GRANTS.get(entry.type or "", "Funding announcement")
    changed = entry.type == POSTED and any(quote.difference for quote in entry.quotes)
    return f"{label}{', changed since the last one' if changed else ''}: {title}"


def _document_headline(entry: Entry, title: str) -> str:
    change = f"{CHANGES[entry.change]}: " if entry.change else ""
    if entry.change is Change.WITHDRAWAL and "rule" in (label := _label(entry)).casefold():
        change = f"{label} withdrawn: "  # not the program that it is about
    if change:
        title = _SAID_FIRST.sub("", _SAID_AGAIN.sub("", title))
    if len(title) > _MAX_TITLE:
        return f"{change}{title}"
    title = _CASE_NUMBER.sub(lambda number: " " if number[0].endswith(" ") and number.start() else "", title)
    title = title.removeprefix("Subject: ")
    return f"{change}{_by_form(entry, title) or (title if change else _with_label(entry, title))}"


def _by_form(entry: Entry, title: str) -> str:
    """The headline of a title in one of the Register's fixed forms; "" for any other."""
    if is_paperwork(title, entry.action):
        return _paperwork_headline(entry, title)
    for pattern, label in _FORMS.items():
        if match := pattern.fullmatch(title):
            ours = label.format(*(group[:1].upper() + group[1:] for group in match.groups()))
            return f"{ours}, {added}" if label is _ON_A_LIST and (added := _added(entry)) else ours
    return f"{title}: {subject}" if _NAMELESS.fullmatch(title) and (subject := _subject(entry)) else ""


def _with_label(entry: Entry, title: str) -> str:
    """The title after what the document is, by its ACTION line, its type, its summary or the end of the title."""
    label = _label(entry) or ("Asks for information" if _INVITES.search((entry.summary or "")[:_MAX_TITLE]) else "")
    if "rule" in label.casefold():
        subject = _CONTRACTS.sub("", title, count=1)
        on_contracts = subject != title or _CONTRACT_CASE.search(entry.title)
        return f"{label}{' on federal contracts' if on_contracts else ''}: {subject}"
    for sign, own in _ENDS.items():
        if label in {"", own} and (end := sign.fullmatch(title)):
            return f"{own}: {end[1]}"
    return f"{label}: {title}" if label else title


def _label(entry: Entry) -> str:
    """What the document is by its ACTION line, or its type; "" if neither tells more than a title."""
    lines = [line for line in (entry.action, entry.type) if line]
    return next((label for line in lines for sign, label in _ACTIONS.items() if sign.match(line)), "")


def _added(entry: Entry) -> str:
    """`adds two entities and eight subsidiaries`, from the summary of a notice on a list; "" if it does not say."""
    sentence = _ADDS.search(entry.summary or "")
    added, *rest = _AFTER_ADDED.split(sentence[1].partition(" under ")[0]) if sentence else [""]
    counts = _COUNTED.findall(added)
    # Another count in the sentence is of a second list, of what is removed or of the whole list.
    return f"adds {wording.listed(counts)}" if counts and not any(map(_COUNTED.search, rest)) else ""


def _subject(entry: Entry) -> str:
    """What a document is about by its summary: the name it quotes, or its first sentence without the law it cites."""
    summary = (entry.summary or "")[:_MAX_TITLE]
    if named := _TITLED.search(summary):
        return named[1].strip(" ,.")
    sentence = wording.first_sentence(_PREAMBLE.sub("", summary), MAX_LENGTH)
    return sentence[:1].upper() + sentence[1:].rstrip(".")


def _paperwork_headline(entry: Entry, title: str) -> str:
    label = next(label for sign, label in _PAPERWORK_KINDS if sign in title.casefold())
    label += ", sent to OMB" if _AT_OMB.search(f"{title} {entry.action or ''}") else ""
    subject = form_name(title) or _subject(entry)
    return f"{label}: {subject}" if subject else f"{label} (the title does not name it)"


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

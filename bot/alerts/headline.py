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
_FORMS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), label)
    for pattern, label in (
        (r"notices? of (?:affirmative )?findings?(?: that| of| on| regarding)? (.+)", "Finding: {0}"),
        (r"notice (?:on|of|regarding) (?:the )?additions? of (.+?) to (?:the )?(.+? list)\.?", "{0} added to the {1}"),
        (
            r"notice (?:on|of|regarding) (?:the )?removals? of (.+?) from (?:the )?(.+? list)\.?",
            "{0} removed from the {1}",
        ),
        (r"(?:notice (?:on|of|regarding)|(?:revisions|additions|changes|updates?) to) (?:the )?(.+? list)\.?",
         _ON_A_LIST),
        (rf"(?:notice of )?requests? for information{_TOPIC_LINK}(.+)", "Asks for information: {0}"),
        (rf"(?:notice (?:seeking|requesting) |requests? for )(?:public )?comments?{_TOPIC_LINK}(.+)",
         "Asks for comments: {0}"),
        (r"notice of (?:public |open )?(?:meeting|hearing|listening session)s?(?: of(?: the)?)?[:;,]? *(.+)",
         "Meeting: {0}"),
    )
)  # fmt: skip
# ACTION lines and types that tell more than the title; the first prefix that fits wins.
_ACTIONS: Final = (
    ("request for information", "Asks for information"),
    ("request for comment", "Asks for comments"),
    ("advance notice of proposed rulemaking", "Rule in preparation"),
    ("notice of proposed rulemaking", "Proposed rule"),
    ("proposed rule", "Proposed rule"),
    ("interim final rule", "Interim final rule"),
    ("final rule", "Final rule"),
    ("rule", "Rule"),
    ("executive order", "Executive order"),
    ("proclamation", "Proclamation"),
)
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
    r"[;,:] (?:notice of )?(?:technical )?(?:correction|withdrawal|update|(?:extension|reopening)(?: of (?:the )?"
    r"(?:public )?comment period)?)s?\.?$",
    re.IGNORECASE,
)
_SAID_FIRST: Final = re.compile(r"^(?:notice of )?(?:withdrawal of|corrections? to) (?:the )?", re.IGNORECASE)
# Titles that the Register gives to many documents; the summary says what this one is about.
_NAMELESS: Final = re.compile(
    r"privacy act(?: of 1974)?[;:,]? *(?:(?:new |modified )?systems? of records(?: notice)?|matching program)?"
    r"|(?:amendment (?:of|to) the )?statement of organization.*|subject:.*|(?:public )?notice",
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
        case Kind.PLANNED_RULE:
            return f"{'Plan changed' if entry.notes else 'Planned rule'}: {title}"
        case Kind.HEARING if entry.hearing:
            return hearing_headline(entry, ())
    return title


def _grant_headline(entry: Entry, title: str) -> str:
    label = _GRANTS.get(entry.type or "", "Funding announcement")
    changed = entry.type == POSTED and any(quote.difference for quote in entry.quotes)
    return f"{label}{', changed since the last one' if changed else ''}: {title}"


def _document_headline(entry: Entry, title: str) -> str:
    if entry.change:
        return f"{CHANGES[entry.change]}: {_SAID_FIRST.sub('', _SAID_AGAIN.sub('', title))}"
    if len(title) > _MAX_TITLE:
        return title
    if is_paperwork(title, entry.action):
        return _paperwork_headline(entry, title)
    for pattern, label in _FORMS:
        if match := pattern.fullmatch(title):
            ours = label.format(*(group[:1].upper() + group[1:] for group in match.groups()))
            return f"{ours}, {added}" if label is _ON_A_LIST and (added := _added(entry)) else ours
    if _NAMELESS.fullmatch(title) and (subject := _subject(entry)):
        return f"{title}: {subject}"
    starts = (text.casefold() for text in (entry.action, entry.type) if text)
    label = next((label for text in starts for start, label in _ACTIONS if text.startswith(start)), "")
    return f"{label}: {title}" if label else title


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
    page = f"page {quote.page}" if quote.page else ""
    lead = ", ".join(filter(None, (_DIFFERENCE_WORDS[quote.difference] if quote.difference else "", page))) or "Says"
    return f"{lead[0].upper()}{lead[1:]}: “{wording.short(quote.text, _LENGTH)}”"

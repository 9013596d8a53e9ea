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
from bot.watch.lexicon import PLAIN, singular

MAX_LENGTH: Final = 190  # characters; a phone notification shows about half of it
_LABEL_LENGTH: Final = 40  # characters that the words before a title may take
_MAX_TITLE: Final = 1_000  # no real title is longer; the rules skip longer ones, which may be hostile
_MAX_QUOTES: Final = 5  # more are counted
_LENGTH: Final = 300  # characters of one quotation
_DIFFERENCE_WORDS: Final = {Difference.ADDED: "Added", Difference.REMOVED: "Removed"}


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline, and the `rest` of a title that was cut, or a long title of which a part is left out; "" otherwise."""

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
_ON_A_LIST: Final = "Notice on the {0}"
_PROCLAIMED: Final = "The President proclaims {0}"
# The Register's fixed forms of titles.
_FORMS: Final = {
    re.compile(pattern, re.IGNORECASE): label
    for pattern, label in {
        # 19 CFR 12.42(f) fixes the words after the goods.
        r"notices? of (?:affirmative )?findings?(?: that| of| on| regarding)? (.+?)"
        r"(?: (?:is|are) being,? or (?:is|are) likely to be,? imported\b.*)?": "Finding: {0}",
        r"(?:notice (?:on|of|regarding)(?! (?:the )?(?:addition|removal))|(?:revisions|additions|changes|updates?) to)"
        r" (?:the )?(.+? list)\.?": _ON_A_LIST,
        rf"(?:notice of )?requests? for information{_TOPIC_LINK}(.+)": "Asks for information: {0}",
        r"(?:(?:notice (?:seeking|requesting) |(?:notice (?:of|with) )?requests? for )(?:public )?comments?"
        rf"|comment requests?){_TOPIC_LINK}(.+)": "Asks for comments: {0}",
        r"(?:notice of (?:public |open )?(?:meeting|hearing|listening session)s?"
        r"(?: and requests? for (?:public )?comments?)?"
        r"(?:(?: of| on| for| to discuss)(?: the)?)?[:;,]?|(?:open |public |virtual )*meetings? of(?: the)?) *(.+)": (
            "Meeting: {0}"
        ),
        r"(?:notice of )?(?:solicitation|request|call)s? (?:of|for) (?:nominations?|membership|members)"
        r"(?: (?:for|to|of))?[:;,]?(?: the)? *(.+)": "Seeks members: {0}",
        r"(?:notice inviting )?applications for new awards[;:] (.+)": "Grants open for applications: {0}",
        r"notice of (?:availability|publication)(?: \([A-Z]+\))? (?:of|for|to)(?: the)? (.+)": "Published: {0}",
        r"self-regulatory organizations?; (.{3,200}?); notice of filing .{0,60}?\bproposed rule change,? .{0,60}?"
        r"\bto (.+)": "{0} proposes to change its rules: {1}",
        r"(.{5,100} (?:day|week|month), (?:19|20)\d\d)": _PROCLAIMED,
    }.items()
}
# Ends of titles that are labels; the ACTION line of a rule says more.
_ENDS: Final = {
    re.compile(rf"(.+?)[;,:.] {pattern}\.?", re.IGNORECASE): label
    for pattern, label in {
        r"(?:notice of )?(?:an? )?(?:open |closed |public |virtual |partially closed )*meetings?": "Meeting",
        r"(?:notice of )?cancellation of (?:\w+ )?meetings?": "Meeting canceled",
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
        r"petitions? for ": "Petition",
        r"proposed rule\b|notice of proposed rulemaking": "Proposed rule",
        rf"{_DONE}\bcancel.*\bmeeting": "Meeting canceled",
        rf"{_DONE}\bcancel": "Canceled",
        rf"{_DONE}\bpostpone": "Postponed",
        r"(?:direct |interim )?final rule[;,].*\bdelay\w* of (?:the )?effective date": "Rule delayed",
        r"interim final rule": "Interim final rule",
        r"(?:direct |temporary )?final rule": "Final rule",
        r".*\brequest for information": "Asks for information",
        r"meeting notice": "Meeting",
        r"(?:notice|announcement) of (?:an? )?(?:\w+ ){0,4}(?:meeting|hearing|listening session)": "Meeting",
        r"notice(?:[;,]| of) issuance(?: of (?:an? |the )?([a-z ]{3,60})(?=[.;,]|$))?": "Issued",
        r"notice[;,] (?:receipt of )?(?:an? )?application": "Application received",
        r".*\b(?:requests?|requesting) (?:for )?(?:public )?comments?\b": "Asks for comments",
        r"notice of (?:public )?availability": "Published",
        r"rule": "Rule",
        r"presidential document: executive order": "Executive order",
        r"presidential document: proclamation": "Proclamation",
        r"presidential document(?!: determination)": "From the President",
    }.items()
}
_PERMIT: Final = re.compile(r"(?:letter of |(?:[a-z]+ ){0,2})authorization\b")
_INVITES: Final = re.compile(r"\b(?:is|as) an? request for information\b", re.IGNORECASE)
# The number of a case says nothing to a reader: "FAR Case 2005-012, Combating …", "… Policy (DFARS Case 2004-D017)".
_CASE_NUMBER: Final = re.compile(
    r"[;,]? *\(?\b(?:[A-Z]{2,6} Case|Docket) (?:N(?:o\.?|umber):? )?\d[\w-]*\b\)?(?:[,:] )?"
    r"| ?\(Federal Register[^()]*\)"
)
# A permit's title has its number, and the summary has the rest: "Marine Mammals; File No. 28727".
_FILE_NUMBER: Final = re.compile(r"[;,]? *(?:File|Permit) Nos?\. \d.*")
# Rules on contracts (48 CFR) begin with a name of their book: "Defense Federal Acquisition Regulation Supplement: …".
_CONTRACTS: Final = re.compile(
    r"(?:[A-Z]\w+ |of ){0,6}Acquisition Regulations?(?: Supplements?)?(?: \([A-Z]+\))?[:;] (?=\w)"
)
# Or they name no book, and their case does.
_CONTRACT_CASE: Final = re.compile(r"\bD?FARS? Case\b")
# Series of titles in the words of a law: to take an animal is to harm or disturb it.
_OF_LAWS: Final = {
    re.compile(pattern, re.IGNORECASE): plain
    for pattern, plain in {
        r"^(?:incidental )?tak(?:es?|ing)(?: and importing)?(?: of)? (.{3,80}?) (?:incidental to|during) ": (
            r"Harming or disturbing \1 during "
        ),
        r"^airworthiness directives; (?:the )?": "Safety orders for ",
    }.items()
}
_NOTICE_OF: Final = re.compile(r"^notice (?:of|on|regarding) (?:an? |the )?(\w)(?=\w* \w)", re.IGNORECASE)
# The summary says what was added to a list: "This update adds two entities and eight subsidiaries to …".
_ADDS: Final = re.compile(r"\badd(?:s|ing) ([^.,;]{3,80}?) to (?:the|its|both)\b", re.IGNORECASE)
# The end of a title that says again what the label says.
_SAID_AGAIN: Final = re.compile(
    r"[;,:] (?:notice of )?(?:technical )?(?:correction|withdrawal|update|(?:extension|reopening)(?: of (?:(?:the )?"
    r"(?:public )?comment period|time(?: (?:for|to) (?:submit )?comments?)?))?)s?[.:]?$",
    re.IGNORECASE,
)
_SAID_FIRST: Final = re.compile(r"^(?:notice of )?(?:withdrawal of|corrections? to) (?:the )?", re.IGNORECASE)
# Titles of these words alone are those of many documents; the summary says what this one is about.
_FORM_WORDS: Final = PLAIN | frozenset({
    "action", "activity", "alternative", "amendment", "announce", "application", "approval", "approved", "authority",
    "burden", "collection", "comment", "commission", "committee", "compliance", "continuing", "currently", "delegation",
    "determination", "development", "discontinuance", "effort", "establish", "extension", "feedback", "form", "forth",
    "function", "general", "hearing", "implementation", "inclusion", "information", "intent", "intention", "invite",
    "issuance", "list", "matching", "maximize", "meeting", "modification", "modify", "negotiated", "negotiator",
    "nomination", "notice", "notification", "opportunity", "order", "organization", "paperwork", "period", "permit",
    "petition", "privacy", "proposed", "public", "railroad", "receive", "record", "reduce", "reduction", "regulation",
    "requesting", "rulemaking", "schedule", "signal", "soliciting", "special", "standard", "statement", "submission",
    "sunshine", "system", "utility", "waiver",
})  # fmt: skip
_WORD: Final = re.compile(r"\b[A-Z]?[a-z]{2,}\b")
# It points on to a text that the summary is not, or says how to answer.
_POINTS_ON: Final = re.compile(
    r"\b(?:following|required to publish|below|comments? (?:is|are) requested|specific comment|may not conduct|ICR"
    r"|information collection request|pre-? ?clearance|this program)\b",
    re.IGNORECASE,
)
_MOST_SENTENCES: Final = 2  # of a summary; those after them are about how to answer
_TITLED: Final = re.compile(
    r"\b(?:(?:en)?titled|collection),? "
    r"(?:[\"“]([^\"”]{5,200})[\"”]|([A-Z][^\"“.;]{5,150}?)(?=[.;]|,? (?:last|which|from|to|for) |$))"
)
# What a sentence says before it comes to the point.
_PREAMBLE: Final = re.compile(
    r"^(?:(?:in (?:accordance|compliance) with|pursuant to|as (?:required by|part of)|under)\b.{1,300}?, "
    r"(?=(?:the|this|notice|we|(?-i:[A-Z]{2,}))\b)"
    r"|(?:the purpose of )?this (?:document|notice|action) (?:is to announce|announces|informs the public"
    r"|(?:provides the|provides|gives) (?:public )?notice)(?: that| of)? "
    r"|(?:please take notice|notice is hereby given)(?:,? pursuant to [^.]{1,200},)?(?: that)? "
    r"|by letter (?:dated|received) [^,]{5,20}, \d{4}, )+"
    r"|(?<= applied) in due form"
    r"|, as part of its continuing effort[^.]{1,100}? burden,",
    re.IGNORECASE,
)
# Asides: acronyms, who answers for an applicant, and the address of one.
_ASIDE: Final = re.compile(
    r" ?\([^()]*\)|, (?:P\.? ?O\.? Box )?\d[^;()]{5,90}?\b\d{5}(?:-\d{4})?\b,?|(?<=[\w)]),(?= has applied)",
    re.IGNORECASE,
)
_INTENDS: Final = re.compile(r"^we announce our (?:intention|intent|plans?) to", re.IGNORECASE)
_DAY: Final = re.compile(r"\b(?:Jan|Febr|Mar|Apr|May|Jun|Jul|Aug|Sept|Oct|Nov|Dec)[a-z]* \d{1,2}, 20\d\d\b")
# A series that a title begins with, of which it says a word again, or two side by side: "Takes of Marine Mammals
# Incidental to Specified Activities; Taking Marine …". What is before a notice or an order is who did it.
_WORD_AGAIN, _TWO_AGAIN = (
    re.compile(
        rf"^.{{0,28}}?\b({words})\b.{{0,40}}?[;:] (?!.*\b(?:notice|order)\b)(?=(?-i:[A-Z0-9]).{{29}})(?=.*\b\1\b)",
        re.IGNORECASE,
    )
    for words in ("[a-z]{5,}", "[a-z]{5,} [a-z]{5,}")
)
# Where a title or a sentence that is too long can end.
_TAIL: Final = re.compile(
    r"; (?!.*\b(?:Notice|Order) )|—|,? (?:authorized|pursuant to|in accordance with|as (?:required by|amended)"
    r"|including|which|because|issued) ",
    re.IGNORECASE,
)
_AT_OMB: Final = re.compile(r"30-day|submission (?:for|to) |submitted (?:for|to) ", re.IGNORECASE)
_GRANTS: Final = {FORECAST: "Funding forecast", POSTED: "Funding announced", CHANGED: "Funding announcement changed"}
_PAPERWORK_KINDS: Final = (
    ("new collection", "New form"), ("reinstatement", "Form to be reinstated"), ("revision", "Form to be revised"),
    ("extension", "Form up for renewal"), ("renewal", "Form up for renewal"), ("", "Form up for comment"),
)  # fmt: skip
# Notices that ask for nothing: OMB has approved a form, or its agency gives it up.
_PAPERWORK_ENDS: Final = {
    re.compile(r"\bannounc\w+ (?:\w+ ){0,5}approv(?:al|ed) of\b", re.IGNORECASE): "Form approved",
    re.compile(r"\bdiscontinuance of (?:\w+ )?(?:information )?collection", re.IGNORECASE): "Form to be discontinued",
}
_FORM_CODE: Final = re.compile(r"\d|[a-z][A-Z]")  # "Form 5495", "ShakeAlert"


def headline(entry: Entry) -> Headline:
    """The headline of an entry, which must make sense alone. It says so if the title is missing."""
    title = entry.title or "(no title given by the source)"
    ours = _own_headline(entry, title)
    if entry.stage is Stage.FILED and not entry.change:
        ours = f"On public inspection: {ours}"
    text, rest = wording.cut(ours, MAX_LENGTH)
    return Headline(text, rest or (title if entry.kind is Kind.DOCUMENT and _fitted(title) != title else ""))


def _own_headline(entry: Entry, title: str) -> str:
    match entry.kind:
        case Kind.DOCUMENT:
            return _document_headline(entry, title)
        case Kind.GRANT:
            label = _GRANTS.get(entry.type or "", "Funding announcement")
            changed = entry.type == POSTED and any(quote.difference for quote in entry.quotes)
            return f"{label}{', changed since the last one' if changed else ''}: {title}"
        case Kind.REVISION:
            return page_headline(entry)
        case Kind.PLANNED_RULE if entry.rule:
            return f"{'Plan changed' if entry.notes else 'Planned rule'}: {title}"
        case Kind.HEARING if entry.hearing:
            return hearing_headline(entry, ())
    return f"{entry.type}: {title}" if entry.kind in (Kind.NOMINATION, Kind.PLANNED_RULE, Kind.RECORD) else title


def _document_headline(entry: Entry, title: str) -> str:
    change = f"{CHANGES[entry.change]}: " if entry.change else ""
    if entry.change is Change.WITHDRAWAL and "rule" in (label := _label(entry)).casefold():
        change = f"{label} withdrawn: "  # not the program that it is about
    if len(title) > _MAX_TITLE:
        return f"{change}{title}"
    title = _CASE_NUMBER.sub(lambda number: " " if number[0].endswith(" ") and number.start() else "", title)
    if change:
        title = _SAID_FIRST.sub("", _SAID_AGAIN.sub("", title))
    if is_paperwork(title, entry.action):
        return f"{change}{_paperwork_headline(entry, title)}"
    title = _fitted(title.removeprefix("Subject: "))
    for words, plain in _OF_LAWS.items():
        title = words.sub(plain, title)
    ours = _by_form(entry, title) or (title if change else _with_label(entry, title))
    if ours.startswith("Meeting: ") and (day := _DAY.search(entry.dates_text or "", 0, _MAX_TITLE)):
        ours = f"Meeting on {day[0]}: {ours.removeprefix('Meeting: ')}"
    return f"{change}{ours}"


def _fitted(title: str) -> str:
    if len(title) <= _MAX_TITLE:
        title = _TWO_AGAIN.sub("", title)
    return _without_tail(_WORD_AGAIN.sub("", title)) if MAX_LENGTH - _LABEL_LENGTH < len(title) <= _MAX_TITLE else title


def _without_tail(text: str, most: int = MAX_LENGTH - _LABEL_LENGTH) -> str:
    """A long text up to the last part that fits; the whole text if none does, or only its first half."""
    ends = [tail.start() for tail in _TAIL.finditer(text, most // 2)] if len(text) > most else []
    return text[: max((end for end in ends if end <= most), default=len(text))]


def _by_form(entry: Entry, title: str) -> str:
    """The headline of a title in one of the Register's fixed forms, or of one that names nothing; "" for any other."""
    by_president = (entry.type or "").startswith("Presidential Document")
    for pattern, label in _FORMS.items():
        if (match := pattern.fullmatch(title)) and (by_president or label is not _PROCLAIMED):
            ours = label.format(*(group[:1].upper() + group[1:] for group in match.groups()))
            additions = _ADDS.findall(entry.summary or "") if label is _ON_A_LIST else ()
            added = f"adds {additions[0]}" if len(additions) == 1 else "new entries"
            return f"{ours}: {added}" if additions else ours
    subject = _FILE_NUMBER.sub("", title)
    nameless = len(_telling(subject)) <= (2 if subject != title else 0)
    if not nameless or (entry.change and subject == title) or not (subject := _subject(entry)):
        return ""
    if title.startswith("Privacy Act"):
        label = _NOTICE_OF.sub(lambda first: first[1].upper(), re.split("[;.:]", entry.action or "")[0])
        subject = f"{label or 'System of records'}: {subject}".replace("of records", "of personal records", 1)
    return subject


def _telling(text: str) -> set[str]:
    """The words of a text that forms do not share; no acronyms, which no stranger knows."""
    return {singular(word.casefold()) for word in _WORD.findall(text)} - _FORM_WORDS


def _with_label(entry: Entry, title: str) -> str:
    """The title after what the document is, by its ACTION line, its type, its summary or the end of the title."""
    label = _label(entry) or ("Asks for information" if _INVITES.search((entry.summary or "")[:_MAX_TITLE]) else "")
    subject = _NOTICE_OF.sub(lambda first: first[1].upper(), _CONTRACTS.sub("", title, count=1))
    if "rule" in label.casefold():
        on_contracts = _CONTRACTS.search(entry.title) or _CONTRACT_CASE.search(entry.title)
        return f"{label}{' on federal contracts' if on_contracts else ''}: {subject}"
    for sign, own in _ENDS.items():
        if label in {"", own} and (end := sign.fullmatch(title)):
            return f"{own}: {end[1]}"
    again = re.sub("^from the | issued$", "", label.casefold()) in subject.casefold()
    return f"{label}: {subject}" if label and not again else subject


def _label(entry: Entry) -> str:
    """What the document is by its ACTION line, or its type; "" if neither tells more than a title."""
    for line in filter(None, (entry.action, entry.type)):
        for sign, label in _ACTIONS.items():
            if match := sign.match(line, 0, _MAX_TITLE):
                issued = match[1] if match.lastindex else ""
                return f"{_PERMIT.sub('permit', issued).capitalize()} issued" if issued else label
    return ""


def _subject(entry: Entry) -> str:
    """What a document is about by its summary: the name it quotes, or its first sentence that names something."""
    summary = (entry.summary or "")[:_MAX_TITLE]
    if named := _TITLED.search(summary):
        return (named[1] or named[2]).strip(" ,.")
    agencies = _telling(" ".join(agency.name for agency in entry.agencies or ()))
    for sentence in wording.sentences(summary)[:_MOST_SENTENCES]:
        clause = _INTENDS.sub("Plans to", _ASIDE.sub("", _PREAMBLE.sub("", sentence))).rstrip(".")
        if not _POINTS_ON.search(clause) and _telling(clause) - agencies:
            return _without_tail(clause[:1].upper() + clause[1:], MAX_LENGTH)
    return ""


def _paperwork_headline(entry: Entry, title: str) -> str:
    sign, label = next(pair for pair in _PAPERWORK_KINDS if pair[0] in title.casefold())
    if _AT_OMB.search(f"{title} {entry.action or ''}"):
        label = f"{label.removesuffix(' up for comment')}{', ' if sign else ' '}sent for approval"
    summary = (entry.summary or "")[:_MAX_TITLE]
    label = next((ended for words, ended in _PAPERWORK_ENDS.items() if words.search(summary)), label)
    name = form_name(title)
    named = _telling(name) or _FORM_CODE.search(name)
    subject = _without_tail(name) if named else _subject(entry) or _without_tail(name)
    subject = subject[:1].upper() + subject[1:]
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

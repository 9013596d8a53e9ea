"""Headlines: who does what, from a document's summary or its title's form; else the title. Pure; never by subject."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.alerts.act import act, by_agency, shortened
from bot.alerts.hearing_cards import hearing_headline
from bot.shared import wording
from bot.shared.entry import CHANGED, FORECAST, POSTED, Change, Difference, Entry, Kind, Quote, Stage
from bot.shared.paperwork import form_name, is_paperwork

MAX_LENGTH: Final = 190  # characters; a phone notification shows about half of it
_LABEL_LENGTH: Final = 40  # characters that the words before a title may take
_SHORT_TITLE: Final = 35  # characters; shorter ones of notices name no subject
_MAX_TITLE: Final = 1_000  # no real title is longer; the rules skip longer ones, which may be hostile
_MAX_QUOTES: Final = 5  # more are counted
_LENGTH: Final = 300  # characters of one quotation
_DIFFERENCE_WORDS: Final = {Difference.ADDED: "Added", Difference.REMOVED: "Removed"}


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline, and the `rest` of a title that was cut, or the title where the headline has other words."""

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
_EXCHANGE: Final = r"self-regulatory organizations?; (.{3,200}?);"
_RULE_CHANGE: Final = r".{0,90}?\bproposed rule change,? .{0,60}?\bto (.+)"
# The Register's fixed forms of titles.
_FORMS: Final = {
    re.compile(pattern, re.IGNORECASE): label
    for pattern, label in {
        # 19 CFR 12.42(f) fixes the words after the goods.
        r"notices? of (?:affirmative )?findings?(?: that| of| on| regarding)? (.+?)"
        r"(?: (?:is|are) being,? or (?:is|are) likely to be,? imported\b.*)?": "Finding: {0}",
        r"(?:notice (?:on|of|regarding)(?! (?:the )?(?:addition|removal))|(?:revisions|additions|changes|updates?) to)"
        r" (?:the )?(.+? list)\.?": _ON_A_LIST,
        rf"(?:notice of )?requests? for information{_TOPIC_LINK}(.+)": "asks for information: {0}",
        r"(?:(?:notice (?:seeking|requesting) |(?:notice (?:of|with) )?requests? for )(?:public )?comments?"
        rf"|comment requests?){_TOPIC_LINK}(.+)": "asks for comment: {0}",
        r"(?:notice of (?:public |open )?(?:meeting|hearing|listening session)s?"
        r"(?: and requests? for (?:public )?comments?)?"
        r"(?:(?: of| on| for| to discuss)(?: the)?)?[:;,]?|(?:open |public |virtual )*meetings? of(?: the)?) *(.+)": (
            "announces a meeting: {0}"
        ),
        r"(?:notice inviting )?applications for new awards[;:] (.+)": "invites applications: {0}",
        r"notice of (?:availability|publication)(?: \([A-Z]+\))? (?:of|for|to)(?: the)? (.+)": "publishes: {0}",
        rf"{_EXCHANGE} notice of filing\b{_RULE_CHANGE}": "{0} proposes to change its rules: {1}",
        rf"{_EXCHANGE} order (?:approving|granting approval)\b{_RULE_CHANGE}": "approves a rule change of {0}: {1}",
        rf"{_EXCHANGE} order instituting proceedings\b{_RULE_CHANGE}": "weighs a rule change of {0}: {1}",
        rf"{_EXCHANGE} notice of designation of (?:a )?longer period\b{_RULE_CHANGE}": (
            "takes more time to decide on a rule change of {0}: {1}"
        ),
        r"sunshine act(?: notices?| meetings?|;|:|,)*(?: notice of meetings?)?\.?": "announces a Sunshine Act meeting",
        r"(.{5,100} (?:day|week|month), (?:19|20)\d\d)": _PROCLAIMED,
    }.items()
}
# Ends of titles that are labels; the ACTION line of a rule says more.
_ENDS: Final = {
    re.compile(rf"(.+?)[;,:.] {pattern}\.?", re.IGNORECASE): label
    for pattern, label in {
        r"(?:notice of )?(?:an? )?(?:open |(?:partially )?closed |public |virtual )*meetings?": "announces a meeting",
        r"(?:notice of )?cancellation of (?:\w+ )?meetings?": "cancels a meeting",
    }.items()
}
# What ACTION lines, or types, say that an agency does; the first that fits wins.
_ACTIONS: Final = {
    re.compile(pattern, re.IGNORECASE): label
    for pattern, label in {
        r"advance notice of proposed rulemaking": "prepares a rule",
        r"(?!.*\bpetition)(?:[\w ]+ )?(?:proposed rule\b|notice of proposed rulemaking)": "proposes a rule",
        r"(?:notice of |announcement of )?cancel.*\bmeeting": "cancels a meeting",
        r"(?:direct |interim )?final rule[;,].*\bdelay\w* of (?:the )?effective date": "delays a rule",
        r"interim final rule": "issues an interim final rule",
        r"(?:direct |temporary )?final rule": "issues a final rule",
        r"meeting notice|(?:notice|announcement) of (?:an? )?(?:\w+ ){0,4}(?:meeting|hearing|listening session)": (
            "announces a meeting"
        ),
        r"notice(?:[;,]| of) issuance\b.*\b(?:permit|authorization)": "issues a permit",
        r".*\brequest for information": "asks for information",
        r".*\b(?:requests?|requesting) (?:for )?(?:public )?comments?\b": "asks for comment",
        r"rule": "issues a rule",
        r"presidential document: executive order": "Executive order",
        r"presidential document: proclamation": "Proclamation",
        r"presidential document(?!: determination)": "From the President",
    }.items()
}
_CHAIN: Final = re.compile(r"[;:]|.{110}")  # a title that is no plain phrase
_MEETS: Final = re.compile(r" (?:announces a (?:Sunshine Act )?meeting|will (?:hold|meet|host|convene))\b")
_TO: Final = re.compile(r" to (?!the\b)")
_PURPOSE: Final = re.compile(
    r"\bpurpose of (?:the|this) (?:\w+ ){0,2}(?:meeting|briefing|hearing)s? is( to [^.;]{9,120}?)(?=[.;]|, and )"
)
_INVITES: Final = re.compile(r"\b(?:is|as) an? request for information\b", re.IGNORECASE)
# The number of a case says nothing to a reader: "FAR Case 2005-012, Combating …", "… Policy (DFARS Case 2004-D017)".
_CASE_NUMBER: Final = re.compile(
    r"[;,]? *\(?\b(?:[A-Z]{2,6} Case|Docket) (?:N(?:o\.?|umber):? )?\d[\w-]*\b\)?(?:[,:] )?"
    r"| ?\(Federal Register[^()]*\)"
)
# Rules on contracts (48 CFR) begin with a name of their book: "Defense Federal Acquisition Regulation Supplement: …".
_CONTRACTS: Final = re.compile(
    r"(?:[A-Z]\w+ |of ){0,6}Acquisition Regulations?(?: Supplements?)?(?: \([A-Z]+\))?[:;] (?=\w)"
)
# Or they name no book, and their case does.
_CONTRACT_CASE: Final = re.compile(r"\bD?FARS? Case\b")
# In the words of a law, to take an animal is to harm or disturb it.
_TAKES: Final = re.compile(
    r"^(?:incidental )?tak(?:es?|ing)(?: and importing)?(?: of)? (.{3,80}?) (?:incidental to|during) ", re.IGNORECASE
)
_NOTICE_OF: Final = re.compile(r"^notice (?:of|on|regarding) (?:an? |the )?(\w)(?=\w* \w)", re.IGNORECASE)
_NOTICED: Final = re.compile(r"(.{3,150}?)[;:] notice of (.{5,})", re.IGNORECASE)
# The summary says what was added to a list: "This update adds two entities and eight subsidiaries to …".
_ADDS: Final = re.compile(r"\badd(?:s|ing) ([^.,;]{3,80}?) to (?:the|its|both)\b", re.IGNORECASE)
# The end of a title that says again what the label says.
_SAID_AGAIN: Final = re.compile(
    r"[;,:] (?:notice of )?(?:technical )?(?:correction|withdrawal|update|(?:extension|reopening)(?: of (?:(?:the )?"
    r"(?:public )?comment period|time(?: (?:for|to) (?:submit )?comments?)?))?)s?[.:]?$",
    re.IGNORECASE,
)
_SAID_FIRST: Final = re.compile(r"^(?:notice of )?(?:withdrawal of|corrections? to) (?:the )?", re.IGNORECASE)
# The name of a form in a summary.
_QUOTED: Final = re.compile(r"\b(?:titled|collection),? [\"“]([^\"”]{5,200})[\"”]|[\"“]([A-Z][^\"”]{9,150})[\"”]")
_DAY: Final = re.compile(r"\b(?:Jan|Febr|Mar|Apr|May|Jun|Jul|Aug|Sept|Oct|Nov|Dec)[a-z]* \d{1,2}, 20\d\d\b")
# A series that a title begins with, of which it says two words again: "Takes of Marine Mammals Incidental to …; Taking
# Marine Mammals Incidental to …".
_SERIES: Final = re.compile(r"^.{0,28}?\b([a-z]{5,} [a-z]{5,})\b.{0,40}?; (?=.*\b\1\b)", re.IGNORECASE)
_AT_OMB: Final = re.compile(r"30-day|submission (?:for|to) |submitted (?:for|to) ", re.IGNORECASE)
_GRANTS: Final = {FORECAST: "Funding forecast", POSTED: "Funding announced", CHANGED: "Funding announcement changed"}
_PAPERWORK_KINDS: Final = (
    ("new collection", "new paperwork"), ("reinstatement", "reinstating paperwork"), ("revision", "revising paperwork"),
    ("extension", "renewing paperwork"), ("renewal", "renewing paperwork"), ("", "paperwork"),
)  # fmt: skip
# Notices that ask for nothing: OMB has approved a form, or its agency gives it up.
_PAPERWORK_ENDS: Final = {
    re.compile(r"\bannounc\w+ (?:\w+ ){0,5}approv(?:al|ed) of\b", re.IGNORECASE): "has approval for paperwork",
    re.compile(r"\bdiscontinuance of (?:\w+ )?(?:information )?collection", re.IGNORECASE): "discontinues paperwork",
}


def headline(entry: Entry) -> Headline:
    """The headline of an entry, which must make sense alone. It says so if the title is missing."""
    title = entry.title or "(no title given by the source)"
    ours = _own_headline(entry, title)
    if entry.stage is Stage.FILED and not entry.change:
        ours = f"On public inspection: {ours}"
    text, rest = wording.cut(ours, MAX_LENGTH)
    of_title = ours.rpartition(": ")[2].casefold() in title.casefold()
    whole = of_title and (rest or shortened(title, MAX_LENGTH - _LABEL_LENGTH) == title)
    return Headline(text, rest if whole or entry.kind is not Kind.DOCUMENT else title)


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
    if entry.change is Change.WITHDRAWAL and entry.type in ("Rule", "Proposed Rule"):
        change = f"{entry.type.capitalize()} withdrawn: "  # not the program that it is about
    if len(title) > _MAX_TITLE:
        return f"{change}{title}"
    title = _CASE_NUMBER.sub(lambda number: " " if number[0].endswith(" ") and number.start() else "", title)
    if change:
        title = _SAID_FIRST.sub("", _SAID_AGAIN.sub("", title))
    if is_paperwork(title, entry.action):
        return f"{change}{_paperwork_headline(entry, title)}"
    subject = _TAKES.sub(r"Harming or disturbing \1 during ", _SERIES.sub("", title.removeprefix("Subject: ")))
    ours = _by_form(entry, subject)
    if not ours and not change and (does := act(entry, MAX_LENGTH)):
        # A plain title is better than a sentence that must be cut, but a short one of a notice names nothing.
        plain = not _CHAIN.search(_CONTRACTS.sub("", subject)) and (
            "Rule" in (entry.type or "") or subject[_SHORT_TITLE:]
        )
        ours = "" if plain and len(does) > MAX_LENGTH else does
    subject = shortened(subject, MAX_LENGTH - _LABEL_LENGTH)
    ours = ours or (subject if change else _with_label(entry, subject))
    if (
        _MEETS.search(ours)
        and not _TO.search(ours)
        and (purpose := _PURPOSE.search((entry.summary or "")[:_MAX_TITLE]))
    ):
        ours += purpose[1]
    if _MEETS.search(ours) and not _DAY.search(ours) and (day := _DAY.search(entry.dates_text or "", 0, _MAX_TITLE)):
        dated = ours.replace(" a meeting: ", f" a meeting on {day[0]}: ")
        ours = dated if dated != ours else f"{ours} ({day[0]})"
    return f"{change}{ours}"


def _by_form(entry: Entry, title: str) -> str:
    """The headline of a title in one of the Register's fixed forms; "" for any other."""
    by_president = (entry.type or "").startswith("Presidential Document")
    for pattern, label in _FORMS.items():
        if (match := pattern.fullmatch(title)) and (by_president or label is not _PROCLAIMED):
            ours = label.format(*(group[:1].upper() + group[1:] for group in match.groups()))
            additions = _ADDS.findall(entry.summary or "") if label is _ON_A_LIST else ()
            added = f"adds {additions[0]}" if len(additions) == 1 else "new entries"
            return f"{ours}: {added}" if additions else by_agency(entry, ours)
    return ""


def _with_label(entry: Entry, title: str) -> str:
    """The title after what its agency does, by its ACTION line or type, or the end of the title."""
    line = entry.action or entry.type or ""
    invites = "asks for information" if _INVITES.search((entry.summary or "")[:_MAX_TITLE]) else ""
    label = next((label for sign, label in _ACTIONS.items() if sign.match(line, 0, _MAX_TITLE)), invites)
    subject = _NOTICE_OF.sub(lambda first: first[1].upper(), _CONTRACTS.sub("", title, count=1))
    if label.endswith("rule"):
        on_contracts = _CONTRACTS.search(entry.title) or _CONTRACT_CASE.search(entry.title)
        return by_agency(entry, f"{label}{' on federal contracts' if on_contracts else ''}: {subject}")
    for sign, own in _ENDS.items():
        if label in {"", own} and (end := sign.fullmatch(title)):
            return by_agency(entry, f"{own}: {end[1]}")
    if not label and (noticed := _NOTICED.fullmatch(subject)):
        return by_agency(entry, f"gives notice of {noticed[2]}: {noticed[1]}")
    return by_agency(entry, f"{label}: {subject}") if label else subject


def _paperwork_headline(entry: Entry, title: str) -> str:
    form = next(plain for sign, plain in _PAPERWORK_KINDS if sign in title.casefold())
    does = f"{'seeks approval for' if _AT_OMB.search(f'{title} {entry.action}') else 'asks for comment on'} {form}"
    summary = (entry.summary or "")[:_MAX_TITLE]
    does = next((ended for words, ended in _PAPERWORK_ENDS.items() if words.search(summary)), does)
    name = form_name(title)
    if not name and (quoted := _QUOTED.search(summary)):
        name = (quoted[1] or quoted[2]).strip(" ,.")
    name = shortened(f"{name[:1].upper()}{name[1:]}", MAX_LENGTH - _LABEL_LENGTH)
    return by_agency(entry, f"{does}: {name}" if name else f"{does} that the notice's title does not name")


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

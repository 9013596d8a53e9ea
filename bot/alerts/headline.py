"""Headlines: ours where a rule can make one, else the source's own title. Pure; it knows forms, never subjects."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.alerts import excerpts
from bot.shared import wording
from bot.shared.entry import Change, Entry, Kind, Stage
from bot.sources.grants.opportunity import CHANGED, FORECAST, POSTED

LONGEST: Final = 150  # characters; a phone's notification shows about half of it
_READ: Final = 1_000  # no real title is longer; the rules are not tried on what a stranger made up


@dataclass(frozen=True, slots=True)
class Headline:
    """`rest` is what the cut left over of the title, "" if nothing."""

    text: str
    rest: str = ""


CHANGES: Final = {
    Change.CORRECTION: "Corrected",
    Change.WITHDRAWAL: "Withdrawn",
    Change.EXTENSION: "Comment period extended",
    Change.REOPENING: "Comment period reopened",
}

_ABOUT: Final = r"[:;,]? *(?:(?:on|for|regarding|about|concerning)\b)? *(?:the )?"
# The Register's standing forms of titles.
_FORMS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), label)
    for pattern, label in (
        (r"notices? of (?:affirmative )?findings?(?: that| of| on| regarding)? (.+)", "Finding: {0}"),
        (r"notice (?:on|of|regarding) (?:the )?additions? of (.+?) to (?:the )?(.+? list)\.?", "{0} added to the {1}"),
        (
            r"notice (?:on|of|regarding) (?:the )?removals? of (.+?) from (?:the )?(.+? list)\.?",
            "{0} removed from the {1}",
        ),
        (r"notice (?:on|of|regarding) (?:the )?(.+? list)\.?", "Notice on a list: {0}"),
        (rf"(?:notice of )?requests? for information{_ABOUT}(.+)", "Asks for information: {0}"),
        (rf"(?:notice (?:seeking|requesting) |requests? for )(?:public )?comments?{_ABOUT}(.+)",
         "Asks for comments: {0}"),
        (r"notice of (?:public |open )?(?:meeting|hearing|listening session)s?(?: of(?: the)?)?[:;,]? *(.+)",
         "Meeting: {0}"),
    )
)  # fmt: skip
# ACTION lines and types that say more than the title; the first that begins one wins.
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
# Paperwork Reduction Act notices bury their subject under one to four boilerplate phrases.
_PAPERWORK: Final = re.compile(r"information collection", re.IGNORECASE)
_BOILERPLATE: Final = re.compile(
    r"(?:agency |proposed |\d+-day notice of )*(?:information )?collection(?: activit\w+| requirements?)?"
    r"|.*e?collection,? (?:of )?ecomments.*|proposed e?collection|.*comments? request\w*|submission (?:for|to) .*"
    r"|with(?:out)? change,?|of an? (?:currently|previously) approved.*|new .*collection"
    r"|(?:extension|renewal|revision|reinstatement)\b.*",
    re.IGNORECASE,
)
_GRANTS: Final = {
    FORECAST: "Funding forecast",
    POSTED: "Funding announced",
    CHANGED: "Funding announcement changed",
}
_PAPERWORK_KINDS: Final = (
    ("new collection", "New form"),
    ("reinstatement", "Form to be brought back"),
    ("revision", "Form to be revised"),
    ("extension", "Form up for renewal"),
    ("renewal", "Form up for renewal"),
    ("", "Form notice"),
)


def headline(entry: Entry) -> Headline:
    """The line that must make sense alone. A title that is missing is said to be missing."""
    title = entry.title or "(no title given by the source)"
    ours = _ours(entry, title)
    if entry.stage is Stage.FILED and not entry.change:
        ours = f"On public inspection: {ours}"
    text, rest = wording.cut(ours, LONGEST)
    return Headline(text, rest)


def _ours(entry: Entry, title: str) -> str:
    match entry.kind:
        case Kind.DOCUMENT:
            return _of_document(entry, title)
        case Kind.GRANT:
            return _of_grant(entry, title)
        case Kind.REVISION:
            return excerpts.page_headline(entry)
    return title


def _of_grant(entry: Entry, title: str) -> str:
    what = _GRANTS.get(entry.type or "", "Funding announcement")
    differs = entry.type == POSTED and any(quote.difference for quote in entry.quotes)
    return f"{what}{', changed since the last one' if differs else ''}: {title}"


def _of_document(entry: Entry, title: str) -> str:
    if entry.change:
        return f"{CHANGES[entry.change]}: {title}"
    if len(title) > _READ:
        return title
    if _PAPERWORK.search(title):
        return _paperwork(title)
    for pattern, label in _FORMS:
        if found := pattern.fullmatch(title):
            return label.format(*(_capital(group) for group in found.groups()))
    for told in (entry.action, entry.type):
        for start, label in _ACTIONS:
            if told and told.casefold().startswith(start):
                return f"{label}: {title}"
    return title


def _paperwork(title: str) -> str:
    label = next(label for sign, label in _PAPERWORK_KINDS if sign in title.casefold())
    parts = (part.strip() for part in re.split(r"[;:]", title))
    subject = "; ".join(part for part in parts if part and not _BOILERPLATE.fullmatch(part))
    return f"{label}: {subject}" if subject else f"{label}; the title does not say which"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

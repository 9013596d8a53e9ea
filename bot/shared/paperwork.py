"""Notices of information collections under the Paperwork Reduction Act: forms, surveys and records.

An agency asks for comments twice, for 60 days and, once the form is sent to the Office of Management and Budget (OMB),
for 30 (44 U.S.C. 3506(c)(2), 3507(b)). Titles bury the form's name under one to four boilerplate phrases.
"""

from __future__ import annotations

import re
from typing import Final

_PAPERWORK: Final = re.compile(
    r"(?:information|data|agency) collection|collections? of information|proposed collection|approved collection"
    r"|submission (?:for|to) (?:the )?(?:OMB|office of management and budget)"
    r"|under (?:OMB|office of management and budget) review",
    re.IGNORECASE,
)
_BEFORE_NAME: Final = re.compile(
    r"(?:proposed collection|(?:public )?comments? requests?)(?: for| on|,|-) ?(?:the )?(?:burden related to )?"
    r"|^comment request (?=[A-Z])|requests? for comments? on (?:the )?|generic clearance (?:for|of|to)(?: the)? "
    r"|(?:notice of )?requests? (?:for|to) (?:extend|extension|renew|revis)[^:-]* collection(?:: |-)"
    r"|(?:public comment request )?information collection request title: ?"
    r"|requesting comments (?:(?:concerning|for|on) )?|name of information collection: |title(?:-|: ?)"
    r"|[36]0-day (?:comment request|notice):? (?:for )?",
    re.IGNORECASE,
)
_IN_PARENTHESES: Final = re.compile(
    r" *\((?:(?:OMB|EPA ICR|office of management and budget)[^()]{0,60}|new(?: (?:information )?collection)?|extension"
    r"|renewal|revision)\)",
    re.IGNORECASE,
)
_AFTER_NAME: Final = re.compile(
    r"[®™]| generic clearance$|"
    r", *(?:extension|revision|reinstatement|renewal),? with(?:out)? change\b.*$"
    r"|[,;–—-]? *OMB (?:control )?n(?:o\.?|umber):? *[\dx]{4}-(?:[\dx]{4}|new).*$",
    re.IGNORECASE,
)
_BOILERPLATE: Final = re.compile(
    r"(?:information |data )?collections?(?: of information)?(?: requirements?)? (?:being|submitted|available|under) .*"
    r"|announcement of board approval.*"
    r"|.*e?collection,? (?:of )?ecomments.*|.*(?:comments? request|requests? for comment)\w*|multiple .* requests?"
    r"|(?:.* and )?submission (?:for|to) .*|of an? (?:currently|previously) approved.*"
    r"|.*generic .*collection activities|new .*collection|reporting and recordkeeping requirements? .*"
    r"|proposed (?:submission of .*|ecollection)|.*\bagency information collection activit\w+"
    r"|(?:proposed )?(?:extension|renewal|revision|reinstatement)\b.*|emergency (?:clearance|request)\b.*"
    r"|(?:notice of )?(?:intent|requests?) (?:to|for) (?:exten|renew|revis|request|reinst)\w*\b.* collection",
    re.IGNORECASE,
)
# A part of a title with no other word names no form, and would join the notices of different ones.
_NAMELESS: Final = frozenset(
    (  # noqa: SIM905
        "a activities activity agency an and announcement approval approvals approved being budget change clearance"
        " collection collections comment comments commission control correction currently data day extension for"
        " information intent management new no notice notification number of office omb on previously project proposed"
        " public recommendations regulation reinstatement renewal renewed request requests requirement requirements"
        " review revision submission submitted the title to under with withdrawal without"
    ).split()
)

# What a notice asks for, by the words of its title, ACTION line and summary; each sign that one of them has.
_COLLECTION: Final = (
    r"(?:(?:an?|the|its|this|that|these|of|to|for|certain|current(?:ly)?|previous(?:ly)?|existing|approved|public|data"
    r"|information|three|\d|years?|omb|and|or|extension|renewal|approval|request)[ -])*"
    r"(?:collections?|icrs?|information collections?|approval|clearance|control numbers?|form|survey|authority)\b"
)
_SIGNS: Final = {
    kind: re.compile(sign)
    for kind, sign in {
        "new": r"\bnew (?:(?:information |data )?collection|icr|omb control)|\btype of review: new|[-–—]new\b(?! \w)",
        "revising": rf"\brevis(?:e|ing|ions?) (?:(?:of|to|and \w+(?: of)?) )?{_COLLECTION}"
        r"|\brevised (?:data |information )?collection|\b(?:there are|proposing|making) (?:\w+ ){0,3}changes\b"
        rf"|\b(?:change|modif)(?:s|es|ing|ications?|y)? (?:to|of) {_COLLECTION}"
        r"|[;:—–(-] ?revision\b(?! (?:of|to) (?:the|an?|part))|,? with (?:\w+ )?(?:changes?|revisions?)\b",
        "reinstating": r"\breinstat(?:e|ing|ement)\b",
        "renewing": rf"\b(?:exten(?:d|ding|sion)|renew(?:al|ing)?)(?: (?:of|to|for|concerning))? {_COLLECTION}"
        r"|[;:,—–(-] ?(?:an? )?(?:extension|renewal)\b|\b(?:year|notice of|an|\)) (?:extension|renewal)\b"
        r"|\bextension,? without",
    }.items()
}
_UNCHANGED: Final = re.compile(
    r"\b(?:without (?:any )?|no (?:\w+ ){0,2})(?:change|revision|modification)s?\b|\bunchanged\b"
)
_EACH: Final = re.compile(
    r"\beach (?:proposed |new )*(?:extension|reinst\w+|collection)[^.;]*|\bextensions? \w+ reinst\w+|\bnew or revised\b"
)
# An agency may ask to skip the two rounds of comment (5 CFR 1320.13).
URGENT: Final = re.compile(
    r"\b(?:request|seek|submit|conduct|for)(?:s|ing|ting)?\b[^.;]{0,90}"
    r"\bemergency (?:review|processing|clearance|approval)"
    r"|\bemergency (?:information collection|clearance|processing|review|approval)\b[^.;]{0,20}\b(?:notice|request)"
)


def what_changes(title: str, action: str, summary: str) -> str:
    """What is to become of the paperwork of a notice: "new paperwork", "renewing paperwork without changes"."""
    text, unchanged = _UNCHANGED.subn("", _EACH.sub("", f" {title}; {action}; {summary}".casefold()))
    kinds = [kind for kind, sign in _SIGNS.items() if sign.search(text)]
    if "new" in kinds:
        return "new paperwork" if len(kinds) == 1 else "paperwork"
    kind = f"{kinds[0]} paperwork" if kinds else "paperwork"
    return f"{kind} without changes" if unchanged and kinds and kinds[0] != "revising" else kind


def is_paperwork(title: str, action: str | None) -> bool:
    return not title.startswith("Applications for ") and bool(_PAPERWORK.search(f"{title}\n{action}"))


def form_name(title: str) -> str:
    """The name of the form in the title of such a notice; "" if it has none."""
    first, *rest = re.split(r"([;:])", _AFTER_NAME.sub("", _IN_PARENTHESES.sub("", title)))
    name = ""
    for mark, text in zip(("", *rest[::2]), (first, *rest[1::2]), strict=True):
        part = _BEFORE_NAME.sub("", text.strip())
        words = re.findall(r"[^\W\d]+", part.casefold())
        if not (_BOILERPLATE.fullmatch(part) or _NAMELESS.issuperset(words)):
            name += f"{mark} {part}" if name else part
    return name

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
    r"(?:proposed collection|comments? requests?)(?: for| on|,) (?:the )?(?:burden related to )?"
    r"|(?:public comment request )?information collection request title: ?"
    r"|requesting comments (?:(?:concerning|for|on) )?",
    re.IGNORECASE,
)
_IN_PARENTHESES: Final = re.compile(
    r" *\((?:(?:OMB|EPA ICR|office of management and budget)[^()]{0,60}|new(?: (?:information )?collection)?|extension"
    r"|renewal|revision)\)",
    re.IGNORECASE,
)
_AFTER_NAME: Final = re.compile(
    r", *(?:extension|revision|reinstatement|renewal),? with(?:out)? change\b.*$"
    r"|[,;–—-]? *OMB (?:control )?n(?:o\.?|umber):? *\d{4}-(?:\d{4}|new).*$",
    re.IGNORECASE,
)
_BOILERPLATE: Final = re.compile(
    r"(?:information |data )?collections?(?: of information)?(?: requirements?)? (?:being|submitted|available|under) .*"
    r"|announcement of board approval.*"
    r"|.*e?collection,? (?:of )?ecomments.*|.*(?:comments? request|requests? for comment)\w*|multiple .* requests?"
    r"|(?:.* and )?submission (?:for|to) .*|of an? (?:currently|previously) approved.*"
    r"|.*generic .*collection activities|new .*collection|reporting and recordkeeping requirements? .*"
    r"|proposed (?:submission of .*|ecollection)|.*\bagency information collection activit\w+"
    r"|(?:proposed )?(?:extension|renewal|revision|reinstatement)\b.*",
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

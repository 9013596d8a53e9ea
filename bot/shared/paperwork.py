"""Notices of information collections under the Paperwork Reduction Act: forms, surveys and records.

An agency asks for comments twice, for 60 days and, once the form is sent to the Office of Management and Budget (OMB),
for 30 (44 U.S.C. 3506(c)(2), 3507(b)). Titles bury the form's name under one to four boilerplate phrases.
"""

from __future__ import annotations

import re
from typing import Final

_PAPERWORK: Final = re.compile(
    r"(?:information|data) collection|collections? of information|proposed collection"
    r"|approved collection|submission (?:for|to) (?:the )?(?:OMB|office of management and budget)"
    r"|under (?:OMB|office of management and budget) review",
    re.IGNORECASE,
)
_BEFORE_NAME: Final = re.compile(
    r"(?:proposed collection|comments? requests?) (?:for|on) (?:the )?(?:burden related to )?"
    r"|(?:public comment request )?information collection request title: ?",
    re.IGNORECASE,
)
_IN_PARENTHESES: Final = re.compile(
    r" *\((?:(?:OMB|office of management and budget)[^()]{0,60}|new(?: (?:information )?collection)?|extension|renewal"
    r"|revision)\)",
    re.IGNORECASE,
)
_AFTER_NAME: Final = re.compile(
    r", *(?:extension|revision|reinstatement|renewal),? with(?:out)? change\b.*$"
    r"|[,;–—-]? *OMB (?:control )?n(?:o\.?|umber):? *\d{4}-\d{4}.*$",
    re.IGNORECASE,
)
_BOILERPLATE: Final = re.compile(
    r"(?:agency |commission |proposed |public |new |renewed |clearance of (?:a )?|approval of |\d+-day notice of )*"
    r"(?:(?:information|data) )?collections?(?: of information)?"
    r"(?: activit\w+| requirements?| requests?(?: title)?| extension| renewal)?"
    r"(?: (?:being|submitted|available|under) .*)?"
    r"|proposed request|announcement of board approval.*|OMB control n\w+\.?:?(?: \d{4}-\d{4})?|\d{4}-\d{4}"
    r"|.*e?collection,? (?:of )?ecomments.*|proposed e?collection|.*(?:comments? request|requests? for comment)\w*"
    r"|(?:.* and )?submission (?:for|to) .*|with(?:out)? change,?|of an? (?:currently|previously) approved.*"
    r"|new .*collection|reporting and recordkeeping requirements? .*|proposed submission of .*|notification of public"
    r"|(?:proposed )?(?:extension|renewal|revision|reinstatement)\b.*",
    re.IGNORECASE,
)


def is_paperwork(title: str, action: str | None) -> bool:
    return bool(_PAPERWORK.search(title) or _PAPERWORK.search(action or ""))


def form_name(title: str) -> str:
    """The name of the form in the title of such a notice; "" if it has none."""
    first, *rest = re.split(r"([;:])", _AFTER_NAME.sub("", _IN_PARENTHESES.sub("", title)))
    name = ""
    for mark, text in zip(("", *rest[::2]), (first, *rest[1::2]), strict=True):
        part = _BEFORE_NAME.sub("", text.strip())
        if part and not _BOILERPLATE.fullmatch(part):
            name += f"{mark} {part}" if name else part
    return name

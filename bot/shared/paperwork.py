"""Notices of information collections under the Paperwork Reduction Act: forms, surveys and records.

An agency asks for comments twice, for 60 days and, once the form is sent to the Office of Management and Budget (OMB),
for 30 (44 U.S.C. 3506(c)(2), 3507(b)). Titles bury the form's name under one to four boilerplate phrases.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.shared.yaml_text import shipped_yaml

_WORDS: Final = shipped_yaml("bot.shared", "paperwork")


def _any_of(patterns: Sequence[str], flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    return re.compile("|".join(patterns).replace("COLLECTION", _WORDS["collection"][0]), flags)


_PAPERWORK: Final = _any_of(_WORDS["paperwork"])
_BEFORE_NAME: Final = _any_of(_WORDS["before_name"], re.IGNORECASE)
_IN_PARENTHESES: Final = _any_of(_WORDS["in_parentheses"], re.IGNORECASE)
_AFTER_NAME: Final = _any_of(_WORDS["after_name"], re.IGNORECASE)
_BOILERPLATE: Final = _any_of(_WORDS["boilerplate"], re.IGNORECASE)
_NAMELESS: Final = frozenset(_WORDS["nameless"].split())
_SIGNS: Final = {kind: _any_of(signs) for kind, signs in _WORDS["signs"].items()}
_UNCHANGED: Final = _any_of(_WORDS["unchanged"])
_EACH: Final = _any_of(_WORDS["each"])
URGENT: Final = _any_of(_WORDS["urgent"])


def what_changes(title: str, action: str, summary: str) -> str:
    """What is to become of the paperwork of a notice: "new paperwork", "renewing paperwork without changes"."""
    text, unchanged = _UNCHANGED.subn("", _EACH.sub("", f" {title}; {action}; {summary}".casefold()))
    kinds = [kind for kind, sign in _SIGNS.items() if sign.search(text)]
    if "new" in kinds:
        return "new paperwork" if len(kinds) == 1 else "paperwork"
    kind = f"{kinds[0]} paperwork" if kinds else "paperwork"
    return f"{kind} without changes" if unchanged and kinds and kinds[0] != "revising" else kind


def is_paperwork(title: str, action: str | None) -> bool:
    text = f"{title}\n{action}".casefold()  # words first: the expression may begin with many
    has_sign = any(sign in text for sign in ("collection", "omb", "management and budget", "paperwork reduction act"))
    return has_sign and not title.startswith("Applications for ") and bool(_PAPERWORK.search(text))


def form_name(title: str) -> str:
    """The name of the form in the title of such a notice; "" if it has none."""
    plain = _AFTER_NAME.sub("", _IN_PARENTHESES.sub("", title))
    return _form_after(";:" if re.search("[;:]", plain) else ",", plain)


def _form_after(marks: str, title: str) -> str:
    first, *rest = re.split(f"([{marks}])", title)
    name = ""
    for mark, text in zip(("", *rest[::2]), (first, *rest[1::2]), strict=True):
        part = _BEFORE_NAME.sub("", text.strip())
        words = re.findall(r"[^\W\d]+", part.casefold())
        if not (_BOILERPLATE.fullmatch(part) or _NAMELESS.issuperset(words)):
            name += f"{mark} {part}" if name else part
    return name

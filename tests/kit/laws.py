"""Laws as GovInfo prints them, from the Markdown and the USLM XML in which they were recorded."""

from __future__ import annotations

import re
from datetime import date

_UNREAD = ("sidenote", "page", "meta", "preface", "toc", "legislativeHistory")
_MARKDOWN = (
    (r"^#{2,6} (\d{1,5}[A-Z]?)\. (.*)$", lambda match: f"\nSEC. {match[1]}. {match[2].upper()}.\n"),
    (r"^#{2,6} (\(\w{1,5}\)) ?(.*)$", r"\n    \1 \2.--"),
    (r"^#{1,6} (.*)$", r"\n\1.\n"),
    (r"^\*\*(\(\w{1,5}\))\*\*$", r"\n    \1 "),
    (r"^\*\*(\(\w{1,5}\)) (.*)\*\*$", r"\n    \1 \2.--"),
)
_XML = (
    (rf"<({'|'.join(_UNREAD)})\b.*?</\1>|<\?.*?\?>", ""),
    (r"<heading>(.*?)</heading>", lambda match: f"{match[1]} "),
    (r"<section\b[^>]*>", "\n"),
    (r"<(?:subsection|paragraph|subparagraph|clause)\b[^>]*>", "\n    "),
    (r"<quotedContent\b[^>]*>", "“"),
    (r"</quotedContent>", "”"),
    (r"</?(?:num|chapeau|content|action|p)\b[^>]*>", " "),
    (r"<[^>]*>|\xad", ""),
    (r"\n +(?=\()", "\n    "),
)


def printed(text: str, enacted: date) -> str:
    """The law as GovInfo's text has it, with the day of its approval at the end."""
    for pattern, instead in _XML if text.startswith("<") else _MARKDOWN:
        text = re.sub(pattern, instead, text, flags=re.MULTILINE | (re.DOTALL if text.startswith("<") else 0))
    return f"{text}\n    Approved {enacted:%B} {enacted.day}, {enacted.year}.\n"

"""Name an inquiry of the third kind for any cause: the other two are a question and an interview."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "UPDATE press_inquiry SET kind = 'protected interview' WHERE kind NOT IN ('question', 'interview')",
)

"""What a check found: of this machine, a source, a channel, the mail servers or a new version."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    GOOD = "good"
    LOOK = "look"  # works, but a person should look
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """The state of one thing in a sentence. `next_step` says what to do if it is not good; "" if nobody knows."""

    subject: str
    state: State
    sentence: str
    next_step: str = ""

"""The press about a step of a bill: one event, so that its stories are in the bill's thread, whichever came first."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from bot.commands.model import Work
from bot.entries import records as entries
from bot.media.news import records
from bot.media.news.model import Mention, Story
from bot.outbox.messages import rename_thread
from bot.shared.bill_number import BillNumber
from bot.shared.entry import Entry, Kind
from bot.store.database import Reader

_BEFORE: Final = timedelta(days=1)  # a report is dated in its own zone
_AFTER: Final = timedelta(days=3)
_LAG: Final = timedelta(days=14)  # after a step, until a bill's record has it
_LEAST_WORDS: Final = 3  # of a bill's title that identify it
_YEAR: Final = re.compile(r" of (?:19|20)\d\d$", re.IGNORECASE)
_SIGNED: Final = r"sign(?:s|ed|ing)?|(?:in|into|becomes?|became|new) law|enact\w*"
_PASSED: Final = r"pass(?:es|ed|age)?|approv\w+|clear(?:s|ed)|adopt\w*|advanc\w+"
_FAILED: Final = r"fail\w*|reject\w*|defeat\w*|block\w*"
_COMMITTEE: Final = r"committee|panel|mark ?up"
_HOUSE, _SENATE = r"(?<!white )house", "senate"
# The words of a report on each step; all of them are needed.
_WORDS: Final = {
    step: tuple(re.compile(rf"\b(?:{words})\b") for words in needed)
    for step, needed in {
        "Became law": (_SIGNED,),
        "Signed by President": (_SIGNED,),
        "Vetoed by President": (r"veto\w*",),
        "House overrode veto": (r"overr(?:id|od)\w*", _HOUSE),
        "Senate overrode veto": (r"overr(?:id|od)\w*", _SENATE),
        "Passed House": (_PASSED, _HOUSE),
        "Passed Senate": (_PASSED, _SENATE),
        "Failed in House": (_FAILED, _HOUSE),
        "Failed in Senate": (_FAILED, _SENATE),
        "Reported": (_COMMITTEE,),
        "Ordered reported": (_COMMITTEE,),
        "Introduced": (r"(?:re)?introduc\w*",),
    }.items()
}


def thread_of(db: Reader, mention: Mention, now: datetime) -> str | None:
    """The thread of the bill whose step a mention reports; None if no such step was raised."""
    types = _told(mention)
    steps = entries.matched_of_kind(db, Kind.BILL, now - _LAG) if types else []
    return next((step.entry.thread for step in reversed(steps) if _reports(mention, types, step.entry)), None)


def _told(mention: Mention) -> set[str]:
    """The steps whose words a mention has; none of one that is withheld."""
    text = "" if mention.withheld else _text(mention)
    return {step for step, needed in _WORDS.items() if all(words.search(text) for words in needed)}


def _reports(mention: Mention, types: Collection[str], step: Entry) -> bool:
    """Whether a mention reports this step: it says what happened, names the bill, and is of those days."""
    on = step.publication_date
    in_time = on is not None and on - _BEFORE <= mention.at.date() <= on + _AFTER
    return in_time and step.type in types and _names(_text(mention), step)


def _text(mention: Mention) -> str:
    return _plain(f"{mention.latest} {mention.excerpt}")


def _names(text: str, step: Entry) -> bool:
    title = _plain(_YEAR.sub("", step.bill_title or ""))
    number = _plain(BillNumber.of(step.bill).name) if step.bill else ""
    names = (title if len(title.split()) >= _LEAST_WORDS else "", number, number.replace("h r ", "hr ", 1))
    return any(name and f" {name} " in f" {text} " for name in names)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def is_of_event(mention: Mention, story: Story) -> bool:
    """Whether a mention in the thread of a story is about the same step of its bill."""
    return mention.story == story.id or abs(mention.at - story.at) <= _BEFORE + _AFTER


def join(work: Work, step: Entry) -> None:
    """Move the stories that reported a bill's step before its record into the bill's thread, with their messages.

    A story that is in a bill's thread stays there: its thread has the messages of that bill, too, and companion bills
    have one title and are introduced on one day.
    """
    if step.type not in _WORDS or step.publication_date is None:
        return
    since, until = (_midnight(step.publication_date + by) for by in (-_BEFORE, _AFTER + timedelta(days=1)))
    for story in records.stories(work.tx, since, until):
        own = story.original
        if story.thread.startswith("bill:") or story.withheld or not _reports(own, _told(own), step):
            continue
        for stored in entries.by_ids(work.tx, [mention.entry for mention in story.mentions if mention.entry]):
            entries.move_to_thread(work.tx, stored.id, replace(stored.entry, thread=step.thread))
        rename_thread(work, story.thread, step.thread)
        records.move_story(work.tx, story.id, step.thread)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)

"""What the state of a source means and what to try: for the admin channel, `status` and `check --online`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.shared.answer import Health

_ADVICE: Final = {
    Health.EMPTY: (
        "Try: open the address in a browser. If it is often empty, as in a recess, set may_be_empty; if its items have "
        "moved, change the url."
    ),
    Health.STALE: (
        "Try: look at the publisher's own page. If it has news that the feed does not, the feed is abandoned: look for "
        "a newer one."
    ),
    Health.BLOCKED: (
        "Try: run the bot from another network, poll less often (every), or write to the publisher and name the bot's "
        "User-Agent. The address may still work in a browser."
    ),
    Health.NEEDS_KEY: (
        "It is not gone. Try: docs/configuration.md names the setting for .env, if this kind of source has one. If it "
        "is set, check it: it may have expired."
    ),
    Health.NOT_A_FEED: (
        "Try: open the address in a browser and look for the publisher's RSS or Atom link, and use that one instead."
    ),
    Health.GONE: (
        "Try: find the publisher's new feed and change the url, or set enabled: false. Until then it is polled at most "
        "once an hour."
    ),
    Health.MALFORMED: (
        "Publishers often fix this within a day. If not, try: tell the publisher, or look for another of their feeds."
    ),
    Health.OVERRUN: (
        "Try: poll it more often (every), and look on the publisher's page for items since the last check."
    ),
    Health.FLOOD: (
        "The others are read the next day, if it still has them. Try: look at its address. If it invents items, set "
        "enabled: false."
    ),
    Health.UNREACHABLE: (
        "The bot retries at growing intervals, up to an hour. If this lasts, try: open the address in a browser, and "
        "from the machine that the bot runs on."
    ),
    Health.REFUSED: (
        "Try: check the address. A host on your own network must be named in allow_hosts. Files that take too long to "
        "read are never read."
    ),
    Health.TOO_LARGE: (
        "Try: look for a shorter feed of the publisher, on a single subject perhaps, or ask them for one."
    ),
    Health.UNWELCOME: (
        "Try: write to the publisher and name the bot's User-Agent, look for a feed of theirs, or read the page by "
        "hand and set enabled: false."
    ),
    Health.REDESIGNED: (
        "It cannot be compared with its last version. Try: read it once by hand. From the next check on, the new "
        "layout is watched. To watch another part of the page, set select."
    ),
    Health.FOREIGN: (
        "Nothing that it lists was stored or posted. Try: open the address in a browser. If it is right, accept what "
        "it lists (/feeds accept). If it is not, change the url."
    ),
    Health.DETOUR: (
        "Nothing is missed. If this lasts for days, try: open the first address in a browser. If it is gone for good, "
        "put the road that works first."
    ),
    Health.WAITING: (
        "Try: /feeds check shows what waits: a subscription, its confirmation, or a sender to judge. /feeds address "
        "shows the address. What is not signed by a domain of this source is never posted."
    ),
    Health.SUSPECT: (
        "They are not posted again; new items are. If this happens at every poll, try: tell the publisher that its "
        "items' ids keep changing."
    ),
}


def advice(health: Health) -> str:
    """What to try, next to the words of a source's state; "" if nothing is wrong."""
    return _ADVICE.get(health, "")


def nothing_new(troubled: int, sources: int) -> str:
    """Say that there is no news, as far as is known while so many of the sources need attention."""
    if troubled and troubled == sources:
        return "nothing known (no source answers as it should)"
    return "nothing new from the sources that answer" if troubled else "nothing new"


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

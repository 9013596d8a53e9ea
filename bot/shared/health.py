"""What the state of a source means and what to try: for the admin channel, `status` and `check --online`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.shared.answer import Health
from bot.shared.urls import host_of

_ADVICE: Final[dict[Health, str]] = {
    Health.OK: "{name} is working.",
    Health.UNCHANGED: "{name} is working; nothing has changed since the last check.",
    Health.EMPTY_EXPECTED: "{name} is empty, which is normal for it.",
    Health.EMPTY: (
        "{had} Try: open the address in a browser. If it is often empty, as in a recess, set may_be_empty; if its items"
        " have moved, change the url."
    ),
    Health.STALE: (
        "{name} is working but has had nothing new for longer than usual. Try: look at the publisher's own"
        " page. If it has news that the feed does not, the feed is abandoned: look for a newer one."
    ),
    Health.BLOCKED: (
        "{host} blocks the bot as a robot. Try: run the bot from another network, poll less often (every), or write"
        " to the publisher and name the bot's User-Agent. The address may still work in a browser."
    ),
    Health.NEEDS_KEY: (
        "{host} answers only with a key, a token or a login, so it is not gone. Try: docs/configuration.md names the"
        " setting for .env, if this kind of source has one. If it is set, check it: it may have expired."
    ),
    Health.NOT_A_FEED: (
        "{name} is not returning a feed. Try: open the address in a browser and look for the"
        " publisher's RSS or Atom link, and use that one instead."
    ),
    Health.GONE: (
        "{name}'s address no longer exists. Try: find the publisher's new feed and change the url, or set"
        " enabled: false. Until then it is polled at most once an hour."
    ),
    Health.MALFORMED: (
        "{name} returns something that cannot be read. Publishers often fix this within a day. If not, try:"
        " tell the publisher, or look for another of their feeds."
    ),
    Health.OVERRUN: (
        "{name} published more than its feed shows at one time, so some items may have been missed. Try: poll it more"
        " often (every), and look on the publisher's page for items since the last check."
    ),
    Health.FLOOD: (
        "{name} brings more new items than the bot stores in a day. The others are read the next day, if it still has"
        " them. Try: look at its address. If it invents items, set enabled: false."
    ),
    Health.UNREACHABLE: (
        "{host} cannot be reached or returns an error. The bot retries at growing intervals, up to an hour. If"
        " this lasts, try: open the address in a browser, and from the machine that the bot runs on."
    ),
    Health.REFUSED: (
        "{name} was not read, to keep the bot safe. Try: check the address. A host on your own network must be named in"
        " allow_hosts. Files that take too long to read are never read."
    ),
    Health.TOO_LARGE: (
        "{name} sends more than the bot reads at one time. Try: look for a shorter feed of the publisher, on a"
        " single subject perhaps, or ask them for one."
    ),
    Health.UNWELCOME: (
        "{host}'s robots.txt disallows this page, so it is not read. Try: write to the publisher and name the"
        " bot's User-Agent, look for a feed of theirs, or read the page by hand and set enabled: false."
    ),
    Health.REDESIGNED: (
        "{name} has a new layout, so it cannot be compared with its last version. Try: read it once by hand. From the"
        " next check on, the new layout is watched. To watch another part of the page, set select."
    ),
    Health.FOREIGN: (
        "Nothing that {name} lists was stored or posted. Try: open the address in a browser. If it is right, accept"
        " what it lists (/feeds accept). If it is not, change the url."
    ),
    Health.DETOUR: (
        "{name} is read by another of its roads, so nothing is missed. If this lasts for days, try: open the first"
        " address in a browser. If it is gone for good, put the road that works first."
    ),
    Health.WAITING: (
        "{name} brings news by email and waits for a person. Try: /feeds check shows what waits: a subscription, its"
        " confirmation, or a sender to judge. /feeds address shows the address. What is not signed by a domain of this"
        " source is never posted."
    ),
    Health.SUSPECT: (
        "{name} gave its known items new ids, as after a move to another system. They are not posted again; new items"
        " are. If this happens at every poll, try: tell the publisher that its items' ids keep changing."
    ),
}


def advice(health: Health, name: str, url: str, *, had_items: bool = False) -> str:
    """What the state of source `name` means and what to try. Only the host of `url` is shown, as it may contain a key.

    `had_items`: it has listed items before.
    """
    had = f'"{name}" had items before and has none now.' if had_items else f'"{name}" is working, but lists nothing.'
    return _ADVICE[health].format(name=f'"{name}"', host=host_of(url) or f'"{name}"', had=had)


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

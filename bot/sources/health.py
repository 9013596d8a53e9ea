"""What each state of a source means, and what a person may try. The words of the admin channel and of `status`."""

from __future__ import annotations

from typing import Final

from bot.shared.urls import host_of
from bot.sources.model import Health

_ADVICE: Final[dict[Health, str]] = {
    Health.OK: "{name} answers as it should.",
    Health.UNCHANGED: "{name} answers; nothing there has changed since the last look.",
    Health.EMPTY_EXPECTED: "{name} is empty, which is normal for it.",
    Health.EMPTY: (
        "{had} Try: open the address in a browser. If it is often empty, as in a recess, set may_be_empty; if its items"
        " have moved, give their new address."
    ),
    Health.STALE: (
        "{name} answers, but has brought nothing new for longer than is usual for it. Try: look at the publisher's own"
        " page. If there is news that the feed does not have, the feed has been abandoned: look for its successor."
    ),
    Health.BLOCKED: (
        "{host} takes us for a robot and turns us away. Try: ask from another network, ask less often (every), or write"
        " to the publisher and name the bot's User-Agent. Its address may work in a browser all the same."
    ),
    Health.NOT_A_FEED: (
        "{name} answers with something that is not a feed. Try: open the address in a browser and look for the"
        " publisher's RSS or Atom link; give that one instead."
    ),
    Health.GONE: (
        "There is nothing at {name}'s address any more. Try: find the publisher's new feed and change the url, or set"
        " enabled: false. It is asked once an hour at most until then."
    ),
    Health.MALFORMED: (
        "{name} answers with something that cannot be read. Often the publisher mends this within a day. If not, try:"
        " tell them, or look for another of their feeds."
    ),
    Health.OVERRUN: (
        "More came at {name} than its feed shows at one time, so some may have been missed. Try: ask it more often"
        " (every), and look through the publisher's page for what came since the last look."
    ),
    Health.UNREACHABLE: (
        "{host} cannot be reached or answers with an error. It is asked again at growing intervals, up to an hour. If"
        " it lasts, try: open the address in a browser, and from the machine that the bot runs on."
    ),
    Health.REFUSED: (
        "{name} was not read, to keep the bot safe. Try: check the address. A host on your own network must be named in"
        " allow_hosts; what is too large or made to explode is not read at all."
    ),
    Health.UNWELCOME: (
        "{host} asks robots to stay away from this page, so it is not read. Try: write to the publisher and name the"
        " bot's User-Agent, look for a feed of theirs, or read the page by hand and set enabled: false."
    ),
    Health.REDESIGNED: (
        "{name} was made anew, and what it says cannot be compared with before. Try: read it once by hand. From the"
        " next look on it is watched as it is now; if another part of it counts, set select."
    ),
    Health.SUSPECT: (
        "{name} has given its known items new ids, as after a move to another system. They are not said again; new ones"
        " are. If this comes at every poll, try: tell the publisher that the ids of its items do not last."
    ),
}


def advice(health: Health, name: str, url: str, *, had_items: bool = False) -> str:
    """What the state of the source `name` means, and what to try. Of `url` only the host is said: it may hold a key.

    `had_items`: it is known to have listed something before.
    """
    had = f'"{name}" had items before and has none now.' if had_items else f'"{name}" answers, but lists nothing.'
    return _ADVICE[health].format(name=f'"{name}"', host=host_of(url) or f'"{name}"', had=had)

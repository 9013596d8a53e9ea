"""What the commands about mentions share: which story is meant, how it is kept and shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from bot.alerts.house import house_of
from bot.alerts.words import short
from bot.card import Button
from bot.command import Choice, Command, Desk, Handler, Param, Refused, Role
from bot.media import records, words
from bot.media.arriving import names_of
from bot.media.model import Story
from bot.post import show

WORKERS: Final = frozenset({Role.PRESS, Role.ADMINISTRATOR})
READERS: Final = frozenset({Role.PRESS, Role.ADMINISTRATOR, Role.POLICY})
RECENT: Final = timedelta(days=14)
_OFFERED: Final = 25


def recent(desk: Desk, typed: str) -> Sequence[Choice]:
    """The stories of the last days whose label, headline or outlet holds what was typed."""
    wanted = typed.casefold()
    told = [(story, f"{story.label} {words.head(story)}") for story in since(desk, RECENT)]
    fitting = [Choice(story.label, short(label, 100)) for story, label in told if wanted in label.casefold()]
    return fitting[:_OFFERED]


STORY: Final = Param(
    "story", "its number, such as S-12, or the address of one of its articles", complete=recent, longest=2_000
)


def since(desk: Desk, length: timedelta) -> list[Story]:
    return records.stories(desk.tx, desk.config.coalition.id, desk.now - length, desk.now + timedelta(days=1))


def meant(desk: Desk, typed: str, param: str = "story") -> Story:
    """The story a person means. Raises `Refused`."""
    found = records.find(desk.tx, desk.config.coalition.id, typed)
    if found is None:
        raise Refused(f"There is no story “{short(typed, 80)}”. /mentions list shows the newest.", param=param)
    return found


def keep(desk: Desk, before: Story, after: Story, did: str) -> None:
    """Write down what was done to a story, for its card and for the audit to say."""
    records.save(desk.tx, desk.config.coalition.id, after)
    redraw(desk, after.id)
    desk.note(named(before), words.done(before, names(desk), house_of(desk.config), desk.now), did)


def redraw(desk: Desk, story_id: str) -> None:
    """Let a story's card show how it stands now."""
    cid = desk.config.coalition.id
    story = records.story(desk.tx, cid, story_id)
    delivery = records.saying(desk.tx, cid, story_id).delivery if story else None
    if story and delivery:
        card = words.story_card(story, house_of(desk.config), names(desk), desk.now)
        show(desk.tx, cid, delivery, card, now=desk.now, new_id=desk.new_id)


def named(story: Story) -> str:
    """As the audit names it; a withheld headline is withheld there too."""
    return f"{story.label} {short(words.head(replace(story, released_by=None)), 100)}"


def names(desk: Desk) -> dict[str, str]:
    return names_of(desk.tx, desk.config.coalition.id)


def mine(desk: Desk) -> str:
    """The asker's person; whoever gets here has one."""
    return desk.actor.person or ""


def button(label: str, verb: str, story: Story, *args: tuple[str, str]) -> Button:
    return Button(label, f"mentions {verb}", (*words.about(story), *args))


def command(
    verb: str,
    help_: str,
    example: str,
    handler: Handler,
    *params: Param,
    who: frozenset[Role] = WORKERS,
    changes: bool = True,
    hidden: bool = False,
    fetch: Callable[[Any, Mapping[str, str]], Awaitable[Any]] | None = None,
    prepare: Callable[[Desk, Mapping[str, str]], Any] | None = None,
) -> Command:
    return Command(
        group="mentions", verb=verb, help=help_, example=example, handler=handler, params=params, who=who,
        changes=changes, hidden=hidden, fetch=fetch, prepare=prepare,
    )  # fmt: skip

"""Stories as people see them: one card per story, which counts its copies and shows what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.alerts.withholding import NOTE
from bot.commands.model import Choice, Context, Param, Refused, Role, Work
from bot.config.coalition import Coalition
from bot.config.load import Config
from bot.media.news import records
from bot.media.news.cluster import headline_words
from bot.media.news.model import Mention, NoteKind, Story, Tone, Weight
from bot.outbox.messages import update
from bot.people.records import names
from bot.shared import wording
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Card, Line, Link, Mark

Names = Mapping[str, str]  # person's id → name

_GONE = "someone who has left"
_HEADLINES = 6  # of copies, on a card


def story_card(story: Story, config: Config, names: Names, now: datetime, copies: Sequence[Line] = ()) -> Card:
    """Return the card for the press contact's channel; with details of its copies, if given."""
    first = story.original
    changed = first.latest != first.title and not story.withheld
    first_headline = f"First headline: “{wording.short(first.title, 140)}”." if changed else ""
    notes = (_quoted_line(story, config.coalition), first_headline, NOTE if story.withheld else "")
    why = _why(story)
    also = (*copies, *map(Line, why[1:])) if copies else _copy_lines(story)
    return Card(
        mark=Mark.NEWS,
        head=head(story),
        badge=badge(story, config.coalition),
        byline=_byline(story, config, now),
        lines=tuple(line for line in (*also, *map(Line, notes)) if line.text),
        why=why,
        links=(Link("Read", story.link),) if story.link and not copies else (),
        foot=wording.dotted(story.label, done(story, names, config, now)),
        buttons=_buttons(story),
    )


def head(story: Story) -> str:
    """Return `AP: Rule changes hands · 14 outlets`."""
    return f"{story.teller}: {wording.short(story.title, 160)}" + (
        f" · {outlets(story)}" if {*story.covering} - {story.original.outlet} else ""
    )


def outlets(story: Story) -> str:
    return wording.number(len(story.covering), "outlet")


def line(story: Story, config: Config, names: Names, now: datetime) -> Line:
    day, zone = story.day(config.zone), config.zone
    # Many sources give no time for stories that are not of today.
    at = wording.clock(story.at, zone, now) if day == now.astimezone(zone).date() else day_in_words(day)
    act = "act now" if story.weight is Weight.ACT else ""
    parts = (story.label, at, head(story), badge(story, config.coalition), act)
    return Line(wording.dotted(*parts, done(story, names, config, now)), story.link)


def badge(story: Story, coalition: Coalition) -> str:
    """Return `ABC · Ask 5`."""
    named = wording.listed([entity(name, coalition) for name in story.entities], 3)
    return wording.dotted(named, wording.asks(story.asks))


def entity(id_: str, coalition: Coalition) -> str:
    """Return an entity's name; its id if coalition.yml no longer has it."""
    one = coalition.entities.get(id_)
    names = [one.name, *(given.words for given in (*one.short, *one.names))] if one else []
    return next(filter(None, names), id_)


def done(story: Story, names: Names, config: Config, now: datetime) -> str:
    """Return `Claimed by Ada Smith, 7:51 a.m. · clipped · critical`."""
    parts = []
    if story.claimed_by and story.claimed_at:
        parts.append(
            f"Claimed by {names.get(story.claimed_by, _GONE)}, {wording.clock(story.claimed_at, config.zone, now)}"
        )
    if story.clip:
        parts.append(f"Clipped by {names.get(story.clip.by, _GONE)}")
    for note in story.notes:
        if note.done_at is None:
            label = "Follow-up" if note.kind is NoteKind.FOLLOW_UP else "Needs a correction"
            parts.append(f"{label} {note.due:%a %b %-d}" if note.due else label)
    if story.tone and story.tone is not Tone.UNCLEAR:
        parts.append(f"Tone: {story.tone.value}")
    return wording.dotted(*parts, "Muted" if story.muted_at else "")


def shown(story: Story) -> frozenset[str]:
    """Return the ids of the mentions whose headline the story's card shows."""
    if story.withheld:
        return frozenset(mention.id for mention in story.mentions)
    same, *others = _by_headline(story)
    return frozenset(mention.id for group in (same, *others[:_HEADLINES]) for mention in group)


def _copy_lines(story: Story) -> tuple[Line, ...]:
    """List the outlets of the copies: one line for those under the card's headline, a line for each other headline."""
    if story.withheld:
        return (Line(_outlets(story.mentions[1:])),)
    same, *others = _by_headline(story)
    headlines = [Line(f"{wording.listed(_names(group), 3)}: “{wording.short(group[0].headline, 140)}”", group[0].url)
            for group in others[:_HEADLINES]]  # fmt: skip
    more = len(others) - _HEADLINES
    rest = [Line(f"and {wording.number(more, 'more headline')}: /mentions show {story.label}")] if more > 0 else []
    return (Line(_outlets(same[1:])), *headlines, *rest)


def _outlets(copies: Sequence[Mention]) -> str:
    """Include the original's outlet, if it has the story at a second address."""
    return f"Also in {wording.listed(_names(copies), 6)}." if copies else ""


def _names(mentions: Sequence[Mention]) -> list[str]:
    return list(dict.fromkeys(mention.outlet for mention in mentions))


def _by_headline(story: Story) -> list[list[Mention]]:
    """Group the mentions by headline, the original's first."""
    groups: dict[tuple[str, ...], list[Mention]] = {}
    for mention in story.mentions:
        groups.setdefault(headline_words(mention.headline, mention.outlet), []).append(mention)
    return list(groups.values())


def _quoted_line(story: Story, coalition: Coalition) -> str:
    ours = [name for name in story.entities if name in coalition.entities and coalition.entities[name].kind != "bill"]
    quoted = [entity(name, coalition) for name in story.quoted if name in ours]
    return f"Quoted: {wording.listed(quoted)}." if quoted else "Named, not quoted." if ours else ""


def _byline(story: Story, config: Config, now: datetime) -> str:
    first = story.original
    on = first.published.astimezone(config.zone).date() if first.published else None
    published = f"published {day_in_words(on)}" if on else "date not given by the source"
    return f"{published} · first seen {wording.clock(first.seen_at, config.zone, now)}"


def _why(story: Story) -> tuple[str, ...]:
    """Return one line per purpose, from the first mention that has it; without quoted evidence if withheld."""
    reasons: dict[str, str] = {}
    for mention in story.mentions:
        for reason in mention.why:
            purpose = reason.rpartition(" → ")[2]
            reasons.setdefault(purpose, purpose if story.withheld else reason)
    return tuple(reasons.values())


def about(story: Story) -> tuple[tuple[str, str], ...]:
    return (("story", story.id),)


def _buttons(story: Story) -> tuple[Button, ...]:
    first = Button("Details", "mentions show", about(story)) if story.claimed_by else None
    more = [Button("Follow up", "mentions follow-up", about(story))]
    if story.clip is None:
        more.insert(0, Button("Clip", "mentions clip", about(story)))
    if story.muted_at is None:
        more.append(Button("Mute story", "mentions mute", about(story)))
    return (first or Button("Claim", "mentions claim", about(story), "primary"), *more)


# --- stories by what a person typed, and changes to them ------------------------------------------------------------

WORKERS: Final = frozenset({Role.PRESS, Role.ADMINISTRATOR})
READERS: Final = frozenset({Role.PRESS, Role.ADMINISTRATOR, Role.POLICY})
RECENT: Final = timedelta(days=14)
_OFFERED: Final = 25


def recent(ctx: Context, typed: str) -> Sequence[Choice]:
    """Return the recent stories whose label, headline or outlet contains what was typed."""
    wanted = typed.casefold()
    labeled = [(story, f"{story.label} {head(story)}") for story in recent_stories(ctx, RECENT)]
    fitting = [Choice(story.label, wording.short(label, 100)) for story, label in labeled if wanted in label.casefold()]
    return fitting[:_OFFERED]


def entity_choices(ctx: Context, typed: str) -> Sequence[Choice]:
    """Return the entities whose id or name contains what was typed."""
    coalition = ctx.config.coalition
    names_by_id = {id_: entity(id_, coalition) for id_ in coalition.entities}
    return [Choice(id_, name) for id_, name in names_by_id.items() if typed.casefold() in f"{id_} {name}".casefold()]


STORY: Final = Param(
    "story", "its number, such as S-12, or the address of one of its articles", complete=recent, longest=2_000
)


def button(label: str, verb: str, story: Story, *args: tuple[str, str]) -> Button:
    return Button(label, f"mentions {verb}", (*about(story), *args))


def recent_stories(ctx: Context, length: timedelta) -> list[Story]:
    return list(records.stories(ctx.tx, ctx.now - length, ctx.now + timedelta(days=1)))


def find_story(ctx: Context, typed: str, param: str = "story") -> Story:
    """Return the story that a person typed. Raises `Refused`."""
    story = records.find(ctx.tx, typed)
    if story is None:
        raise Refused(f"There is no story “{wording.short(typed, 80)}”. /mentions list shows the newest.", param=param)
    return story


def save_change(ctx: Context, before: Story, after: Story, did: str) -> None:
    """Save what was done to a story, on its card and in the audit log."""
    records.save(ctx.tx, after)
    update_card(ctx, after.id)
    ctx.note(before.label, done(before, names(ctx.tx), ctx.config, ctx.now), did)


def update_card(work: Work, story_id: str) -> None:
    story = records.story(work.tx, story_id)
    if story and story.delivery:
        update(work, story.delivery, story_card(story, work.config, names(work.tx), work.now))

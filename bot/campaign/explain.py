"""What happened, and why: why, item, audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.alerts import cards, explain
from bot.alerts.campaign import campaign_of
from bot.alerts.cards import Item
from bot.commands.model import Context, File, Refused, Reply
from bot.commands.replies import answer, long_answer
from bot.entries import records
from bot.entries.records import StoredEntry
from bot.people import audit as changes
from bot.people.audit import Change
from bot.people.csv_table import write_csv
from bot.shared import wording
from bot.shared.card import Button, Card, Line
from bot.shared.durations import length
from bot.watch.reasons import merged

_SUMMARY = 400  # characters of what an entry says of itself
_CHANGES = 8  # in the answer; all are in the file


def why(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Why it was said, or was not: what brought it, what was judged, what came of it."""
    campaign = campaign_of(ctx.config)
    found = explain.why(ctx.tx, campaign, args["needle"], now=ctx.now)
    head, *lines = [line.strip() for line in found.lines]
    entries = explain.find(ctx.tx, ctx.config.coalition.id, args["needle"])
    buttons = [Button("Whole entry", "campaign item", (("id", entries[-1].id),))] if entries else []
    return long_answer(head, lines, file="why.txt", buttons=ctx.theirs(*buttons))


def item(ctx: Context, args: Mapping[str, str]) -> Reply:
    """The whole of one entry; for a bill, all its actions."""
    found = explain.find(ctx.tx, ctx.config.coalition.id, args["id"])
    if not found:
        raise Refused(
            f"I have read nothing that answers to “{wording.short(args['id'], 80)}”. Give its Federal Register number, "
            "its address or a bill; /campaign why tells more.",
            param="id",
        )
    newest = found[-1]
    same = [kept for kept in found if kept.entry.thread == newest.entry.thread]
    card = cards.card(_items(ctx, same), campaign_of(ctx.config).voice)
    buttons = tuple(ctx.theirs(*card.buttons))
    return Reply(card=replace(card, lines=(*_without_abstract(card, newest), *_summary(newest)), buttons=buttons))


def audit(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Who changed what, when, from where, before and after."""
    lasts = length(args.get("since", "7d"))
    if lasts is None:
        raise Refused(f"“{args['since'][:40]}” is no length of time: write 12h, 7d or 4w.", param="since")
    found = changes.since(ctx.tx, ctx.config.coalition.id, ctx.now - lasts)
    if not found:
        return answer("Nobody changed anything in that time", "Look further back: /campaign audit since:12w")
    reply = answer(
        f"{wording.number(len(found), 'change')} since {_when(ctx, found[0])}",
        *(_change(ctx, change) for change in found[-_CHANGES:][::-1]),
        foot="Newest first. The whole, with before and after, is in the file.",
    )
    return replace(reply, file=File("audit.csv", "text/csv", _csv(found)))


def _items(ctx: Context, found: Sequence[StoredEntry]) -> list[Item]:
    matches = records.matches_of(ctx.tx, ctx.config.coalition.id, [kept.id for kept in found])
    return [
        Item(
            id=kept.id,
            entry=kept.entry,
            matches=merged(*(its for (id_, _), its in matches.items() if id_ == kept.id)),
        )
        for kept in found
    ]


def _without_abstract(card: Card, newest: StoredEntry) -> tuple[Line, ...]:
    """The card's lines without the abstract's first sentence: the answer has more of it."""
    return tuple(line for line in card.lines if line.text != cards.abstract(newest.entry))


def _summary(kept: StoredEntry) -> tuple[Line, ...]:
    told = kept.entry.summary
    return (Line(wording.short(told, _SUMMARY)),) if told else ()


def _when(ctx: Context, change: Change) -> str:
    return wording.clock(change.at, campaign_of(ctx.config).zone, ctx.now)


def _change(ctx: Context, change: Change) -> str:
    how = " → ".join(filter(None, (change.before, change.after)))
    what = f"{change.subject}: {how}" if how else change.subject
    return wording.short(f"{_when(ctx, change)} {change.who}, /{change.command}: {what}", 240)


def _csv(found: Sequence[Change]) -> bytes:
    columns = ("when", "who", "from", "command", "what", "before", "after")
    return write_csv(
        columns,
        (
            [f"{it.at:%Y-%m-%dT%H:%M:%SZ}", it.who, it.origin, f"/{it.command}", it.subject, it.before, it.after]
            for it in found
        ),
    )

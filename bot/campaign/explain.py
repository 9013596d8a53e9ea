"""/campaign why, item and audit: what happened to an entry, and who changed what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.alerts import cards, explain
from bot.alerts.campaign import campaign_of
from bot.alerts.cards import Item
from bot.commands.group import Group
from bot.commands.model import ADMINISTRATOR, Context, File, Param, Refused, Reply
from bot.commands.replies import answer, long_answer
from bot.entries import records
from bot.entries.records import StoredEntry
from bot.people import audit as changes
from bot.people.audit import Change
from bot.shared import wording
from bot.shared.card import Button, Line
from bot.shared.csv_cells import write_csv
from bot.shared.time_phrases import parse_duration
from bot.watch.reasons import merged

_MAX_SUMMARY = 400  # characters
_MAX_CHANGES = 8  # in the answer; the file has all

slash = Group("campaign")


@slash.command(
    "why",
    "Explain why something was posted or not",
    "2021-06393",
    params=(
        Param("item", "an address, a Federal Register number, a bill, an id or a message's # mark", longest=2_000),
    ),
)
def why(ctx: Context, args: Mapping[str, str]) -> Reply:
    campaign = campaign_of(ctx.config)
    explanation = explain.why(ctx.tx, campaign, args["item"], now=ctx.now)
    head, *lines = [line.strip() for line in explanation.lines]
    entries = explain.find(ctx.tx, args["item"])
    buttons = [Button("Whole entry", "campaign item", (("id", entries[-1].id),))] if entries else []
    return long_answer(head, lines, file="why.txt", buttons=ctx.theirs(*buttons))


@slash.command(
    "item",
    "Show one entry in full",
    "2021-06393",
    params=(Param("id", "an id, an address, a Federal Register number, a bill", longest=2_000),),
)
def item(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Show one entry in full; for a bill, all its actions."""
    entries = explain.find(ctx.tx, args["id"])
    if not entries:
        raise Refused(
            f"Nothing found for “{wording.short(args['id'], 80)}”. Enter a Federal Register number, a URL or a bill. "
            "/campaign why shows more.",
            param="id",
        )
    newest = entries[-1]
    same = [entry for entry in entries if entry.entry.thread == newest.entry.thread]
    card = cards.card(_items(ctx, same), campaign_of(ctx.config).labels)
    # The answer shows the whole summary, so it leaves out the abstract's first sentence.
    lines = [line for line in card.lines if line.text != cards.abstract(newest.entry)]
    if newest.entry.summary:
        lines.append(Line(wording.short(newest.entry.summary, _MAX_SUMMARY)))
    return Reply(card=replace(card, lines=tuple(lines), buttons=ctx.theirs(*card.buttons)))


@slash.command(
    "audit",
    "Show who changed what, when, from where",
    "since:7d",
    params=(Param("since", "how far back: 12h, 7d, 4w; 7d if left out", required=False),),
    who=ADMINISTRATOR,
)
def audit(ctx: Context, args: Mapping[str, str]) -> Reply:
    period = parse_duration(args.get("since", "7d"))
    if period is None:
        raise Refused(f"“{args['since'][:40]}” is not a length of time. Try 12h, 7d or 4w.", param="since")
    listed = changes.since(ctx.tx, ctx.now - period)
    if not listed:
        return answer("No changes in that time", "Look further back: /campaign audit since:12w")
    reply = answer(
        f"{wording.number(len(listed), 'change')} since {_time_text(ctx, listed[0])}",
        *(_change_line(ctx, change) for change in listed[-_MAX_CHANGES:][::-1]),
        foot="Newest first. The file has all changes, with before and after.",
    )
    return replace(reply, file=File("audit.csv", "text/csv", _to_csv(listed)))


def _items(ctx: Context, entries: Sequence[StoredEntry]) -> list[Item]:
    matches = records.matches_of(ctx.tx, [stored.id for stored in entries])
    of_entry = {
        stored.id: merged(*(members for (id_, _), members in matches.items() if id_ == stored.id)) for stored in entries
    }
    return [Item(id=stored.id, entry=stored.entry, matches=of_entry[stored.id]) for stored in entries]


def _time_text(ctx: Context, change: Change) -> str:
    return wording.clock(change.at, campaign_of(ctx.config).zone, ctx.now)


def _change_line(ctx: Context, change: Change) -> str:
    how = " → ".join(filter(None, (change.before, change.after)))
    what = f"{change.subject}: {how}" if how else change.subject
    return wording.short(f"{_time_text(ctx, change)} {change.who}, /{change.command}: {what}", 240)


def _to_csv(rows: Sequence[Change]) -> bytes:
    columns = ("when", "who", "from", "command", "what", "before", "after")
    return write_csv(
        columns,
        (
            [f"{row.at:%Y-%m-%dT%H:%M:%SZ}", row.who, row.origin, f"/{row.command}", row.subject, row.before, row.after]
            for row in rows
        ),
    )

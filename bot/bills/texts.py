"""The versions of a bill's text, and what changed between two of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.bills import facts, records, text_diff, wording
from bot.bills.picking import bill_meant
from bot.bills.replies import about, answer, facts_of
from bot.commands.model import Context, File, Refused, Reply
from bot.commands.replies import LINES
from bot.shared.bill_number import written
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Line
from bot.shared.wording import listed, number
from bot.sources.congress.bill_entries import text_page
from bot.sources.congress.bill_parsing import Unreadable
from bot.sources.congress.bill_record import TextVersion
from bot.sources.congress.bill_text import read_text
from bot.sources.model import FetchFailed


@dataclass(frozen=True, slots=True)
class Texts:
    """Two versions of a bill's text as they were fetched, or why there are none."""

    names: tuple[str, str] = ("", "")
    bodies: tuple[bytes, bytes] = (b"", b"")
    trouble: str = ""


def text(ctx: Context, args: Mapping[str, str]) -> Reply:
    """The versions of a bill's text."""
    bill = bill_meant(ctx, args["bill"], "bill text", "bill")
    if isinstance(bill, Reply):
        return bill
    told, kept = facts_of(ctx, bill), records.of(ctx.tx, bill.id)
    versions = facts.whole(kept).texts if kept else None
    if not versions:
        said = "No version is printed yet" if versions == () else "No record of it was read"
        return answer(f"{bill.said}: no text", f"{said}. GovInfo prints a new bill within days.", foot=bill.page)
    held = text_diff.in_order(versions)
    lines = [Line(_version(it), text_page(bill, it.code)) for it in held]
    compare = Button("Compare first and last", "bill compare", about(bill))
    return answer(
        f"{wording.head(told)}: {number(len(held), 'text')}",
        *lines[-LINES:],
        buttons=ctx.theirs(compare) if len(held) > 1 else (),
        foot=wording.foot(told, ctx.zone),
    )


def compare(ctx: Context, args: Mapping[str, str]) -> Reply:
    """What changed from one version of the text to another."""
    bill = bill_meant(ctx, args["bill"], "bill compare", "bill")
    if isinstance(bill, Reply):
        return bill
    texts: Texts = ctx.fetched
    if texts.trouble:
        raise Refused(f"Not compared: {texts.trouble}", param="bill")
    try:
        before, after = (read_text(body) for body in texts.bodies)
    except Unreadable as error:
        raise Refused(f"Not compared: a text from GovInfo cannot be read, {error}.") from error
    found = text_diff.changes(before, after)
    head = f"{bill.said}, {' → '.join(texts.names)}: {wording.summary(found)}"
    lines = [Line(wording.change(it)) for it in found]
    more = [Line(f"and {len(lines) - LINES} more, in the file")] if len(lines) > LINES else []
    told = "\n".join([head, "", *(line for it in found for line in wording.whole_change(it))])
    reply = answer(head, *lines[:LINES], *more, foot="Texts: GovInfo. By section; what a committee struck is left out.")
    made = File(f"{bill.id}-compared.txt", "text/plain", told.encode())
    return Reply(card=reply.card, file=made if found else None)


async def read_texts(fetching: Any, args: Mapping[str, str]) -> Texts:
    """Two versions of its text; the first and the last where it is not said which."""
    which = written(args["bill"])
    if which is None or which.bill is None:
        return Texts()
    found = await fetching.bill(which.bill)
    if isinstance(found, FetchFailed):
        return Texts(trouble=f"its record was not to be had ({found.detail})")
    held = text_diff.in_order(facts.joined(found).texts or ())
    pair = _pair(held, args)
    if pair is None:
        return Texts(trouble=f"there are these versions of it: {listed([it.code for it in held], 30) or 'none yet'}.")
    bodies = [await fetching.bill_text(which.bill, it.code) for it in pair]
    for body in bodies:
        if isinstance(body, FetchFailed):
            return Texts(trouble=f"a text was not to be had ({body.detail})")
    return Texts((pair[0].name, pair[1].name), (bodies[0].data, bodies[1].data))


def _pair(held: Sequence[TextVersion], args: Mapping[str, str]) -> tuple[TextVersion, TextVersion] | None:
    codes = {it.code: it for it in held}
    if len(held) < 2:
        return None
    one, other = args.get("from", held[0].code).lower(), args.get("to", held[-1].code).lower()
    return (codes[one], codes[other]) if one in codes and other in codes and one != other else None


def _version(it: TextVersion) -> str:
    return f"{it.name or it.code} ({it.code}), {day_in_words(it.date) if it.date else 'without a date'}"

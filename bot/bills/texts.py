"""/bill text and /bill compare: the versions of a bill's text and what changed between two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from bot.bills import facts, records, text_diff, wording
from bot.bills.bill_text import Unreadable, read_text
from bot.bills.picking import BILL, answer, bill_arg, facts_of, of_bill
from bot.commands.group import Group
from bot.commands.model import Context, File, Param, Refused, Reply
from bot.commands.replies import LINES
from bot.shared.answer import FetchFailed
from bot.shared.bill_number import BillNumber, parse_bill_number
from bot.shared.bill_record import TextVersion, fill_gaps, text_page
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Line
from bot.shared.wording import listed, number

slash = Group("bill")


@dataclass(frozen=True, slots=True)
class Texts:
    """Two fetched versions of a bill's text, or why there are none."""

    names: tuple[str, str] = ("", "")
    bodies: tuple[bytes, bytes] = (b"", b"")
    trouble: str = ""


@slash.command("text", "List the versions of a bill's text", "{bill}", params=(BILL,))
@of_bill
def text(ctx: Context, bill: BillNumber) -> Reply:
    bill_facts, stored = facts_of(ctx, bill), records.stored(ctx.tx, bill.id)
    versions = facts.merge_stored(stored).texts if stored else None
    if not versions:
        why = "Its record has not been read yet." if versions is None else "Its record lists no version of its text."
        new = "" if bill_facts.law else "GovInfo prints a new bill within days."
        return answer(f"{bill.label}: no text", why, new, foot=bill.page)
    in_order = text_diff.in_order(versions)
    lines = [Line(_version(version), text_page(bill, version.code)) for version in in_order]
    compare = Button("Compare first and last", "bill compare", bill_arg(bill))
    return answer(
        f"{wording.head(bill_facts)}: {number(len(in_order), 'text')}",
        *lines[-LINES:],
        buttons=ctx.theirs(compare) if len(in_order) > 1 else (),
        foot=wording.foot(bill_facts, ctx.zone),
    )


async def read_texts(fetching: Any, args: Mapping[str, str]) -> Texts:
    """Fetch two versions of a bill's text, by default the first and the last."""
    which = parse_bill_number(args["bill"])
    if which is None or which.bill is None:
        return Texts()
    fetched = await fetching.bill(which.bill)
    if isinstance(fetched, FetchFailed):
        return Texts(trouble=f"the bill's record could not be fetched ({fetched.detail})")
    versions = text_diff.in_order(reduce(fill_gaps, fetched).texts or ())
    pair = _pair(versions, args)
    if pair is None:
        codes = listed([version.code for version in versions], 30) or "none yet"
        return Texts(trouble=f"it has these versions: {codes}.")
    bodies = [await fetching.bill_text(which.bill, version.code) for version in pair]
    for body in bodies:
        if isinstance(body, FetchFailed):
            return Texts(trouble=f"a text could not be fetched ({body.detail})")
    return Texts((pair[0].name, pair[1].name), (bodies[0].data, bodies[1].data))


@slash.command(
    "compare",
    "Compare two versions of a bill's text",
    "{bill} from:ih to:enr",
    params=(
        BILL,
        Param("from", "the older version's code, such as ih; the first if left out", required=False),
        Param("to", "the newer version's code, such as enr; the last if left out", required=False),
    ),
    fetch=read_texts,
)
@of_bill
def compare(ctx: Context, bill: BillNumber) -> Reply:
    texts: Texts = ctx.fetched
    if texts.trouble:
        raise Refused(f"Not compared: {texts.trouble}", param="bill")
    try:
        before, after = (read_text(body) for body in texts.bodies)
    except Unreadable as error:
        raise Refused(f"Not compared: a text from GovInfo cannot be read, {error}.") from error
    changes = text_diff.changes(before, after)
    head = f"{bill.label}, {' → '.join(texts.names)}: {wording.summary(changes)}"
    lines = [Line(wording.change_line(change)) for change in changes]
    more = [Line(f"and {len(lines) - LINES} more, in the file")] if len(lines) > LINES else []
    text = "\n".join([head, "", *(line for change in changes for line in wording.change_text(change))])
    foot = "Texts: GovInfo. Compared by section, without text struck by a committee."
    file = File(f"{bill.id}-compared.txt", "text/plain", text.encode())
    return replace(answer(head, *lines[:LINES], *more, foot=foot), file=file if changes else None)


def _pair(versions: Sequence[TextVersion], args: Mapping[str, str]) -> tuple[TextVersion, TextVersion] | None:
    codes = {version.code: version for version in versions}
    if len(versions) < 2:
        return None
    old, new = args.get("from", versions[0].code).lower(), args.get("to", versions[-1].code).lower()
    return (codes[old], codes[new]) if old in codes and new in codes and old != new else None


def _version(version: TextVersion) -> str:
    day = day_in_words(version.date) if version.date else "no date"
    return f"{version.name or version.code} ({version.code}), {day}"

"""/bill whip: who is for a bill, against it, or unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.bills.picking import BILL, facts_of, follow_hint, of_bill
from bot.bills.positions import BillPositions, Stance, positions
from bot.bills.stage import FINISHED
from bot.commands.group import Group
from bot.commands.model import Context, File, Refused, Reply
from bot.commands.replies import answer
from bot.congress import records
from bot.congress.directory import none_yet
from bot.congress.model import Chamber, Member
from bot.shared.bill_number import BillNumber
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Mark
from bot.shared.csv_cells import write_csv
from bot.shared.journey import shell_command
from bot.shared.wording import listed, number

_FOOT: Final = "By what they signed and how they voted on passage; the newest counts. Nothing is guessed."
_COLUMNS: Final = ("member", "role", "party", "place", "position", "what", "on", "source", "link")

slash = Group("bill")


@slash.command("whip", "Count who is for a bill, against it or unknown", "{bill}", params=(BILL,))
@of_bill
def whip(ctx: Context, bill: BillNumber) -> Reply:
    stored = records.stored_directory(ctx.tx)
    if stored is None:
        raise Refused(none_yet())
    members = [member for member in records.members(ctx.tx) if member.serves(ctx.today)]
    stances = positions(ctx.tx, bill, records.senate_numbers(ctx.tx))
    if not stances.read and not stances.roll_calls:
        raise Refused(f"Nothing is known: the record of {bill.label} has not been read. {follow_hint(ctx)}")
    counts = Counter(stances.of(member.bioguide).stance for member in members)
    about = facts_of(ctx, bill)
    decided = about.place.stage in FINISHED  # nobody is unknown any more on what Congress has decided
    shown = [stance for stance in Stance if not (decided and stance is Stance.UNKNOWN)]
    head = f"{bill.label}: {', '.join(f'{counts[stance]} {stance.value}' for stance in shown)}"
    reply = answer(
        head,
        *([about.status] if decided else []),
        *(_chamber_line(stances, members, chamber, shown) for chamber in (Chamber.HOUSE, Chamber.SENATE)),
        *_gaps(stances),
        f"Members as of {day_in_words(stored.as_of)}. Records: {listed(list(stances.sources), 3) or 'none read'}.",
        mark=Mark.BILL,
        buttons=ctx.theirs(
            Button("Lobby-day sheet", "bill lobby-day"), Button("Show", "bill show", (("bill", bill.id),))
        ),
        foot=_FOOT,
    )
    return replace(reply, file=File(f"whip-{bill.id}.csv", "text/csv", _table(stances, members)))


def _chamber_line(stances: BillPositions, members: Sequence[Member], chamber: Chamber, shown: Sequence[Stance]) -> str:
    """`House: 12 for (Democrat 7, Republican 5), 1 against (Republican 1), 420 unknown`."""
    parts = []
    for stance in shown:
        mine = [
            member for member in members if member.chamber is chamber and stances.of(member.bioguide).stance is stance
        ]
        parties = Counter(member.party or "party not given" for member in mine)
        split = listed([f"{party} {total}" for party, total in sorted(parties.items())], 9)
        by_party = f" ({split})" if mine and stance is not Stance.UNKNOWN else ""
        parts.append(f"{len(mine)} {stance.value}{by_party}")
    return f"{chamber.value.capitalize()}: {', '.join(parts)}"


def _gaps(stances: BillPositions) -> list[str]:
    """What the count cannot know."""
    lines = [] if stances.roll_calls else ["No roll call on its passage was read, so this counts signatures alone."]
    if stances.unsigned:
        labels = listed([bill.label for bill in stances.unsigned], 3)
        lines.append(f"The cosponsors of {labels} are not known, so they are not counted.")
    if stances.unnamed:
        votes = number(stances.unnamed, "Senate vote is", "Senate votes are")
        fix = f"run {shell_command('directory sync')}."
        lines.append(
            f"{votes} not counted, because the directory does not have the senator's number in roll calls: {fix}"
        )
    return lines


def _table(stances: BillPositions, members: Sequence[Member]) -> bytes:
    """A row for each piece of evidence; a member without any has one row."""
    rows = []
    for member in members:
        position = stances.of(member.bioguide)
        who = (member.full_name, member.role.value, member.party, member.place, position.stance.value)
        rows += [
            (*who, each.text, str(each.on or ""), each.source, each.url) for each in reversed(position.evidence)
        ] or [(*who, "", "", "", "")]
    return write_csv(_COLUMNS, rows)

"""A desk with something for every page of the board: bills of the shipped week, letters, deadlines, what was raised."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from bot.bills import records
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import Action, BillRecord, Cosponsor, Sponsor, TextVersion
from bot.sources.congress.bill_record import read_billstatus
from tests.kit import allies
from tests.kit.alerts import document
from tests.kit.letters_desk import NEW, Desk

BILL = "hr9999-119"  # made up: no bill of that number is known
_MEMBERS = ("Rep. Able, Ann [D-CA-1]", "Rep. Baker, Bob [R-CA-2]", "Rep. Cole, Cy [D-CA-3]", "Rep. Dunn, Di [R-TX-1]",
            "Rep. Eads, Ed [R-TX-2]", "Rep. Ford, Flo [D-NY-1]", "Rep. Gray, Gil [R-MO-2]", "Rep. Hale, Hal [I-ME-1]",
            "Resident Commissioner Ives, Ida [D-PR-At Large]", "Rep. Nobody, Seatless")  # fmt: skip
WEEK = Path(__file__).parents[2] / "bot" / "cli" / "demo" / "week" / "billstatus"


def furnish(desk: Desk) -> None:
    """L-1 is open for sign-on: two signed, one declined, one ally waits to be accepted. L-2 is a draft."""
    desk.once(lambda: _furnish(desk), "furnished")


def _furnish(desk: Desk) -> None:
    desk.bring(
        document("2026-00077", "Notice of Inquiry: forced labor in supply chains", comments_close_on=date(2027, 1, 12)),
        document("2026-00078", "Enhanced Collaborative Model: forced labor"),
    )
    with desk.db.write() as tx:
        week = [read_billstatus(file.read_bytes()) for file in sorted(WEEK.glob("*.xml"))]
        records.save(tx, [*week, made_up()], desk.now)
    desk.opened()
    first, second, third, *_ = desk.reps
    desk.signs(first)
    desk.signs(second)
    desk.card(desk.reps[third], "letter decline", letter="L-1", reason="The board does not meet in time", agree="yes")
    desk.config = replace(desk.config, site="https://board.example.org")
    desk.card(desk.pol, "allies open", letter="L-1")
    allies.confirm(desk, allies.ask(desk))
    desk.card(desk.pol, "letter draft", **NEW)


def made_up() -> BillRecord:
    """A bill that nobody introduced, with what few records have all of: withdrawn and seatless members, three texts."""
    joined = [Cosponsor(f"X{n:06}", name, date(2025, 7, 10)) for n, name in enumerate(_MEMBERS)]
    return BillRecord(
        number=BillNumber.of(BILL),
        title="Example Relief Act",
        official_title="To provide relief for example.",
        updated=datetime(2025, 9, 1, 12, 0, tzinfo=UTC),
        actions=(
            *(Action(date(2025, 8, day), f"Committee Hearings Held, day {day}.") for day in range(1, 12)),
            Action(date(2025, 7, 10), "Introduced in House"),
        ),
        introduced=date(2025, 7, 10),
        sponsors=(Sponsor("X900000", "Rep. Zane, Zoe [D-OH-1]"),),
        cosponsors=(*joined, Cosponsor("X999999", "Rep. Left, Lou [R-UT-1]", date(2025, 7, 11), date(2025, 8, 1))),
        committees=(),
        texts=(
            TextVersion("Introduced in House", "ih", date(2025, 7, 10)),
            TextVersion("Reported in House", "rh", date(2025, 8, 20)),
            TextVersion("Engrossed in House", "eh"),
        ),
        source="GovInfo BILLSTATUS",
    )

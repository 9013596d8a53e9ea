"""The whip count and the lobby-day sheet: every line from a record, with its day, and nothing guessed."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pikepdf
import pytest

from bot.bills import records as bills
from bot.campaign.lobby_day import letters_to
from bot.commands.model import Role
from bot.congress import records as directory
from bot.letters import records as letters
from bot.letters.lifecycle import Mail, State
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import HOUSE, SENATE, Action, BillRecord, Cosponsor, MemberVote, Related, RollCall, Sponsor
from tests.kit.board import Board, words
from tests.kit.congress import ACCENT, CHAIR, DELEGATE, HANK, SENATOR, SENATOR_TOO, public
from tests.kit.letters_desk import Desk

BILL, TWIN = "hr4323-119", "s2255-119"
JUDICIARY = ("hsju00", "Judiciary Committee")
RANKING = "tell the Chair that the minority is ready to work on the Relief Act (H.R. 4323), and to support it in markup"
ON_COMMITTEE = (
    "press the Chair of the House Committee on the Judiciary for a markup of the bill, and to vote for it there"
)


def bioguide(n):
    return f"T{n:06}"


def record(bill=BILL, sponsor=CHAIR, cosponsors=(), related=()):
    number = BillNumber.of(bill)
    return BillRecord(
        number,
        "Relief Act",
        None,
        datetime(2026, 10, 1, 16, tzinfo=UTC),
        (
            Action(date(2025, 7, 10), "Introduced in House"),
            Action(date(2025, 7, 10), "Referred to the House Committee on the Judiciary.", committees=(JUDICIARY,)),
        ),
        introduced=date(2025, 7, 10),
        sponsors=(Sponsor(bioguide(sponsor), "Rep. Elm, Jo [I-OH-4]"),),
        cosponsors=tuple(cosponsors),
        related=tuple(related),
        source="GovInfo BILLSTATUS",
    )


def roll(votes, chamber=HOUSE, question="On Passage", number=130, bill=BILL, on=datetime(2025, 12, 1, 23, tzinfo=UTC)):
    return RollCall(
        chamber=chamber, congress=119, session=1, number=number, bill=bill, question=question, result="Passed", at=on,
        yeas=2, nays=1, votes=tuple(MemberVote(*pair) for pair in votes.items()), url="https://clerk.house.gov/evs/x.xml",
    )  # fmt: skip


@pytest.fixture
def board(tmp_path):
    board = Board(tmp_path)
    congress = public()
    numbered = [replace(m, lis="S001") if m.bioguide == bioguide(SENATOR) else m for m in congress.members]
    with board.db.write() as tx:
        directory.replace(tx, replace(congress, members=tuple(numbered)), now=board.now)
    return board


def store(board, *stored, votes=()):
    with board.db.write() as tx:
        bills.save(tx, stored, board.now)
        bills.save_roll_calls(tx, votes, board.now)


def rows(reply):
    return list(csv.DictReader(io.StringIO(reply.file.data.decode("utf-8-sig"))))


def stances(board):
    reply = board.ask(board.admin, "bill whip", bill=BILL)
    return {row["member"]: row["position"] for row in rows(reply)}


def test_a_signature_counts_until_it_is_withdrawn_and_a_vote_on_passage_counts_more(board):
    signed = [Cosponsor(bioguide(n), "Rep. X", date(2025, 9, 10)) for n in (ACCENT, HANK)]
    left = Cosponsor(bioguide(DELEGATE), "Del. Y", date(2025, 9, 10), date(2025, 11, 3))
    store(board, record(cosponsors=[*signed, left]),
          votes=[roll({bioguide(HANK): "Nay", bioguide(DELEGATE): "Not Voting"}),
                 roll({bioguide(ACCENT): "No"}, question="On Motion to Recommit", number=129)])  # fmt: skip

    shown = stances(board)
    assert (shown["Jo Elm"], shown["Zoë Velázquez"]) == ("for", "for")  # sponsor; cosponsor, recommittal is not passage
    assert shown['Gus C. "Hank" Box, Jr.'] == "against"  # who signed and then voted no
    assert (shown["Ed Pine"], shown["Ada Oak-Ash"]) == ("unknown", "unknown")  # withdrew; never did anything


@pytest.mark.parametrize("order", [1, -1])
def test_who_withdrew_and_joined_again_is_a_cosponsor_in_whatever_order_the_record_has_it(board, order):
    id_ = bioguide(ACCENT)
    left = Cosponsor(id_, "Rep. V", date(2025, 9, 10), date(2025, 10, 1))
    store(board, record(cosponsors=[left, Cosponsor(id_, "Rep. V", date(2025, 11, 3))][::order]))
    card = board.card(board.admin, "bill cosponsors", bill=BILL)
    assert card.head == "H.R. 4323 (119th): 1 cosponsor, 0 withdrew"


def test_the_count_says_what_it_rests_on(board):
    store(board, record())
    card = board.card(board.admin, "bill whip", bill=BILL)

    assert card.head.startswith("H.R. 4323 (119th): 1 for, 0 against, ")
    assert "House: 1 for (Independent 1), 0 against, " in words(card)
    assert "No roll call on its passage was read, so this counts signatures alone." in words(card)
    assert "Records: H.R. 4323 (119th): GovInfo BILLSTATUS, as of Thu Oct 1, 2026." in words(card)


def test_senators_are_joined_by_their_number_and_one_without_is_not_guessed(board):
    votes = roll({"S001": "Yea", "S999": "Nay"}, SENATE, "On Passage of the Bill", 45)
    store(board, record(), votes=[votes])

    assert stances(board)["Ada Oak-Ash"] == "for"
    card = board.card(board.admin, "bill whip", bill=BILL)
    assert "1 Senate vote is not counted, because the directory does not have the senator's number" in words(card)


def test_a_vote_to_override_a_veto_counts_for_the_bill(board):
    store(board, record(), votes=[roll({"S001": "Yea"}, SENATE, "On Overriding the Veto", 292)])
    (mine,) = [row for row in rows(board.ask(board.admin, "bill whip", bill=BILL)) if row["member"] == "Ada Oak-Ash"]
    assert (mine["position"], mine["what"]) == ("for", "Voted Yea to override the veto of H.R. 4323 (119th)")


def test_a_signature_under_the_same_text_in_the_other_chamber_counts(board):
    related = [Related(TWIN, "Relief Act", ("Identical bill",))]
    store(board, record(related=related), record(TWIN, sponsor=SENATOR_TOO))

    assert stances(board)["Bo Elm"] == "for"


def test_cosponsors_that_no_record_gives_are_not_said_to_be_none(board):
    store(board, replace(record(), cosponsors=None))

    assert "The cosponsors of H.R. 4323 (119th) are not known" in words(board.card(board.admin, "bill whip", bill=BILL))
    outcome = rows(board.ask(board.admin, "bill lobby-day", of="GA", as_="csv"))
    assert [
        row["what"] for row in outcome if row["member"].startswith("Gus") and row["subject"].startswith("H.R.")
    ] == [
        "Not known: no record gives the cosponsors of H.R. 4323 (119th)",
        f"“We ask you to {RANKING}.”",
    ]


def test_a_record_that_was_read_while_the_clock_was_ahead_is_not_said_to_be_checked_on_a_day_to_come(board):
    now, board.now = board.now, board.now + timedelta(days=300)
    store(board, record())
    board.now = now

    assert board.card(board.admin, "bill show", bill=BILL).foot.endswith("noon; checked Thu Oct 1, 2026, noon")


def test_without_a_record_nothing_is_counted(board):
    assert "Nothing is known" in board.refused(board.admin, "bill whip", bill="hr1-119").what


def test_a_letter_is_not_said_to_have_been_sent_to_who_did_not_get_it(tmp_path):
    desk = Desk(tmp_path)
    with desk.db.write() as tx:
        directory.replace(tx, public(), now=desk.now)
        bills.save(tx, [record()], desk.now)
    draft = {"template": "support-a-bill", "to": "chair:HSJU", "bill": BILL, "field-1": "It helps people."}
    desk.card(desk.pol, "letter fill", **draft)
    with desk.db.write() as tx:
        letters.save(tx, replace(desk.letter(), state=State.SENT))

    (sentence,) = letters_to(desk.db, {bioguide(CHAIR)})[bioguide(CHAIR)]
    assert sentence.text.startswith("We sent L-001, “")
    assert sentence.text.endswith("”, to the chair of the House Committee on the Judiciary")

    mailed = Mail(
        id="m", kind="sent", on=date(2026, 11, 24), how="email", note="to letters@ovc.example.gov, by the bot",
        person=desk.pol.id, at=desk.now,
    )  # fmt: skip
    with desk.db.write() as tx:
        letters.add_mail(tx, desk.letter().id, mailed)
    assert letters_to(desk.db, {bioguide(CHAIR)}) == {}
    with desk.db.write() as tx:
        letters.add_mail(tx, desk.letter().id, replace(mailed, id="n", how="post", note=""))
    assert letters_to(desk.db, {bioguide(CHAIR)})[bioguide(CHAIR)][0].on == date(2026, 11, 24)


def test_a_law_is_not_said_to_have_unknown_votes(board):
    store(board, replace(record(), laws=(("Public Law", "119-73"),)))

    told = words(board.card(board.admin, "bill whip", bill=BILL))
    assert "It became Public Law 119-73." in told
    assert "unknown" not in told


# --- the sheet --------------------------------------------------------------------------------------------------------


def test_every_row_of_a_state_has_its_day_and_source(board):
    store(board, record(cosponsors=[Cosponsor(bioguide(ACCENT), "Rep. V", date(2025, 9, 10))]),
          votes=[roll({bioguide(ACCENT): "Yea"})])  # fmt: skip
    outcome = rows(board.ask(board.admin, "bill lobby-day", of="new york", as_="csv"))

    mine = [row for row in outcome if row["member"] == "Zoë Velázquez" and row["subject"] == "H.R. 4323 (119th)"]
    assert [(row["what"], row["on"], row["source"]) for row in mine] == [
        ("Cosponsored H.R. 4323 (119th)", "2025-09-10", "GovInfo BILLSTATUS, as of Thu Oct 1, 2026"),
        ("Voted Yea on passage of H.R. 4323 (119th)", "2025-12-01", "House roll call 130"),
        (
            f"Thank them for their support of H.R. 4323 (119th). “We ask you to {ON_COMMITTEE}.”",
            "",
            "our ask",
        ),
    ]
    senator = [row["what"] for row in outcome if row["member"] == "Ada Oak-Ash" and "4323" in row["subject"]]
    assert senator == [
        "No signature or vote on passage on record",
        (
            "“We ask you to introduce a companion to the Relief Act (H.R. 4323) in the Senate if it is "
            "introduced again in the next Congress.”"
        ),
    ]
    assert {row["place"][:2] for row in outcome} == {"NY"}
    assert all(row["on"] or row["source"] == "our ask" or "No signature" in row["what"] for row in outcome)


PUBLIC = "the public directory of Congress"  # for offices, in place of the path of a folder


def test_a_committee_is_listed_in_its_order_and_named_by_id_or_words(board):
    store(board, record())
    for of in ("HSJU", "house judiciary"):
        reply = board.ask(board.admin, "bill lobby-day", of=of, as_="csv")
        names = list(dict.fromkeys(row["member"] for row in rows(reply)))
        assert names[:3] == ["Jo Elm", 'Gus C. "Hank" Box, Jr.', "Zoë Velázquez"]
    first = rows(reply)[0]
    assert (first["what"], first["source"]) == ("Chair, House Committee on the Judiciary", PUBLIC)


def test_the_pdf_is_tagged_and_has_a_page(board):
    store(board, record())
    reply = board.ask(board.admin, "bill lobby-day", of="NY")

    with pikepdf.open(io.BytesIO(reply.file.data)) as pdf:
        assert len(pdf.pages) >= 1
        assert "/StructTreeRoot" in pdf.Root
    assert (reply.file.name, reply.file.media_type) == ("lobby-day-new-york.pdf", "application/pdf")
    assert reply.card.head == "Lobby-day sheet: New York, " + reply.card.head.rpartition(", ")[2]


@pytest.mark.parametrize(
    ("of", "why"), [("Atlantis", "is not a state or a committee"), ("judiciary", "is several committees")]
)
def test_what_is_no_state_or_committee_is_refused(board, of, why):
    assert why in board.refused(board.admin, "bill lobby-day", of=of).what


def test_the_sheet_names_who_staff_may_ask_for_in_each_office(board):
    store(board, record())
    pol = board.add("Pol", Role.POLICY)
    for n, name in ((ACCENT, "Jo Sample"), (ACCENT, "Lee Gone"), (CHAIR, "Pat Other")):
        board.card(pol, "office add", office=f"member:{bioguide(n)}", name=name, role="LA", email=f"x{n}@house.example")
    board.card(pol, "office left", contact="C-2")
    sheet = rows(board.ask(pol, "bill lobby-day", of="NY", as_="csv"))
    contacts = [row["what"] for row in sheet if row["subject"] == "contact"]
    assert contacts == [f"C-1 Jo Sample, LA · x{ACCENT}@house.example"]
    made = board.ask(pol, "bill lobby-day", of="NY")
    with pikepdf.open(io.BytesIO(made.file.data)) as pdf:
        assert pdf.pages

"""The facts of a letter are looked up again at each of its steps: what changed stops it and is named."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.bills import records as bills
from bot.congress import records
from bot.entries import records as entry_records
from bot.letters import gates
from bot.letters.gates import Change
from bot.letters.lifecycle import State
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import Action, BillRecord, Committee, Cosponsor
from tests.kit.board import press, send, words
from tests.kit.congress import CHAIR, HANK, NAMESAKE, member, public
from tests.kit.letters_desk import GRANTS, UNTIL, Desk, outdated

BILL = "hr800-119"
RECORD = BillRecord(
    BillNumber.of(BILL), "Relief Act", None, datetime(2026, 4, 9, 12, tzinfo=UTC),
    (
        Action(date(2025, 7, 10), "Introduced in House"),
        Action(date(2025, 7, 11), "Referred to the House Committee on the Judiciary."),
    ),
    committees=(Committee("hsju00", "Judiciary Committee", "House"),), source="here",
)  # fmt: skip
LAW = replace(
    RECORD,
    actions=(*RECORD.actions, Action(date(2026, 11, 20), "Became Public Law No: 119-990.")),
    laws=(("Public Law", "119-990"),),
)
SUPPORT = {"template": "support-a-bill", "to": "chair:HSJU", "bill": BILL, "field-1": "It helps."}


def public_with_chair(n: int):
    """The directory with this member in the chair of House Judiciary."""
    snapshot = public()
    id_ = member(n).removeprefix("member:")
    seats = tuple(
        replace(seat, bioguide=id_) if seat.committee == "HSJU" and seat.chair else seat
        for seat in snapshot.seats
        if not (seat.committee == "HSJU" and seat.bioguide == id_ and not seat.chair)
    )
    return replace(snapshot, seats=seats)


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    desk.once(lambda: (reads(desk, RECORD), syncs(desk, public())), "knows a bill and the directory")
    return desk


def reads(desk: Desk, record: BillRecord) -> None:
    with desk.db.write() as tx:
        bills.save(tx, [record], desk.now)


def syncs(desk: Desk, snapshot) -> None:
    with desk.db.write() as tx:
        records.replace(tx, snapshot, now=desk.now)


def drafted(desk: Desk, **args: str) -> None:
    desk.card(desk.pol, "letter fill", **(SUPPORT | args))


def to_state(desk: Desk, state: State) -> None:
    """Take L-1 as far as this state."""
    steps = {
        State.REVIEW: lambda: desk.card(desk.pol, "letter review", letter="L-1"),
        State.APPROVED: desk.approve,
        State.OPEN: lambda: desk.card(desk.pol, "letter signon", letter="L-1", until=UNTIL),
        State.LOCKED: desk.lock,
        State.SENT: lambda: desk.card(desk.pol, "letter sent", letter="L-1", via="email"),
    }
    for step, go in steps.items():
        if desk.letter().state is state:
            return
        go()
        assert desk.letter().state is step


def becomes_law(desk: Desk) -> None:
    reads(desk, LAW)


def chair_changes(desk: Desk) -> None:
    syncs(desk, public_with_chair(NAMESAKE))


HEAD = {"signatory": "A", "title": "B"}
AGREED = HEAD | {"agree": "yes"}
# Each gate: the state before it, the step, and what its refusal leaves.
GATES = {
    "review": (State.DRAFT, lambda desk: (desk.pol, "letter review", {})),
    "approval": (State.REVIEW, lambda desk: (desk.app, "letter approve", {"text": desk.text(), "agree": "yes"})),
    "opening": (State.APPROVED, lambda desk: (desk.pol, "letter signon", {"until": UNTIL})),
    "extending": (State.OPEN, lambda desk: (desk.pol, "letter signon", {"until": "Sat 17:00"})),
    "reminding": (State.OPEN, lambda desk: (desk.pol, "letter remind", {})),
    "signing": (State.OPEN, lambda desk: (desk.reps["cast"], "letter sign", AGREED | {"text": desk.text()})),
    "recording": (State.OPEN, lambda desk: (desk.pol, "letter record", {"member": "cast", "evidence": "email"} | HEAD)),
    "lock": (State.OPEN, lambda desk: (desk.pol, "letter lock", {"text": desk.text()})),
    "export of a draft": (State.DRAFT, lambda desk: (desk.pol, "letter export", {"as_": "pdf"})),
    "export of a locked letter": (State.LOCKED, lambda desk: (desk.pol, "letter export", {"as_": "docx"})),
    "merge": (State.LOCKED, lambda desk: (desk.pol, "letter merge", {})),
}  # fmt: skip


def tries(desk: Desk, gate: str) -> str:
    person, path, args = GATES[gate][1](desk)
    args = {("as" if key == "as_" else key): value for key, value in args.items()}
    return desk.untrue(person, path, letter="L-1", **args)


@pytest.mark.parametrize("gate", GATES)
def test_a_letter_on_a_bill_that_became_law_since_is_stopped_at_every_step(desk, gate):
    drafted(desk)
    to_state(desk, GATES[gate][0])
    becomes_law(desk)
    before = desk.letter()

    said = tries(desk, gate)
    assert "H.R. 800 is Public Law 119-990" in said
    assert desk.letter() == before


@pytest.mark.parametrize("gate", GATES)
def test_a_letter_to_a_chair_is_not_given_to_the_next_one(desk, gate):
    joined = Cosponsor(member(CHAIR).removeprefix("member:"), "Rep. Elm, Jo [R-OH-4]", date(2025, 9, 10))
    reads(desk, replace(RECORD, cosponsors=(joined,)))
    drafted(desk)
    assert "September 10, 2025" in " ".join(desk.letter().version.passages)
    to_state(desk, GATES[gate][0])
    chair_changes(desk)

    said = tries(desk, gate)
    assert "It was drafted to Representative Jo Elm" in said
    assert "that is Representative Ada Ash" in said
    assert "joined the bill: “September 10, 2025” when it was drafted, none now." in said


def test_the_answer_offers_a_fresh_draft_which_names_the_new_chair_and_nobody_else(desk):
    drafted(desk)
    to_state(desk, State.REVIEW)
    chair_changes(desk)

    refused = desk.card(desk.app, "letter approve", letter="L-1", text=desk.text(), agree="yes")
    again = press(desk, desk.pol, refused, "Draft again").card
    assert again.head.startswith("Draft L-001 v2")
    assert "Ada Ash" in again.byline
    assert "Jo Elm" not in words(again)
    desk.card(desk.pol, "letter review", letter="L-1")
    desk.approve()
    text = desk.file(desk.pol, letter="L-1", as_="txt").data.decode()
    assert "Dear Chair Ash:" in text
    assert "Elm" not in text


def test_a_letter_to_a_member_who_left_is_not_approved_and_the_member_is_named(desk):
    drafted(desk, to=member(CHAIR))
    to_state(desk, State.REVIEW)
    snapshot = public()
    gone = member(CHAIR).removeprefix("member:")
    left = tuple(each for each in snapshot.members if each.bioguide != gone)
    seats = tuple(seat for seat in snapshot.seats if seat.bioguide != gone)
    syncs(desk, replace(snapshot, members=left, seats=seats))

    refused = desk.refused(desk.app, "letter approve", letter="L-1", text=desk.text(), agree="yes")
    assert refused.what.startswith("Representative Jo Elm is not in the directory of ")


def test_what_was_sent_can_still_be_read_and_exported_as_it_was(desk):
    drafted(desk)
    to_state(desk, State.LOCKED)
    before = desk.file(desk.pol, letter="L-1", as_="txt").data
    desk.card(desk.pol, "letter sent", letter="L-1", via="email")
    becomes_law(desk)
    chair_changes(desk)

    assert desk.file(desk.pol, letter="L-1", as_="txt").data == before
    assert "It helps." in words(desk.card(desk.pol, "letter show", letter="L-1"))


def test_a_letter_whose_alert_was_deleted_is_stopped_with_the_reason_in_words(desk):
    entry = desk.bring(GRANTS)[0].id
    desk.drafted(entry=entry)
    with desk.db.write() as tx:
        entry_records.delete(tx, entry)

    assert "What it answers is no longer stored" in desk.refused(desk.pol, "letter review", letter="L-1").what


def test_a_copy_of_a_letter_on_an_alert_goes_on_while_the_alert_is_stored(desk):
    desk.drafted(entry=desk.bring(GRANTS)[0].id)
    desk.card(desk.pol, "letter duplicate", letter="L-1")

    assert desk.card(desk.pol, "letter review", letter="L-2").head == "L-002 waits for approval"


def test_a_stage_is_named_in_words():
    (sentence,) = gates.in_words([Change("bill.stage", "in-several-committees", "on-calendar")])
    assert sentence == "The bill’s stage: “in several committees” when it was drafted, “on calendar” now."


def test_a_fact_that_is_not_in_the_text_stops_nothing(desk):
    drafted(desk)
    more = Committee("hswm00", "Ways and Means Committee", "House")  # of which the directory knows nothing
    reads(desk, replace(RECORD, committees=(*RECORD.committees, more)))
    to_state(desk, State.LOCKED)


def test_the_day_on_which_the_record_was_checked_again_stops_nothing(desk):
    joined = tuple(Cosponsor(f"T{n:06}", f"Rep. Oak, A{n}. [R-OH-1]", date(2025, 9, 10)) for n in range(990, 1000))
    reads(desk, replace(RECORD, cosponsors=joined))
    drafted(desk)
    (of_record,) = (each for each in desk.letter().version.passages if "its record" in each)
    assert of_record == (
        "H.R. 800 has been before the committee to which it was referred since July 11, 2025. As of November 24, 2026, "
        "its record shows 10 cosponsors. The 119th Congress ends on January 3, 2027, and the bill ends with it unless "
        "both chambers have passed the same text by then."
    )
    desk.compose(days=3)
    reads(desk, replace(RECORD, cosponsors=joined))
    to_state(desk, State.LOCKED)
    assert of_record in desk.letter().version.passages


@pytest.fixture
def own_templates(desk, tmp_path):
    """The templates in a folder that a test may change."""
    folder = tmp_path / "ours"
    shutil.copytree(desk.config.folder / "templates", folder / "templates")
    desk.config = replace(desk.config, folder=folder)
    return folder / "templates/letters"


def test_a_template_s_changed_words_stop_nothing(desk, own_templates):
    drafted(desk)
    letter = own_templates / "support-a-bill/letter.j2"
    letter.write_text(letter.read_text("utf-8") + "\nThank you.\n", "utf-8")
    to_state(desk, State.REVIEW)
    shutil.rmtree(letter.parent)
    desk.approve()


def test_a_changed_template_and_a_changed_fact_stop_it_together(desk, own_templates):
    drafted(desk)
    letter = own_templates / "support-a-bill/letter.j2"
    letter.write_text("We ask for it.\n", "utf-8")
    becomes_law(desk)
    assert "Public Law 119-990" in desk.untrue(desk.pol, "letter review", letter="L-1")


def test_a_fresh_draft_keeps_what_people_wrote(desk):
    drafted(desk)
    parts = desk.letter().version.texts[0].written.body
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="2", text="It helps a great deal.")
    chair_changes(desk)
    desk.card(desk.pol, "letter again", letter="L-1")

    text = desk.letter().version
    assert text.number == 3
    assert "It helps a great deal." in text.passages
    assert "It helps." not in text.passages
    assert len(text.texts[0].written.body) == len(parts)
    desk.card(desk.pol, "letter review", letter="L-1")


def test_an_edit_of_the_sentence_that_changed_is_shown_with_the_new_one_and_asks(desk):
    joined = [Cosponsor(f"T{n:06}", f"Rep. Oak, {n} [R-OH-1]", date(2025, 9, 10)) for n in range(900, 912)]
    reads(desk, replace(RECORD, cosponsors=tuple(joined[:10])))
    drafted(desk)
    passages = desk.letter().version.passages
    (number,) = [n for n, each in enumerate(passages) if "10 cosponsors" in each]
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph=str(number), text="Only ten members joined it.")
    reads(desk, replace(RECORD, cosponsors=tuple(joined)))
    card = desk.card(desk.pol, "letter again", letter="L-1")

    assert "Your edits and the new draft clash." in words(card)
    text = desk.letter().version.passages
    assert "[Keep your wording?] Only ten members joined it." in text
    assert any(each.startswith("[Or the new draft’s?]") and "12 cosponsors" in each for each in text)
    assert "[Keep your wording?]" in desk.refused(desk.pol, "letter review", letter="L-1").what


def test_whoever_approved_or_signed_hears_of_the_fresh_draft_and_signs_again(desk):
    drafted(desk)
    to_state(desk, State.OPEN)
    desk.signs("cast")
    chair_changes(desk)
    desk.card(desk.pol, "letter again", letter="L-1")

    for person in (desk.app, desk.reps["cast"]):
        (card,) = [card for card in desk.sent_to(person) if card.head == "L-001 was drafted again: its facts changed"]
        assert "It was drafted to Representative Jo Elm" in words(card)
    assert desk.letter().state is State.REVIEW
    desk.card(desk.pol, "letter review", letter="L-1")
    desk.approve()
    assert desk.letter().state is State.OPEN
    assert any("The text changed" in card.head for card in desk.sent_to(desk.reps["cast"]))


def test_a_fresh_draft_that_the_template_refuses_changes_nothing(desk):
    drafted(desk)
    becomes_law(desk)
    before = desk.letter()
    assert "is Public Law 119-990" in desk.refused(desk.pol, "letter again", letter="L-1").what
    assert desk.letter() == before


def test_a_letter_from_before_facts_were_stored_is_drafted_again_first(desk):
    drafted(desk)
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="2", text="It helps a great deal.")
    with desk.db.write() as tx:
        tx.execute("UPDATE letter_rendering SET facts = NULL")
    assert "before the bot stored the facts" in desk.untrue(desk.pol, "letter review", letter="L-1")
    desk.card(desk.pol, "letter again", letter="L-1")
    assert "It helps a great deal." in desk.letter().version.passages
    to_state(desk, State.APPROVED)


def test_a_copy_of_a_letter_is_checked_like_the_letter(desk):
    drafted(desk)
    to_state(desk, State.LOCKED)
    chair_changes(desk)
    refused = desk.card(desk.pol, "letter export", letter="L-1")
    assert press(desk, desk.pol, refused, "Duplicate").card.head.startswith("Draft L-002 v1")
    assert "Ada Ash" in desk.untrue(desk.pol, "letter review", letter="L-2")
    desk.card(desk.pol, "letter again", letter="L-2")
    desk.card(desk.pol, "letter review", letter="L-2")


def reports(desk: Desk, channel: str) -> list[str]:
    return [words(card) for card in desk.shown(channel) if card.head == "L-001 is out of date"]


def test_the_author_and_the_sign_on_channel_hear_once_which_letter_a_new_record_made_untrue(desk):
    drafted(desk)
    to_state(desk, State.OPEN)
    channel = desk.config.coalition.letters.channel
    chair_changes(desk)
    for _ in range(2):
        desk.compose(minutes=5)

    for place in (f"dm:{desk.pol.id}", channel):
        (report,) = reports(desk, place)
        assert "It was drafted to Representative Jo Elm" in report
    (card,) = [card for card in desk.sent_to(desk.pol) if card.head == "L-001 is out of date"]
    assert [button.label for button in card.buttons] == ["Draft again", "Open"]

    becomes_law(desk)
    desk.compose(minutes=5)
    assert len(reports(desk, channel)) == 2
    assert "is Public Law 119-990" in reports(desk, channel)[1]


def test_a_letter_that_becomes_untrue_again_on_another_day_is_reported_again(desk):
    drafted(desk)
    to_state(desk, State.OPEN)
    files = desk.config
    for moment in range(3):
        desk.config = files
        if moment != 1:
            outdated(desk)
        desk.compose(hours=8)

    for place in (f"dm:{desk.pol.id}", desk.config.coalition.letters.channel):
        assert len(reports(desk, place)) == 2


def test_signing_is_paused_on_every_card_until_the_letter_is_drafted_again(desk):
    drafted(desk)
    to_state(desk, State.OPEN)
    chair_changes(desk)
    desk.compose(minutes=5)

    shared, asked = desk.shown(desk.config.coalition.letters.channel)[0], desk.sent_to(desk.reps["cast"])[0]
    assert shared.head == asked.head == "L-001: a fact in the text has changed; signing is paused"
    assert [button.label for card in (shared, asked) for button in card.buttons] == ["Read", "Read"]


def test_cards_name_the_chair_whom_the_directory_has_now(desk):
    drafted(desk)
    chair_changes(desk)
    desk.compose(minutes=1)
    shown = desk.card(desk.pol, "letter show", letter="L-1")
    assert "Ada Ash" in shown.byline
    assert "Jo Elm" not in shown.byline
    assert "Out of date: It was drafted to Representative Jo Elm" in words(shown)
    assert shown.buttons[0].label == "Draft again"


@pytest.mark.long
def test_a_locked_letter_that_is_out_of_date_is_reported_and_keeps_its_addressee(desk):
    drafted(desk)
    to_state(desk, State.LOCKED)
    chair_changes(desk)
    desk.compose(minutes=1)
    (report,) = reports(desk, f"dm:{desk.pol.id}")
    assert "that is Representative Ada Ash" in report
    assert "Jo Elm" in desk.card(desk.pol, "letter show", letter="L-1").byline


def test_nothing_is_reported_of_a_letter_that_was_sent(desk):
    drafted(desk)
    to_state(desk, State.SENT)
    becomes_law(desk)
    desk.compose(minutes=1)
    assert reports(desk, f"dm:{desk.pol.id}") == []


def test_a_joint_letter_thanks_nobody_for_what_another_did(desk):
    ids = [member(n).removeprefix("member:") for n in (HANK, NAMESAKE)]
    joined = tuple(Cosponsor(id_, f"Rep. {id_}", date(2025, 9, day)) for day, id_ in enumerate(ids, start=3))
    reads(desk, replace(RECORD, cosponsors=joined))

    refused = desk.refused(desk.pol, "letter fill", **SUPPORT | {"to": f"{member(HANK)}, {member(NAMESAKE)} jointly"})
    assert "these members differ on H.R. 800" in refused.what


def test_a_signer_that_is_gone_is_named_in_words():
    before, after = (
        {"coalition": {"signer": {"name": "Jane Roe", "title": "Director"}}},
        {"coalition": {"signer": None}},
    )
    assert [change.sentence("when it was drafted") for change in gates.changes(before, after)] == [
        "The signer’s name: “Jane Roe” when it was drafted, none now.",
        "The signer’s title: “Director” when it was drafted, none now.",
    ]
    (added,) = gates.changes(after, before)
    assert added.sentence("then") == "The coalition’s signer: none then, Jane Roe and Director now."


def test_the_documents_of_a_locked_letter_are_not_posted_once_it_is_out_of_date(desk):
    drafted(desk)
    to_state(desk, State.LOCKED)
    becomes_law(desk)
    desk.compose(minutes=1)
    assert desk.letter().published_at is None
    (card,) = [card for card in desk.sent_to(desk.pol) if "documents" in card.head]
    assert "L-001 is out of date." in words(card)


def test_a_locked_letter_keeps_what_the_coalition_said_of_itself_and_the_export_says_what_has_changed(desk):
    drafted(desk)
    desk.card(desk.pol, "letter review", letter="L-1")
    desk.approve()
    desk.lock()
    before = desk.file(desk.pol, letter="L-1", as_="txt").data.decode()
    coalition = desk.config.coalition

    changed = {"phone": "202-456-0199", "contact": "new@coalition.test", "signer": "Ann Poe"}
    desk.card(desk.admin, "settings letterhead", **{key: changed[key] for key in ("phone", "signer")})
    desk.card(desk.admin, "settings coalition", contact=changed["contact"])

    answer = desk.ask(desk.pol, "letter export", "", letter="L-1", as_="txt")
    assert answer.file.data.decode() == before
    assert coalition.phone in before
    lines = words(answer.card)
    assert f"The coalition’s phone: “{coalition.phone}” as it was locked, “202-456-0199” now." in lines
    assert "“Ann Poe” now." in lines
    drafted(desk)
    assert "202-456-0199" in desk.file(desk.pol, letter="L-2", as_="txt").data.decode()


@pytest.mark.long
def test_a_change_of_what_unlocked_letters_print_names_them_before_it_is_saved(desk):
    drafted(desk)
    ask = {"contact": "new@coalition.test", "about": " ".join(["Another paragraph."] * 20)}
    form = desk.form(desk.admin, "settings coalition", **ask)

    assert form.fields[0].param.help == "L-001 uses it."
    assert [(field.param.name, field.initial) for field in form.fields[1:]] == [("about", ask["about"])]
    assert desk.config.coalition.contact != ask["contact"]

    send(desk, desk.admin, form, letters="yes")
    assert (desk.config.coalition.contact, desk.config.coalition.about) == (ask["contact"], ask["about"])
    desk.form(desk.admin, "undo")
    desk.card(desk.admin, "undo", letters="yes")
    assert (
        desk.form(desk.admin, "settings letterhead", address="1 Other Street").fields[0].param.help == "L-001 uses it."
    )
    desk.card(desk.admin, "settings special-channels", press="policy")

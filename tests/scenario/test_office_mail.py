"""A locked letter is mailed to an office's listed address by a person's press, once, and what became of it is known."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import pytest

from bot.app.application import App
from bot.app.letterbox import Letterbox
from bot.campaign.lobby_day import letters_to
from bot.chat.discord.render import message
from bot.chat.mail.message import Originator
from bot.chat.mail.platform import MailSender, create_smtp_client
from bot.commands.model import Refusal, Refused, Reply, Role
from bot.config.settings import Settings
from bot.congress import records as congress
from bot.letters import records as letters
from bot.letters.documents import office_mail
from bot.letters.documents import records as sendings
from bot.letters.lifecycle import State, Text
from bot.offices import records as contacts
from bot.ops.restore import pause_everything
from bot.outbox import holds
from bot.outbox.deliver import Deliverer
from bot.outbox.model import Channel
from tests.kit.board import press as pressed
from tests.kit.board import send as sent
from tests.kit.board import words
from tests.kit.congress import public
from tests.kit.letters_desk import Desk, config, labels
from tests.kit.mail import FROM
from tests.peers.smtp import Relay

OVC = "letters@ovc.example.gov"
CONTACT = "campaign@alliance.test"


@pytest.fixture
def desk(tmp_path):
    base = config()
    offices = base.coalition.offices | {"ovc": base.coalition.offices["ovc"].model_copy(update={"email": OVC})}
    desk = Desk(
        tmp_path, replace(base, coalition=base.coalition.model_copy(update={"offices": offices, "contact": CONTACT}))
    )
    desk.locked(*list(desk.reps)[:2])
    return desk


def question(desk, by=None):
    answer = desk.ask(by or desk.pol, "letter mail", letter="L-1")
    assert isinstance(answer, Reply), answer
    return answer


def press(desk, by=None):
    return desk.card(by or desk.pol, "letter mail", **dict(question(desk, by).card.buttons[0].args))


def deliver(desk, relay, rounds=1):
    """The outbox sends what is due to the relay; then the letters look what became of it."""

    async def run():
        settings = Settings(_env_file=None, smtp_url=relay.url, mail_from=FROM)
        sender = MailSender(
            partial(create_smtp_client, settings), "relay.test", Originator(FROM, reads=True), clock=lambda: desk.now,
            zone=desk.config.coalition.tz,
        )  # fmt: skip
        deliverer = Deliverer(
            desk.db, {"mail": sender}, {"admin": Channel("admin", "mail", "x@y.test")}, clock=lambda: desk.now,
            direct=lambda name: office_mail.channel(desk.db, desk.config, name, desk.now), new_id=desk.new_id,
            dice=lambda: 0.0, admin="admin", pace=timedelta(0),
        )  # fmt: skip
        for _ in range(rounds):
            await deliverer.run_once()
            desk.now += timedelta(minutes=31)

    async def at_relay():
        async with relay.running():
            await run()

    asyncio.run(at_relay())
    office_mail.follow(desk.job)


def to_office(relay):
    """What the office got; the administrators get mail here, too."""
    return [mail for mail in relay.mails if mail["To"] == OVC]


def set_office(desk, **fields):
    """The office of the letter with these fields from now on."""
    coalition = desk.config.coalition
    offices = coalition.offices | {"ovc": coalition.offices["ovc"].model_copy(update=fields)}
    desk.config = replace(desk.config, coalition=coalition.model_copy(update={"offices": offices}))


def lines_of(desk):
    return words(desk.card(desk.pol, "letter show", letter="L-1"))


def test_the_question_has_the_address_the_text_and_where_answers_go_and_sends_nothing(desk):
    asked = question(desk)
    shown = words(asked.card)
    for part in (f"Mail L-001 to {OVC}?", OVC, f"Answers go to {CONTACT}", desk.letter().version.subject, ".pdf"):
        assert part in shown
    assert "joint application" in asked.file.data.decode()
    assert desk.db.read("SELECT id FROM delivery WHERE kind = 'office mail'") == []


def test_the_question_names_who_is_under_the_letter_and_says_that_it_did_not_sign(desk):
    letter = desk.letter()
    with desk.db.write() as tx:
        letters.save_sign_ons(
            tx, letter.id, [replace(each, objected_at=desk.now) for each in letters.sign_ons(tx, letter.id).values()]
        )
    assert "Under it, but says that it did not sign: " in words(question(desk).card)


def test_the_question_has_the_subject_of_the_letter_to_this_office(desk):
    letter = desk.letter()
    (text,) = letter.version.texts
    other = Text(replace(text.written, subject="To someone else"), ("office:bja",))
    with desk.db.write() as tx:
        many = replace(letter.version, number=letter.version.number + 1, texts=(other, text))
        letters.add_version(tx, letter.id, many)
    shown = words(question(desk).card)
    assert f"Subject: {text.written.subject}" in shown
    assert "To someone else" not in shown


def test_the_question_has_its_button_on_discord_too(desk):
    (row,) = message(question(desk).card, desk.now.date())["components"]
    assert [button["label"] for button in row["components"]] == ["Send it"]


def test_a_press_sends_the_letter_once_with_its_pdf_and_logs_it(desk):
    text = question(desk).file.data.decode()
    assert "on its way" in press(desk).head
    assert desk.letter().state is State.LOCKED
    assert f"On its way to {OVC}" in lines_of(desk)
    relay = Relay()
    deliver(desk, relay, rounds=2)
    (mail,) = to_office(relay)
    assert mail["To"] == OVC
    assert mail["Reply-To"] == f"Our Coalition <{CONTACT}>"
    assert mail["Subject"].strip() == desk.letter().version.subject
    assert mail["List-Unsubscribe"] is None
    assert mail["Precedence"] is None
    assert mail.get_body(("plain",)).get_content().split() == text.split()
    (pdf,) = mail.iter_attachments()
    assert pdf.get_content_type() == "application/pdf"
    assert pdf.get_content().startswith(b"%PDF")
    assert desk.letter().state is State.SENT
    assert f"to {OVC}, by the bot" in lines_of(desk)
    assert [card.head for card in desk.sent_to(desk.pol)][-1] == f"L-001 was sent to {OVC}"
    mailed = [change.after for change in desk.changes() if change.command == "letter mail"]
    assert [after.partition(",")[0] for after in mailed] == [f"mailed to {OVC}"]


def test_it_is_not_sent_twice_to_one_address(desk):
    press(desk)
    assert "is on its way" in desk.refused(desk.pol, "letter mail", letter="L-1").what
    deliver(desk, Relay())
    assert "It is not sent twice" in desk.refused(desk.pol, "letter mail", letter="L-1").what


def test_two_presses_of_one_question_send_one_letter(desk):
    args = dict(question(desk).card.buttons[0].args)
    desk.card(desk.pol, "letter mail", **args)
    assert isinstance(desk.ask(desk.pol, "letter mail", **args), Refusal)
    relay = Relay()
    deliver(desk, relay)
    assert len(to_office(relay)) == 1


def test_an_address_that_was_changed_after_the_question_is_asked_about_again(desk):
    args = dict(question(desk).card.buttons[0].args)
    set_office(desk, email="other@ovc.example.gov")
    again = desk.card(desk.pol, "letter mail", **args)
    assert again.head == "Mail L-001 to other@ovc.example.gov?"


def test_a_letter_whose_office_moved_after_the_question_is_not_mailed(desk):
    args = dict(question(desk).card.buttons[0].args)
    set_office(desk, block=("Director", "Washington, DC 20001"))
    assert "The address or salutation of " in desk.untrue(desk.pol, "letter mail", **args)


def test_a_letter_that_becomes_untrue_while_its_mail_waits_is_not_sent(desk):
    press(desk)
    set_office(desk, block=("Director", "Washington, DC 20001"))
    relay = Relay()
    deliver(desk, relay)

    assert to_office(relay) == []
    assert f"Mail to {OVC}: what it says is no longer true" in lines_of(desk)
    report = desk.sent_to(desk.pol)[-1]
    assert report.head == f"L-001 could not be sent to {OVC}"
    assert "The address or salutation of " in words(report)
    assert [button.label for button in report.buttons] == ["Duplicate", "Open"]


def test_a_letter_whose_mail_may_have_arrived_is_not_called_unsent_when_it_becomes_untrue(desk):
    press(desk)
    relay = Relay()
    relay.fail("data", "drop-after")
    deliver(desk, relay)
    set_office(desk, block=("Director", "Washington, DC 20001"))
    deliver(desk, relay)
    assert f"Mail to {OVC}" not in lines_of(desk)


def test_only_the_policy_role_sends(desk):
    for person in (desk.app, desk.admin, next(iter(desk.reps.values())), desk.add("Pia", Role.PRESS)):
        assert isinstance(desk.ask(person, "letter mail", letter="L-1"), Refusal)


def test_without_a_listed_address_or_before_the_lock_nothing_is_offered(desk):
    desk.drafted()
    assert "you cannot mail it now" in desk.refused(desk.pol, "letter mail", letter="L-2").what
    coalition = desk.config.coalition
    offices = coalition.offices | {"ovc": coalition.offices["ovc"].model_copy(update={"email": ""})}
    desk.config = replace(desk.config, coalition=coalition.model_copy(update={"offices": offices}))
    assert "as:eml" in desk.refused(desk.pol, "letter mail", letter="L-1").what


def test_without_an_answer_after_data_it_is_repeated_once_marked_and_then_a_person_decides(desk):
    press(desk)
    relay = Relay()
    relay.fail("data", "drop-after")
    deliver(desk, relay, rounds=6)
    first, second = to_office(relay)
    assert first["Message-ID"] == second["Message-ID"]
    assert second["Subject"].endswith("(may be a repeat)")
    assert desk.letter().state is State.LOCKED
    (card,) = [card for card in desk.sent_to(desk.pol) if "could not be sent" in card.head]
    assert "may have arrived" in words(card)


def test_a_withdrawn_letter_is_not_mailed(desk):
    press(desk)
    desk.card(desk.pol, "letter withdraw", letter="L-1", agree="yes")
    relay = Relay()
    deliver(desk, relay)
    assert to_office(relay) == []
    assert f"Mail to {OVC}: the letter was withdrawn" in lines_of(desk)
    assert "could not be sent" not in " ".join(card.head for card in desk.sent_to(desk.pol))


def test_a_letter_whose_mail_may_have_arrived_is_not_called_withdrawn(desk):
    press(desk)
    relay = Relay()
    relay.fail("data", "drop-after")
    deliver(desk, relay)
    assert "is being mailed" in desk.refused(desk.pol, "letter withdraw", letter="L-1", agree="yes").what
    assert desk.letter().state is State.LOCKED


def test_a_mailbox_that_does_not_exist_is_reported_to_the_person_who_pressed_and_can_be_tried_again(desk):
    press(desk)
    relay = Relay()
    relay.fail("rcpt", "550 5.1.1 no such user", times=1)
    deliver(desk, relay)
    assert desk.letter().state is State.LOCKED
    card = desk.sent_to(desk.pol)[-1]
    assert card.head == f"L-001 could not be sent to {OVC}"
    assert "mailbox does not exist" in words(card)
    press(desk)
    deliver(desk, relay)
    assert len(to_office(relay)) == 1


def fail_once(desk):
    """The provider refuses the letter for good. Return the relay, which takes the next one."""
    relay = Relay()
    relay.fail("data", "554 5.7.1 refused", times=1)
    deliver(desk, relay)
    assert desk.sent_to(desk.pol)[-1].head == f"L-001 could not be sent to {OVC}"
    return relay


def retry(desk, name="L-1"):
    """`outbox retry` of the first mailing."""
    (first, *_) = sendings.mailings(desk.db, desk.letter(name).id)
    (row,) = desk.db.read("SELECT id FROM delivery WHERE channel = :to", {"to": f"office:{first.id}"})
    return App.retry(SimpleNamespace(_job=lambda: desk.job), row["id"])


def test_a_failed_mailing_that_is_retried_is_on_its_way_and_cannot_be_mailed_again(desk):
    press(desk)
    relay = fail_once(desk)
    assert retry(desk)
    assert "is on its way" in desk.refused(desk.pol, "letter mail", letter="L-1").what
    deliver(desk, relay)
    assert len(to_office(relay)) == 1
    assert desk.letter().state is State.SENT
    assert desk.sent_to(desk.pol)[-1].head == f"L-001 was sent to {OVC}"
    assert "It is not sent twice" in desk.refused(desk.pol, "letter mail", letter="L-1").what


def test_a_retried_mailing_that_fails_is_reported_again(desk):
    press(desk)
    relay = fail_once(desk)
    relay.fail("data", "554 5.7.1 refused", times=2)  # the administrators get theirs by mail, too
    assert retry(desk)
    deliver(desk, relay)
    assert [card.head for card in desk.sent_to(desk.pol)].count(f"L-001 could not be sent to {OVC}") == 2


def test_a_failed_mailing_is_not_retried_once_the_letter_was_mailed_again(desk):
    press(desk)
    relay = fail_once(desk)
    press(desk)
    with pytest.raises(Refused, match="It is not sent twice"):
        retry(desk)
    deliver(desk, relay)
    assert len(to_office(relay)) == 1


def test_a_withdrawn_letter_is_not_mailed_by_a_retry(desk):
    press(desk)
    relay = fail_once(desk)
    desk.card(desk.pol, "letter withdraw", letter="L-1", agree="yes")
    with pytest.raises(Refused, match="was withdrawn"):
        retry(desk)
    deliver(desk, relay)
    assert to_office(relay) == []


def test_a_letter_that_comes_back_is_reported_once(desk):
    press(desk)
    relay = Relay()
    deliver(desk, relay)
    (sent,) = to_office(relay)
    box = Letterbox(
        db=desk.db, config=lambda: desk.config, clock=lambda: desk.now, new_id=desk.new_id,
        channel=lambda name: office_mail.channel(desk.db, desk.config, name, desk.now), report_holds=lambda: None,
    )  # fmt: skip
    for recipient in ("another@example.gov", OVC, OVC):
        box.bounced(sent["Message-ID"].strip("<>").partition("@")[0], (recipient,), "5.1.1", permanent=True)
        office_mail.follow(desk.job)
    assert [card.head for card in desk.sent_to(desk.pol)].count(f"L-001 did not reach {OVC}") == 1
    assert f"Mail to {OVC}: it came back (5.1.1)" in lines_of(desk)


def after_restore(desk):
    with desk.db.write() as tx:
        pause_everything(tx, desk.now)
        holds.release(tx, holds.ALL)


def test_after_a_restore_a_person_is_asked_before_a_letter_is_mailed_that_may_have_been(desk):
    press(desk)
    after_restore(desk)
    relay = Relay()
    deliver(desk, relay, rounds=2)
    office_mail.follow(desk.job)

    assert to_office(relay) == []
    (asked,) = [card for card in desk.sent_to(desk.pol) if "may have been sent" in card.head]
    assert asked.head == f"L-001 may have been sent to {OVC}"
    assert "A backup was restored" in words(asked)
    assert f"Mail to {OVC}: a backup was restored" in lines_of(desk)
    again = desk.card(desk.pol, "letter mail", **dict(asked.buttons[0].args))
    desk.card(desk.pol, "letter mail", **dict(again.buttons[0].args))
    deliver(desk, relay)
    assert len(to_office(relay)) == 1
    assert desk.letter().state is State.SENT


def test_after_a_restore_the_administrators_retry_of_such_a_letter_is_logged(desk):
    press(desk)
    after_restore(desk)
    assert retry(desk)
    relay = Relay()
    deliver(desk, relay)
    assert len(to_office(relay)) == 1
    assert desk.letter().state is State.SENT


class Late:
    """A store whose first answer outside a transaction is repeated, as to a process that read it and then waited."""

    def __init__(self, db):
        self.db, self.first = db, None

    def read(self, *args):
        self.first = self.first or self.db.read(*args)
        return self.first

    def __getattr__(self, name):
        return getattr(self.db, name)


def test_what_another_process_has_logged_meanwhile_is_not_logged_again(desk):
    press(desk)
    late = replace(desk.job, db=Late(desk.db))
    office_mail.follow(late)
    deliver(desk, Relay())
    office_mail.follow(late)
    sent = [mail for mail in letters.mail(desk.db, desk.letter().id) if mail.kind == "sent"]
    assert len(sent) == 1


def test_a_letter_that_came_back_meanwhile_is_not_logged_as_sent(desk):
    press(desk)
    late = replace(desk.job, db=Late(desk.db))
    office_mail.follow(late)
    (mailing,) = sendings.mailings(desk.db, desk.letter().id)
    with desk.db.write() as tx:
        tx.execute("UPDATE delivery SET state = 'sent' WHERE channel = :to", {"to": f"office:{mailing.id}"})
        sendings.bounced(tx, mailing.id, "5.1.1")
    office_mail.follow(late)
    assert [each.state for each in sendings.mailings(desk.db, desk.letter().id)] == ["bounced"]
    assert desk.letter().state is State.LOCKED


# --- one mail to the contact in each office ---------------------------------------------------------------------------


MEMBERS = [f"T{200 + n:06}" for n in range(40)]


def to_members(desk, *rows):
    """A locked letter to forty members, with the contacts of a table in their offices."""
    with desk.db.write() as tx:
        congress.replace(tx, public(), now=desk.now)
    header = "office,name,role,asks,email,phone,source,basis,verified_on,notes"
    card = desk.hand(desk.pol, "office import", "\n".join((header, *rows)).encode()).card
    pressed(desk, desk.pol, card, card.buttons[0].label)
    name = desk.drafted(to="; ".join(f"member:{each}" for each in MEMBERS)).name
    desk.card(desk.pol, "letter review", letter=name)
    desk.approve(name)
    desk.card(desk.pol, "letter signon", letter=name, until="Fri 17:00")
    desk.lock(name)
    return name


def staff(n, asks="1", verified="2026-11-20"):
    return f"{MEMBERS[n]},Pat Staff{n:02},LA,{asks},pat{n:02}@house.example,,reply of Nov 20,,{verified},"


def test_forty_legislative_assistants_get_a_mail_each_by_two_presses(desk):
    name = to_members(desk, *map(staff, range(40)))
    assert "Mail it" in labels(desk.card(desk.pol, "letter show", letter=name))
    shown = desk.ask(desk.pol, "letter mail", letter=name)
    assert shown.card.head == f"Mail {name} to 40 offices, one mail each?"
    text = shown.file.data.decode()
    assert all(f"C-{n + 1} Pat Staff{n:02}, LA · pat{n:02}@house.example" in text for n in range(40))
    assert "Dear Representative Rep001:" in text
    assert desk.db.read("SELECT id FROM delivery WHERE kind = 'office mail'") == []

    answer = pressed(desk, desk.pol, shown.card, "Send 40 mails")
    assert answer.card.head == f"{name} is on its way to 40 offices"
    assert "Mail it" not in labels(desk.card(desk.pol, "letter show", letter=name))
    relay = Relay()
    deliver(desk, relay, rounds=2)
    mails = [mail for mail in relay.mails if mail["To"].endswith("@house.example")]
    assert sorted(mail["To"] for mail in mails) == [f"pat{n:02}@house.example" for n in range(40)]
    assert all("Rep" in mail.get_body(("plain",)).get_content() for mail in mails)
    assert [card.head for card in desk.sent_to(desk.pol)].count(f"{name} was sent to 40 offices") == 1
    logged = letters.mail(desk.db, desk.letter(name).id)
    assert (len(logged), sum(mail.follow_up_on is not None for mail in logged)) == (40, 1)
    assert letters_to(desk.db, {MEMBERS[3]})[MEMBERS[3]][0].on == desk.now.date() - timedelta(days=0)
    assert "It is not sent twice" in desk.refused(desk.pol, "letter mail", letter=name).what


def test_a_contact_to_verify_who_left_opted_out_or_has_other_asks_is_not_used_and_the_question_says_so(desk):
    rows = [staff(0), staff(1, verified=""), staff(2, verified="2026-01-05"), staff(3), staff(4), staff(5, asks="2")]
    name = to_members(desk, *rows)
    desk.card(desk.pol, "office left", contact="C-4")
    desk.card(desk.pol, "office optout", contact="C-5")
    shown = desk.ask(desk.pol, "letter mail", letter=name)

    assert shown.card.head == f"Mail {name} to pat00@house.example?"
    text = shown.file.data.decode()
    for part in (
        "Rep001: C-2 Pat Staff01, LA, never verified.",
        "Rep002: C-3 Pat Staff02, LA, last on Mon Jan 5, 2026, more than six months ago.",
        "Rep003: C-4 Pat Staff03, LA, left.",
        "Rep004: no contact with an address.",
        "Rep005: no contact with an address.",
    ):
        assert part in text, text
    assert "and 34 more not mailed, in the file below" in words(shown.card)
    desk.card(desk.pol, "office verify", contact="C-2")
    assert "to 2 offices" in desk.card(desk.pol, "letter mail", letter=name).head


def test_the_question_of_one_member_has_its_button_on_discord_too(desk):
    name = to_members(desk, staff(0), staff(1))
    card = desk.card(desk.pol, "letter mail", letter=name, office=f"member:{MEMBERS[1]}")
    assert card.head == f"Mail {name} to pat01@house.example?"
    (row,) = message(card, desk.now.date())["components"]
    assert [button["label"] for button in row["components"]] == ["Send it"]


def test_a_contact_who_changes_after_the_question_is_asked_about_again(desk):
    name = to_members(desk, staff(0), staff(1))
    card = desk.card(desk.pol, "letter mail", letter=name)
    desk.card(desk.pol, "office left", contact="C-2")
    assert pressed(desk, desk.pol, card, "Send 2 mails").card.head == f"Mail {name} to pat00@house.example?"


def test_an_erased_contact_s_address_goes_from_the_record_of_what_was_mailed_to_them(desk):
    name = to_members(desk, staff(0), staff(1))
    pressed(desk, desk.pol, desk.card(desk.pol, "letter mail", letter=name), "Send 2 mails")
    relay = Relay()
    relay.fail("rcpt", "550 5.1.1 no such user", times=1)
    deliver(desk, relay, rounds=2)
    for label in ("C-1", "C-2"):
        desk.card(desk.pol, "office erase", contact=label, sure="yes")
    stored = str(desk.everything())
    assert "pat0" not in stored
    assert "Pat Staff" not in stored
    assert sum("to [erased], by the bot" in mail.note for mail in letters.mail(desk.db, desk.letter(name).id)) == 1


def got(relay):
    return sorted(mail["To"] for mail in relay.mails if mail["To"].casefold().endswith("@house.example"))


def test_who_opts_out_leaves_or_is_erased_while_the_mail_waits_gets_none_and_the_person_is_told(desk):
    name = to_members(desk, *map(staff, range(4)))
    pressed(desk, desk.pol, desk.card(desk.pol, "letter mail", letter=name), "Send 4 mails")
    desk.card(desk.pol, "office optout", contact="C-1")
    desk.card(desk.pol, "office left", contact="C-2")
    desk.card(desk.pol, "office erase", contact="C-3", sure="yes")
    relay = Relay()
    deliver(desk, relay, rounds=3)

    assert got(relay) == ["pat03@house.example"]
    told = {card.head: words(card) for card in desk.sent_to(desk.pol)}
    for address, why in (
        ("pat00@house.example", "C-1 Pat Staff00, LA: opted out."),
        ("pat01@house.example", "C-2 Pat Staff01, LA: left."),
        ("[erased]", "No office or contact has this address."),
    ):
        assert why in told[f"{name} could not be sent to {address}"]


def test_who_opts_out_while_it_is_unknown_whether_the_mail_arrived_gets_no_repeat_and_the_person_is_told(desk):
    name = to_members(desk, staff(0))
    pressed(desk, desk.pol, desk.card(desk.pol, "letter mail", letter=name), "Send it")
    relay = Relay()
    relay.fail("data", "drop-after")
    deliver(desk, relay)
    desk.card(desk.pol, "office optout", contact="C-1")
    deliver(desk, relay, rounds=3)

    assert got(relay) == ["pat00@house.example"]
    (told,) = [card for card in desk.sent_to(desk.pol) if "pat00@house.example" in card.head]
    assert told.head == f"{name} may have been sent to pat00@house.example"
    assert "C-1 Pat Staff00, LA: opted out." in words(told)


def test_who_opted_out_after_a_mail_failed_gets_none_by_a_retry(desk):
    name = to_members(desk, staff(0), staff(1))
    pressed(desk, desk.pol, desk.card(desk.pol, "letter mail", letter=name), "Send 2 mails")
    relay = Relay()
    relay.fail("rcpt", "550 5.7.1 not now", times=2)
    deliver(desk, relay, rounds=2)
    for label in ("C-1", "C-2"):
        desk.card(desk.pol, "office optout", contact=label)
    with pytest.raises(Refused, match=r"C-[12] Pat Staff0[01], LA: opted out"):
        retry(desk, name)
    deliver(desk, relay, rounds=2)
    assert got(relay) == []


def test_an_address_in_other_letters_of_its_case_is_not_mailed_twice(desk):
    name = to_members(desk, staff(0))
    pressed(desk, desk.pol, desk.card(desk.pol, "letter mail", letter=name), "Send it")
    sent(desk, desk.pol, desk.form(desk.pol, "office edit", contact="C-1"), email="Pat00@House.example")
    relay = Relay()
    deliver(desk, relay, rounds=2)
    assert "It is not sent twice" in desk.refused(desk.pol, "letter mail", letter=name).what
    assert len(got(relay)) == 1


def test_one_person_for_two_addressees_gets_one_letter_and_the_question_says_so(desk):
    name = to_members(desk, staff(0), staff(1).replace("pat01@", "PAT00@"))
    shown = desk.ask(desk.pol, "letter mail", letter=name)
    assert shown.card.head in (f"Mail {name} to pat00@house.example?", f"Mail {name} to PAT00@house.example?")
    assert "gets another of these letters." in shown.file.data.decode()


def test_a_mail_that_comes_back_marks_its_contact_to_verify(desk):
    name = to_members(desk, staff(0), staff(1))
    pressed(desk, desk.pol, desk.card(desk.pol, "letter mail", letter=name), "Send 2 mails")
    relay = Relay()
    relay.fail("rcpt", "550 5.1.1 no such user", times=1)
    deliver(desk, relay, rounds=2)

    first, second = contacts.all_contacts(desk.db)
    assert {first.doubt, second.doubt} == {"", "a mail to them did not arrive"}
    heads = [card.head for card in desk.sent_to(desk.pol)]
    assert sum("could not be sent" in head for head in heads) == 1
    assert sum(" was sent to pat0" in head for head in heads) == 1

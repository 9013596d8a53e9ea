"""Allies: organizations outside the coalition ask to sign on a letter's public page."""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands.model import Refusal, Refused, Reply
from bot.letters import lookup, sheet
from bot.letters import records as letters
from bot.letters.allies import records, signing
from bot.letters.allies.model import Stage
from bot.letters.documents import render
from bot.letters.lifecycle import State
from bot.letters.model import Evidence, Signature
from bot.ops.export import drop_secrets
from bot.ops.retention import forget
from bot.outbox.records import due_channels
from bot.shared.lookalikes import unprintable
from bot.store import sqlite
from bot.store.shape import copy_store
from tests.kit.allies import ask, confirm, given, secret_mailed
from tests.kit.board import ROOT, press, words
from tests.kit.documents import LETTER
from tests.kit.letters_desk import Desk, config


@pytest.fixture
def desk(tmp_path):
    """A letter that is open for sign-on and has a public page."""
    desk = Desk(tmp_path, replace(config(), site="https://board.example.org"))
    desk.card(desk.pol, "allies open", letter=desk.opened().name)
    return desk


def disown(desk, secret):
    with desk.job.write() as work:
        signing.disown(work, secret)


def accept(desk, name="A-1"):
    accepted = press(desk, desk.pol, desk.card(desk.pol, "allies accept", request=name), "Accept")
    assert isinstance(accepted, Reply)
    return accepted.card


def listed(desk):
    page = signing.page(desk.db, desk.config, "L-1", desk.now)
    return [each.legal_name for each in page.allies] if page else None


def test_an_ally_is_shown_only_after_its_mailbox_confirmed_and_a_person_accepted(desk):
    secret = ask(desk)
    assert listed(desk) == []
    assert (
        "cannot be accepted: it has not pressed the link in its email"
        in desk.refused(desk.pol, "allies accept", request="A-1").what
    )

    confirm(desk, secret)
    assert listed(desk) == []
    card = desk.card(desk.pol, "allies list")
    assert card.head == "1 organization waits to be accepted"
    assert "A-001 Harbor Legal Aid: Ann Lee, Director, at harbor.example.org" in words(card)

    accept(desk)
    after = desk.card(desk.pol, "allies list")
    assert after.head == "No organization waits to be accepted"
    assert "A-001 Harbor Legal Aid: Ann Lee, Director · accepted for L-001" in words(after)
    page = signing.page(desk.db, desk.config, "L-1", desk.now)
    assert page.allies == (signing.Signer("Harbor Legal Aid", "Ann Lee", "Director"),)
    evidence = letters.sign_ons(desk.db, desk.letter().id)["ally:harbor-legal-aid"].how
    assert evidence == "public page: confirmed from an address at harbor.example.org, accepted by Pol"


def test_accepting_first_shows_who_they_are(desk):
    confirm(desk, ask(desk, given("Polaris Harbor", address="me@elsewhere.example.com")))
    question = desk.card(desk.pol, "allies accept", request="A-1")

    assert question.head == "Accept A-001?"
    assert "Check: its website is" in words(question)
    assert listed(desk) == []


def test_accepting_several_shows_all_that_speaks_against_each_or_refuses(desk):
    for n in range(1, 26):
        site = f"{'long-' * 11}{n}.example.com"
        confirm(desk, ask(desk, given(f"Polaris Harbor {n}", f"harbor{n}.test", website=f"https://{site}")))
    three = words(desk.card(desk.pol, "allies accept", request="A-1, A-2, A-3, A-4"))
    assert three.count("Check: its website is") == three.count("Check: the name is like Polaris's") == 4
    everyone = ", ".join(f"A-{n}" for n in range(1, 26))
    assert "too many to read at once" in desk.refused(desk.pol, "allies accept", request=everyone).what


def test_nobody_is_accepted_unseen(desk):
    confirm(desk, ask(desk))
    for typed in ({}, {"shown": "0" * 64}):
        assert desk.card(desk.pol, "allies accept", request="A-1", **typed).head == "Accept A-001?"
    assert listed(desk) == []


def test_those_who_may_accept_learn_what_waits(desk):
    confirm(desk, ask(desk))

    assert "1 organization asks to sign L-001, closes Fri Nov 27, 5 p.m. (/allies list L-001)" in words(
        desk.card(desk.pol, "campaign me")
    )
    assert "asks to sign" not in words(desk.card(next(iter(desk.reps.values())), "campaign me"))


def test_the_letter_says_how_an_ally_signed(desk):
    confirm(desk, ask(desk))
    accept(desk)
    signed = Signature(organisation="Harbor Legal Aid", evidence=Evidence.PAGE)

    assert sheet.sheet(replace(LETTER, signatures=(signed,)))["notes"][0] == (
        "§ Signed on the coalition's public page and confirmed by email."
    )


def test_a_withdrawn_letter_is_not_shown_behind_a_link(desk):
    secret = ask(desk)
    desk.card(desk.pol, "letter withdraw", letter="L-1", agree="yes")

    with pytest.raises(Refused, match="no sign-on page"):
        signing.linked_letter(desk.db, secret, desk.now)


def test_the_signatory_is_named_on_the_page_only_if_the_organization_wishes(desk):
    confirm(desk, ask(desk, given(listed=False)))
    accept(desk)

    assert signing.page(desk.db, desk.config, "L-1", desk.now).allies == (signing.Signer("Harbor Legal Aid"),)


def test_a_member_cannot_sign_on_the_page_which_tells_no_one_who_is_a_member(desk):
    member = next(iter(desk.config.coalition.members.values()))
    assert ask(desk, given(member.name))
    confirm(desk, secret_mailed(desk))

    refused = desk.refused(desk.pol, "allies accept", request="A-1")

    assert refused.what == f"A-001 cannot be accepted: {member.name} is a member, so its representative signs."


def test_an_address_that_anyone_can_get_is_refused():
    with pytest.raises(Refused, match="Use one at your organization's own domain") as refused:
        given(address="ann@gmail.com")
    assert refused.value.param == "address"


@pytest.mark.sqlite  # no store is read
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("legal_name", ""),
        ("legal_name", "x" * 101),
        ("legal_name", "Your invoice is overdue, pay at https://evil.example/pay"),
        ("legal_name", "Pay at evil.com/pay"),
        ("legal_name", "Pay at www.evil"),
        ("legal_name", "Relief (ann@evil.com)"),
        ("legal_name", "Relief \uff20 evil\uff0ecom"),  # full-width signs
        ("signatory", "call +1 900 555 0199"),
        ("signatory", "Ann 555-01-99 Lee"),
        ("signatory", "Ann 555·0199·12 Lee"),
        ("legal_name", "Call 900–555–0199"),
        ("title", "Director 5\ufe0f\u20e35\ufe0f\u20e35\ufe0f\u20e3, 0199"),
        ("signatory", "Ann\u3164Lee"),  # a letter that shows nothing
        ("legal_name", "Re\u034flief"),
        ("signatory", "evil.com"),
        ("title", "Director, see bit.ly"),
        ("signatory", "Ann\x1b[2J Lee"),
        ("website", "javascript:alert(1)"),
        ("website", "localhost"),
        ("address", "ann@example.org\nBcc: all@example.net"),
        ("address", "ann@example.org, bob@example.org"),
        ("address", "ann..lee@example.org"),
        ("address", '"ann"@example.org'),
    ],
)
def test_a_field_that_cannot_be_right_is_refused_by_name(field, value):
    with pytest.raises(Refused) as refused:
        given(**{field: value})
    assert refused.value.param == field


@pytest.mark.sqlite  # no store is read
@pytest.mark.parametrize("field", ["legal_name", "signatory", "title"])
@pytest.mark.parametrize("sign", ["\ua4ee", "\uff21", "\u2605", "\U0001f9e1", "\u4e00", "\u0430"])
def test_a_name_with_a_sign_that_no_letter_prints_is_refused(field, sign):
    with pytest.raises(Refused, match="in Latin letters") as refused:
        given(**{{"legal_name": "name"}.get(field, field): f"{sign}nn Lee"})
    assert refused.value.param == field


def test_every_sign_that_a_name_may_have_is_printed_in_the_pdf():
    signs = "".join(chr(n) for n in range(0x20, 0x2213) if not unprintable(chr(n)))
    assert signs.isprintable()
    signed = Signature(organisation=unicodedata.normalize("NFC", signs), signatory="Ann", title="Director")
    assert render.pdf(replace(LETTER, signatures=(signed,)), ROOT).startswith(b"%PDF")


@pytest.mark.parametrize("field", ["signatory", "title"])
def test_a_representative_s_name_with_a_sign_that_no_letter_prints_is_refused_and_named(desk, field):
    who = {"signatory": "Ann Lee", "title": "Director"} | {field: "Ann \u2605"}
    signed = {"letter": "L-1", "agree": "yes", "text": desk.text()}
    refused = desk.refused(desk.reps["polaris"], "letter sign", **signed, **who)
    assert "cannot show “\u2605”" in refused.what
    recorded = {"letter": "L-1", "member": "polaris", "evidence": "email", "note": "3 May"}
    assert "cannot show “\u2605”" in desk.refused(desk.pol, "letter record", **recorded, **who).what
    named = desk.refused(desk.admin, "settings member", **{"name": "polaris", "legal-name": "Polaris \u2605"})
    assert "cannot show “\u2605”" in named.what


def test_an_organization_may_be_named_like_its_own_domain_and_have_a_number():
    assert given("Change.org", "change.org").legal_name == "Change.org"
    assert given("Fundación Ñandú e\u0301 – “Łódź” & Co").legal_name == "Fundación Ñandú é – “Łódź” & Co"
    assert given("ʻAha Pūnana Leo").legal_name == "ʻAha Pūnana Leo"
    assert given("Diné Bikǫ\u0301ʼ").legal_name == "Diné Bikǫ\u0301ʼ"
    assert given("SEIU Local 1199, Ph.D. Chapter No. 3").legal_name


# Free, throw-away and other providers where anyone can have an address, and public suffixes.
ANYONE = (
    *("gmail.com", "yahoo.co.uk", "hotmail.fr", "outlook.de", "live.co.uk", "icloud.com", "aol.com", "aol.de"),
    *("gmx.de", "gmx.net", "gmx.at", "gmx.us", "web.de", "t-online.de", "freenet.de", "posteo.de"),
    *("mailbox.org", "tuta.io", "tuta.com", "tutanota.com", "proton.me", "protonmail.com", "pm.me", "qq.com"),
    *("163.com", "126.com", "sina.com", "mail.ru", "yandex.ru", "bk.ru", "list.ru", "inbox.ru", "rambler.ru"),
    *("free.fr", "orange.fr", "laposte.net", "libero.it", "virgilio.it", "tiscali.it", "seznam.cz", "wp.pl"),
    *("o2.pl", "onet.pl", "interia.pl", "naver.com", "daum.net", "rediffmail.com", "uol.com.br", "bol.com.br"),
    *("comcast.net", "verizon.net", "att.net", "cox.net", "earthlink.net", "hushmail.com", "zoho.com"),
    *("fastmail.com", "riseup.net", "mailinator.com", "guerrillamail.com", "yopmail.com", "sharklasers.com"),
    *("trashmail.com", "temp-mail.org", "mail.com", "usa.com", "co.uk", "github.io", "x.onmicrosoft.com"),
    "smtp.gmx.net",
)  # fmt: skip


@pytest.mark.sqlite  # no store is read
@pytest.mark.parametrize("domain", ANYONE)
def test_a_domain_where_anyone_can_have_an_address_is_refused(domain):
    with pytest.raises(Refused, match="Anyone can have an address at"):
        given(website=f"worldrelief.{domain}", address=f"mallory@{domain}")


@pytest.mark.parametrize(
    "domain", ["worldrelief.org", "cabinet.senate.gov", "x.github.io", "shelter.org.uk", "new.zzz"]
)
def test_an_organization_s_own_domain_is_taken(domain):
    assert given(website=domain, address=f"ann@{domain}").address == f"ann@{domain}"


def test_what_differs_from_an_earlier_letter_is_said_and_the_website_is_called_typed(desk):
    confirm(desk, ask(desk, given("World Relief", "worldrelief.org")))
    accept(desk)
    desk.card(desk.pol, "letter duplicate", letter="L-1")
    desk.card(desk.pol, "letter review", letter="L-2")
    desk.approve("L-2")
    desk.card(desk.pol, "letter signon", letter="L-2", until="Fri 17:00")
    desk.card(desk.pol, "allies open", letter="L-2")

    def second(who):
        with desk.job.write() as work:
            signing.ask(work, "L-2", who, network="x")
            request = records.from_address(work.tx, desk.letter("L-2").id, who.address)
            records.save(work.tx, replace(request, stage=Stage.CONFIRMED))
        return words(desk.card(desk.pol, "allies list", letter="L-2"))

    listing = second(given("World Relief", "world-relief.org", signatory="Mal Lory"))
    assert "on L-001 it signed from worldrelief.org" in listing
    assert "on L-001 Ann Lee signed for it" in listing
    assert "website, as typed: world-relief.org" in listing
    assert "its website is" not in listing
    assert "as on L-001" in second(given("World Relief", "mail.worldrelief.org"))
    assert "it signed from worldrelief.org" in words(desk.card(desk.pol, "allies accept", request="A-2"))


@pytest.mark.parametrize("name", ["World Relief, Inc.", "Relief of the World"])
def test_an_organization_that_asks_again_in_another_name_is_shown_beside_the_first(desk, name):
    confirm(desk, ask(desk, given("World Relief", "worldrelief.org")))
    accept(desk)
    site = "worldrelief.org" if name.startswith("Relief") else "world-relief.com"
    confirm(desk, ask(desk, given(name, site, address=f"bo@{site}")))
    assert "it may be World Relief, which signed this letter" in words(desk.card(desk.pol, "allies list"))


def test_pressing_the_link_again_changes_nothing(desk):
    secret = ask(desk)
    confirm(desk, secret)
    accept(desk)
    confirm(desk, secret)

    assert listed(desk) == ["Harbor Legal Aid"]
    assert records.numbered(desk.db, 1).stage is Stage.ACCEPTED


def test_an_unknown_link_is_refused(desk):
    with pytest.raises(Refused, match="This link is not known"):
        confirm(desk, "0" * 64)


def test_someone_who_changes_the_request_after_the_page_was_opened_confirms_nothing(desk):
    secret = ask(desk)
    with desk.db.write() as tx:
        shown = signing.digest_shown(signing.linked(tx, secret, desk.now), desk.letter().version.digest)
    ask(desk, given("Another Name"))

    with pytest.raises(Refused, match="Something changed"), desk.job.write() as work:
        signing.confirm(work, secret, shown)


def test_we_did_not_sign_this_removes_the_signature_and_notifies_the_author(desk):
    secret = ask(desk)
    confirm(desk, secret)
    accept(desk)
    disown(desk, secret)

    assert listed(desk) == []
    head = "Harbor Legal Aid says it did not sign L-001"
    assert sum(card.head == head for card in desk.sent_to(desk.pol)) == 1
    confirm(desk, secret)
    accept(desk)
    disown(desk, secret)
    assert sum(card.head == head for card in desk.sent_to(desk.pol)) == 2


TABLE = (
    b"organization,signatory,title,evidence\nHarbor Legal Aid,Sam Roe,Director,email\nBay Aid,Kim Poe,Chair,letter\n"
)


@pytest.mark.parametrize("is_confirmed", [False, True])
@pytest.mark.parametrize("is_locked", [False, True])
def test_a_signature_that_staff_recorded_stays_and_its_author_hears_that_a_mailbox_did_not_sign(
    desk, is_confirmed, is_locked
):
    desk.hand(desk.pol, "letter allies", TABLE, letter="L-1")
    secret = ask(desk)
    if is_confirmed:
        confirm(desk, secret)
    if is_locked:
        desk.lock("L-1")
    disown(desk, secret)

    told = words(desk.sent_to(desk.pol)[-1])
    assert "Someone at harbor.example.org says that Harbor Legal Aid did not sign L-001" in told
    assert ("correct the letter with its recipients" if is_locked else "/allies remove") in told
    signed = letters.sign_ons(desk.db, desk.letter().id)["ally:harbor-legal-aid"]
    assert signed.how == "email: someone at harbor.example.org says that it did not sign; recorded by Pol"
    assert signed.objected_at is None  # no one accepted the mailbox as the organization's
    with desk.db.write() as tx:
        assert signing.linked_letter(tx, secret, desk.now).is_listed
    assert listed(desk) == ["Bay Aid", "Harbor Legal Aid"]
    assert "says that it did not sign" not in words(
        desk.card(desk.pol, "letter show", letter="L-1")
    )  # no one accepted it


def test_staff_take_back_a_signature_that_they_recorded_until_the_lock(desk):
    desk.hand(desk.pol, "letter allies", TABLE, letter="L-1")
    accepted = ask(desk, given("Inland Aid", "inland.example.org"))
    confirm(desk, accepted)
    accept(desk)

    for name in ("Inland Aid", "Nobody"):
        refused = desk.refused(desk.pol, "allies remove", letter="L-1", organization=name)
        assert refused.what == "Staff recorded no such signature under L-001: Bay Aid and Harbor Legal Aid."
    desk.card(desk.pol, "allies remove", letter="L-1", organization="harbor legal aid")
    assert listed(desk) == ["Bay Aid", "Inland Aid"]
    change = desk.changes()[-1]
    assert (change.subject, change.after) == ("L-001, ally:harbor-legal-aid", "taken back")
    desk.lock("L-1")
    assert "L-001 is locked" in desk.refused(desk.pol, "allies remove", letter="L-1", organization="Bay Aid").what


def test_a_member_s_recorded_signature_is_taken_back_and_its_representative_told(desk):
    desk.records("cast")
    name = desk.config.coalition.members["cast"].signs_as
    desk.card(desk.pol, "allies remove", letter="L-1", organization="cast")

    told = desk.sent_to(desk.reps["cast"])[-1]
    assert told.head == f"The signature of {name}, recorded for L-001, is taken back"
    assert letters.sign_ons(desk.db, desk.letter().id) == {}
    desk.records("cast", signatory="Sam Row")  # a slip in the first is corrected


@pytest.mark.parametrize("legal_name", [None, "Harbor Legal Aid of the Bay, Inc."])
@pytest.mark.parametrize("decision", ["sign", "decline"])
def test_an_ally_that_becomes_a_member_is_under_the_letter_as_it_decides_then(desk, decision, legal_name):
    desk.hand(desk.pol, "letter allies", TABLE, letter="L-1")
    coalition = desk.config.coalition
    harbor = coalition.members["cast"].model_copy(update={"name": "Harbor Legal-Aid", "legal_name": legal_name})
    coalition = coalition.model_copy(update={"members": coalition.members | {"cast": harbor}})
    desk.config = replace(desk.config, coalition=coalition)
    if decision == "sign":
        desk.signs("cast")
    else:
        desk.card(desk.reps["cast"], "letter decline", letter="L-1", agree="yes")
    desk.lock("L-1")

    signed = lookup.signed_organizations(desk.db, coalition, desk.letter())
    assert list(signed) == ["ally:bay-aid", *(["cast"] if decision == "sign" else [])]


def test_a_mailbox_that_did_not_sign_is_not_mailed_again_for_that_letter(desk):
    disown(desk, ask(desk))
    mails = desk.db.read("SELECT * FROM delivery WHERE channel LIKE 'outside:%'")
    ask(desk, given("Another Name"))
    ask(desk, given(address="ann+letters@harbor.example.org"))

    assert desk.db.read("SELECT * FROM delivery WHERE channel LIKE 'outside:%'") == mails


def test_no_day_ends_what_a_mailbox_or_the_staff_decided(desk):
    theirs, refused = ask(desk), ask(desk, given("Bay Aid", "bay.example.org"))
    confirm(desk, refused)
    desk.card(desk.pol, "allies refuse", request="A-2")
    disown(desk, theirs)
    disown(desk, refused)
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="2", text="Please fund services on their own this year.")
    desk.now += timedelta(days=2)
    with desk.db.write() as tx:
        forget(tx, desk.config.coalition, desk.now)
    desk.approve()
    mails = desk.db.read("SELECT id FROM delivery WHERE channel LIKE 'outside:%'")
    ask(desk)
    ask(desk, given("Bay Aid", "bay.example.org"))

    assert desk.db.read("SELECT id FROM delivery WHERE channel LIKE 'outside:%'") == mails
    assert [each.stage for each in records.requests(desk.db, Stage, None)] == [Stage.DISOWNED, Stage.REFUSED]


@pytest.mark.sqlite  # looks into the copy's file
def test_a_copy_of_the_store_has_no_link_that_waits_and_mails_another(desk, tmp_path):
    secret = ask(desk)
    path = tmp_path / "copy.db"
    copy = sqlite.create(path)
    copy_store(desk.db, copy, then=drop_secrets)
    assert records.without_link(copy, desk.now - timedelta(hours=1), [desk.letter().id], 9)
    copy.close()
    assert secret.encode() not in path.read_bytes()


def test_a_mailbox_confirms_again_after_another_of_its_organization_was_refused(desk):
    first = ask(desk)
    confirm(desk, first)
    accept(desk, "A-1")
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="2", text="Please fund services on their own this year.")
    desk.card(desk.pol, "letter review", letter="L-1")
    desk.approve()
    second = ask(desk, given(address="bob@harbor.example.org"))
    confirm(desk, second)
    accept(desk, "A-2")
    desk.card(desk.pol, "allies refuse", request="A-2")
    assert confirm(desk, first).stage is Stage.CONFIRMED


def test_the_limits_do_not_tell_which_mailbox_did_not_sign(desk):
    disown(desk, ask(desk))
    desk.now += timedelta(days=2)
    answers = []
    for domain in ("harbor.example.org", "inland.example.org"):
        for name in ("One Aid", "Two Aid", "Three Aid"):
            ask(desk, given(name, domain))
        with pytest.raises(Refused) as refused:
            ask(desk, given("Four Aid", domain))
        answers.append(str(refused.value))
    assert answers[0] == answers[1]


def test_after_the_lock_the_letter_stays_and_the_author_is_notified(desk):
    secret = ask(desk)
    confirm(desk, secret)
    accept(desk)
    desk.lock("L-1")
    disown(desk, secret)

    assert listed(desk) == ["Harbor Legal Aid"]
    assert any(
        "The letter is locked: correct it with its recipients." in words(card) for card in desk.sent_to(desk.pol)
    )
    named = "Under it, but says that it did not sign: Harbor Legal Aid."
    assert named in words(desk.card(desk.bap, "letter show", letter="L-1"))


def test_a_text_that_is_approved_after_the_deadline_asks_allies_once_it_is_opened_again(desk):
    secret = ask(desk)
    confirm(desk, secret)
    accept(desk)
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="2", text="Please fund services on their own this year.")
    desk.compose(days=4)
    desk.approve()
    assert secret_mailed(desk) == secret
    desk.card(desk.pol, "letter signon", letter="L-1", until="2026-12-04")
    mailed = secret_mailed(desk)
    assert mailed != secret
    confirm(desk, mailed)
    assert listed(desk) == ["Harbor Legal Aid"]
    desk.card(desk.pol, "letter signon", letter="L-1", until="2026-12-05")
    assert secret_mailed(desk) == mailed, "a later deadline asks nobody again"


def test_a_changed_text_asks_again_and_is_signed_without_a_second_acceptance(desk):
    secret = ask(desk)
    confirm(desk, secret)
    accept(desk)
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="2", text="Please fund services on their own this year.")
    assert desk.letter().state is State.REVIEW
    with pytest.raises(Refused, match="working on a new text"):
        confirm(desk, secret)
    desk.approve()

    assert listed(desk) == []
    again = secret_mailed(desk)
    assert again != secret
    confirm(desk, again)
    assert listed(desk) == ["Harbor Legal Aid"]
    assert not any("no longer count" in card.head for card in desk.sent_to(desk.pol))


def test_a_request_that_confirmed_an_earlier_text_cannot_be_accepted(desk):
    confirm(desk, ask(desk))
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="2", text="Please fund services on their own this year.")
    desk.approve()

    assert "confirmed an earlier text" in desk.refused(desk.pol, "allies accept", request="A-1").what


def test_a_refused_request_stays_refused(desk):
    secret = ask(desk)
    confirm(desk, secret)
    desk.card(desk.pol, "allies refuse", request="A-1")

    with pytest.raises(Refused, match="decided not to add"):
        confirm(desk, secret)
    with desk.job.write() as work:
        signing.ask(work, "L-1", given(), network="x")
    assert secret_mailed(desk) == secret
    assert listed(desk) == []


def test_the_same_name_from_two_addresses_signs_once(desk):
    confirm(desk, ask(desk))
    confirm(desk, ask(desk, given(address="bob@harbor.example.org")))
    accept(desk)

    assert "has signed L-001 already" in desk.refused(desk.pol, "allies accept", request="A-2").what


MALLORY = {"name": "Harbor Legal Aid", "domain": "harbor-legal.com", "signatory": "Mal Lory"}


def change_the_text(desk):
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="2", text="Please fund services on their own this year.")
    desk.approve()


def signature(desk):
    return letters.sign_ons(desk.db, desk.letter().id).get("ally:harbor-legal-aid")


def test_another_domain_cannot_take_over_a_name_that_signed_an_earlier_text(desk):
    confirm(desk, ask(desk))
    accept(desk)
    other = ask(desk, given(**MALLORY))
    change_the_text(desk)
    confirm(desk, other)

    assert "on L-001 it signed from harbor.example.org" in words(desk.card(desk.pol, "allies list"))
    refused = desk.refused(desk.pol, "allies accept", request="A-2")
    assert "only from there it can decide again" in refused.what
    assert signature(desk).signatory == "Ann Lee"


def test_another_domain_cannot_sign_over_a_signature_that_was_taken_back(desk):
    secret = ask(desk)
    confirm(desk, secret)
    accept(desk)
    disown(desk, secret)
    confirm(desk, ask(desk, given(**MALLORY)))

    assert "has withdrawn L-001 from another domain" in desk.refused(desk.pol, "allies accept", request="A-2").what


def test_a_second_address_at_its_domain_may_sign_the_changed_text_and_each_confirms_what_it_was_shown(desk):
    first = ask(desk)
    confirm(desk, first)
    accept(desk)
    change_the_text(desk)
    confirm(desk, ask(desk, given(address="bob@mail.harbor.example.org", signatory="Bob Roe")))
    accept(desk, "A-2")
    assert signature(desk).signatory == "Bob Roe"

    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="2", text="Please fund services of their own.")
    desk.approve()
    confirm(desk, first)
    assert signature(desk).signatory == "Ann Lee"


def test_two_requests_in_one_name_are_not_accepted_together(desk):
    confirm(desk, ask(desk))
    confirm(desk, ask(desk, given(**MALLORY)))

    assert "are in one name: Harbor Legal Aid" in desk.refused(desk.pol, "allies accept", request="A-1, A-2").what


def test_a_table_does_not_sign_over_what_a_mailbox_decided(desk):
    secret = ask(desk)
    confirm(desk, secret)
    accept(desk)
    table = b"organization,signatory,title,evidence\nHarbor Legal Aid,Sam Roe,Director,email\n"
    for decision in ("signed", "withdrawn"):
        refused = desk.hand(desk.pol, "letter allies", table, letter="L-1")
        assert isinstance(refused, Refusal)
        assert f"Harbor Legal Aid ({decision}) decided on the letter's public page" in refused.what
        disown(desk, secret)
    assert signature(desk).signatory == "Ann Lee"


def test_an_accepted_organization_can_be_refused_until_the_lock(desk):
    secret = ask(desk, given(**MALLORY))
    confirm(desk, secret)
    accept(desk)
    desk.card(desk.pol, "allies refuse", request="A-1")

    assert listed(desk) == []
    change_the_text(desk)
    with pytest.raises(Refused, match="decided not to add"):
        confirm(desk, secret)
    confirm(desk, ask(desk))
    accept(desk, "A-2")
    assert signature(desk).signatory == "Ann Lee"
    desk.lock()
    assert "its signatures stay" in desk.refused(desk.pol, "allies refuse", request="A-2").what


def test_refusing_another_request_in_its_name_leaves_a_signature(desk):
    confirm(desk, ask(desk))
    confirm(desk, ask(desk, given(**MALLORY)))
    accept(desk)
    desk.card(desk.pol, "allies refuse", request="A-2")

    assert listed(desk) == ["Harbor Legal Aid"]


def test_requests_are_limited_by_mailbox_domain_and_network_for_a_day(desk):
    for address in ("ann@harbor.example.org", "ann+a@harbor.example.org", "bo@harbor.example.org"):
        ask(desk, given(address=address))
    with pytest.raises(Refused, match="too many requests"):
        ask(desk, given(address="ann+c@harbor.example.org"))
    ask(desk, given(address="ann@harbor.example.org"), network="192.0.2.128/25")  # whoever made up the three
    for n in range(7):
        ask(desk, given(address=f"p{n}@harbor.example.org"))
    with pytest.raises(Refused, match="too many requests"):
        ask(desk, given(address="p8@harbor.example.org"))
    for n in range(20):
        ask(desk, given(f"Org {n}", f"org{n}.org"))
    with pytest.raises(Refused, match="too many requests"):
        ask(desk, given("Org 20", "org20.org"))
    ask(desk, given("Org 20", "org20.org"), network="198.51.100.0/24")

    # Ten made-up requests in its name do not shut the organization out.
    ask(desk, given(address="real@harbor.example.org"), network="203.0.113.0/24")
    with pytest.raises(Refused, match="too many requests"):
        ask(desk, given(address="again@harbor.example.org"), network="203.0.113.0/24")

    desk.now += timedelta(days=1)
    ask(desk, given("Org 21", "org21.org"))


def test_an_address_gets_three_emails_a_day_its_tags_one_and_each_confirms_its_newest_request(desk):
    secret = ask(desk)
    for n in range(30):
        with suppress(Refused):
            ask(desk, given(f"Made Up {n}"), network=f"10.2.{n}.0/24")
        with suppress(Refused):
            ask(desk, given(address=f"ann+{n}@harbor.example.org"), network=f"10.3.{n}.0/24")
    assert len(links(desk)) == 4

    ask(desk, given("Harbor Legal Aid, Inc."), network="203.0.113.0/24")
    assert len(links(desk)) == 4
    assert confirm(desk, secret).given.legal_name == "Harbor Legal Aid, Inc."


def links(desk):
    """The addresses that links were mailed to, in order."""
    sql = """
        SELECT r.address FROM ally_link AS l JOIN ally_request AS r ON r.id = l.request_id
        ORDER BY l.made_at, r.number
    """
    return [row["address"] for row in desk.db.read(sql)]


def flood(desk, networks, each, first=0):
    """Requests for as many made-up organizations, each network in turn."""
    for n in range(first, first + networks * each):
        who = given(f"Org {n}", f"org{n}.org")
        with desk.job.write() as work:
            signing.ask(work, "L-1", who, network=f"10.{first}.{n % networks}.0/24")


@pytest.mark.long
def test_a_thousand_made_up_requests_delay_no_link_to_log_in_and_an_honest_request_little(desk):
    flood(desk, 33, 30)
    assert len(links(desk)) == 80  # at once
    due = due_channels(desk.db, now=desk.now)
    assert {each.rank for each in due if each.by_mail} == {2}
    with pytest.raises(Refused, match="too many requests"):
        ask(desk, given("Org X", "x.org"), network="10.0.0.0/24")

    ask(desk, given(), network="198.51.100.0/24")
    signing.mail_waiting(desk.job)
    assert "ann@harbor.example.org" in links(desk)
    for _ in range(11):
        desk.now += timedelta(minutes=5)
        signing.mail_waiting(desk.job)
    assert len(links(desk)) == 100  # an hour
    for _ in range(100):
        desk.now += timedelta(minutes=10)
        signing.mail_waiting(desk.job)
    assert len(links(desk)) == 600  # a day


def test_a_flood_of_one_letter_delays_no_request_of_another(desk, monkeypatch):
    monkeypatch.setattr(signing, "_AN_HOUR", 4)
    monkeypatch.setattr(signing, "_A_DAY", 80)
    desk.card(desk.pol, "allies open", letter=desk.opened().name)
    flood(desk, 80, 1)
    with desk.job.write() as work:
        signing.ask(work, "L-2", given(), network="198.51.100.0/24")
    flood(desk, 5, 1, first=80)
    assert len(links(desk)) == 80  # an hour, of all letters

    desk.now += timedelta(hours=2)
    signing.mail_waiting(desk.job)
    assert links(desk)[80:] == ["ann@harbor.example.org"]


@pytest.mark.long
def test_a_letter_that_has_had_its_mails_of_the_day_keeps_none_of_another_back(desk, monkeypatch):
    monkeypatch.setattr(signing, "_A_DAY", 81)
    desk.card(desk.pol, "allies open", letter=desk.opened().name)
    flood(desk, 80, 1)
    with desk.job.write() as work:
        signing.ask(work, "L-2", given(), network="198.51.100.0/24")
    flood(desk, 120, 1, first=80)
    assert "ann@harbor.example.org" not in links(desk), "an hour's mails are used up"

    desk.now += timedelta(hours=2)
    signing.mail_waiting(desk.job)
    assert sorted(links(desk)[80:]) == ["ann@harbor.example.org", "ann@org199.org"]


def test_an_address_that_has_confirmed_is_not_kept_out_by_others_at_its_domain(desk):
    confirm(desk, ask(desk))
    for n in range(9):
        ask(desk, given(address=f"p{n}@harbor.example.org"))
    with pytest.raises(Refused, match="too many requests"):
        ask(desk, given(address="p9@harbor.example.org"))
    desk.now += timedelta(minutes=11)
    ask(desk)


@pytest.mark.long
def test_the_links_of_those_who_confirm_are_no_part_of_the_limit(desk):
    for n in range(90):
        confirm(desk, ask(desk, given(f"Org {n}", f"org{n}.org"), network=f"10.1.{n}.0/24"))
    assert len(links(desk)) == 90


def test_unconfirmed_requests_do_not_close_a_letter_and_end_after_a_day(desk, monkeypatch):
    monkeypatch.setattr(signing, "_MAX_CONFIRMED", 3)
    secrets = [ask(desk, given(f"Org {n}", f"org{n}.org")) for n in range(6)]
    for secret in secrets[:3]:
        confirm(desk, secret)
    with pytest.raises(Refused, match="takes no more signatures"):
        ask(desk)

    desk.now += timedelta(hours=25)
    with pytest.raises(Refused, match="older than a day"):
        confirm(desk, secrets[5])
    with desk.db.write() as tx:
        forget(tx, desk.config.coalition, desk.now)
    assert [each.stage for each in records.requests(desk.db, Stage)] == [Stage.CONFIRMED] * 3


def test_the_author_is_told_of_200_unconfirmed_requests_once(desk, monkeypatch):
    monkeypatch.setattr(signing, "_MANY_UNCONFIRMED", 5)
    flood(desk, 2, 4)
    heads = [card.head for card in desk.sent_to(desk.pol)]
    assert heads.count("5 requests to sign L-001 within a day were not confirmed") == 1


def test_a_mailbox_that_a_stranger_made_up_is_no_news_for_the_administrators(desk):
    secret = ask(desk)
    name = f"outside:{records.numbered(desk.db, 1).id}"
    assert records.channel(desk.db, name).unproven
    confirm(desk, secret)
    assert not records.channel(desk.db, name).unproven


def test_the_same_request_again_mails_nothing_for_ten_minutes_and_a_corrected_one_does(desk):
    for _ in range(3):
        ask(desk)
    assert len(links(desk)) == 1
    ask(desk, given(title="Executive Director"))
    assert len(links(desk)) == 2
    desk.now += timedelta(minutes=11)
    ask(desk, given(title="Executive Director"))
    assert len(links(desk)) == 3


def test_no_address_and_no_network_is_stored_for_the_limits(desk):
    ask(desk)
    rows = desk.db.read("SELECT subject FROM ally_limit")

    assert len(rows) == 7
    assert not any("192.0.2" in row["subject"] or "harbor" in row["subject"] for row in rows)


def test_the_author_is_reminded_once_a_day_that_allies_wait(desk):
    for n in range(3):
        confirm(desk, ask(desk, given(f"Org {n}", f"org{n}.org")))

    heads = [card.head for card in desk.sent_to(desk.pol)]
    assert heads.count("Organizations ask to sign L-001") == 1


def test_after_the_deadline_nobody_can_ask_or_confirm(desk):
    desk.now = desk.letter().closes_at - timedelta(minutes=1)
    secret = ask(desk)
    desk.now = desk.letter().closes_at
    with pytest.raises(Refused, match="has closed"):
        confirm(desk, secret)
    with pytest.raises(Refused, match="has closed"):
        ask(desk)


def offices_move(desk):
    """The letter's addressee has another address now, so a fresh draft would read differently."""
    offices = {
        id_: office.model_copy(update={"block": ("The Head", "Washington, DC 20001")})
        for id_, office in desk.config.coalition.offices.items()
    }
    desk.config = replace(desk.config, coalition=desk.config.coalition.model_copy(update={"offices": offices}))


def test_nobody_asks_or_confirms_on_the_page_of_a_letter_whose_facts_changed_nor_reads_which(desk):
    secret = ask(desk)
    offices_move(desk)
    with pytest.raises(Refused, match=r"^The coalition is working on a new text\. You can sign once it is ready\.$"):
        ask(desk, given("Org 2", "org2.org"))
    with pytest.raises(Refused, match=r"^The coalition is working on a new text\. You can sign once it is ready\.$"):
        confirm(desk, secret)
    assert [each.stage for each in records.requests(desk.db, Stage)] == [Stage.ASKED]


def test_facts_that_changed_and_changed_back_open_no_locked_letter(desk):
    confirm(desk, ask(desk))
    accept(desk)
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="2", text="Please fund services on their own this year.")
    desk.approve()
    before = desk.config
    offices_move(desk)
    desk.compose()
    desk.config = before
    desk.lock()
    assert desk.letter().untrue  # by the last look at its facts
    with pytest.raises(Refused, match="has closed"):
        confirm(desk, secret_mailed(desk))
    assert listed(desk) == []


def test_no_ally_is_accepted_under_a_letter_whose_facts_changed(desk):
    confirm(desk, ask(desk))
    question = desk.card(desk.pol, "allies accept", request="A-1")
    offices_move(desk)
    desk.untrue(desk.pol, "allies accept", **dict(question.buttons[0].args))
    assert listed(desk) == []
    assert records.numbered(desk.db, 1).stage is Stage.CONFIRMED


def test_a_closed_page_shows_nothing(desk):
    secret = ask(desk)
    desk.card(desk.pol, "allies close", letter="L-1")

    assert not signing.linked_letter(desk.db, secret, desk.now).is_open

    assert signing.page(desk.db, desk.config, "L-1", desk.now) is None
    with pytest.raises(Refused, match="no sign-on page"):
        ask(desk)


def test_a_draft_has_no_public_page(tmp_path):
    desk = Desk(tmp_path, replace(config(), site="https://board.example.org"))
    desk.drafted()

    assert "you cannot open a public page for it now" in desk.refused(desk.pol, "allies open", letter="L-1").what
    assert signing.page(desk.db, desk.config, "L-1", desk.now) is None


@pytest.mark.parametrize(("site", "mails"), [("", True), ("https://board.example.org", False)])
def test_a_public_page_needs_a_web_site_and_email_to_confirm_who_asks(tmp_path, site, mails):
    desk = Desk(tmp_path, replace(config(), site=site, mails=mails))
    desk.opened()

    refusal = desk.refused(desk.pol, "allies open", letter="L-1")
    assert refusal.what.startswith("The page and its emails need WEB_URL and SMTP_URL")


def test_representatives_cannot_accept_allies(desk):
    confirm(desk, ask(desk))
    rep = next(iter(desk.reps.values()))

    desk.refused(rep, "allies accept", request="A-1")
    assert listed(desk) == []

"""Mail reads and opens, and never acts: what a link of a mail does, and what a mail that comes back may do."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from bot.chat.links import VALID, Signer
from bot.chat.web.forms import PREVIEW, SEARCH, STATE
from bot.letters import records
from bot.letters.lifecycle import Decision
from bot.letters.model import Evidence
from bot.letters.wording import enclosed_text
from bot.outbox import holds, messages
from bot.outbox.channels import Channels
from bot.outbox.model import alphanumeric
from bot.outbox.notices import hold_card
from bot.people import mail
from bot.shared.card import Button
from tests.kit.board import words
from tests.kit.mail_reader import SITE, THEIRS, MailReader, links, report, stop_token, text_of
from tests.kit.web_face import BOARD, KEYRING, Browser, form_fields, open_session, web_site


@pytest.fixture
def post(tmp_path):
    return MailReader(tmp_path)


@pytest.fixture
def open_letter(post):
    post.confirmed().desk.opened()
    post.desk.now += timedelta(days=2)
    return post


def sign_on(post):
    letter = post.desk.letter()
    return records.sign_ons(post.desk.db, letter.id).get("polaris")


@asynccontextmanager
async def reading(post):
    """A browser without any session, at a site whose links are those of the mails."""
    async with (
        web_site(post.desk, **BOARD, mail_link=lambda *_: None, mailbox=post.letterbox.mailbox) as url,
        Browser(url) as browser,
    ):
        yield browser


def asked(post):
    return post.mails()[-1]


def path(mail, label):
    return links(mail)[label].removeprefix(SITE)


# --- a page for the one thing that a mail asks ------------------------------------------------------------------------


def test_the_link_is_at_the_top_of_a_mail_that_has_the_whole_text(open_letter):
    mail_ = asked(open_letter)
    text = text_of(mail_)
    assert text.splitlines()[2].startswith(f"Sign <{SITE}/do/letter/sign?")
    (section,) = enclosed_text(open_letter.desk.letter())
    assert all(alphanumeric(line.text) in alphanumeric(text) for line in section.lines)
    assert next(iter(links(mail_))) == "Sign"


async def test_she_signs_by_the_link_without_a_log_in_after_she_saw_who_and_what(open_letter):
    post = open_letter
    text = post.desk.letter().version.texts[0].written.body[0].text
    async with reading(post) as browser:
        page = await browser.get(path(await asyncio.to_thread(asked, post), "Sign"))
        assert page.status == 200
        assert "For Rosa Diaz" in page.text
        assert text[:60] in page.text
        digest = post.desk.letter().version.digest
        assert digest[:12] in page.text
        assert digest not in page.text
        assert page.text.count("L-001") == 2, "once as what the button is for, once over the text"
        assert sign_on(post) is None
        form = await browser.submit(page.forms[0])
        assert text[:60] in form.text
        assert sign_on(post) is None
        done = await browser.submit(form.forms[0], {"agree": "yes", "signatory": "Rosa Diaz", "title": "Director"})
    assert done.text.startswith("For Rosa Diaz")
    assert "Signed for Polaris" in done.text
    assert done.forms == []
    signed = sign_on(post)
    assert (signed.decision, signed.person, signed.evidence) == (Decision.SIGNED, post.rosa.id, None)
    change = next(each for each in post.desk.changes() if each.command == "letter sign")
    assert (change.who, change.origin) == ("Rosa Diaz", "mail")
    receipt = post.mails()[-1]
    assert "Polaris has signed L-001" in text_of(receipt)


async def test_the_link_finds_no_other_letters(open_letter):
    desk = open_letter.desk
    link = await asyncio.to_thread(lambda: path(asked(open_letter), "Sign"))
    other = await asyncio.to_thread(desk.opened)
    async with reading(open_letter) as browser:
        page = await browser.get(link)
        form = await browser.submit(page.forms[0])
        field = {"name": "letter", "label": "", "help": "", "required": True, "choices": [], "filled": False}
        made_up = {STATE: json.dumps({"fields": [field]}), SEARCH: "letter", "letter": ""}
        fields = form_fields(form.forms[0]) | made_up
        found = await browser.post(form.forms[0].get("action"), fields)
    assert found.status == 200
    assert other.name not in found.body.decode()


@pytest.mark.parametrize("asked_for", [{PREVIEW: "yes"}, {SEARCH: "signatory"}, {"agree": "yes", "signatory": ""}])
async def test_whatever_is_sent_with_the_link_it_shows_its_own_letter_alone(open_letter, asked_for):
    desk = open_letter.desk
    link = await asyncio.to_thread(lambda: path(asked(open_letter), "Sign"))
    other = await asyncio.to_thread(lambda: desk.opened(template="agency-request"))
    secret = other.version.texts[0].written.body[1].text
    async with reading(open_letter) as browser:
        page = await browser.get(link)
        form = await browser.submit(page.forms[0])
        assert secret[:60] not in form.text
        fields = form_fields(form.forms[0]) | {"letter": other.name, "text": other.version.digest} | asked_for
        found = await browser.post(form.forms[0].get("action"), fields)
    assert desk.letter().version.texts[0].written.body[0].text[:60] in found.text
    assert other.name not in found.body.decode()
    assert secret[:60] not in found.text


@pytest.mark.long
async def test_fifty_scanners_that_open_it_sign_nothing(open_letter):
    link = await asyncio.to_thread(lambda: path(asked(open_letter), "Sign"))
    before = await asyncio.to_thread(open_letter.desk.everything)
    async with reading(open_letter) as browser:
        for _ in range(25):
            assert (await browser.get(link)).status in (200, 429)
    assert await asyncio.to_thread(open_letter.desk.everything) == before


async def test_she_declines_by_the_link(open_letter):
    async with reading(open_letter) as browser:
        page = await browser.get(path(await asyncio.to_thread(asked, open_letter), "Decline"))
        form = await browser.submit(page.forms[0])
        await browser.submit(form.forms[0])
    assert sign_on(open_letter).decision is Decision.DECLINED


async def test_a_link_keeps_its_arguments_whatever_is_in_them(open_letter):
    button = Button("Decline", "letter decline", (("letter", "L-001"), ("reason", "Time & money: 100% + #2")))
    to = Signer(KEYRING, SITE, open_letter.rosa.id, open_letter.desk.now + VALID, open_letter.mine.token)
    async with reading(open_letter) as browser:
        page = await browser.get(to.url(button).removeprefix(SITE))
        await browser.submit(page.forms[0])
    assert sign_on(open_letter).note == "Time & money: 100% + #2"


async def sign_by(post, link, **more):
    """What a visitor without a session sees at the end of all presses."""
    async with reading(post) as browser:
        page = await browser.get(link)
        if page.status != 200 or not page.forms:
            return page
        form = await browser.submit(page.forms[0])
        given = {"agree": "yes", "signatory": "Rosa Diaz", "title": "Director"} | more
        return await browser.submit(form.forms[0], given) if form.forms else form


@pytest.mark.parametrize(
    "change",
    [
        lambda link: link.replace("letter=L-001", "letter=L-002"),
        lambda link: link.replace("/letter/sign", "/letter/unsign"),
        lambda link: link.split("&_for")[0],
        lambda link: link[:-1] + ("a" if link[-1] != "a" else "b"),
    ],
)
async def test_a_changed_link_asks_for_a_log_in(open_letter, change):
    link = await asyncio.to_thread(lambda: path(asked(open_letter), "Sign"))
    assert (await sign_by(open_letter, change(link))).status == 401
    assert sign_on(open_letter) is None


async def test_the_link_signs_exactly_the_letter_and_text_that_it_names(open_letter):
    link = await asyncio.to_thread(lambda: path(asked(open_letter), "Sign"))
    await sign_by(open_letter, link, letter="L-002", text="f" * 64)
    assert sign_on(open_letter).counts(open_letter.desk.letter().version)


async def test_after_two_weeks_or_another_address_the_link_asks_for_a_log_in(open_letter):
    desk = open_letter.desk
    link = await asyncio.to_thread(lambda: path(asked(open_letter), "Sign"))
    with desk.db.write() as tx:
        mine = mail.address_of(tx, open_letter.rosa.id)
        tx.execute("UPDATE mail_address SET token = 'another' WHERE token = :token", {"token": mine.token})
    assert (await sign_by(open_letter, link)).status == 401
    with desk.db.write() as tx:
        tx.execute("UPDATE mail_address SET token = :token WHERE token = 'another'", {"token": mine.token})
    desk.now += timedelta(days=15)
    assert (await sign_by(open_letter, link)).status == 401


@pytest.mark.parametrize("label", ["Sign", "Decline"])
async def test_the_link_of_an_earlier_text_decides_nothing_and_says_so(open_letter, label):
    post, desk = open_letter, open_letter.desk
    link = await asyncio.to_thread(lambda: path(asked(post), label))

    def edit():
        text = desk.letter().version.texts[0].written.body[0].text
        desk.card(desk.pol, "letter edit", letter="L-1", paragraph="1", text=f"{text} And more.")
        desk.card(desk.pol, "letter review", letter="L-1")
        desk.approve()

    await asyncio.to_thread(edit)
    page = await sign_by(post, link)
    assert "changed" in page.text
    assert sign_on(post) is None


@pytest.mark.parametrize("verb", ["decline", "unsign"])
async def test_what_she_decided_in_the_chat_is_not_changed_by_the_link(open_letter, verb):
    desk = open_letter.desk
    link = await asyncio.to_thread(lambda: path(asked(open_letter), "Sign"))
    await sign_by(open_letter, link)
    more = {"agree": "yes"} if verb == "decline" else {}
    await asyncio.to_thread(lambda: desk.card(desk.reps["polaris"], f"letter {verb}", letter="L-1", **more))
    decided = sign_on(open_letter)
    page = await sign_by(open_letter, link)
    assert "has decided on this text already" in page.text
    assert sign_on(open_letter) == decided


async def test_the_link_to_decline_takes_no_signature_away(open_letter):
    desk = open_letter.desk
    link = await asyncio.to_thread(lambda: path(asked(open_letter), "Decline"))
    await asyncio.to_thread(desk.signs, "polaris")
    page = await sign_by(open_letter, link)
    assert "has decided on this text already" in page.text
    assert sign_on(open_letter).decision is Decision.SIGNED


async def test_another_person_who_is_logged_in_gets_their_own_form(open_letter):
    desk = open_letter.desk
    link = await asyncio.to_thread(lambda: path(asked(open_letter), "Sign"))
    await asyncio.to_thread(open_session, desk, desk.reps["hti"].accounts[0], "c" * 32)
    async with reading(open_letter) as browser:
        browser.set_cookie("session", "c" * 32)
        page = await browser.get(link)
    assert "For Rosa Diaz" not in page.text
    assert page.page.xpath("//form[@class='main']")


async def test_a_person_who_lost_the_role_signs_nothing(open_letter):
    desk = open_letter.desk
    link = await asyncio.to_thread(lambda: path(asked(open_letter), "Sign"))
    with desk.db.write() as tx:
        tx.execute("DELETE FROM person_role WHERE person_id = :id", {"id": open_letter.rosa.id})
    assert (await sign_by(open_letter, link)).status == 404
    assert sign_on(open_letter) is None


def test_a_signature_by_reply_of_an_earlier_version_is_still_read(open_letter):
    desk = open_letter.desk
    desk.signs("polaris")
    with desk.db.write() as tx:
        tx.execute("UPDATE signature SET evidence_kind = 'reply by email', evidence = 'DKIM polaris.test'")
    assert sign_on(open_letter).evidence is Evidence.REPLY
    assert sign_on(open_letter).how == "reply by email: DKIM polaris.test"


# --- mail to us -------------------------------------------------------------------------------------------------------


def reply(post, text, **headers):
    message = EmailMessage()
    sent = post.mails()[-1]
    given = {"From": THEIRS, "To": "bot@coalition.test", "In-Reply-To": sent.id, "Message-ID": "<1@polaris.test>"}
    given["Authentication-Results"] = "mx.coalition.test; dkim=pass header.d=polaris.test"
    for name, value in (given | headers).items():
        message[name] = value
    message.set_content(text)
    return message.as_bytes()


@pytest.mark.parametrize("text", ["SIGN\n\nRosa", "CONFIRM", "STOP", "DECLINE"])
@pytest.mark.parametrize("tag", ["", "+r-{token}", "+b-{token}", "+u-{token}"])
def test_m1_m2_m8_no_reply_does_anything(open_letter, text, tag):
    to = f"bot{tag.format(token=open_letter.mine.token)}@coalition.test"
    mail_ = reply(open_letter, text, To=to)
    before = open_letter.desk.everything()
    open_letter.frontend.handle(mail_)
    assert open_letter.desk.everything() == before


def test_replies_go_to_the_contact(open_letter):
    sent = message_from_bytes(asked(open_letter).data, policy=default)
    assert sent["Reply-To"] == "Our Coalition <office@coalition.test>"
    assert "Replies go to office@coalition.test." in text_of(asked(open_letter))


def test_unsubscribing_by_a_mail_program_is_honored_at_once_and_told_once(open_letter):
    post = open_letter
    token = stop_token(asked(post))
    for _ in range(2):
        post.unsubscribes(token)
    assert post.channel(f"dm:{post.rosa.id}") is None
    assert post.told().count("Rosa Diaz has unsubscribed from email, and has no chat account") == 1


def test_a_person_with_a_chat_unsubscribes_without_a_word(open_letter):
    post, desk = open_letter, open_letter.desk
    token = stop_token(asked(post))
    desk.card(desk.admin, "people link", account="slack:T0HOME/U0ROSA", name="Rosa Diaz")
    post.unsubscribes(token)
    assert post.channel(f"dm:{post.rosa.id}").platform == "slack"
    assert "unsubscribed" not in str(post.told())


@pytest.mark.parametrize("what", ["", "guess", "{row}", "{row}-99999999999-aaaaaaaaaaaaaaaaaaaaaaaaaa", "{confirm}"])
def test_only_a_token_for_stopping_stops(open_letter, what):
    row = open_letter.mine.token
    confirm = KEYRING.token("confirm", row, open_letter.desk.now + timedelta(days=1))
    before = open_letter.desk.everything()
    open_letter.unsubscribes(what.format(row=row, confirm=confirm))
    assert open_letter.desk.everything() == before


def test_a_token_ends_after_ninety_days(open_letter):
    token = stop_token(asked(open_letter))
    open_letter.desk.now += timedelta(days=91)
    open_letter.unsubscribes(token)
    assert open_letter.mine.takes_mail


# --- bounces ----------------------------------------------------------------------------------------------------------


def active_holds(post):
    return holds.all_holds(post.desk.db)


@pytest.mark.parametrize("part", ["text/rfc822-headers", "message/rfc822"])
def test_a_bounce_holds_the_address_and_is_reported_once_without_naming_it(open_letter, caplog, part):
    sent = asked(open_letter)
    for _ in range(3):
        open_letter.bounces(sent, part=part)
    (hold,) = active_holds(open_letter)
    assert (hold.scope, hold.until) == (f"channel:mail:{open_letter.rosa.id}", None)
    assert hold.why == "email bounced (5.1.1)"
    assert open_letter.reported == 1
    assert THEIRS not in caplog.text


def test_a_bounced_invitation_is_reported_by_the_name_of_who_was_invited(post):
    post.bounces(post.mails()[0])
    (hold,) = active_holds(post)
    desk = post.desk

    def direct(name):
        return messages.direct_channel(desk.db, name, {"mail"})

    channels = Channels({}, direct, lambda *_: True, platforms={"mail"}, admin="admin")
    card = hold_card(hold, channels.display_name)
    assert card.head == "Email to Rosa Diaz does not arrive"
    assert "/people invite" in words(card)


REPORTS = "SELECT card FROM delivery WHERE kind = 'health'"
OTHER = "<aaaaaaaaaaaaaaaaaaaaaaaa@coalition.test>"


@pytest.mark.parametrize(
    "forged",
    [
        {"id_": OTHER},
        {"id_": "<x@coalition.test>"},
        {"recipient": "ada@member.test"},
        {"to": "bot+b-aaaaaaaaaaaaaaaaaaaaaaaaaa@coalition.test"},
        {"to": "bot@coalition.test"},
    ],
    ids=["another id", "no id of ours", "another recipient", "another signature", "none"],
)
def test_m5_a_made_up_report_is_not_believed(open_letter, forged):
    open_letter.bounces(asked(open_letter), **forged)
    assert active_holds(open_letter) == []


def test_m5_whoever_has_a_forwarded_mail_cannot_make_one_up(open_letter):
    """They have its Message-ID and its links, and not the envelope's sender, which has the signature."""
    sent = asked(open_letter)
    text = sent.data.decode().replace("=\r\n", "")
    assert sent.sender.partition("@")[0].rpartition("-")[2] not in text


def test_m5_a_report_of_a_mail_of_three_weeks_ago_is_not_believed(open_letter):
    sent = asked(open_letter)
    open_letter.desk.now += timedelta(days=15)
    open_letter.bounces(sent)
    assert active_holds(open_letter) == []


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("delivered", "2.0.0"), ("relayed", "2.0.0")])
def test_a_delay_is_no_failure(open_letter, action, status):
    open_letter.bounces(asked(open_letter), action=action, status=status)
    assert active_holds(open_letter) == []


@pytest.mark.parametrize("status", ["4.4.7", "5.2.2", "4.2.2"])
def test_soft_bounces_count_and_the_fifth_holds(open_letter, status):
    sent = asked(open_letter)
    for _ in range(mail.SOFT_BOUNCES - 1):
        open_letter.bounces(sent, status=status)
    assert active_holds(open_letter) == []
    open_letter.bounces(sent, status=status)
    assert active_holds(open_letter)[0].why == f"email bounced 5 times ({status})"


@pytest.mark.parametrize(
    ("status", "server"), [("5.7.26", ""), ("5.0.0", "550-5.7.1 blocked by policy"), ("5.6.1", "")]
)
def test_an_email_that_a_server_refuses_holds_nobody_and_is_reported_once(open_letter, status, server):
    sent = asked(open_letter)
    for _ in range(3):
        open_letter.bounces(sent, status=status, server=server or "550 refused")
    assert active_holds(open_letter) == []
    (card,) = [json.loads(row["card"]) for row in open_letter.desk.db.read(REPORTS)]
    assert card["head"].startswith("An email to Rosa Diaz was refused (5.")
    assert "does not say that the mailbox is missing" in str(card)


@pytest.mark.parametrize(
    "server", ["550 No such user (Exim 4.92.3)", "550 unknown user, from [198.4.12.7]", "550 see 203.5.113.9"]
)
def test_an_address_or_a_version_in_a_reply_is_no_reason(open_letter, server):
    open_letter.bounces(asked(open_letter), status="5.0.0", server=server)
    assert active_holds(open_letter)[0].why.endswith("(5.0.0)")


def test_soft_bounces_of_long_ago_do_not_count(open_letter):
    post = open_letter
    for _ in range(10):
        with post.desk.db.write() as tx:
            tx.execute("UPDATE delivery SET sent_at = NULL WHERE platform = 'mail'")
        post.bounces(asked(post), status="4.4.7")
        post.desk.now += mail.SOFT_APART * 1.1
    assert active_holds(post) == []


def test_a_holiday_notice_to_the_bounce_address_is_no_bounce(open_letter):
    sent = asked(open_letter)
    open_letter.frontend.handle(reply(open_letter, "I am away", To=sent.sender))
    assert active_holds(open_letter) == []


def test_a_bounce_of_the_address_before_does_not_hold_the_new_one(post):
    sent = post.mails()[0]
    old = report(sent)
    with post.desk.db.write() as tx:
        tx.execute("UPDATE mail_address SET address = 'rosa2@polaris.test'")
    post.frontend.handle(old)
    assert active_holds(post) == []


# --- confirming -------------------------------------------------------------------------------------------------------


def test_the_mail_with_the_code_has_a_link_at_its_top_that_confirms(post):
    first = post.mails()[0]
    label, url = next(iter(links(first).items()))
    assert label == "Confirm this address"
    assert url.startswith(f"{SITE}/mail/confirm/")
    assert KEYRING.subject("confirm", url.rpartition("/")[2], post.desk.now) == post.mine.token
    assert KEYRING.subject("stop", url.rpartition("/")[2], post.desk.now) is None


def test_a_confirmed_address_gets_a_digest_and_is_in_the_audit(post):
    post.confirmed()
    assert post.mine.takes_mail
    assert post.mine.digested_at
    assert any(change.after == "confirmed" for change in post.desk.changes())


def test_a_day_after_it_was_set_an_address_cannot_be_confirmed(post):
    post.desk.now += mail.CODE_VALID + timedelta(seconds=1)
    post.confirmed()

    assert post.mine.confirmed_at is None
    assert post.told() == ["Rosa Diaz's address is not confirmed"]

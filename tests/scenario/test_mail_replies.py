"""What people answer to mail: SIGN, STOP, CONFIRM, a bounce, and everything that a person has to read."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from html import escape

import pytest

from bot.app.letterbox import Letterbox
from bot.chat.mail import incoming, render
from bot.chat.mail.frontend import MailFrontend
from bot.chat.mail.message import BOUNCE, REPLY, STOP, Originator, message_id
from bot.commands.model import Role
from bot.config.settings import Settings
from bot.letters import records
from bot.letters.lifecycle import Decision
from bot.letters.model import Shape
from bot.outbox import holds, messages
from bot.outbox.channels import Channels
from bot.outbox.model import from_json, mark_of
from bot.outbox.wording import hold_card
from bot.people import mail
from tests.kit.board import words
from tests.kit.letters_desk import Desk
from tests.kit.mail import FROM

OURS, THEIRS = "bot@coalition.test", "rosa@polaris.test"
PASS = f"mx.coalition.test; dkim=pass header.d=polaris.test header.s=s1; spf=pass smtp.mailfrom={THEIRS}"


class Post:
    """A desk whose representative of Polaris, Rosa, has no chat account and reads mail."""

    def __init__(self, folder, **settings):
        self.desk = desk = Desk(folder)
        desk.card(desk.admin, "campaign invite", name="Rosa Diaz", address=THEIRS, organization="polaris")
        self.rosa = desk.person("Rosa Diaz")
        self.reported = 0
        given = {"imap_url": "imaps://u:p@mail.test", "mail_authserv_id": "mx.coalition.test"} | settings
        self.frontend = MailFrontend(
            Settings(_env_file=None, smtp_url="smtps://u:p@mail.test", mail_from=FROM, **given),
            desk.dispatcher,
            Letterbox(
                db=desk.db, campaign=lambda: desk.campaign, clock=lambda: desk.now, new_id=desk.new_id,
                report_holds=self._report,
            ),
            clock=lambda: desk.now,
            remember=lambda name, value: None,
            tell=lambda text: None,
        )  # fmt: skip

    def _report(self):
        self.reported += 1

    @property
    def mine(self):
        return mail.address_of(self.desk.db, self.desk.coalition, self.rosa.id)

    def comes(self, text="", *, tag=REPLY, token=None, sender=f"Rosa Diaz <{THEIRS}>", answers=None, **headers):
        """Someone sends us a mail."""
        message = EmailMessage()
        given = {"From": sender, "Subject": "Re: hello", "Message-ID": "<1@polaris.test>"}
        given |= {"Authentication-Results": PASS} | {name.replace("_", "-"): value for name, value in headers.items()}
        given["To"] = f"bot+{tag}{token or self.mine.token}@coalition.test"
        if answers:
            given["In-Reply-To"] = answers
        for name, value in given.items():
            if value:
                message[name] = value
        message.set_content(text)
        asyncio.run(self.frontend.handle(message.as_bytes()))

    def confirmed(self):
        self.comes("CONFIRM")
        return self

    def confirmed_now(self):
        """As `confirmed`, where a loop is running."""
        with self.desk.db.write() as tx:
            mail.confirm(tx, self.desk.coalition, self.mine, self.desk.now)

    def asked(self):
        """The Message-ID of the newest sign-on request to her."""
        sql = "SELECT key FROM delivery WHERE channel = :dm AND kind = 'letter' AND edits IS NULL ORDER BY seq DESC"
        channel = f"dm:{self.rosa.id}"
        key = self.desk.db.read(sql, {"dm": channel})[0]["key"]
        return message_id(mark_of(channel, key), Originator(FROM))

    def signs(self, text="SIGN\n\nRosa", **more):
        self.comes(text, **({"answers": self.asked()} | more))

    @property
    def sign_on(self):
        letter = self.desk.letter()
        return records.sign_ons(self.desk.db, self.desk.coalition, letter.id).get("polaris")

    def sent_to(self):
        """The heads of the messages to administrators and of the answers to Rosa."""
        return [[card.head for card in self.cards(to)] for to in (self.desk.config.feeds.admin, f"mail:{self.rosa.id}")]

    def cards(self, channel):
        sql = "SELECT card FROM delivery WHERE channel = :channel ORDER BY seq"
        return [from_json(row["card"]) for row in self.desk.db.read(sql, {"channel": channel})]


@pytest.fixture
def post(tmp_path):
    return Post(tmp_path)


@pytest.fixture
def open_letter(post):
    post.confirmed().desk.opened()
    return post


# --- signing ----------------------------------------------------------------------------------------------------------


def test_a_reply_that_begins_with_sign_signs_for_her_organization_with_its_evidence(open_letter):
    post = open_letter
    post.signs()
    signed = post.sign_on
    assert signed.decision is Decision.SIGNED
    assert signed.counts(post.desk.letter().version)
    assert (signed.person, signed.signatory) == (post.rosa.id, "Rosa Diaz")
    assert signed.how.startswith("reply by email: DKIM polaris.test, checked by mx.coalition.test, ")
    administrators, rosa = post.sent_to()
    assert [head for head in administrators if "mail" in head] == []
    assert rosa[0].startswith("Signed for Polaris: the text ")
    change = next(each for each in post.desk.changes() if each.command == "letter sign")
    assert (change.who, change.origin) == ("Rosa Diaz", "mail")


def test_the_mail_that_asks_has_the_whole_text_by_paragraphs(open_letter):
    (asked,) = open_letter.desk.sent_to(open_letter.rosa)
    shown = render.message(asked, open_letter.desk.now.date(), render.Frame(replies=True))
    body = open_letter.desk.letter().version.texts[0].written.body
    for part in body:
        item = part.shape is Shape.ITEM
        assert (f"• {part.text}" if item else part.text) in shown.text.splitlines()
        assert f"<{'li' if item else 'p'}>{escape(part.text)}</{'li' if item else 'p'}>" in shown.html
    assert shown.html.count("<ul>") == 1
    assert shown.text.index(body[-1].text) < shown.text.index("reply to this email with SIGN")


@pytest.mark.parametrize("text", ["Sign", "sign, please", "  *SIGN*", "“SIGN”\r\n> To sign, reply", "Sign.\nThank you"])
def test_the_first_word_alone_counts(open_letter, text):
    open_letter.signs(text)
    assert open_letter.sign_on.decision is Decision.SIGNED


def test_a_mail_that_is_read_twice_signs_once(open_letter):
    open_letter.signs()
    before = open_letter.desk.everything()
    open_letter.signs()
    assert open_letter.desk.everything() == before


@pytest.mark.parametrize(
    ("why", "more"),
    [
        ("no word", {"text": "I would like to SIGN this"}),
        ("a quotation", {"text": "> SIGN"}),
        ("another word", {"text": "SIGNED by nobody"}),
        ("nothing", {"text": ""}),
        ("another sender", {"sender": "Eve <eve@polaris.test>"}),
        ("two senders", {"sender": f"{THEIRS}, eve@evil.test"}),
        ("no result", {"Authentication_Results": ""}),
        ("no pass", {"Authentication_Results": PASS.replace("dkim=pass", "dkim=fail")}),
        ("none", {"Authentication_Results": "mx.coalition.test; dkim=none; spf=pass smtp.mailfrom=polaris.test"}),
        ("another domain", {"Authentication_Results": PASS.replace("header.d=polaris.test", "header.d=evil.test")}),
        ("a look-alike", {"Authentication_Results": PASS.replace("header.d=polaris.test", "header.d=aris.test")}),
        ("a top-level domain", {"Authentication_Results": PASS.replace("header.d=polaris.test", "header.d=test")}),
        ("another provider", {"Authentication_Results": PASS.replace("mx.coalition.test", "mx.evil.test")}),
        ("words in a comment", {"Authentication_Results": f"mx.evil.test (mx.coalition.test; {PASS}); dkim=pass"}),
        ("nonsense", {"Authentication_Results": "mx.coalition.test; ((((dkim=pass"}),
        ("no reference", {"answers": None}),
        ("a strange reference", {"answers": "<x@y.test>"}),
    ],
)
def test_anything_else_asks_a_person_and_signs_nothing(open_letter, why, more):
    open_letter.signs(**more)
    assert open_letter.sign_on is None, why
    administrators, rosa = open_letter.sent_to()
    assert "Rosa Diaz replied by email, and a person has to read it" in administrators
    assert rosa == []


def test_a_result_that_the_sender_wrote_is_ignored(open_letter):
    post = open_letter
    forged = EmailMessage()
    forged["From"] = THEIRS
    forged["To"] = f"bot+{REPLY}{post.mine.token}@coalition.test"
    forged["In-Reply-To"] = post.asked()
    forged["Authentication-Results"] = PASS
    forged.set_content("SIGN")
    real = b"Authentication-Results: mx.coalition.test; dkim=fail header.d=polaris.test\r\n"
    asyncio.run(post.frontend.handle(real + forged.as_bytes()))
    assert post.sign_on is None


def test_without_the_provider_s_name_no_reply_signs(tmp_path):
    post = Post(tmp_path, mail_authserv_id="").confirmed()
    post.desk.opened()
    post.signs()
    assert post.sign_on is None


def test_a_parent_domain_may_sign_for_its_parts(tmp_path):
    post = Post(tmp_path)
    post.desk.card(
        post.desk.admin, "campaign invite", name="Rosa Diaz", address="rosa@office.polaris.test", organization="polaris"
    )
    post.confirmed().desk.opened()
    post.signs(sender="rosa@office.polaris.test")
    assert post.sign_on.decision is Decision.SIGNED


def test_a_decline_is_final(open_letter):
    desk = open_letter.desk
    desk.card(desk.reps["polaris"], "letter decline", letter="L-1", reason="No")
    open_letter.signs()
    assert open_letter.sign_on.decision is Decision.DECLINED
    administrators, rosa = open_letter.sent_to()
    assert "Rosa Diaz replied by email, and a person has to read it" in administrators
    assert "declined to sign" in rosa[0]


def test_a_text_that_changed_is_asked_about_again_and_not_signed(open_letter):
    post, desk = open_letter, open_letter.desk
    old = post.asked()
    text = desk.letter().version.texts[0].written.body[0].text
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="1", text=f"{text} And more.")
    desk.card(desk.pol, "letter review", letter="L-1")
    desk.approve()
    post.signs(answers=old)
    assert post.sign_on is None
    _, rosa = post.sent_to()
    assert "changed" in rosa[-1]
    answer = post.cards(f"mail:{post.rosa.id}")[-1]
    assert answer.enclosed
    key = desk.db.read("SELECT key FROM delivery WHERE channel = :c ORDER BY seq DESC", {"c": f"mail:{post.rosa.id}"})
    again = message_id(mark_of(f"mail:{post.rosa.id}", key[0]["key"]), Originator(FROM))
    post.signs(answers=again, Message_ID="<2@polaris.test>")
    assert post.sign_on.counts(desk.letter().version)


def test_after_the_lock_she_learns_why_it_does_not_count(open_letter):
    open_letter.desk.lock()
    open_letter.signs()
    assert open_letter.sign_on is None
    assert "locked" in open_letter.sent_to()[1][0]


def test_a_person_who_lost_the_role_signs_nothing(open_letter):
    desk = open_letter.desk
    desk.card(desk.admin, "campaign role", person=open_letter.rosa.id, give="policy", take="representative")
    open_letter.signs()
    assert open_letter.sign_on is None


def test_only_her_own_mail_can_be_answered_by_her(open_letter):
    """The request to another representative has another Message-ID, which is not hers to answer."""
    post = open_letter
    other = post.desk.reps["hti"]
    sql = "SELECT key FROM delivery WHERE channel = :dm AND kind = 'letter'"
    key = post.desk.db.read(sql, {"dm": f"dm:{other.id}"})[0]["key"]
    post.signs(answers=message_id(mark_of(f"dm:{other.id}", key), Originator(FROM)))
    letter = post.desk.letter()
    assert records.sign_ons(post.desk.db, post.desk.coalition, letter.id) == {}


def test_a_member_can_object_to_a_signature_by_mail(open_letter):
    open_letter.signs()
    desk = open_letter.desk
    desk.card(desk.reps["polaris"], "letter object", letter="L-1", reason="Not us")
    assert open_letter.sign_on.decision is Decision.DECLINED


# --- machines ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (vacation)"},
        {"Return_Path": "<>"},
        {"Precedence": "bulk"},
        {"Precedence": "list"},
        {"List_Id": "<x.example.org>"},
    ],
)
def test_nothing_that_a_machine_or_a_list_sent_is_answered(open_letter, headers):
    before = open_letter.desk.everything()
    open_letter.signs(**headers)
    assert open_letter.desk.everything() == before


def test_a_mail_that_says_it_was_not_sent_by_a_machine_counts(open_letter):
    open_letter.signs(Auto_Submitted="no")
    assert open_letter.sign_on.decision is Decision.SIGNED


def test_mail_from_strangers_changes_nothing(open_letter):
    before = open_letter.desk.everything()
    open_letter.comes("SIGN", token="0" * 32)
    open_letter.comes("SIGN", tag="", token="x")
    assert open_letter.desk.everything() == before


# --- stopping and confirming ------------------------------------------------------------------------------------------


def test_a_day_after_it_was_set_an_address_cannot_be_confirmed(post):
    post.desk.now += mail.CODE_VALID + timedelta(seconds=1)
    post.comes("CONFIRM")

    assert post.mine.confirmed_at is None
    assert post.sent_to()[0] == ["Rosa Diaz's address is not confirmed"]


def test_confirm_by_reply(post):
    assert post.mine.confirmed_at is None
    post.confirmed()
    assert post.mine.takes_mail
    assert post.mine.digested_at
    assert any(change.after == "confirmed" for change in post.desk.changes())


@pytest.mark.parametrize(
    "how", [{"text": "STOP"}, {"text": "Unsubscribe"}, {"tag": STOP}, {"tag": STOP, "Precedence": "bulk"}]
)
def test_unsubscribing_is_honored_at_once_and_confirmed_once(post, how):
    post.confirmed()
    post.desk.opened()
    for _ in range(2):
        post.comes(**how)
    result = messages.direct_channel(post.desk.db, post.desk.coalition, f"dm:{post.rosa.id}", {"mail", "slack"})
    assert result is None
    assert post.sent_to()[0].count("Rosa Diaz has unsubscribed from email, and has no chat account") == 1


def test_a_person_with_a_chat_unsubscribes_without_a_word(tmp_path):
    post = Post(tmp_path).confirmed()
    desk = post.desk
    desk.card(desk.admin, "campaign link", account="slack:T0HOME/U0ROSA", name="Rosa Diaz")
    post.comes("STOP")
    assert messages.direct_channel(desk.db, desk.coalition, f"dm:{post.rosa.id}", {"mail", "slack"}).platform == "slack"
    assert "unsubscribed" not in str(post.sent_to()[0])


# --- bounces ----------------------------------------------------------------------------------------------------------


def report(action="failed", status="5.1.1"):
    return (
        f"From: MAILER-DAEMON@mx.test\r\nTo: bot+{BOUNCE}{{token}}@coalition.test\r\nAuto-Submitted: auto-replied\r\n"
        "Return-Path: <>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: rfc822; {THEIRS}\r\nAction: {action}\r\n"
        f"Status: {status}\r\n"
        "Diagnostic-Code: smtp; 550 no such user\r\n\r\n--b--\r\n"
    )


def bounce(post, **more):
    asyncio.run(post.frontend.handle(report(**more).format(token=post.mine.token).encode()))


def active_holds(post):
    return holds.all_holds(post.desk.db, coalition_id=post.desk.coalition)


def test_a_bounce_holds_the_address_and_is_reported_once_without_naming_it(post, caplog):
    post.confirmed()
    for _ in range(3):
        bounce(post)
    (hold,) = active_holds(post)
    assert (hold.scope, hold.until) == (f"channel:mail:{post.rosa.id}", None)
    assert hold.why == "email bounced (5.1.1)"
    assert post.reported == 1
    assert THEIRS not in caplog.text


def test_a_bounced_invitation_is_reported_by_the_name_of_who_was_invited(post):
    bounce(post)
    (hold,) = active_holds(post)
    desk = post.desk

    def direct(name):
        return messages.direct_channel(desk.db, desk.coalition, name, {"mail"})

    channels = Channels({}, direct, lambda *_: True, platforms={"mail"}, admin="admin")
    card = hold_card(hold, channels.display_name)
    assert card.head == "Email to Rosa Diaz does not arrive"
    assert "/campaign invite" in words(card)


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("delivered", "2.0.0"), ("relayed", "2.0.0")])
def test_a_delay_is_no_failure(post, action, status):
    post.confirmed()
    bounce(post, action=action, status=status)
    assert active_holds(post) == []


@pytest.mark.parametrize("status", ["4.4.7", "5.2.2", "4.2.2"])
def test_soft_bounces_count_and_the_fifth_holds(post, status):
    post.confirmed()
    for _ in range(mail.SOFT_BOUNCES - 1):
        bounce(post, status=status)
    assert active_holds(post) == []
    bounce(post, status=status)
    assert active_holds(post)[0].why == f"email bounced 5 times ({status})"


def test_soft_bounces_of_long_ago_do_not_count(post):
    post.confirmed()
    for _ in range(10):
        bounce(post, status="4.4.7")
        post.desk.now += mail.SOFT_APART * 1.1
    assert active_holds(post) == []


def test_a_holiday_notice_to_the_bounce_address_is_no_bounce(post):
    post.confirmed()
    post.comes("I am away", tag=BOUNCE, Auto_Submitted="auto-replied")
    assert active_holds(post) == []


def test_a_bounce_of_the_address_before_does_not_hold_the_new_one(post):
    old = post.mine.token
    post.desk.card(post.desk.admin, "campaign invite", name="Rosa Diaz", address="rosa2@polaris.test")
    asyncio.run(post.frontend.handle(report().format(token=old).encode()))
    assert active_holds(post) == []


# --- the whole of it --------------------------------------------------------------------------------------------------


def test_the_evidence_is_in_the_list_of_signatures(open_letter):
    open_letter.signs()
    desk = open_letter.desk
    card = desk.shown(f"dm:{desk.reps['polaris'].id}")[0]
    assert "reply by email: DKIM polaris.test" in words(card)


def test_a_person_may_have_several_roles_and_still_sign_for_one(open_letter):
    desk = open_letter.desk
    desk.card(desk.admin, "campaign role", person=open_letter.rosa.id, give=Role.POLICY.value)
    open_letter.signs()
    assert open_letter.sign_on.organisation == "polaris"


def test_an_answer_does_not_ask_for_another(open_letter):
    """The mail that says "signed" offers no word that a reply could begin with."""
    open_letter.signs()
    (row,) = open_letter.desk.db.read("SELECT card FROM delivery WHERE kind = 'answer'")
    card = from_json(row["card"])
    assert all(button.path != "letter sign" for button in card.buttons)
    assert replace(card, enclosed=()) == card


def test_two_mails_without_a_message_id_are_two(open_letter):
    def read(text):
        message = EmailMessage()
        message["From"], message["To"] = THEIRS, f"bot+{REPLY}{open_letter.mine.token}@coalition.test"
        message.set_content(text)
        return incoming.read(message.as_bytes(), "bot@coalition.test", "mx.coalition.test")

    first, second = read("SIGN\n\nRosa"), read("SIGN\n\nRosa, once more")

    assert first.id
    assert first.id != second.id

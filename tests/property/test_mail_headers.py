"""Whatever a title, a name or a file is called: the headers are ours, the parts are whole, and the mail is small."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.chat.mail.message import LARGEST, STOP_WITHIN, Originator, compose
from bot.commands.model import File
from bot.outbox.model import Channel, Outgoing
from bot.shared.card import Button, Card, Line, Link, Mark, Section
from bot.shared.mail_address import normalize_address, tag_of, tagged
from tests.kit.mail import KEYRING

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOKEN = KEYRING.token("stop", "token", NOW + STOP_WITHIN)
ORIGINATOR = Originator("Our Coalition <bot@coalition.test>", reads=True, web="https://board.coalition.test")
OURS = {
    *("From", "To", "Reply-To", "Date", "Message-ID", "Auto-Submitted", "Precedence", "X-Auto-Response-Suppress"),
    *("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Subject", "MIME-Version", "Content-Type"),
    "In-Reply-To", "References", "Content-Transfer-Encoding",
}  # fmt: skip
HOSTILE = st.text(st.characters(exclude_categories=()), max_size=80) | st.sampled_from(
    [
        "a\r\nBcc: victim@example.org",
        "a\nContent-Type: text/html\n\n<script>",
        "=?utf-8?q?=0d=0aBcc:_x@y.org?=",
        '"; filename="x.exe',
        "\u2028Bcc: x@y.org\u2029",
        "\ud800",
        "a@b.org, c@d.org",
        "\x00\x1b[31m",
        "x" * 2_000,
        "👩‍👩‍👧‍👦" * 300,
    ]
)


def mailed(head="A", name="Dana", file="a.txt", text="b", *, reply_to=None, originator=ORIGINATOR):
    card = Card(
        mark=Mark.ALERT,
        head=head,
        badge=text,
        byline=text,
        lines=(Line(text, "https://example.org/?q=<>\"'&"), Line(text)),
        why=(text,),
        links=(Link(text, text),),
        sections=(Section(text, (Line(text), Line(text))),),
        foot=text,
        buttons=(Button(text, "letter sign", (("text", text),)),),
        enclosed=(Section(text, (Line(text),)),),
    )
    to = Channel("dm:dana", "mail", "dana@member.test", name, "token", keyring=KEYRING)
    files = (File(file, "application/pdf", b"%PDF"),)
    return compose(
        Outgoing(id="1", key="k", channel=to, card=card, reply_to=reply_to, files=files),
        originator,
        date(2026, 11, 24),
        NOW,
    )


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
@example("a", 'Dana Reed of the committee on everything that matters, "x" <eve@evil.test>, b', "c", "d")
@example(*["=?utf-8?q?=0d=0aBcc:_x@y.org?="] * 4)
@example("a\r\nBcc: x@y.org", "b\r\nBcc: x@y.org", "c\r\nBcc: x@y.org", "d\r\nBcc: x@y.org")
def test_no_text_breaks_or_adds_a_header(head, name, file, text):
    mail = mailed(head, name, file, text)
    parsed = message_from_bytes(mail.data, policy=default)
    assert set(parsed.keys()) <= OURS
    assert len(parsed.keys()) == len(set(parsed.keys()))
    assert [address.addr_spec for address in parsed["To"].addresses] == ["dana@member.test"]
    assert [address.addr_spec for address in parsed["From"].addresses] == ["bot@coalition.test"]
    assert parsed["Message-ID"] == mail.id
    assert [part.get_content_type() for part in parsed.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf",
    ]  # fmt: skip
    assert all(part.defects == [] for part in parsed.walk())
    assert all(len(line) <= 998 for line in mail.data.split(b"\r\n"))
    assert b"\n" not in mail.data.replace(b"\r\n", b"")


def test_a_repeat_has_the_same_bytes_and_no_text_ends_its_part():
    first, repeat = (mailed("A", text="--=_0\r\n--=_1\r\n--=_1--") for _ in range(2))
    assert first == repeat
    parsed = message_from_bytes(first.data, policy=default)
    assert len(list(parsed.walk())) == 5
    assert "--=_1" in parsed.get_body(("plain",)).get_content()


@given(HOSTILE, HOSTILE)
def test_html_has_no_tag_script_or_address_but_ours(head, text):
    parsed = message_from_bytes(mailed(head, text=text).data, policy=default)
    html = parsed.get_body(("html",)).get_content().lower()
    for forbidden in ("<script", "<img", "<link", "<iframe", "onerror=", "javascript:", "src="):
        assert f"{forbidden}" not in html.replace("&lt;", "")


def test_the_text_is_complete_and_says_how_to_stop_it():
    parsed = message_from_bytes(mailed("A finding", text="because").data, policy=default)
    text = parsed.get_body(("plain",)).get_content()
    assert "A finding" in text
    assert "<https://example.org/?q=%3C%3E%22%27&>" in text.replace("'", "%27")
    assert f"Unsubscribe: https://board.coalition.test/mail/stop/{TOKEN}" in text


@pytest.mark.long
@pytest.mark.parametrize("letter", ["a", "é", "漢", "👩‍👩‍👧‍👦", "&", "<"])
def test_a_mail_is_smaller_than_what_gmail_cuts(letter):
    lines = tuple(Line(letter * 450, f"https://example.org/{n}") for n in range(400))
    card = Card(mark=Mark.DIGEST, head="Much", sections=(Section("All", lines),))
    to = Channel("mail:dana", "mail", "dana@member.test", "Dana", "token", keyring=KEYRING)
    mail = compose(Outgoing(id="1", key="k", channel=to, card=card), ORIGINATOR, date(2026, 11, 24), NOW)
    assert len(mail.data) < LARGEST + 2_000
    assert b"more lines, not shown here" in mail.data.replace(b"=\r\n", b"")


def test_unsubscribe_is_one_click_with_a_web_site_and_a_mail_without():
    parsed = message_from_bytes(mailed().data, policy=default)
    assert parsed["List-Unsubscribe"] == (
        f"<https://board.coalition.test/mail/stop/{TOKEN}>, <mailto:bot+u@coalition.test?subject={TOKEN}>"
    )
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    without = message_from_bytes(mailed(originator=Originator("bot@coalition.test", reads=True)).data, policy=default)
    assert without["List-Unsubscribe"] == f"<mailto:bot+u@coalition.test?subject={TOKEN}>"
    assert without["List-Unsubscribe-Post"] is None


def test_long_ids_and_addresses_are_written_as_they_are():
    host = "coalition-of-a-very-long-name-against-trafficking.test"
    originator = Originator(f"bot@{host}", reads=True, web=f"https://board.{host}")
    head, _, _ = mailed(reply_to=f"<{'0' * 40}@{host}>", originator=originator).data.partition(b"\r\n\r\n")
    for line in (
        f"List-Unsubscribe: <https://board.{host}/mail/stop/{TOKEN}>,\r\n <mailto:bot+u@{host}?subject={TOKEN}>",
        f"List-Id: <coalition-bot.{host}>",
        f"In-Reply-To: <{'0' * 40}@{host}>",
        f"References: <{'0' * 40}@{host}>",
    ):
        assert f"\r\n{line}\r\n".encode() in b"\r\n" + head + b"\r\n"


def test_a_follow_up_is_in_the_thread_of_the_first_mail():
    parsed = message_from_bytes(mailed(reply_to="<first@coalition.test>").data, policy=default)
    assert parsed["In-Reply-To"] == parsed["References"] == "<first@coalition.test>"


@given(HOSTILE)
def test_an_address_is_never_more_than_one_address(typed):
    address = normalize_address(typed)
    assert address is None or (address.count("@") == 1 and not set(address) & set('\r\n ,;<>"()[]\\:\x00'))


@pytest.mark.parametrize("tag", ["b-abc", "u"])
def test_a_tag_comes_back(tag):
    assert tag_of(tagged("bot@coalition.test", tag).upper(), "bot@coalition.test") == tag
    assert tag_of("other+b-abc@coalition.test", "bot@coalition.test") == ""
    assert tag_of("bot+b-abc@evil.test", "bot@coalition.test") == ""


def test_a_mail_to_an_outside_organization_has_no_link_or_address_of_a_reader():
    to = Channel("outside:1", "mail", "ann@ally.test", "Ann Lee", keyring=KEYRING)
    card = Card(mark=Mark.SIGN_ON, head="Confirm", lines=(Line("Read it", "https://board.coalition.test/ally/1"),))
    mail = compose(Outgoing(id="1", key="k", channel=to, card=card), ORIGINATOR, date(2026, 11, 24), NOW)
    parsed = message_from_bytes(mail.data, policy=default)

    assert "Reply-To" not in parsed
    assert "/mail/" not in mail.data.decode().replace("=\r\n", "")

"""Which mail is a bulletin: what is signed by a domain of the source, whole and lately. All keys are made here."""

from __future__ import annotations

import random
import string
from datetime import timedelta

import pytest

from bot.shared.mailbox import LARGEST
from bot.sources.mail import proof
from bot.sources.mail.mail_child import answer
from tests.kit.bulletins import BULLETINS, DAY
from tests.kit.signed_mail import COVERS, DOMAIN, RECEIVED, SENDER, dns, key, message, signed

PLAIN = BULLETINS[0]
GENUINE = message(PLAIN).as_bytes()


def read(data, *, keys=None, domains=(DOMAIN,), received=RECEIVED):
    head = {"keys": dns() if keys is None else keys, "domains": domains, "received": received.isoformat()}
    return answer(head, data)


@pytest.mark.parametrize("bulletin", BULLETINS, ids=lambda each: each.name)
def test_each_item_of_a_bulletin_comes_once_with_its_page_and_its_day(bulletin):
    domain = bulletin.sender.rpartition("@")[2]
    reading = read(signed(message(bulletin).as_bytes(), domain), keys=dns(domain), domains=(domain,))
    items = [(title, page, (day or DAY)[:10]) for title, page, _, day in reading["items"]]
    assert items == list(bulletin.items)
    assert reading["sender"] == bulletin.sender
    shown = repr(reading["items"]).lower()
    assert not [
        word
        for word in ("unsubscri", "s-secret", "preferences", "pixel", "javascript", "utm_", "enid")
        if word in shown
    ]


@pytest.mark.parametrize("canonical", [(b"simple", b"simple"), (b"relaxed", b"simple"), (b"relaxed", b"relaxed")])
def test_every_canonical_form_proves_a_mail(canonical):
    assert read(signed(GENUINE, canonicalize=canonical))["items"]


def without(name):
    return b"".join(line for line in GENUINE.splitlines(keepends=True) if not line.startswith(name))


def sign_all_but(name):
    return [each for each in COVERS if each not in (name, b"list-id")]


FORGED = {
    "not signed": lambda: GENUINE,
    "signed by another domain": lambda: signed(GENUINE, "evil.example"),
    "signed by a domain that only ends alike": lambda: signed(GENUINE, "notpublic.govdelivery.com.evil.example"),
    "signed by the domain above": lambda: signed(GENUINE, "govdelivery.com"),
    "signed by a public suffix": lambda: signed(GENUINE, "com"),
    "signed with another key": lambda: signed(GENUINE, private=key(1024)[0]),
    "the subject was changed": lambda: signed(GENUINE).replace(b"Subject: U.S.", b"Subject: U.K."),
    "the text was changed": lambda: signed(GENUINE).replace(b"Virginia Man", b"Virginia Ban"),
    "something was appended": lambda: signed(GENUINE) + b"<a href=3D'https://evil.example/x'>Forced Labor News</a>\r\n",
    "only a part is signed": lambda: signed(GENUINE, length=True) + b"<h1>Forced Labor News Here</h1>\r\n",
    "the subject is not signed": lambda: signed(GENUINE, include_headers=sign_all_but(b"subject")),
    "the date is not signed": lambda: signed(GENUINE, include_headers=sign_all_but(b"date")),
    "how it is read is not signed": lambda: signed(GENUINE, include_headers=sign_all_but(b"content-type")),
    "how it is decoded is not signed": lambda: signed(
        GENUINE, include_headers=sign_all_but(b"content-transfer-encoding")
    ),
    "a second From is on top": lambda: b"From: Evil <evil@evil.example>\r\n" + signed(GENUINE),
    "a second Subject is on top": lambda: b"Subject: Forced labor\r\n" + signed(GENUINE),
    "another type is on top": lambda: b"Content-Type: text/plain\r\n" + signed(GENUINE),
    "two senders": lambda: signed(GENUINE.replace(b"<news@public", b"<evil@evil.example>, <news@public")),
    "no date": lambda: signed(without(b"Date:"), include_headers=[b"from", b"subject", b"date"]),
    "no sender": lambda: signed(GENUINE.replace(b"From: Agency <news@public.govdelivery.com>", b"From: nobody")),
    "headers that never end": lambda: b"X: " + b"y" * 70_000 + b"\r\n" + signed(GENUINE),
    "a signature with gaps": lambda: signed(GENUINE).replace(b"v=1;", b"v=1;" + b" " * 900, 1),
    "a signature of no kind": lambda: signed(GENUINE).replace(b"a=rsa-sha256", b"a=rsa-sha1"),
    "another mail in a header, behind line breaks that dkimpy does not know": lambda: (
        b"X: 1\r" + GENUINE.replace(b"\r\n", b"\r") + b"\r\n" + signed(GENUINE.replace(b"<news@", b"<other@", 1))
    ),
    "a thousand parts": lambda: signed(
        GENUINE.replace(b"Subject:", b"X-Y: " + b" boundary=a;" * 60 + b"\r\nSubject:", 1)
    ),
    "more lines than are read": lambda: signed(GENUINE + b"a\r\n" * 50_000),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_mail_without_proof_brings_nothing(forged):
    reading = read(forged())
    assert reading.keys() == {"unproven"} or "@" not in reading.get("sender", "@")


@pytest.mark.parametrize("days", [15, 400])
def test_a_signed_mail_that_is_sent_again_weeks_later_brings_nothing(days):
    reading = read(signed(GENUINE), received=RECEIVED + timedelta(days=days))
    assert reading == {"unproven": "its date is not of the 14 days before it came"}


def test_a_signature_counts_until_its_own_end():
    mail = signed(GENUINE, ends=RECEIVED + timedelta(days=1))
    assert b"x=" in mail.partition(b"From:")[0]
    assert read(mail)["items"]
    assert "unproven" in read(mail, received=RECEIVED + timedelta(days=3))


def test_a_key_that_was_taken_back_or_is_missing_proves_nothing():
    name = next(iter(dns()))
    for record in ("", "v=DKIM1; k=rsa; p=", "v=DKIM1; k=ed25519; p=x", "p=AAAA", "nonsense"):
        assert read(signed(GENUINE), keys={name: record}).keys() == {"unproven"}
    assert read(signed(GENUINE), keys={}).keys() == {"unproven"}


def test_only_keys_of_the_domains_that_a_source_declares_are_looked_up():
    data = signed(signed(signed(GENUINE, "evil.example")), "mail.evil.example")
    assert [each.key for each in proof.signatures(data, [DOMAIN])] == [f"sel1._domainkey.{DOMAIN}"]
    many = b"".join(b"DKIM-Signature: v=1; d=public.govdelivery.com; s=s%d; h=from; b=x\r\n" % n for n in range(5_000))
    assert len(proof.signatures(many + GENUINE, [DOMAIN])) <= 10


def test_a_look_alike_of_a_domain_is_another_domain():
    for domain in (
        "public.gоvdelivery.com",
        "public.govdelivery.com.",
        "public.govdelivery.com/x",
        "PUBLIC.govdelivery.com\0",
    ):
        field = f"DKIM-Signature: v=1; d={domain}; s=sel1; h=from; b=x\r\n".encode()
        assert proof.signatures(field + GENUINE, [DOMAIN]) == []


def test_a_list_id_counts_only_if_it_is_signed():
    data = message(PLAIN, List_Id="News <usdoj.govdelivery.com>").as_bytes()
    assert read(signed(data))["list"] == "usdoj.govdelivery.com"
    assert read(signed(data, include_headers=sign_all_but(b"list-id")))["list"] == ""


@pytest.mark.parametrize(
    "mails", [pytest.param(400, marks=pytest.mark.long), pytest.param(2_000, marks=pytest.mark.slow)]
)
def test_hostile_mails_bring_no_entry(mails):
    dice = random.Random(7)
    genuine = [signed(message(each).as_bytes()) for each in BULLETINS if each.sender == SENDER]
    for number in range(mails):
        data = hostile(dice, number, dice.choice(genuine))
        reading = read(data)
        if "items" in reading:  # a change that left all that is signed as it was: a header that nobody reads
            assert reading["sender"] == SENDER
            assert any(reading == read(each) for each in genuine)


def hostile(dice, number, data):
    head, _, body = data.partition(b"\r\n\r\n")
    start = dice.randrange(len(data))
    name = "".join(dice.choices(string.printable, k=dice.randint(1, 80)))
    nest = (b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(start % 60))
    filler = dice.choice([b" " * 990 + b"\r\n", b"\t\r\n", b"\r\n", b"=20=\r\n", b"<div><b>"])
    spoiled = bytearray(data)
    for _ in range(dice.randint(1, 30)):
        spoiled[dice.randrange(len(spoiled))] = dice.randrange(256)
    made_up = b"DKIM-Signature: v=1; a=rsa-sha256; d=public.govdelivery.com; s=sel1; h=from:subject:date; bh=x; b=y\r\n"
    return [
        lambda: bytes(spoiled),
        lambda: data[:start] + data[start + dice.randint(1, 500) :],
        lambda: made_up + data.partition(b"From:")[2],
        lambda: head + b"\r\n\r\n<h1>Forced labor</h1>" + dice.randbytes(500),
        lambda: b"Content-Type: multipart/mixed; boundary=b0\r\n" + head + b"\r\n\r\n" + b"".join(nest) + body,
        lambda: f"X-{name}\r\nSubject: =?utf-7?b?{name}?=\r\n".encode() + data,
        lambda: data + filler * ((LARGEST - len(data)) // len(filler) // dice.choice([1, 10, 100])),
        lambda: dice.randbytes(dice.randint(0, 3_000)),
    ][number % 8]()
